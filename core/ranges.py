"""Ranges: the values that the user allows for a parameter."""

import math
from collections import Counter
from collections.abc import Sized
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import assert_never

import msgspec

from core.errors import InvalidSetting
from core.formatting import format_exactly, in_short, some

Value = bool | int | float | str
"""The value of a parameter in a trial: always a plain Python type."""

MAX_STEPS = 10_000
"""The maximum number of values of a range with a step; a range with more is as good as one without a step."""
MAX_VALUES = 100_000
"""The maximum number of choices or levels. No release before this limit could read a model file with so many: it gave
up after a minute, and its time grew with the square of the number."""
MAX_INTEGER = 2**64 - 1
"""The largest whole number that a model file could ever declare: its answer goes through MessagePack."""


class Scale(StrEnum):
    """How a numeric range is searched."""

    LINEAR = "linear"
    LOG = "log"


class Fixed(msgspec.Struct, frozen=True, tag="fixed", tag_field="kind", forbid_unknown_fields=True):
    """One value for every trial."""

    value: Value

    def __post_init__(self) -> None:
        check_finite("value", self.value)


class FloatRange(msgspec.Struct, frozen=True, tag="float", tag_field="kind", forbid_unknown_fields=True):
    """Real numbers from `low` to `high`, both included.

    With a `step`, only the numbers that a whole number of steps from `low` leads to: each step adds `step` on a linear
    scale and multiplies by `step` on a log scale. 0 means no step.
    """

    low: float
    high: float
    scale: Scale = Scale.LINEAR
    step: float = 0.0

    def __post_init__(self) -> None:
        _check_bounds(self.low, self.high, self.scale)
        _check_step(self.low, self.high, self.scale, self.step)


class IntegerRange(msgspec.Struct, frozen=True, tag="integer", tag_field="kind", forbid_unknown_fields=True):
    """Whole numbers from `low` to `high`, both included; `step` as in FloatRange: on a log scale, 2 doubles."""

    low: int
    high: int
    scale: Scale = Scale.LINEAR
    step: int = 0

    def __post_init__(self) -> None:
        _check_bounds(self.low, self.high, self.scale)
        _check_step(self.low, self.high, self.scale, self.step)


class Choices(msgspec.Struct, frozen=True, tag="choices", tag_field="kind", forbid_unknown_fields=True):
    """Two or more names, without an order."""

    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise InvalidSetting("values", "Tick at least two choices to vary, or fix the value")
        _check_count(self.values)
        if len(set(self.values)) < len(self.values):
            twice = next(value for value, count in Counter(self.values).items() if count > 1)
            raise InvalidSetting("values", f"The choice {in_short(twice)} is there twice")


class Levels(msgspec.Struct, frozen=True, tag="levels", tag_field="kind", forbid_unknown_fields=True):
    """Two or more numbers, from the lowest to the highest; only their order counts."""

    values: tuple[int | float, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise InvalidSetting("values", "Tick at least two levels to vary, or fix the value")
        _check_count(self.values)
        for value in self.values:
            check_finite("values", value)
        if any(one >= other for one, other in pairwise(self.values)):
            listed = some(map(format_exactly, self.values))
            raise InvalidSetting("values", f"Levels must be numbers that rise, unlike {listed}")


class OffOrOn(msgspec.Struct, frozen=True, tag="boolean", tag_field="kind", forbid_unknown_fields=True):
    """Both values: False and True."""


Range = Fixed | FloatRange | IntegerRange | Choices | Levels | OffOrOn


def levels_of(given: Range) -> tuple[Value, ...] | None:
    """Return the values of a range in their order; None for a numeric range without a step."""
    match given:
        case Fixed(value=value):
            return (value,)
        case Choices(values=values) | Levels(values=values):
            return values
        case OffOrOn():
            return False, True
        case FloatRange() | IntegerRange():
            return _stepped(given) if given.step else None
        case _:
            assert_never(given)


@lru_cache(maxsize=100)
def _stepped(given: FloatRange | IntegerRange) -> tuple[Value, ...]:
    """Return the values of a range with a step, computed with decimals, so that tenths are exact."""
    low, step = _decimal(given.low), _decimal(given.step)
    count = _count_steps(given.low, given.high, given.scale, given.step) + 1
    stepped = (low + i * step if given.scale is Scale.LINEAR else low * step**i for i in range(count))
    make = int if isinstance(given, IntegerRange) else float
    return tuple(dict.fromkeys(make(number) for number in stepped))  # so far from 0, two may be the same float


def check_finite(field: str, value: Value) -> None:
    """Raise InvalidSetting for a number that is not finite, or too large a whole number to compute with."""
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidSetting(field, f"{field.capitalize()} must be a finite number, not {value}")
    _check_size(field, value)


def _check_size(field: str, value: Value) -> None:
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        which = "One of the values" if field == "values" else field.capitalize()
        raise InvalidSetting(field, f"{which} is too large a number to compute with")


def _check_count(values: Sized) -> None:
    if len(values) > MAX_VALUES:
        raise InvalidSetting("values", f"{len(values):,} values are more than the {MAX_VALUES:,} that are possible")


def _check_bounds(low: float, high: float, scale: Scale) -> None:
    check_finite("low", low)
    check_finite("high", high)
    if low == high:
        raise InvalidSetting("low", f"Low and high are both {format_exactly(low)}: widen the range, or fix the value")
    if low > high:
        raise InvalidSetting("low", f"Low ({format_exactly(low)}) must be below high ({format_exactly(high)})")
    if scale is Scale.LOG and low <= 0:
        raise InvalidSetting("low", f"Low ({format_exactly(low)}) must be above 0 for a log scale")


def _check_step(low: float, high: float, scale: Scale, step: float) -> None:
    if not step:
        return
    _check_size("step", step)
    written = format_exactly(step)
    if not (math.isfinite(step) and step > (scale is Scale.LOG)):
        limit = "above 1 on a log scale, where it is a factor" if scale is Scale.LOG else "above 0"
        raise InvalidSetting("step", f"The step ({written}) must be {limit}")
    steps = _count_steps(low, high, scale, step)
    if not steps:
        raise InvalidSetting(
            "step", f"The step ({written}) leaves nothing but {format_exactly(low)}: make it smaller, or fix the value"
        )
    if steps >= MAX_STEPS:
        raise InvalidSetting("step", f"The step ({written}) leaves more than {MAX_STEPS:,} values: leave it out")


def _count_steps(low: float, high: float, scale: Scale, step: float) -> int:
    """Return the number of steps from `low` that do not go beyond `high`; at most MAX_STEPS."""
    first, last, by = _decimal(low), _decimal(high), _decimal(step)
    if scale is Scale.LINEAR:
        return int(min((last - first) / by, Decimal(MAX_STEPS)))
    count = 0
    while count < MAX_STEPS and (first := first * by) <= last:
        count += 1
    return count


def _decimal(number: float) -> Decimal:
    return Decimal(repr(number))
