"""ModelFile: the user's own model file as the model of a study: its text, and the parameters found in it."""

import hashlib
import tokenize
from collections.abc import Container, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from io import BytesIO
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

import msgspec

from core import RESOURCES
from core.conditions import AtLeast, AtMost, singles
from core.errors import InvalidSetting, ModelFileError, ModelUntrusted
from core.files import NotAFile, TooLarge, read_file
from core.letters import quoted
from core.models.custom.declared import Declared
from core.models.declarations import BATCH_SIZE, EPOCHS, PATIENCE
from core.models.family import DataShape, ModelFamily
from core.parameters import IntegerRange, Levels, Parameter, Value

TEMPLATE = RESOURCES / "templates" / "model_file.py"
"""A model file with comments, for users to start from."""
CUSTOM = "own"
"""The name of the model family that stands for a model file."""
MAX_BYTES = 500_000
"""The most bytes of a model file; real ones have some thousands."""
MAX_PARAMETERS = 200
MAX_CONDITIONS = MAX_PARAMETERS**2
"""The most conditions in a model file: each parameter can depend, in two ways, on each one before it."""
NOT_TEXT = "The path of the model file has letters in it that cannot be shown. Rename the file or its folder"
SHARED = (replace(BATCH_SIZE, vary=False), EPOCHS, PATIENCE)
"""Parameters that a trial needs even if the file does not declare them. They are fixed at first."""
MAX_CHOICES = 700_000
"""The most choices and levels in a model file, as MAX_VALUES for one parameter: no release could read more in time."""
_MAX_PATH_LENGTH = 4096


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A model file as it was when its parameters were found.

    `source` is its text. Trials execute this text, even if the file at `path` has changed or is gone. `parameters` are
    those that it declares. `entry` names the function or class in it that builds the model; it is empty when the file
    made a tuner with it. `takes_hp`: it builds from `hp`, as for Keras Tuner. A study can be shown without executing
    the text. The `family` is cached in the `__dict__`.
    """

    path: str
    source: str
    parameters: tuple[Declared, ...]
    entry: str = "build_model"
    takes_hp: bool = False

    def __post_init__(self) -> None:
        if not self.name or len(self.path) > _MAX_PATH_LENGTH:
            raise InvalidSetting("path", "The model file has no path")
        if not self.path.isprintable():
            raise InvalidSetting("path", NOT_TEXT)
        if len(self.source.encode(errors="replace")) > MAX_BYTES:
            raise InvalidSetting("source", f"The model file has more than {MAX_BYTES:,} bytes")
        if "\0" in self.source:
            raise InvalidSetting("source", "The model file is not text")
        if self.entry and not self.entry.isidentifier():
            raise InvalidSetting("entry", f"The model file can have nothing with the name {quoted(self.entry)}")
        _check_amounts(self.parameters)
        _check(self.parameters)

    @property
    def name(self) -> str:
        return PurePath(self.path.replace("\\", "/")).name

    @property
    def digest(self) -> str:
        """The SHA-256 of the text; the user agrees to run the text with this digest."""
        return digest_of(self.source)

    def beside(self, folder: Path) -> "ModelFile":
        """Return the file with its absolute path, where a relative one begins in `folder`."""
        if PurePosixPath(self.path).anchor or PureWindowsPath(self.path).anchor:
            return self
        return msgspec.structs.replace(self, path=str(folder.absolute() / self.path))

    @cached_property
    def family(self) -> ModelFamily:
        """The model family of the file; the file is executed only when its `build` is called."""
        return _family(self)


def digest_of(source: str) -> str:
    """Return the SHA-256 of a model file's text."""
    return hashlib.sha256(source.encode(errors="surrogatepass")).hexdigest()


def require_trusted(file: ModelFile | None, trusted: Container[str]) -> None:
    """Raise ModelUntrusted for a model file whose digest is not in `trusted`, the ones that the user agreed to."""
    if file is not None and file.digest not in trusted:
        raise ModelUntrusted(f"The model is a program, {file.name}, and nobody here has agreed to run it yet")


def read_source(path: Path) -> str:
    """Return the text of a model file; its lines end in a line feed, as Python reads them. Raises ModelFileError."""
    try:
        content = read_file(path, MAX_BYTES)
        encoding, _lines = tokenize.detect_encoding(BytesIO(content).readline)
        source = content.decode(encoding)
        source.encode()  # fails if the encoding gave half a character
    except NotAFile:
        raise ModelFileError(f"{path.name} is not a file") from None
    except TooLarge:
        raise ModelFileError(f"{path.name} has more than {MAX_BYTES:,} bytes: too large to be a model file") from None
    except OSError as error:
        raise ModelFileError(f"{path.name} cannot be read: {error.strerror or error}") from None
    except (SyntaxError, ValueError, LookupError):
        raise ModelFileError(f"{path.name} is not text, so it cannot be a Python file") from None
    if "\0" in source:
        raise ModelFileError(f"{path.name} is not text, so it cannot be a Python file")
    return source.replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=16)
def _family(file: ModelFile) -> ModelFamily:
    declared: tuple[Parameter, ...] = tuple(item.parameter() for item in file.parameters)
    named = {parameter.name for parameter in declared}
    return ModelFamily(
        name=CUSTOM,
        label=file.name,
        help="A model file of your own.",
        parameters=(*declared, *(shared for shared in SHARED if shared.name not in named)),
        build=partial(_build, file),
        script="",
        free_metrics=True,
    )


def _build(file: ModelFile, values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
    from core.models.custom.building import build

    return build(file.source, file.path, values, data, seed)


def _check_amounts(parameters: tuple[Declared, ...]) -> None:
    """Raise InvalidSetting for more than can be worked with."""
    if len(parameters) > MAX_PARAMETERS:
        raise InvalidSetting("parameters", f"The model file has more than {MAX_PARAMETERS} parameters")
    choices = sum(len(getattr(declared.range, "values", ())) for declared in parameters)
    if choices > MAX_CHOICES:
        wrong = f"The model file has {choices:,} values to choose from; at most {MAX_CHOICES:,} can be worked with"
        raise InvalidSetting("parameters", wrong)
    conditions = sum(len(singles(declared.when)) for declared in parameters)
    if conditions > MAX_CONDITIONS:
        wrong = f"The model file has {conditions:,} conditions; at most {MAX_CONDITIONS:,} can be worked with"
        raise InvalidSetting("parameters", wrong)


def _check(parameters: tuple[Declared, ...]) -> None:
    """Raise InvalidSetting unless all names differ, and each parameter depends only on parameters before it."""
    known: dict[str, Declared] = {}
    for declared in parameters:
        if declared.name in known:
            raise InvalidSetting("parameters", f"The parameter {declared.name} is declared twice")
        _check_condition(declared, known)
        known[declared.name] = declared
    for shared in SHARED:
        own = known.get(shared.name)
        if own is not None and (own.when is not None or not _is_whole(own, shared.minimum)):
            wrong = f"{shared.name} must be a whole number that applies to every trial"
            raise InvalidSetting("parameters", wrong)


def _check_condition(declared: Declared, known: Mapping[str, Declared]) -> None:
    for single in singles(declared.when):
        other = known.get(single.parameter)
        if other is None:
            wrong = f"{declared.name} depends on {single.parameter}, which is not declared before it"
            raise InvalidSetting("parameters", wrong)
        if isinstance(single, AtLeast | AtMost) and isinstance(other.default, str | bool):
            wrong = f"{declared.name} needs {other.name} to be a number, which it is not"
            raise InvalidSetting("parameters", wrong)


def _is_whole(declared: Declared, minimum: int) -> bool:
    """Return whether a parameter is a whole number, or a choice among whole numbers that are at least `minimum`."""
    given = declared.range
    if isinstance(given, Levels):
        return all(isinstance(value, int) and value >= minimum for value in given.values)
    return isinstance(given, IntegerRange)
