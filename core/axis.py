"""An axis of the unit cube: it maps coordinates in [0, 1) to the values of a range, and back."""

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple, assert_never

from core.ranges import Choices, Fixed, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale, Value, levels_of


class Arithmetic(NamedTuple):
    """The functions that the formulas need: Python's for one number, or NumPy's for arrays."""

    exp: Callable[[Any], Any]
    log: Callable[[Any], Any]
    floor: Callable[[Any], Any]
    round: Callable[[Any], Any]
    clip: Callable[[Any, Any, Any], Any]


def _clip(number: float, low: float, high: float) -> float:
    return min(high, max(low, number))


MOST_LANES = 12
"""Numbers of at most so many values are shown as lanes, one a value."""

SCALAR = Arithmetic(math.exp, math.log, math.floor, round, _clip)


class Axis:
    """The values of a range along one side of the unit cube.

    The number of a level is its place, from 0; each level owns an equal share of the side. Each whole number owns the
    interval from half a unit below it to half a unit above it. The formulas are for one number or, with another
    `Arithmetic`, for an array of numbers.
    """

    def __init__(self, given: Range) -> None:
        self.given = given
        self.levels = levels_of(given)

    @cached_property
    def count(self) -> int:
        """The number of values; 0 for real numbers."""
        if self.levels is not None:
            return len(self.levels)
        return self.given.high - self.given.low + 1 if isinstance(self.given, IntegerRange) else 0

    @cached_property
    def lanes(self) -> tuple[Value, ...]:
        """The values where each is shown as one of its own: choices, and few numbers. Empty for numbers on an axis."""
        if isinstance(self.given, FloatRange | IntegerRange | Levels) and not 0 < self.count <= MOST_LANES:
            return ()
        return tuple(self.all_values())

    @cached_property
    def middle(self) -> Value:
        return self.value(0.5)

    @cached_property
    def places(self) -> dict[Value, int]:
        """The place of each level."""
        return {level: place for place, level in enumerate(self.levels or ())}

    def value(self, unit: float) -> Value:
        """Return the value at a coordinate, as a plain Python type."""
        number = self.number(unit)
        if self.levels is not None:
            return self.levels[int(number)]
        assert isinstance(self.given, FloatRange | IntegerRange)
        # A rounding error of the logarithms may leave the range.
        return _clip(number, self.given.low, self.given.high)

    @property
    def _numeric(self) -> FloatRange | IntegerRange:
        """The range, which has no levels."""
        match self.given:
            case FloatRange() | IntegerRange():
                return self.given
            case Fixed() | Choices() | Levels() | OffOrOn():
                raise AssertionError(f"{self.given} has levels")
            case _:
                assert_never(self.given)

    def number(self, unit: Any, by: Arithmetic = SCALAR) -> Any:
        """Return the number, or the level's place, at a coordinate."""
        if self.levels is not None:
            return by.clip(by.floor(unit * self.count), 0, self.count - 1)
        match self._numeric:
            case IntegerRange(low=low, high=high, scale=scale):
                return by.clip(by.round(_between(unit, low - 0.5, high + 0.5, scale, by)), low, high)
            case FloatRange(low=low, high=high, scale=scale):
                return _between(unit, low, high, scale, by)
            case given:
                assert_never(given)

    def unit(self, number: Any, by: Arithmetic = SCALAR) -> Any:
        """Return the coordinate of a number, or of a level's place: the middle of all coordinates that lead to it."""
        if self.levels is not None:
            return (number + 0.5) / self.count
        match self._numeric:
            case IntegerRange(low=low, high=high, scale=scale):
                return _share(number, low - 0.5, high + 0.5, scale, by)
            case FloatRange(low=low, high=high, scale=scale):
                return _share(number, low, high, scale, by)
            case given:
                assert_never(given)

    def share(self, number: Any, by: Arithmetic = SCALAR) -> Any:
        """Return the position of a number, or of a level's place, from 0 for the lowest to 1 for the highest."""
        if self.levels is not None:
            return number / (self.count - 1)
        given = self._numeric
        return _share(number, given.low, given.high, given.scale, by)

    def grid(self, count: int) -> list[Value]:
        """Return `count` evenly spread values of a numeric range, or fewer if it has fewer; else all values."""
        steps = [i / (count - 1) for i in range(count)]
        if self.levels is not None:
            if not isinstance(self.given, FloatRange | IntegerRange):
                return list(self.levels)
            spread = (self.levels[round(i * (self.count - 1) / (count - 1))] for i in range(count))
            return list(dict.fromkeys(spread))
        match self._numeric:
            case IntegerRange(low=low, high=high, scale=scale):
                return list(dict.fromkeys(round(_between(step, low, high, scale, SCALAR)) for step in steps))
            case FloatRange(low=low, high=high, scale=scale):
                return [low, *(_between(step, low, high, scale, SCALAR) for step in steps[1:-1]), high]
            case given:
                assert_never(given)

    def all_values(self) -> Sequence[Value]:
        """Return every value of a finite range, in order."""
        if self.levels is not None:
            return self.levels
        assert isinstance(self.given, IntegerRange)
        return range(self.given.low, self.given.high + 1)


def _between(share: Any, low: float, high: float, scale: Scale, by: Arithmetic) -> Any:
    if scale is Scale.LOG:
        return by.exp(by.log(low) + share * (by.log(high) - by.log(low)))
    return low + share * (high - low)


def _share(number: Any, low: float, high: float, scale: Scale, by: Arithmetic) -> Any:
    if scale is Scale.LOG:
        length = by.log(high) - by.log(low)
        # The logarithms of two neighbouring floats may be the same.
        return (by.log(number) - by.log(low)) / length if length else 0.5 + 0 * number
    return (number - low) / (high - low)
