"""The search space: points as plain values, the unit cube and back, and how many points there are."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from core.ranges import Fixed, FloatRange, IntegerRange, Range, Scale, Value, levels_of
from core.settings import SearchMethod, StudySettings

Point = dict[str, Value]
"""A value for each varied parameter."""


class Space:
    """The varied parameters and their ranges."""

    def __init__(self, ranges: Mapping[str, Range]) -> None:
        self.ranges = {name: given for name, given in ranges.items() if not isinstance(given, Fixed)}

    @property
    def size(self) -> int | None:
        """The number of points; None when they are not to be counted."""
        sizes = [_size(given) for given in self.ranges.values()]
        return None if None in sizes else math.prod(size for size in sizes if size is not None)

    def decode(self, unit: Sequence[float]) -> Point:
        """Return the point at the coordinates, each in [0, 1), of the unit cube."""
        return {name: _decode(given, u) for (name, given), u in zip(self.ranges.items(), unit, strict=True)}

    def key(self, point: Mapping[str, Value]) -> tuple[Value, ...]:
        """Return what two points have in common exactly when they are the same."""
        return tuple(point[name] for name in self.ranges)

    def grid(self, count: int) -> Iterator[Point]:
        """Yield the grid with `count` values of each numeric parameter (fewer where there are fewer) and all others."""
        names = list(self.ranges)
        for values in product(*(_grid_values(given, count) for given in self.ranges.values())):
            yield dict(zip(names, values, strict=True))

    def grid_size(self, count: int) -> int:
        return math.prod(len(_grid_values(given, count)) for given in self.ranges.values())

    def all_points(self) -> Iterator[Point]:
        """Yield every point of a finite space."""
        for values in product(*(_all_values(given) for given in self.ranges.values())):
            yield dict(zip(self.ranges, values, strict=True))

    def first_unseen(self, points: Iterator[Point], seen: set[tuple[Value, ...]]) -> Point | None:
        """Return the first of the points that is not in `seen`, None when there is none."""
        return next(islice((point for point in points if self.key(point) not in seen), 1), None)


def points_of(settings: StudySettings) -> int | None:
    """Return how many points the study's search can try, None when they are without end."""
    space = Space(settings.varied)
    search = settings.search
    return space.grid_size(search.grid_points) if search.method is SearchMethod.GRID else space.size


def size_in_words(space: Space) -> str:
    """Return "Finite: 300 points", or "Infinite (2 real parameters)"."""
    if not space.ranges:
        return "Nothing is varied"
    if space.size is not None:
        return f"Finite: {space.size:,} point{'s' if space.size > 1 else ''}"
    real = sum(_size(given) is None for given in space.ranges.values())
    return f"Infinite ({real} real parameter{'s' if real > 1 else ''})"


def _size(given: Range) -> int | None:
    levels = levels_of(given)
    if levels is not None:
        return len(levels)
    return given.high - given.low + 1 if isinstance(given, IntegerRange) else None


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
