"""What a model file gets by `from afina import …`: one function for each kind of parameter, and three for conditions.

Afina puts these under the name `afina` in the process that runs the file; there is no package of that name to install.
The names and their arguments are a promise to users: they may grow, never change.
"""

from collections.abc import Sequence
from types import ModuleType
from typing import TypedDict, Unpack

from core.conditions import AllOf, AtLeast, Condition, IsOneOf, Single, singles
from core.models.own.declared import Declared
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Scale, Value


class Details(TypedDict, total=False):
    """What may be said of any parameter.

    `label` is its name in the window, `help` a sentence, `unit` what it counts; with `vary=False` it is fixed at first;
    with `when` it applies only where that condition holds.
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

    `default` is its value when it is fixed: `low` unless told otherwise.
    """
    given = FloatRange(float(low), float(high), _scale(scale), float(step))
    return Declared(name=name, range=given, default=float(low if default is None else default), **details)


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
    """Declare a whole number; the rest is as in Float."""
    for number in (low, high, step, 0 if default is None else default):
        if not isinstance(number, int):
            raise TypeError(f"{name}: Integer takes whole numbers, not {number!r}")
    given = IntegerRange(low, high, _scale(scale), step)
    return Declared(name=name, range=given, default=low if default is None else default, **details)


def Choice(name: str, values: Sequence[str], *, default: str | None = None, **details: Unpack[Details]) -> Declared:
    """Declare one of some names, in no order; the default is the first of them."""
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name}: Choice takes a list of strings; for numbers there is Ordinal")
    _require_two(name, values)
    return Declared(
        name=name, range=Choices(tuple(values)), default=values[0] if default is None else default, **details
    )


def Ordinal(
    name: str, levels: Sequence[int | float], *, default: float | None = None, **details: Unpack[Details]
) -> Declared:
    """Declare one of some numbers, from the lowest to the highest; the default is the first of them."""
    _require_two(name, levels)
    return Declared(
        name=name, range=Levels(tuple(levels)), default=levels[0] if default is None else default, **details
    )


def Boolean(name: str, *, default: bool = False, **details: Unpack[Details]) -> Declared:
    """Declare what is off or on."""
    return Declared(name=name, range=OffOrOn(), default=default, **details)


def at_least(name: str, number: float) -> Single:
    """Return the condition that the parameter of that name, a number, is at least `number`."""
    return AtLeast(name, number)


def one_of(name: str, *values: Value) -> Single:
    """Return the condition that the parameter of that name has one of these values."""
    return IsOneOf(name, values)


def all_of(*conditions: Condition) -> Condition:
    """Return the condition that all of these hold."""
    return AllOf(tuple(single for condition in conditions for single in singles(condition)))


def make_module() -> ModuleType:
    """Return the module `afina` of a model file."""
    module = ModuleType("afina", __doc__)
    module.__dict__.update(
        {item.__name__: item for item in (Float, Integer, Choice, Ordinal, Boolean, at_least, one_of, all_of)}
    )
    return module


def _scale(scale: str) -> Scale:
    try:
        return Scale(scale)
    except ValueError:
        raise ValueError(f'The scale is "linear" or "log", not {scale!r}') from None


def _require_two(name: str, values: Sequence[object]) -> None:
    if len(values) < 2:
        raise ValueError(f"{name}: to choose from, there must be at least two values")
