"""What is wrong with a JSON text, in words: of settings and presets, which people also write by hand."""

import json
import math
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from core.errors import InvalidSetting
from core.formatting import in_short, listed
from core.letters import on_one_line

Place = tuple[str, ...]
"""Where a value stands: the names of its groups, and its own; places in a list are numbers from 0."""
Named = Callable[[Place], str]
"""Returns the name of a field in words, to begin a sentence; empty for one that has none but its own."""
T = TypeVar("T")

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Some programs put it before a text in UTF-8."""
_SHOWN = 40
_MOST_OPTIONS = 12
_STUDY = b"SQLite format 3\0"


def read_json(text: bytes, kind: type[T], what: str, named: Named) -> T:
    """Return the object in the JSON text. Raises InvalidSetting with the field's path and a sentence.

    `what` is the object in words, such as "settings", in the plural.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        found = error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InvalidSetting("", _malformed(text, str(error), what)) from error
    except RecursionError:
        raise InvalidSetting("", f"The {what} are nested too deeply to be real") from None
    except ArithmeticError as error:
        raise InvalidSetting("", f"The {what} hold a number that is too large") from error
    raise _fault(text, kind, what, named) or InvalidSetting("", f"These are no {what} that Afina knows") from found


def _fault(text: bytes, kind: type, what: str, named: Named) -> InvalidSetting | None:
    try:
        tree = json.loads(text)
    except UnicodeError:
        return InvalidSetting("", _malformed(text, "", what))
    except json.JSONDecodeError as error:
        return InvalidSetting("", _malformed(text, f"(byte {len(error.doc[: error.pos].encode())})", what))
    except RecursionError:
        return InvalidSetting("", f"The {what} are nested too deeply to be real")
    except ValueError:  # more digits than Python reads
        return InvalidSetting("", f"The {what} hold a number that is too large")
    return _Faults(what, named).first(_type_of(kind), tree, ())


def fault_in(value: object, kind: type, what: str) -> str:
    """Return a sentence on what keeps the plain value from being of this type; empty when nothing does."""
    fault = _Faults(what, lambda _place: "").first(_type_of(kind), value, ())
    return "" if fault is None else fault.message


@cache
def _type_of(kind: type) -> inspect.Type:
    return inspect.type_info(kind)


class _Faults:
    """Finds the first fault of a tree of plain values that is to be of some type."""

    def __init__(self, what: str, named: Named) -> None:
        self._what = what
        self._named = named

    def first(self, kind: inspect.Type, value: object, place: Place) -> InvalidSetting | None:
        """Return the first fault in the value; None when it has none."""
        match kind:
            case inspect.UnionType(types=kinds):
                return self._of_union(kinds, value, place)
            case inspect.StructType() if isinstance(value, dict):
                return self._of_struct(kind, value, place)
            case inspect.DictType(value_type=inner) if isinstance(value, dict):
                return self._of_each(((key, inner, part) for key, part in value.items()), place)
            case inspect.VarTupleType(item_type=inner) | inspect.ListType(item_type=inner) if isinstance(
                value, list | tuple
            ):
                return self._of_each(((str(number), inner, part) for number, part in enumerate(value)), place)
        if not _is_plain(kind, value):
            return self._wrong(place, f"must be {_in_words(kind)}, not {_shown(value)}")
        match kind:
            case inspect.EnumType() | inspect.LiteralType() if value not in _options(kind):
                return self._unknown(place, value, _options(kind))
            case inspect.IntType(ge=low, le=high) | inspect.FloatType(ge=low, le=high):
                return self._beyond(low, high, value, place)
        return None

    def _of_each(self, parts: Iterable[tuple[str, inspect.Type, object]], place: Place) -> InvalidSetting | None:
        faults = (self.first(kind, part, (*place, key)) for key, kind, part in parts)
        return next((fault for fault in faults if fault is not None), None)

    def _of_union(self, kinds: Iterable[inspect.Type], value: object, place: Place) -> InvalidSetting | None:
        groups = {str(kind.tag): kind for kind in kinds if isinstance(kind, inspect.StructType)}
        tagged = next(iter(groups.values())).tag_field if len(groups) > 1 else None
        if isinstance(value, dict) and tagged is not None:
            if tagged not in value:
                return self._missing(place, tagged, f"; it can be {_listed(groups)}")
            found = groups.get(str(value[tagged]))
            if found is None:
                return self._unknown((*place, tagged), value[tagged], groups)
            return self.first(found, value, place)
        if isinstance(value, dict) and groups:
            return self.first(next(iter(groups.values())), value, place)
        if any(self.first(kind, value, place) is None for kind in kinds):
            return None
        words = dict.fromkeys(map(_in_words, kinds))
        if "a number" in words:
            words.pop("a whole number", None)
        return self._wrong(place, f"must be {_listed(words)}, not {_shown(value)}")

    def _of_struct(self, kind: inspect.StructType, value: dict[str, object], place: Place) -> InvalidSetting | None:
        fields = {field.encode_name: field for field in kind.fields}
        given = [(name, fields[name].type, part) for name, part in value.items() if name in fields]
        what_it_is = [part for part in given if isinstance(part[1], inspect.LiteralType)]
        return (
            self._of_each(what_it_is, place)
            or self._of_names(kind, list(fields.values()), value, place)
            or self._of_each(given, place)
            or self._own(kind, value, place)
        )

    def _of_names(
        self, kind: inspect.StructType, fields: list[inspect.Field], value: dict[str, object], place: Place
    ) -> InvalidSetting | None:
        """Return the fault of the first field that is not known, or not there."""
        from difflib import get_close_matches

        known = [field.encode_name for field in fields] + ([kind.tag_field] if kind.tag_field else [])
        unknown = next((name for name in value if name not in known), None)
        if unknown is not None and kind.forbid_unknown_fields:
            near = get_close_matches(unknown, known, 1)
            return self._in(
                place, f"There is no field “{_cut(unknown)}” in", f". Is “{near[0]}” meant?" if near else ""
            )
        missing = next((field.encode_name for field in fields if field.required and field.encode_name not in value), "")
        return self._missing(place, missing) if missing else None

    def _own(self, kind: inspect.StructType, value: dict[str, object], place: Place) -> InvalidSetting | None:
        """Return what the struct itself finds wrong with its fields, which are of the right types."""
        try:
            msgspec.convert(value, kind.cls)
        except msgspec.ValidationError as error:
            own = error.__cause__
            if isinstance(own, InvalidSetting):
                return own.under(".".join(place)) if place else own
            return self._in(place, "Afina does not know all that is in")
        except ArithmeticError:
            return self._in(place, "A number is too large in")
        return None

    def _beyond(self, low: float | None, high: float | None, value: Any, place: Place) -> InvalidSetting | None:
        if isinstance(value, float) and not math.isfinite(value):
            return self._wrong(place, "is too large a number")
        if low is not None and value < low:
            return self._wrong(place, f"must be at least {low:,}, not {_shown(value)}")
        if high is not None and value > high:
            return self._wrong(place, f"must be at most {high:,}, not {_shown(value)}")
        return None

    def _wrong(self, place: Place, predicate: str) -> InvalidSetting:
        return InvalidSetting(".".join(place), f"{self._named(place) or self._own_name(place)} {predicate}")

    def _own_name(self, place: Place) -> str:
        match place:
            case (*_, group, number) if number.isdigit():
                return f"Entry {int(number) + 1} of “{_cut(group)}”"
            case (*_, name):
                return f"“{_cut(name)}”"
        return f"The {self._what}"

    def _unknown(self, place: Place, value: object, options: Iterable[str]) -> InvalidSetting:
        shown = f"“{_cut(value)}”" if isinstance(value, str) else _shown(value)
        return self._wrong(place, f"cannot be {shown}; it can be {_listed(options)}")

    def _missing(self, place: Place, field: str, hint: str = "") -> InvalidSetting:
        return self._in(place, f"The field “{field}” is missing in", hint)

    def _in(self, place: Place, fault: str, hint: str = "") -> InvalidSetting:
        """Return the fault of a group as a whole."""
        where = f"“{_cut('.'.join(place))}”" if place else f"the {self._what}"
        return InvalidSetting(".".join(place), f"{fault} {where}{hint}")


def _is_plain(kind: inspect.Type, value: object) -> bool:
    """Return whether the value is of the plain type that JSON has for this one."""
    match kind:
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case inspect.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.NoneType():
            return value is None
        case inspect.StrType() | inspect.EnumType() | inspect.LiteralType():
            return isinstance(value, str)
        case inspect.StructType() | inspect.DictType() | inspect.VarTupleType() | inspect.ListType():
            return False
    return True


def _in_words(kind: inspect.Type) -> str:
    match kind:
        case inspect.IntType():
            return "a whole number"
        case inspect.FloatType():
            return "a number"
        case inspect.StrType():
            return "a text"
        case inspect.BoolType():
            return "true or false"
        case inspect.NoneType():
            return "null"
        case inspect.EnumType() | inspect.LiteralType():
            return f"one of {_listed(_options(kind))}"
        case inspect.VarTupleType() | inspect.ListType():
            return "a list in brackets"
    return "a group in braces"


def _options(kind: inspect.EnumType | inspect.LiteralType) -> list[str]:
    return (
        [str(member.value) for member in kind.cls]
        if isinstance(kind, inspect.EnumType)
        else list(map(str, kind.values))
    )


def _listed(options: Iterable[str]) -> str:
    return listed(islice(options, _MOST_OPTIONS), "or")


def _shown(value: object) -> str:
    """Return a value as a sentence names it."""
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return f"the text “{_cut(value)}”"
        case list() | tuple():
            return "a list"
        case dict():
            return "a group"
        case float() if not math.isfinite(value):
            return "a number that is too large"
    return _cut(str(value))


def _cut(text: str) -> str:
    return in_short(on_one_line(text[: _SHOWN + 1]), _SHOWN)


def _malformed(text: bytes, said: str, what: str) -> str:
    """Return a sentence on a text that is not JSON; a parser's words say at which byte."""
    if not text.strip():
        return f"It is empty: there are no {what} in it"
    if text.startswith(_STUDY):
        return f"This is a study or another database, and no {what}"
    try:
        whole = text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return f"This is not JSON: line {line:,} is not text in UTF-8. Save it as UTF-8, if it is text"
    found = re.search(r"\(byte (\d+)\)", said)
    before = text[: int(found[1])].decode(errors="replace") if found else whole
    rest = whole[len(before) :].lstrip()
    if not rest:
        with suppress(ValueError, RecursionError):
            json.loads(whole)
            return "This is not JSON: a text in it has half a character, such as \\ud800"
        last = whole.rstrip().count("\n") + 1
        return (
            f"This is not JSON, or not all of it: it breaks off in line {last:,}. A brace, bracket or quote is missing"
        )
    near = _cut(rest.partition("\n")[0])
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"This is not JSON: line {line:,}, column {column:,}: “{near}” does not belong there"
