"""The search space: points as plain values, from the unit cube and back, and the number of points."""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain

from core.axis import Axis
from core.conditions import Condition, Single, applying, parents, parents_first, single_holds, singles
from core.ranges import MAX_STEPS, Fixed, Range, Value
from core.rule_bounds import Bounds, bounds_of, may_hold, narrowed, part_of
from core.rules import Rule

Point = dict[str, Value]
"""A value for each varied parameter that applies."""

Key = tuple[Value | None, ...]
"""The key of a point: two points have equal keys exactly when they are the same. None: a parameter does not apply."""


COUNTED = 10_000
"""The maximum number of combinations of values whose allowed ones are counted, which takes a tenth of a second."""
_DRAWS = 200
"""The number of points that are drawn before the rules are said to leave none."""


class Space:
    """The varied parameters and their ranges.

    `conditions` tell where a parameter has no value, and `rules` exclude points. A rule may name fixed parameters:
    then these are among the given ranges.
    """

    def __init__(
        self,
        ranges: Mapping[str, Range],
        conditions: Mapping[str, Condition] | None = None,
        rules: Sequence[Rule] = (),
    ) -> None:
        self.given = dict(ranges)
        self.conditions = dict(conditions or {})
        self.rules = tuple(rules)
        self.ranges = {name: given for name, given in ranges.items() if not isinstance(given, Fixed)}
        self.axes = {name: Axis(given) for name, given in self.ranges.items()}
        self.fixed = {name: given.value for name, given in ranges.items() if isinstance(given, Fixed)}
        self._left: dict[tuple[Rule, ...], Bounds | Rule] = {}

    @cached_property
    def size(self) -> int | None:
        """The number of points; None when it is infinite, or too hard to count."""
        on = set(chain.from_iterable(self._parents.values()))
        if any(not axis.count for axis in self.axes.values()) or not all(map(self._can_list, on)):
            return None
        return self._count({name: axis.all_values() for name, axis in self.axes.items()})

    def _can_list(self, name: str) -> bool:
        """Return whether a parameter that others depend on has few enough values to list them: at most MAX_STEPS."""
        return name in self.fixed or 0 < self.axes[name].count <= MAX_STEPS

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        """For each parameter with a condition, the names of the parameters that it depends on."""
        return {name: parents(condition) for name, condition in self.conditions.items()}

    @cached_property
    def _only_children(self) -> dict[str, dict[str, tuple[Single, ...]]]:
        """For each parameter, the varied ones that depend on it alone, with their conditions."""
        found: dict[str, dict[str, tuple[Single, ...]]] = {}
        for child, on in self._parents.items():
            if len(on) == 1 and child in self.ranges:
                found.setdefault(on[0], {})[child] = singles(self.conditions[child])
        return found

    def _count(self, values: Mapping[str, Sequence[Value]]) -> int | None:
        """Return the number of points with these values; None when rules make it too hard to count."""
        tied = self._tied()
        count = math.prod(self._ways(name, values) for name in self.ranges.keys() - self.conditions.keys() - tied)
        if not tied:
            return count
        among = {name: values[name] for name in self.ranges if name in tied}
        if math.prod(map(len, among.values())) > COUNTED:
            return None
        given, conditions = tuple(self.given.items()), tuple(self.conditions.items())
        return count * _count_allowed(given, conditions, self.rules, tuple((n, tuple(v)) for n, v in among.items()))

    def _ways(self, name: str, values: Mapping[str, Sequence[Value]]) -> int:
        """Return the number of ways to choose the values of a parameter and of all parameters that depend on it."""
        hanging = self._only_children.get(name)
        if not hanging:
            return len(values[name])
        ways = {child: self._ways(child, values) for child in hanging}

        def below(value: Value) -> int:
            return math.prod(ways[child] for child, each in hanging.items() if all(one.holds(value) for one in each))

        return sum(map(below, values[name]))

    def _tied(self) -> set[str]:
        """Return the parameters that cannot be counted separately: a rule, or conditions on several, tie them."""
        tied = {name for rule in self.rules for name in rule.names}
        tied |= {name for name, on in self._parents.items() if len(on) > 1}
        pairs = [{name, on} for name, parents_of in self._parents.items() for on in parents_of] if tied else []
        while any(tied & pair and not pair <= tied for pair in pairs):
            tied = tied.union(*(pair for pair in pairs if tied & pair))
        return tied

    def decode(self, unit: Sequence[float]) -> Point:
        """Return the point at these coordinates of the unit cube, each in [0, 1), whether or not rules allow it."""
        return applying(self._whole(unit), self.conditions)

    def _whole(self, unit: Sequence[float]) -> Point:
        return {name: axis.value(u) for (name, axis), u in zip(self.axes.items(), unit, strict=True)}

    def allows(self, point: Mapping[str, Value]) -> bool:
        """Return whether the rules allow a point of the ranges."""
        if not self.rules:
            return True
        values = applying({**self.fixed, **point}, self.conditions)
        return all(rule.holds(values) for rule in self.rules)

    def nearest(self, unit: Sequence[float]) -> Point | None:
        """Return the allowed point near the coordinates: each number moves no further than the rules require.

        Return None if there is no allowed point, or if the products in the rules make it hard to find.
        """
        whole = self._whole(unit)
        return self._settled(whole, lambda name, low, high: min(max(whole[name], low), high))

    def spread(self, unit: Sequence[float]) -> Point | None:
        """Return an allowed point as `nearest` does, but so that the points fill the allowed space evenly.

        The coordinate of each number is its place in the range that the numbers before it leave.
        """
        coordinates = dict(zip(self.ranges, unit, strict=True))

        def place(name: str, low: float, high: float) -> Value:
            return Axis(part_of(self.ranges[name], low, high)).value(coordinates[name])

        return self._settled(self._whole(unit), place)

    def _settled(self, whole: Point, place: Callable[[str, float, float], Value]) -> Point | None:
        """Return the point whose numbers in rules are placed, one by one, within the bounds that the rules leave.

        `place` gets a parameter's name and its lowest and highest value, and returns its value. None as in `nearest`.
        """
        whole = {**self.fixed, **whole}
        values = applying(whole, self.conditions)
        rules = [rule for rule in self.rules if rule.names <= values.keys()]
        named = [name for name in self.given if any(name in rule.names for rule in rules)]
        bounds = self._left_by(tuple(rules))
        for name in named:
            if isinstance(bounds, Rule):
                return None
            if name in self.ranges:
                whole[name] = place(name, *bounds[name])
                number = float(whole[name])
                bounds = narrowed(bounds | {name: (number, number)}, self.given, rules)
        values = applying(whole, self.conditions)
        point = {name: value for name, value in values.items() if name in self.ranges}
        return point if self.allows(point) else None

    def _left_by(self, rules: tuple[Rule, ...]) -> Bounds | Rule:
        """Return the bounds that these rules leave to their parameters, or a rule that leaves nothing."""
        if rules not in self._left:
            names = {name for rule in rules for name in rule.names}
            whole = {name: bounds_of(self.given[name]) for name in names}
            self._left[rules] = narrowed(whole, self.given, rules)
        return self._left[rules]

    def breach(self) -> Rule | None:
        """Return a rule that leaves no point; None when there is a point.

        The answer is exact if the rules only compare, or if the space can be counted; else it relies on `_DRAWS` tries.
        """
        if not self.rules:
            return None
        bounds = self._left_by(tuple(rule for rule in self.rules if not rule.names & self.conditions.keys()))
        if isinstance(bounds, Rule):
            return bounds
        draw = random.Random(0)  # noqa: S311  # nothing secret
        units = ([draw.random() for _ in self.ranges] for _ in range(_DRAWS))
        found = any(self.spread(unit) is not None for unit in units) or self.size
        return None if found else self.rules[0]

    def key(self, point: Mapping[str, Value]) -> Key:
        """Return the key of a point: two points have equal keys exactly when they are the same."""
        return tuple(point.get(name) for name in self.ranges)

    def grid(self, count: int) -> Iterator[Point]:
        """Return the points of the grid: `count` values of each number (fewer if it has fewer), all of other kinds."""
        return self.points_of({name: axis.grid(count) for name, axis in self.axes.items()})

    def grid_size(self, count: int) -> int | None:
        """Return the number of the grid's points; None when rules make it too hard to count."""
        return self._count({name: axis.grid(count) for name, axis in self.axes.items()})

    def all_points(self) -> Iterator[Point]:
        """Return every point of a finite space."""
        return self.points_of({name: axis.all_values() for name, axis in self.axes.items()})

    def points_of(self, values: Mapping[str, Sequence[Value]]) -> Iterator[Point]:
        """Yield the allowed points with these values, in the order of the values; the last parameter varies fastest."""
        if not self.conditions and not self.rules:
            yield from (dict(zip(values, combined, strict=True)) for combined in _combinations([*values.values()]))
            return
        among = {name: (value,) for name, value in self.fixed.items()} | dict(values)
        names = parents_first(among, self.conditions)
        rules_on = {name: [rule for rule in self.rules if name in rule.names] for name in names}
        always = {name for rule in self.rules for name in rule.names} - self.conditions.keys()
        ends = {name: _ends_of(among[name]) for name in always}

        def extended(chosen: Point, place: int) -> Iterator[Point]:
            if place == len(names):
                yield {name: chosen[name] for name in values if name in chosen}
                return
            name = names[place]
            if not all(single_holds(single, chosen) for single in singles(self.conditions.get(name))):
                yield from extended(chosen, place + 1)
                return
            for value in among[name]:
                longer = {**chosen, name: value}
                if all(may_hold(rule, longer, ends) for rule in rules_on[name]):
                    yield from extended(longer, place + 1)

        yield from extended({}, 0)

    def first_unseen(self, points: Iterator[Point], seen: set[Key]) -> Point | None:
        """Return the first point that rules allow and whose key is not in `seen`; None when there is none."""
        return next((point for point in points if self.key(point) not in seen and self.allows(point)), None)


def _ends_of(numbers: Sequence[Value]) -> tuple[float, float]:
    """Return the lowest and the highest number; a range may be too long to look at each."""
    ends = (numbers[0], numbers[-1]) if isinstance(numbers, range) else (min(numbers), max(numbers))
    return float(ends[0]), float(ends[1])


def _combinations(values: Sequence[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """Yield what itertools.product does, without a copy of each sequence: a range may have 10¹² numbers."""
    if not values:
        yield ()
        return
    *others, last = values
    for first in _combinations(others):
        for value in last:
            yield (*first, value)


@lru_cache(maxsize=32)  # the form asks for the same count after each change
def _count_allowed(
    given: tuple[tuple[str, Range], ...],
    conditions: tuple[tuple[str, Condition], ...],
    rules: tuple[Rule, ...],
    among: tuple[tuple[str, tuple[Value, ...]], ...],
) -> int:
    """Return the number of points with these values that rules allow."""
    return sum(1 for _ in Space(dict(given), dict(conditions), rules).points_of(dict(among)))
