"""The bounds that rules leave: for each parameter, the lowest and the highest value that a point can have.

The method is bounds propagation: the lowest or highest values of a rule's other sides bound each side. For rules that
only compare, it decides exactly whether there is a point, because some point reaches each bound; for products, it
finds most impossible values (C. Bessiere, Constraint Propagation, Handbook of Constraint Programming, 2006).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from core.ranges import Fixed, FloatRange, IntegerRange, Levels, Range, Value, levels_of
from core.rules import Rule

Interval = tuple[float, float]
Bounds = dict[str, Interval]

_ROUNDS = 20
"""The maximum number of rounds: the bounds of x < y and y < x creep towards each other. Callers try points as well."""


def within(given: Range, low: float = -math.inf, high: float = math.inf) -> Interval | None:
    """Return the lowest and the highest number of a range that lie from `low` to `high`; None when none does."""
    levels: Sequence[float] | None = levels_of(given)  # type: ignore[assignment]  # rules are on numbers only
    if levels is not None:
        first, last = bisect_left(levels, low), bisect_right(levels, high)
        return (levels[first], levels[last - 1]) if first < last else None
    assert isinstance(given, FloatRange | IntegerRange)
    low, high = max(low, given.low), min(high, given.high)
    if isinstance(given, IntegerRange) and low <= high:
        low, high = math.ceil(low), math.floor(high)
    return (low, high) if low <= high else None


def bounds_of(given: Range) -> Interval:
    """Return the lowest and the highest number of a range."""
    bounds = within(given)
    assert bounds is not None
    return bounds


def part_of(given: Range, low: float, high: float) -> Range:
    """Return the part of a range from `low` to `high`; both numbers must be in the range."""
    if low == high:
        return Fixed(low)
    match given:
        case IntegerRange(step=0):
            return IntegerRange(int(low), int(high), given.scale)
        case FloatRange(step=0.0):
            return FloatRange(low, high, given.scale)
    return Levels(tuple(v for v in levels_of(given) or () if not isinstance(v, str) and low <= v <= high))


def may_hold(rule: Rule, chosen: Mapping[str, Value], ends: Mapping[str, Interval]) -> bool:
    """Return whether the rule holds for the chosen values, or may hold when the others are chosen.

    `ends` has the lowest and the highest value of each other parameter that applies to every trial.
    """
    if all(name in chosen for name in rule.names):
        return rule.holds(chosen)
    if any(name not in chosen and name not in ends for name in rule.names):
        return True

    def interval(side: str | float) -> Interval:
        if not isinstance(side, str):
            return side, side
        return ends[side] if side not in chosen else (float(chosen[side]), float(chosen[side]))

    left, right = interval(rule.left), interval(rule.right)
    if rule.times:
        products = [one * other for one in left for other in interval(rule.times)]
        left = min(products), max(products)
    near, far = (left[0], right[1]) if rule.relation.limits_left else (left[1], right[0])
    return bool(rule.relation.compares(near, far))


def narrowed(bounds: Mapping[str, Interval], ranges: Mapping[str, Range], rules: Sequence[Rule]) -> Bounds | Rule:
    """Return the bounds narrowed by the rules, or the rule that leaves nothing."""
    narrow = dict(bounds)
    for _ in range(_ROUNDS if len(rules) > 1 else 1):  # a single rule needs one round only
        before = dict(narrow)
        for rule in rules:
            for name, (low, high) in _implied(rule, narrow).items():
                left = within(ranges[name], max(low, narrow[name][0]), min(high, narrow[name][1]))
                if left is None:
                    return rule
                narrow[name] = left
        if narrow == before:
            break
    return narrow


def _implied(rule: Rule, bounds: Mapping[str, Interval]) -> Bounds:
    """Return the bounds that the rule implies for its parameters; none if a factor of its product may be negative."""
    left, times = bounds[rule.left], bounds[rule.times] if rule.times else (1, 1)
    right = bounds[rule.right] if isinstance(rule.right, str) else (rule.right, rule.right)
    if rule.times and min(left[0], times[0]) < 0:
        return {}
    at_most = rule.relation.limits_left
    far, near, inward, quotient = (1, 0, -math.inf, _most) if at_most else (0, 1, math.inf, _least)
    limit, product = right[far], left[near] * times[near]
    if rule.relation.strict:
        limit, product = math.nextafter(limit, inward), math.nextafter(product, -inward)
    implied = {rule.left: _bounded(quotient(limit, times[near]), above=at_most)}
    if rule.times:
        implied[rule.times] = _bounded(quotient(limit, left[near]), above=at_most)
    if isinstance(rule.right, str):
        implied[rule.right] = _bounded(product, above=not at_most)
    return implied


def _bounded(number: float, *, above: bool) -> Interval:
    return (-math.inf, number) if above else (number, math.inf)


def _most(product: float, factor: float) -> float:
    """Return the largest number whose product with `factor`, which is at least 0, is at most `product`."""
    if factor == 0:
        return math.inf if product >= 0 else -math.inf
    number = product / factor
    return number if number * factor <= product else math.nextafter(number, -math.inf)


def _least(product: float, factor: float) -> float:
    """Return the smallest number whose product with `factor`, which is at least 0, is at least `product`."""
    if factor == 0:
        return -math.inf if product <= 0 else math.inf
    number = product / factor
    return number if number * factor >= product else math.nextafter(number, math.inf)
