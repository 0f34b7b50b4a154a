"""Infers the condition on one hyperparameter under which builds ask for another: from values at which they do and not.

Values at which they do are called kept, the others lost. Of a wide range not every value is tried: its bounds are found
by bisection, between a lost value and a kept one.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence

from core.conditions import AtLeast, AtMost, IsOneOf, Single
from core.models.custom.declared import Declared
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Scale, Value, levels_of

_MAX_LEVELS = 32
_FINEST = 1e-6
"""Two real numbers are not told apart when they are nearer than this share of their range."""
_MAX_DIGITS = 17


def few_levels(declared: Declared) -> Sequence[Value] | None:
    """Return the values of a range if they are names, or few enough to try them all; else None."""
    if isinstance(declared.range, Choices | OffOrOn):
        return levels_of(declared.range)
    levels = _numbers(declared)
    return levels if levels is not None and len(levels) <= _MAX_LEVELS else None


def ends(declared: Declared) -> Sequence[Value]:
    """Return the two ends of a range of numbers, or all names."""
    given = declared.range
    if isinstance(given, FloatRange | IntegerRange):
        return given.low, given.high
    levels = levels_of(given) or ()
    return (levels[0], levels[-1]) if isinstance(given, Levels) else levels


def edges(kept: Collection[Value], lost: Collection[Value]) -> Iterator[tuple[float, float]]:
    """Yield a lost number and the kept one next to it, at the lower edge of all that is kept, and at the upper."""
    low, high = min(map(_plain, kept)), max(map(_plain, kept))
    below = [number for number in map(_plain, lost) if number < low]
    above = [number for number in map(_plain, lost) if number > high]
    if below:
        yield max(below), low
    if above:
        yield min(above), high


def between(declared: Declared, lost: float, kept: float) -> float | None:
    """Return the number to try between a lost and a kept one, a round one if it is real; None if there is none left."""
    low, high = min(lost, kept), max(lost, kept)
    if isinstance(declared.range, FloatRange) and not declared.range.step:
        return _round_between(declared.range, low, high)
    inside = _inside(declared, low, high)
    return inside[len(inside) // 2] if inside else None


def conditions_on(
    declared: Declared, kept: Collection[Value], lost: Collection[Value], scope: IsOneOf | None = None
) -> tuple[Single, ...]:
    """Return the conditions, which must all hold, on a hyperparameter with these kept and lost values.

    A value that has not been tried may be one to keep. The values of a conditional `scope` around what depends on the
    hyperparameter count, unless a kept value contradicts them.
    """
    is_mixed_up = is_mixed(declared, kept, lost)
    lost = set(lost).difference(kept)
    if scope is not None and all(map(scope.holds, kept)):
        return (IsOneOf(declared.name, tuple(value for value in scope.values if value not in lost)),)
    if not lost:
        return ()
    levels = few_levels(declared)
    if levels is None or (is_number(declared) and (is_mixed_up or not _has_upper_edge(kept, lost))):
        return _bounds(declared, kept, lost)
    left = dict.fromkeys(value for value in levels if value not in lost)
    return (IsOneOf(declared.name, tuple(left | dict.fromkeys(kept))),)


def is_mixed(declared: Declared, kept: Collection[Value], lost: Collection[Value]) -> bool:
    """Return whether other hyperparameters decide, too, which values are kept: some are both kept and lost.

    Of a wide range hardly a value is tried twice: there it is lost numbers between kept ones.
    """
    if few_levels(declared) is not None or not kept:
        return not set(lost).isdisjoint(kept)
    low, high = min(map(_plain, kept)), max(map(_plain, kept))
    return any(low <= number <= high for number in map(_plain, lost))


def is_number(declared: Declared) -> bool:
    """Return whether a hyperparameter is a number, also one of a few, and not a name or a switch."""
    return not isinstance(declared.default, str | bool)


def _has_upper_edge(kept: Collection[Value], lost: Collection[Value]) -> bool:
    return any(lost_one > kept_one for lost_one, kept_one in edges(kept, lost))


def follows_from(declared: Declared, single: Single, given: Collection[Single]) -> bool:
    """Return whether a condition on a hyperparameter holds wherever those of the `given` that are on it hold."""
    given = [one for one in given if one.parameter == declared.name]
    levels = few_levels(declared) or (*ends(declared), *(number for one in given for number in _numbers_in(one)))
    return bool(given) and all(single.holds(value) for value in levels if all(one.holds(value) for one in given))


def _numbers_in(single: Single) -> tuple[Value, ...]:
    return single.values if isinstance(single, IsOneOf) else (single.number,)


def _bounds(declared: Declared, kept: Collection[Value], lost: Collection[Value]) -> tuple[Single, ...]:
    """Return the limits of what is kept; what is lost within them is left there."""
    found: dict[type[AtLeast | AtMost], float] = {}
    for lost_one, kept_one in edges(kept, lost):
        number = _next_to(declared, lost_one, kept_one)
        if number != lost_one or number not in ends(declared):  # else it would say nothing
            found[AtLeast if lost_one < kept_one else AtMost] = number
    if len(found) == 2 and len(set(found.values())) == 1:
        return (IsOneOf(declared.name, tuple(set(found.values()))),)
    return tuple(kind(declared.name, float(number)) for kind, number in found.items())


def _next_to(declared: Declared, lost: float, kept: float) -> float:
    """Return the first number after a lost one, on the way to a kept one, that may be one to keep."""
    low, high = min(lost, kept), max(lost, kept)
    if isinstance(declared.range, FloatRange) and not declared.range.step:
        return kept if _round_between(declared.range, low, high) is None else lost
    inside = _inside(declared, low, high)
    if not inside:
        return kept
    return inside[0] if lost < kept else inside[-1]


def _inside(declared: Declared, low: float, high: float) -> Sequence[float]:
    """Return the numbers of a range between two, without these."""
    levels = _numbers(declared) or ()
    return levels[bisect_right(levels, low) : bisect_left(levels, high)]


def _numbers(declared: Declared) -> Sequence[int | float] | None:
    """Return the numbers of a range in their order; None for real numbers and for names."""
    given = declared.range
    if isinstance(given, IntegerRange) and not given.step:
        return range(given.low, given.high + 1)
    levels = levels_of(given)
    return None if levels is None else tuple(map(_plain, levels))


def _round_between(given: FloatRange, low: float, high: float) -> float | None:
    """Return a number about halfway between two, with as few digits as possible; None where they are too near."""
    to, back = (math.log, math.exp) if given.scale is Scale.LOG else (float, float)
    first, last = to(low), to(high)
    if last - first <= _FINEST * (to(given.high) - to(given.low)):
        return None
    middle, quarter = back((first + last) / 2), (last - first) / 4
    written = (float(f"{middle:.{digits}g}") for digits in range(1, _MAX_DIGITS))
    return next((number for number in written if back(first + quarter) <= number <= back(last - quarter)), middle)


def _plain(value: Value) -> int | float:
    assert not isinstance(value, str)
    return value
