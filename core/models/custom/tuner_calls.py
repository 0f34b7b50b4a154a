"""What a model file tells its tuner and its search, and Afina does not take over, in sentences. Runs nothing.

A file ends where it makes a tuner, so the call of `search` after it is only read, and so is a tuner in a part of the
file that is not executed: their values are shown as the file writes them.
"""

import ast
import numbers
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from core.formatting import in_short, listed
from core.library_words import as_words
from core.models.custom.keras_tuner_api import (
    IN_ORDER,
    ORACLES,
    TUNERS,
    Objective,
    TunerMade,
)

_MAX_VALUE_LENGTH = 60
_MAX_CALL_LENGTH = 100
_MAX_ITEMS, _MAX_NAMES = 10, 40
FIELDS = {
    "objective": ("Metric", "Direction"),
    "max_trials": ("Trials",),
    "num_initial_points": ("Initial points",),
    "executions_per_trial": ("Repeats",),
    "seed": ("Random seed",),
    "max_consecutive_failed_trials": ("Pause after",),
    "max_epochs": ("Epochs",),
    "epochs": ("Epochs",),
    "batch_size": ("Batch size",),
    "validation_split": ("Validation share",),
    "validation_data": ("Validation share",),
    "EarlyStopping": ("Early-stopping patience",),
}
"""The captions of the form's fields for what a file asks for."""
_PLACES_AND_NAMES = ("directory", "project_name", "overwrite", "logger", "tuner_id", "name")
_WAYS = ("verbose", "workers", "use_multiprocessing", "max_queue_size")
_OF_NO_CONCERN = frozenset(("hypermodel", "oracle", "x", "y", *_PLACES_AND_NAMES, *_WAYS))
_USUAL: Mapping[str, object] = {
    "executions_per_trial": 1,
    "max_retries_per_trial": 0,
    "tune_new_entries": True,
    "allow_new_entries": True,
    "shuffle": True,
    "initial_epoch": 0,
}
"""Values that ask for what Afina does anyway."""
_PLAIN = (str, bool, int, float)
_FIRST_OF_FIT = ("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data")
_OF_FIT = (*_FIRST_OF_FIT, "shuffle", "class_weight", "sample_weight", "initial_epoch", "steps_per_epoch")
"""The arguments of Keras's `fit`, in their order."""
_KERAS_TUNER = ("keras_tuner", "kerastuner")


class _Told(NamedTuple):
    """One thing that the file asks for: its name, and as it stands in a sentence."""

    name: str
    words: str


def sentences_on(source: str, made: TunerMade | None, line: int = 0) -> tuple[str, ...]:
    """Return the sentences on a file's text; `made` is the tuner that it made, at that line, if it has made one."""
    text = _Text(source)
    of_tuner = _as_made(made.told) if made is not None else text.of_tuner()
    of_search = text.of_search(line)
    if any(told.name == "max_epochs" for told in of_tuner):
        of_search = [_in_place_of_hyperbands(told) for told in of_search]
    others = [told for told in (*of_tuner, *of_search) if told.name not in FIELDS]
    sentences = (_to_be_set(of_tuner, of_search), f"Not followed: {_enumerated(others)}" if others else "")
    return tuple(filter(None, sentences))


def _in_place_of_hyperbands(told: _Told) -> _Told:
    if told.name != "epochs":
        return told
    return _Told("", f"{told.words} (Hyperband goes by max_epochs)")


def _to_be_set(of_tuner: Sequence[_Told], of_search: Sequence[_Told]) -> str:
    """Return the sentence on what the form has fields for; empty if there is nothing."""
    each = [("its tuner", _with_fields(of_tuner)), ("search(…)", _with_fields(of_search))]
    asked = ", and ".join(f"{whom} for {_enumerated(several)}" for whom, several in each if several)
    if not asked:
        return ""
    fields = dict.fromkeys(caption for _whom, several in each for told in several for caption in FIELDS[told.name])
    return f"The file asks {asked}. Afina does not take this over: set in the form {listed(fields)}"


def _with_fields(several: Sequence[_Told]) -> list[_Told]:
    return [told for told in several if told.name in FIELDS]


def _enumerated(several: Sequence[_Told]) -> str:
    """Return the list of what is told: the first in whole, others by their names."""
    words = [told.words for told in several[:_MAX_ITEMS]]
    names = [in_short(told.name or told.words, _MAX_VALUE_LENGTH) for told in several[_MAX_ITEMS:_MAX_NAMES]]
    more = [f"{len(several) - _MAX_NAMES} more"] if len(several) > _MAX_NAMES else []
    return listed([*words, *names, *more])


def _is_told(name: str, value: object) -> bool:
    """Return whether an argument asks for something that Afina would not do anyway."""
    if name in _OF_NO_CONCERN or value is None:
        return False
    return type(value) not in _PLAIN or name not in _USUAL or value != _USUAL[name]


# A tuner that was made


def _as_made(arguments: Mapping[str, object]) -> list[_Told]:
    plain = {name: _as_python(value) for name, value in arguments.items()}
    return [_Told(name, f"{name} {_shown(value)}") for name, value in plain.items() if _is_told(name, value)]


def _as_python(value: object) -> object:
    """Return a number of NumPy's as one of Python's, and any other value as it is."""
    if type(value).__module__ != "numpy":
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else value


def _shown(value: object) -> str:
    """Return a short text for an argument's value; of an object of any other kind, only what it is."""
    match value:
        case str() | bool() | int() | float() if type(value) in _PLAIN:  # others may have a __str__ of their own
            return in_short(as_words(str(value)), _MAX_VALUE_LENGTH)
        case Objective(name=str(name), direction=direction):
            return f"{_shown(name)} ({_shown(direction)})"
        case list() | tuple():
            return in_short(listed(map(_shown, value)), _MAX_VALUE_LENGTH)
    return type(value).__name__


# What is only read


class _Text:
    """The text of a model file, and what is called and named in it."""

    def __init__(self, source: str) -> None:
        self._source = source
        nodes = list(ast.walk(ast.parse(source)))
        self._imported: set[str] = set()
        self._tuners: dict[str, str] = {}
        """Which of Keras Tuner's classes, or its class derived from one, a name stands for."""
        self._assigned: dict[str, list[ast.expr]] = {}
        self._changed: set[str] = set()
        """The names of what the text may change after it was made: by an item, or by a method other than `append`."""
        self._appended: dict[str, list[ast.expr]] = {}
        self._calls: list[ast.Call] = []
        for node in nodes:
            match node:
                case ast.Import() | ast.ImportFrom():
                    self._imports(node)
                case ast.Assign(targets=targets, value=value):
                    self._assign(targets, value)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assign([target], value)
                case ast.Call(func=function):
                    self._calls.append(node)
                    if isinstance(function, ast.Attribute):
                        self._changes(function, node.args)
                case ast.Subscript(value=changed, ctx=ast.Store() | ast.Del()) | ast.AugAssign(target=changed):
                    self._changed.add(_dotted(changed))
        if self._tuners:
            for node in nodes:
                if isinstance(node, ast.ClassDef):
                    self._derives(node)
        self._calls.sort(key=lambda call: call.lineno)

    def _imports(self, node: ast.Import | ast.ImportFrom) -> None:
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if not isinstance(node, ast.ImportFrom):
                self._imported.add(name)
            if (module or alias.name).partition(".")[0] in _KERAS_TUNER:
                self._tuners |= {tuner: tuner for tuner in (*TUNERS, *ORACLES)}
                if alias.name in self._tuners:
                    self._tuners[name] = alias.name

    def _assign(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        for name in filter(None, map(_dotted, targets)):
            self._assigned.setdefault(name, []).append(value)

    def _changes(self, method: ast.Attribute, arguments: Sequence[ast.expr]) -> None:
        name = _dotted(method.value)
        if method.attr == "append":
            self._appended.setdefault(name, []).extend(arguments)
        else:
            self._changed.add(name)

    def _derives(self, made: ast.ClassDef) -> None:
        for base in map(_last, made.bases):
            if base in self._tuners:
                self._tuners[made.name] = self._tuners[base]

    def of_tuner(self) -> list[_Told]:
        """Return what is told to the first tuner in the text."""
        for call in self._calls:
            if self._tuners.get(_last(call.func)) in TUNERS:
                return [
                    _Told(name, f"{name} {self._objective(value) if name == 'objective' else self._value(value)}")
                    for name, value in self._of_tuner(call)
                ]
        return []

    def _of_tuner(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        for name, value in self._of_class(call):
            oracle = self._meant(value)
            if isinstance(oracle, ast.Call) and self._tuners.get(_last(oracle.func)) in ORACLES:
                yield from self._of_class(oracle)
            elif _is_told(name, _constant(value)):
                yield name, value

    def _of_class(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        return self._arguments(call, IN_ORDER[self._tuners[_last(call.func)]])

    def _objective(self, value: ast.expr) -> str:
        made = self._meant(value)
        if not isinstance(made, ast.Call) or _last(made.func) != "Objective":
            return self._value(value)
        given = {name: self._value(part) for name, part in self._arguments(made, ("name", "direction"))}
        return f"{given.get('name', '')} ({given.get('direction', '')})"

    def of_search(self, after: int) -> list[_Told]:
        """Return what is told to the search of the tuner that is made at a line.

        If there is none, it is the first search after the line or else the first in the text.
        """
        searches = [call for call in self._calls if self._is_search(call)]
        of_this = (call for call in searches if any(made.lineno == after for made in self._makers(call)))
        later = (call for call in searches if call.lineno > after)
        call = next(chain(of_this, later, searches), None)
        return [] if call is None else list(self._of_search(call))

    def _makers(self, search: ast.Call) -> list[ast.Call]:
        """Return the calls that make a tuner whose search this is."""
        assert isinstance(search.func, ast.Attribute)
        searcher = search.func.value
        made = [searcher, *self._assigned.get(_dotted(searcher), ())]
        return [value for value in made if isinstance(value, ast.Call) and _last(value.func) in self._tuners]

    def _of_search(self, call: ast.Call) -> Iterator[_Told]:
        for name, value in self._arguments(call, _OF_FIT):
            if name == "callbacks":
                yield from self._callbacks(value)
            elif _is_told(name, _constant(value)):
                yield _Told(name, f"{name}{'' if name.startswith('*') else '='}{self._value(value)}")

    def _callbacks(self, value: ast.expr) -> Iterator[_Told]:
        several = self._meant(value)
        if _constant(value) is None:
            return
        if not isinstance(several, ast.List | ast.Tuple):
            yield _Told("callbacks", f"callbacks={self._value(value)}")
            return
        for element in (*several.elts, *self._appended.get(_dotted(value), ())):
            made = self._meant(element)
            if isinstance(made, ast.Call):
                arguments = self._as_written(made)[len(self._as_written(made.func)) :]
                yield _Told(_last(made.func), in_short(f"the callback {_last(made.func)}{arguments}", _MAX_CALL_LENGTH))
            else:
                yield _Told("callback", f"the callback {self._value(element)}")

    def _is_search(self, call: ast.Call) -> bool:
        """Return whether a call is the search of a tuner, and not one of a regular expression or a database."""
        match call.func:
            case ast.Attribute(value=searcher, attr="search"):
                if self._makers(call):
                    return True
                fitted = any(keyword.arg in _OF_FIT[2:] for keyword in call.keywords)
                return fitted and _dotted(searcher).partition(".")[0] not in self._imported
        return False

    def _arguments(self, call: ast.Call, names: Sequence[str]) -> Iterator[tuple[str, ast.expr]]:
        """Yield a call's arguments by name; what is unpacked, if it is not plain, by its stars."""
        for place, value in enumerate(call.args):
            if isinstance(value, ast.Starred):
                yield "*", value.value
                break
            if place < len(names):
                yield names[place], value
        for keyword in call.keywords:
            if keyword.arg is not None:
                yield keyword.arg, keyword.value
            else:
                yield from self._unpacked(keyword.value)

    def _unpacked(self, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
        match self._meant(value):
            case ast.Dict(keys=keys, values=values) if all(isinstance(key, ast.Constant) for key in keys):
                names = (str(key.value) for key in keys if isinstance(key, ast.Constant))
                yield from zip(names, values, strict=True)
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if all(item.arg for item in keywords):
                yield from ((str(item.arg), item.value) for item in keywords)
            case _:
                yield "**", value

    def _meant(self, value: ast.expr) -> ast.expr:
        """Return what a name stands for, if the text gives it one value only, and changes no list or dictionary."""
        given = self._assigned.get(value.id, []) if isinstance(value, ast.Name) else []
        is_changed = isinstance(value, ast.Name) and value.id in self._changed
        return given[0] if len(given) == 1 and not is_changed else value

    def _value(self, value: ast.expr) -> str:
        """Return a value as the file writes it, a text without its quotes; of a name also the number behind it."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return in_short(as_words(value.value), _MAX_VALUE_LENGTH)
        text, meant = in_short(self._as_written(value), _MAX_VALUE_LENGTH), self._meant(value)
        return text if meant is value or not isinstance(meant, ast.Constant) else f"{text} ({self._value(meant)})"

    def _as_written(self, node: ast.AST) -> str:
        return as_words(ast.get_source_segment(self._source, node) or "")


def _dotted(node: ast.expr) -> str:
    """Return a dotted name as it is written; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _last(node: ast.expr) -> str:
    """Return the last part of a name, whatever stands before its dot; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else _dotted(node)


def _constant(node: ast.expr) -> object:
    """Return the value of a constant; of anything else the node itself."""
    return node.value if isinstance(node, ast.Constant) else node
