"""The module `afina` that a model file imports: one function for each kind of parameter, and four for conditions.

Afina provides it in the process that runs the file; there is no package of that name to install. The names and their
arguments are a promise to users: new ones may be added, old ones never change.
"""

from collections.abc import Sequence
from types import ModuleType
from typing import Any, TypedDict, TypeVar, Unpack

import msgspec
import numpy as np

from core.conditions import AllOf, AtLeast, AtMost, Condition, IsOneOf, Single, singles
from core.json_faults import fault_in
from core.models.custom.declared import Declared
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Scale, Value

_Made = TypeVar("_Made", Declared, AtLeast, AtMost, IsOneOf)


class Details(TypedDict, total=False):
    """Details that any parameter may have.

    `label` is its name in the window, `help` a sentence, `unit` the unit of its values; with `vary=False` it is fixed
    at first; with `when` it applies only where that condition holds.
    """

    label: str
    help: str
    unit: str
    vary: bool
    when: Condition


def Float(
    name: str,
    low: float,
    high: float,
    *,
    default: float | None = None,
    scale: str = "linear",
    step: float = 0,
    **details: Unpack[Details],
) -> Declared:
    """Declare a real number from `low` to `high`; `scale` is "linear" or "log"; on a log scale `step` is a factor.

    `default` is its value when it is fixed; without one it is `low`.
    """
    given = FloatRange(float(low), float(high), _scale(scale), float(step))
    return _sound(Declared(name=name, range=given, default=float(low if default is None else default), **details))


def Integer(
    name: str,
    low: int,
    high: int,
    *,
    default: int | None = None,
    scale: str = "linear",
    step: int = 0,
    **details: Unpack[Details],
) -> Declared:
    """Declare a whole number; the other arguments are those of Float."""
    low, high, step, default = map(_plain, (low, high, step, low if default is None else default))
    for number in (low, high, step, default):
        if not isinstance(number, int):
            raise TypeError(f"{name}: Integer takes whole numbers, not {number!r}")
    given = IntegerRange(low, high, _scale(scale), step)
    return _sound(Declared(name=name, range=given, default=default, **details))


def Choice(name: str, values: Sequence[str], *, default: str | None = None, **details: Unpack[Details]) -> Declared:
    """Declare a choice among names without an order; the default is the first."""
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name}: Choice takes a list of strings; for numbers there is Ordinal")
    _require_two(name, values)
    given = Choices(tuple(values))
    return _sound(Declared(name=name, range=given, default=values[0] if default is None else default, **details))


def Ordinal(
    name: str, levels: Sequence[int | float], *, default: float | None = None, **details: Unpack[Details]
) -> Declared:
    """Declare a choice among numbers, from the lowest to the highest; the default is the first."""
    _require_two(name, levels)
    given = Levels(tuple(map(_plain, levels)))
    chosen = given.values[0] if default is None else _plain(default)
    return _sound(Declared(name=name, range=given, default=chosen, **details))


def Boolean(name: str, *, default: bool = False, **details: Unpack[Details]) -> Declared:
    """Declare a parameter that is off or on."""
    return _sound(Declared(name=name, range=OffOrOn(), default=_plain(default), **details))


def at_least(name: str, number: float) -> Single:
    """Return the condition that the parameter `name`, which is a number, is at least `number`."""
    return _sound(AtLeast(name, _plain(number)))


def at_most(name: str, number: float) -> Single:
    """Return the condition that the parameter `name`, which is a number, is at most `number`."""
    return _sound(AtMost(name, _plain(number)))


def one_of(name: str, *values: Value) -> Single:
    """Return the condition that the parameter `name` has one of these values."""
    return _sound(IsOneOf(name, tuple(map(_plain, values))))


def all_of(*conditions: Condition) -> Condition:
    """Return the condition that all these conditions hold."""
    return AllOf(tuple(single for condition in conditions for single in singles(condition)))


def make_module() -> ModuleType:
    """Return the module `afina` for a model file."""
    module = ModuleType("afina", __doc__)
    module.__dict__.update(
        {item.__name__: item for item in (Float, Integer, Choice, Ordinal, Boolean, at_least, at_most, one_of, all_of)}
    )
    return module


def _sound(made: _Made) -> _Made:
    """Return `made`; raise TypeError where a field has another type than it must have."""
    try:
        plain = msgspec.to_builtins(made)
    except TypeError:
        raise TypeError("an argument is of a kind that no parameter can have") from None
    try:
        return msgspec.convert(plain, type(made))
    except msgspec.ValidationError:
        raise TypeError(fault_in(plain, type(made), "arguments")) from None


def _plain(value: Any) -> Any:
    """Return a NumPy number as a Python number, and any other value as it is."""
    return value.item() if isinstance(value, np.generic) else value


def _scale(scale: str) -> Scale:
    try:
        return Scale(scale)
    except ValueError:
        raise ValueError(f'The scale is "linear" or "log", not {scale!r}') from None


def _require_two(name: str, values: Sequence[object]) -> None:
    if len(values) < 2:
        raise ValueError(f"{name}: to choose from, there must be at least two values")
