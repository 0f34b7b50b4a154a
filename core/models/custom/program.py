"""Executes a model file: its parameters, how it builds a model, and its errors in words. Never in the window."""

import ast
import inspect
import io
import linecache
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from types import CodeType, ModuleType
from typing import Any

from core.children.process import show_to_parent
from core.errors import AfinaError, ModelFileError
from core.formatting import in_short
from core.library_words import as_words, last_words, layer_in, reason_in, stack_lines
from core.models.custom import afina_api
from core.models.custom.declared import Declared
from core.models.custom.keras_tuner_api import (
    ERRORS,
    HyperModel,
    HyperParameters,
    TunerMade,
    make_modules,
)
from core.models.custom.tuner_calls import sentences_on
from core.models.family import DataShape
from core.ranges import Value

MODULE = "afina_model"
_HYPER_NAMES = ("build_model", "build", "model_builder")
_MAX_MESSAGE_LENGTH = 600
_MAX_LINE_LENGTH = 100
_MAX_OUTPUT_LENGTH = 2000
_WANTED = "PARAMETERS and build_model(values, data), or a build_model(hp) as for Keras Tuner"


@dataclass(frozen=True)
class Program:
    """An executed model file.

    Either it has `parameters`, and `build_model(values, data)` makes a model from their values, or `parameters` is None
    and `build_model(hp)` asks for values one by one. `entry` names the function or class in the file that builds the
    model; it is empty when the file makes a tuner with it. `noted` are sentences for the user; builds may add some.
    `told` returns those on what the file tells its tuner.
    """

    build_model: Callable[..., Any]
    parameters: tuple[Declared, ...] | None
    entry: str = "build_model"
    noted: list[str] = field(default_factory=list)
    told: Callable[[], tuple[str, ...]] = tuple

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.told(), *self.noted)

    def build(self, values: Mapping[str, Value], data: DataShape) -> tuple[Any, list[str]]:
        """Return the object that the file builds, and the hyperparameters that it asked for but that have no value."""
        if self.parameters is not None:
            return self.build_model(dict(values), data), []
        hp = HyperParameters(values)
        return self.build_model(hp), hp.missed


class _Tail(io.RawIOBase):
    """Keeps the last `_MAX_OUTPUT_LENGTH` bytes that are written."""

    def __init__(self) -> None:
        self.kept = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        written = bytes(data)
        self.kept = (self.kept + written)[-_MAX_OUTPUT_LENGTH:]
        show_to_parent(written[-_MAX_OUTPUT_LENGTH:])
        return len(written)


class Output(io.TextIOWrapper):
    """Takes the prints of a model file, as a console would, and keeps only the end: nobody reads a megabyte.

    The parent of the process sees the end, too, so that it can tell it when the process is lost.
    """

    def __init__(self) -> None:
        self._tail = _Tail()
        super().__init__(
            io.BufferedWriter(self._tail), encoding="utf-8", errors="backslashreplace", line_buffering=True
        )

    @property
    def last_line(self) -> str:
        """The last line that tells something; of a long line its last `_MAX_LINE_LENGTH` characters."""
        if not self.closed:
            self.flush()
        return last_words(self._tail.kept.decode(errors="replace"))[-_MAX_LINE_LENGTH:]


@contextmanager
def printing_to(output: Output) -> Iterator[None]:
    """Redirect Python's standard output and error to `output`, but show no warnings: Keras has many."""
    shown = warnings.showwarning
    warnings.showwarning = lambda *_given, **_named: None
    try:
        with redirect_stdout(output), redirect_stderr(output):
            yield
    finally:
        warnings.showwarning = shown


def execute(source: str, path: str) -> Program:
    """Execute a model file. Raises ModelFileError when nothing in it builds a model, and whatever the file raises."""
    code = compile(source, path, "exec", dont_inherit=True)
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    module = ModuleType(MODULE)
    module.__file__ = path
    sys.modules |= {MODULE: module, "afina": afina_api.make_module(), **make_modules()}
    made = _run(code, module)
    program = _program(module, made)
    if program.parameters is not None:
        return program
    return replace(program, told=lambda: sentences_on(source, made, _line_number(made, path) if made else 0))


def _run(code: CodeType, module: ModuleType) -> TunerMade | None:
    """Run the file; return the tuner that it makes, if any."""
    try:
        exec(code, module.__dict__)  # noqa: S102  the user has agreed to run it
    except TunerMade as made:
        return made
    return None


def _program(module: ModuleType, tuner: TunerMade | None) -> Program:
    has_parameters = "PARAMETERS" in vars(module)
    build_model = vars(module).get("build_model")
    if has_parameters:
        if not callable(build_model):
            raise ModelFileError("It has PARAMETERS, but no function build_model(values, data)")
        return Program(build_model, _checked(vars(module)["PARAMETERS"]))
    notes = tuner.notes if tuner is not None else ()
    if tuner is not None and tuner.hypermodel is not None:
        return _hyper_program(tuner.hypermodel, "", notes)
    entry = _hyper_function(module) or _hyper_class(module)
    if not entry:
        raise ModelFileError(f"It has nothing that builds a model: it needs {_WANTED}")
    return _hyper_program(vars(module)[entry], entry, notes)


def _checked(parameters: object) -> tuple[Declared, ...]:
    if not isinstance(parameters, list | tuple) or not all(isinstance(item, Declared) for item in parameters):
        raise ModelFileError(
            "PARAMETERS must be a list of Float, Integer, Choice, Ordinal and Boolean, imported from afina"
        )
    return tuple(parameters)


def _hyper_function(module: ModuleType) -> str:
    """Return the name of the file's function that takes hp; empty when it has none."""
    functions = {
        name: next(iter(inspect.signature(item).parameters))
        for name, item in vars(module).items()
        if inspect.isfunction(item) and item.__module__ == MODULE and _takes_one(item)
    }
    usual = (name for name in _HYPER_NAMES if name in functions)
    others = (name for name, first in functions.items() if first == "hp")
    return next(usual, "") or next(others, "")


def _takes_one(function: Callable[..., Any]) -> bool:
    given = inspect.signature(function).parameters.values()
    return sum(p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in given) == 1


def _hyper_class(module: ModuleType) -> str:
    """Return the name of the last HyperModel class in the file; empty when it has none."""
    own = [
        name
        for name, item in vars(module).items()
        if isinstance(item, type) and issubclass(item, HyperModel) and item is not HyperModel
    ]
    return own[-1] if own else ""


def _hyper_program(found: Any, entry: str, notes: tuple[str, ...]) -> Program:
    hypermodel = found() if isinstance(found, type) else found
    build = getattr(hypermodel, "build", hypermodel)
    noted = list(notes)
    if isinstance(hypermodel, HyperModel) and type(hypermodel).fit is not HyperModel.fit:
        noted.append(f"Afina trains the model by itself: the fit of {type(hypermodel).__name__} is not used")

    def build_model(hp: HyperParameters) -> Any:
        try:
            return build(hp)
        finally:
            noted.extend(note for note in hp.notes if note not in noted)

    return Program(build_model, None, entry, noted)


# Errors

_MADE = re.compile(
    r"\blayer ['\"](?P<layer>[\w/]+)['\"]|\bcalling (?P<kind>\w+)\.call\(\)|Detected at node (?P<node>\S+)"
    r"|Could not interpret (?P<option>loss|metric) identifier"
)
"""What the file has made, by the words of an error: a layer, or an argument of `compile`."""
_OF_COMPILE = ("compile_loss", "loss", "metric")
_NO_FILE = re.compile(r"no such file|\bfile\b.*\bnot (?:found|exist)", re.I)


def explained(error: BaseException, path: str) -> str:
    """Return a sentence on an error in a model file: the file, the line, and the reason.

    Where the file itself gives a trial up, it is the author's sentence alone.
    """
    given_up = given_up_because(error)
    if given_up:
        return given_up
    name, number = PurePath(path).name, _line_number(error, path)
    if isinstance(error, SyntaxError) and error.filename == path:
        return as_words(f"{name}, line {error.lineno}: {_quoted(error.text or '')}{_what(error, path)}")
    if not number:
        return as_words(f"{name}: {_what(error, path)}")
    return as_words(f"{name}, line {number}: {_quoted(linecache.getline(path, number))}{_what(error, path)}")


def given_up_because(error: BaseException) -> str:
    """Return the author's sentence of an error by which a file gives a trial up; empty for any other error."""
    if not isinstance(error, ERRORS):
        return ""
    told = in_short(reason_in(_written(str, error)), _MAX_MESSAGE_LENGTH)
    return told or f"The model file gave the trial up, without a reason ({type(error).__name__})"


def reason_of(error: BaseException) -> str:
    """Return the reason of an error: its kind, if the kind is not TensorFlow's, its message, and Keras's layer."""
    kind = type(error).__name__
    is_key = isinstance(error, KeyError) and len(error.args) == 1 and isinstance(error.args[0], str)
    message = _written(str, error.args[0] if is_key else error)
    text, layer = reason_in(message), layer_in(message)
    text = repr(text) if is_key else text
    text = in_short(text, _MAX_MESSAGE_LENGTH)
    if not text:
        return kind
    is_told = text.startswith(f"{kind}: ") or type(error).__module__.startswith("tensorflow.")
    return f"{'' if is_told else f'{kind}: '}{text}{f' (in the layer {layer})' if layer else ''}"


def _line_number(error: BaseException, path: str) -> int:
    """Return the number of the file's line at which the error arose; 0 if none is known."""
    text = _written(str, error)
    in_the_graph = stack_lines(text, path)
    if in_the_graph:
        return in_the_graph[-1]
    reason: BaseException | None = error
    while reason is not None:
        own = [line for frame, line in traceback.walk_tb(reason.__traceback__) if _file(frame) == path]
        if own:
            return own[-1]
        reason = reason.__cause__
    return _line_that_makes(text, path)


def _line_that_makes(text: str, path: str) -> int:
    """Return the number of the only line that makes what the text speaks of; else 0."""
    named = _MADE.search(text)
    if named is None:
        return 0
    made = _calls("".join(linecache.getlines(path)))
    for part in reversed(next(filter(None, named.groups())).split("/")):
        lines = made.get(_alike("compile" if part in _OF_COMPILE else part), set())
        if len(lines) == 1:
            return next(iter(lines))
    return 0


def _calls(source: str) -> dict[str, set[int]]:
    """Return the lines of all calls in a source text, by the name of what is called."""
    found: dict[str, set[int]] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            found.setdefault(_alike(called), set()).add(node.lineno)
    return found


def _alike(name: str) -> str:
    """Return what a layer's class and its name have in common: BatchNormalization and batch_normalization_1."""
    return re.sub(r"_\d+$", "", name).replace("_", "").lower()


def _written(write: Callable[[Any], str], what: object) -> str:
    """Return the text that `write` makes of an object from the file, or a note that it cannot be written."""
    try:
        return str.encode(write(what), errors="backslashreplace").decode()
    except BaseException as error:  # noqa: BLE001  its __str__ may raise, or end the program
        return f"it cannot be written out ({type(error).__name__})"


def _file(frame: Any) -> str:
    return str(frame.f_code.co_filename)


def _quoted(line: str) -> str:
    line = in_short(line.strip(), _MAX_LINE_LENGTH)
    return f"`{line}`: " if line else ""


def _what(error: BaseException, path: str) -> str:
    if isinstance(error, SystemExit):
        return f"the file ended the program: sys.exit({'' if error.code is None else _written(repr, error.code)})"
    if isinstance(error, AfinaError):
        return _written(str, error)
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    reason = reason_of(error)
    if isinstance(error, ModuleNotFoundError):
        reason = reason.removeprefix(f"{type(error).__name__}: ")
        return f"{reason}. A model file can use what is installed beside Afina, and is one file"
    return _with_lost_folder(_with_cause(reason, error.__cause__), error, Path(path).parent)


def _with_cause(reason: str, cause: BaseException | None) -> str:
    """Return the reason with that of the error's cause, unless it tells it already."""
    if not isinstance(cause, Exception):
        return reason
    told = reason_of(cause)
    return reason if told in reason or told.partition(": ")[2] in reason else f"{reason}, caused by {told}"


def _with_lost_folder(reason: str, error: BaseException, folder: Path) -> str:
    """Return the reason; of a file that is not found, also that the model file's folder is not there, if so."""
    if not (isinstance(error, FileNotFoundError) or _NO_FILE.search(reason)) or _is_there(folder):
        return reason
    lost = f"The folder of the model file, {folder}, is not on this computer"
    return f"{reason.rstrip('.')}. {lost}, and that is where relative paths begin"


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # a folder above it cannot be read
        return False
