"""The search space: points as plain values, the unit cube and back, and how many points there are."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from core.conditions import Condition, applying
from core.ranges import MOST_STEPS, Fixed, FloatRange, IntegerRange, Range, Scale, Value, levels_of
from core.settings import SearchMethod, StudySettings

Point = dict[str, Value]
"""A value for each varied parameter that applies."""

Key = tuple[Value | None, ...]
"""What two points have in common exactly when they are the same; None where a parameter does not apply."""


class Space:
    """The varied parameters and their ranges; `conditions` of one on another say where it has no value."""

    def __init__(self, ranges: Mapping[str, Range], conditions: Mapping[str, Condition] | None = None) -> None:
        self.conditions = dict(conditions or {})
        self.ranges = {name: given for name, given in ranges.items() if not isinstance(given, Fixed)}

    @property
    def size(self) -> int | None:
        """The number of points; None when they are not to be counted."""
        sizes = [_size(given) for given in self.ranges.values()]
        if None in sizes or any(_uncounted(self.ranges[c.parameter]) for c in self.conditions.values()):
            return None
        return self._count({name: _all_values(given) for name, given in self.ranges.items()})

    def _count(self, values: Mapping[str, Sequence[Value]]) -> int:
        """Return how many points there are of these values; conditions hang on parameters without any."""
        count = 1
        for name in self.ranges.keys() - self.conditions.keys():
            hanging = {child: c for child, c in self.conditions.items() if c.parameter == name}
            if hanging:
                count *= sum(
                    math.prod(len(values[child]) for child, c in hanging.items() if c.holds(value))
                    for value in values[name]
                )
            else:
                count *= len(values[name])
        return count

    def decode(self, unit: Sequence[float]) -> Point:
        """Return the point at the coordinates, each in [0, 1), of the unit cube."""
        point = {name: _decode(given, u) for (name, given), u in zip(self.ranges.items(), unit, strict=True)}
        return applying(point, self.conditions)

    def key(self, point: Mapping[str, Value]) -> Key:
        """Return what two points have in common exactly when they are the same."""
        return tuple(point.get(name) for name in self.ranges)

    def grid(self, count: int) -> Iterator[Point]:
        """Return the grid with `count` values of each number (fewer where there are fewer) and all of other kinds."""
        return self._points({name: _grid_values(given, count) for name, given in self.ranges.items()})

    def grid_size(self, count: int) -> int:
        return self._count({name: _grid_values(given, count) for name, given in self.ranges.items()})

    def all_points(self) -> Iterator[Point]:
        """Return every point of a finite space."""
        return self._points({name: _all_values(given) for name, given in self.ranges.items()})

    def _points(self, values: Mapping[str, Sequence[Value]]) -> Iterator[Point]:
        for combined in product(*values.values()):
            whole = dict(zip(values, combined, strict=True))
            point = applying(whole, self.conditions)
            # Of those that differ in what does not apply only, the first is the point.
            if all(whole[name] == values[name][0] for name in whole.keys() - point.keys()):
                yield point

    def first_unseen(self, points: Iterator[Point], seen: set[Key]) -> Point | None:
        """Return the first of the points that is not in `seen`, None when there is none."""
        return next(islice((point for point in points if self.key(point) not in seen), 1), None)


def trial_values(settings: StudySettings, point: Mapping[str, Value]) -> dict[str, Value]:
    """Return what a trial at the point gets: its values and the fixed ones, of what applies, as models take them."""
    ranges, family = settings.model.ranges, settings.family
    parameters = {parameter.name: parameter for parameter in family.parameters}
    values = {name: given.value for name, given in ranges.items() if isinstance(given, Fixed)} | dict(point)
    known = {name: parameters[name].plain(values[name]) for name in ranges if name in values}
    return applying(known, family.conditions)


def points_of(settings: StudySettings) -> int | None:
    """Return how many points the study's search can try, None when they are without end."""
    space = Space(settings.varied, settings.conditions)
    search = settings.search
    return space.grid_size(search.grid_points) if search.method is SearchMethod.GRID else space.size


def size_in_words(space: Space) -> str:
    """Return "Finite: 300 points", or "Infinite (2 real parameters)"."""
    if not space.ranges:
        return "Nothing is varied"
    if space.size is not None:
        return f"Finite: {space.size:,} point{'s' if space.size > 1 else ''}"
    real = sum(_size(given) is None for given in space.ranges.values())
    if not real:
        return "More points than can be counted"
    return f"Infinite ({real} real parameter{'s' if real > 1 else ''})"


def _size(given: Range) -> int | None:
    levels = levels_of(given)
    if levels is not None:
        return len(levels)
    return given.high - given.low + 1 if isinstance(given, IntegerRange) else None


def _uncounted(given: Range) -> bool:
    """Return whether a range that others depend on has too many values to go through."""
    return (_size(given) or math.inf) > MOST_STEPS


def _decode(given: Range, u: float) -> Value:
    levels = levels_of(given)
    if levels is not None:
        return levels[min(len(levels) - 1, int(u * len(levels)))]
    match given:
        case IntegerRange(low=low, high=high, scale=scale):
            # Each whole number owns the interval of half a unit to both sides.
            number = round(_between(low - 0.5, high + 0.5, scale, u))
            return min(high, max(low, number))
        case FloatRange(low=low, high=high, scale=scale):
            return min(high, max(low, _between(low, high, scale, u)))
        case _:
            raise AssertionError(given)


def _between(low: float, high: float, scale: Scale, u: float) -> float:
    if scale is Scale.LOG:
        return math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    return low + u * (high - low)


def _grid_values(given: Range, count: int) -> list[Value]:
    levels = levels_of(given)
    match given:
        case FloatRange() | IntegerRange() if levels is not None:
            spread = (levels[round(i * (len(levels) - 1) / (count - 1))] for i in range(count))
            return list(dict.fromkeys(spread))
        case _ if levels is not None:
            return list(levels)
        case IntegerRange(low=low, high=high, scale=scale):
            return list(dict.fromkeys(round(_between(low, high, scale, i / (count - 1))) for i in range(count)))
        case FloatRange(low=low, high=high, scale=scale):
            inner = [_between(low, high, scale, i / (count - 1)) for i in range(1, count - 1)]
            return [low, *inner, high]
        case _:
            raise AssertionError(given)


def _all_values(given: Range) -> Sequence[Value]:
    levels = levels_of(given)
    if levels is not None:
        return levels
    assert isinstance(given, IntegerRange)
    return range(given.low, given.high + 1)
