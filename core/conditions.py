"""Conditions: they decide whether a parameter applies to a trial."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

import msgspec

from core.ranges import FloatRange, IntegerRange, Range, Value, check_finite, levels_of


class AtLeast(msgspec.Struct, frozen=True, tag="at_least", tag_field="kind"):
    """Holds when another parameter, a numeric one, is at least `number`."""

    parameter: str
    number: float

    def __post_init__(self) -> None:
        check_finite("number", self.number)

    def holds(self, value: Value) -> bool:
        return float(value) >= self.number

    def within(self, low: float, high: float) -> bool:
        """Return whether the condition holds for at least one number from `low` to `high`."""
        return high >= self.number

    def text(self, write: Callable[[Value], str]) -> str:
        """Return the condition in words; `write` writes a value of the other parameter."""
        return f"at least {write(self.number)}"


class AtMost(msgspec.Struct, frozen=True, tag="at_most", tag_field="kind"):
    """Holds when another parameter, a numeric one, is at most `number`."""

    parameter: str
    number: float

    def __post_init__(self) -> None:
        check_finite("number", self.number)

    def holds(self, value: Value) -> bool:
        return float(value) <= self.number

    def within(self, low: float, high: float) -> bool:
        """Return whether the condition holds for at least one number from `low` to `high`."""
        return low <= self.number

    def text(self, write: Callable[[Value], str]) -> str:
        """Return the condition in words; `write` writes a value of the other parameter."""
        return f"at most {write(self.number)}"


class IsOneOf(msgspec.Struct, frozen=True, tag="one_of", tag_field="kind", dict=True):  # a dict for the set
    """Holds when another parameter has one of these values."""

    parameter: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        for value in self.values:
            check_finite("values", value)

    def holds(self, value: Value) -> bool:
        return value in self._set

    @cached_property
    def _set(self) -> frozenset[Value]:
        return frozenset(self.values)

    def within(self, low: float, high: float) -> bool:
        """Return whether the condition holds for at least one number from `low` to `high`."""
        return any(not isinstance(value, str) and low <= value <= high for value in self.values)

    def text(self, write: Callable[[Value], str]) -> str:
        """Return the condition in words; `write` writes a value of the other parameter."""
        return " or ".join(map(write, self.values))


class AllOf(msgspec.Struct, frozen=True, tag="all_of", tag_field="kind"):
    """Holds when all of these hold."""

    conditions: tuple[AtLeast | AtMost | IsOneOf, ...]


Single = AtLeast | AtMost | IsOneOf
"""A condition on one other parameter."""
Condition = AtLeast | AtMost | IsOneOf | AllOf


def singles(condition: Condition | None) -> tuple[Single, ...]:
    """Return the single conditions that must all hold; an empty tuple for a parameter that always applies."""
    match condition:
        case None:
            return ()
        case AllOf(conditions=conditions):
            return conditions
    return (condition,)


def together(conditions: Iterable[Single]) -> Condition | None:
    """Return one condition that holds when all of these hold; None when there are none."""
    each = tuple(dict.fromkeys(conditions))
    return AllOf(each) if len(each) > 1 else next(iter(each), None)


def parents(condition: Condition | None) -> tuple[str, ...]:
    """Return the names of the parameters that a condition depends on."""
    return tuple(dict.fromkeys(single.parameter for single in singles(condition)))


def applying(values: Mapping[str, Value], conditions: Mapping[str, Condition]) -> dict[str, Value]:
    """Return the values that apply to a trial; `values` has one for every parameter."""
    if not conditions:
        return dict(values)
    names = names_applying(values, values, conditions)
    return {name: value for name, value in values.items() if name in names}


def names_applying(names: Iterable[str], values: Mapping[str, Value], conditions: Mapping[str, Condition]) -> set[str]:
    """Return those of the names that apply to a trial: their conditions hold, and these conditions' parameters apply.

    Each parameter is decided once, however many depend on it.
    """
    known: dict[str, bool] = {}

    def applies(name: str) -> bool:
        if name not in known:
            each = singles(conditions.get(name))
            known[name] = all(single_holds(single, values) and applies(single.parameter) for single in each)
        return known[name]

    return {name for name in names if applies(name)}


def single_holds(single: Single, values: Mapping[str, Value]) -> bool:
    """Return whether a condition holds for these values; not where they lack its parameter."""
    return single.parameter in values and single.holds(values[single.parameter])


def parents_first(names: Iterable[str], conditions: Mapping[str, Condition]) -> list[str]:
    """Return the names in their order, but each one after the names that its condition depends on.

    Raises ValueError if a condition depends on itself.
    """
    ordered: dict[str, None] = {}

    def place(name: str, below: tuple[str, ...]) -> None:
        if name in below:
            raise ValueError(f"whether {name} applies depends on itself")
        for parent in parents(conditions.get(name)):
            if parent not in ordered:
                place(parent, (*below, name))
        ordered[name] = None

    for name in names:
        if name not in ordered:
            place(name, ())
    return list(ordered)


def can_hold(condition: Single, given: Range) -> bool:
    """Return whether the condition holds for at least one value in the other parameter's range."""
    match given:
        case FloatRange(low=low, high=high) | IntegerRange(low=low, high=high) if not given.step:
            return condition.within(low, high)
    levels = levels_of(given) or ()
    # Numbers rise: the last decides on a lower limit, the first on an upper one.
    match condition:
        case AtLeast():
            return any(map(condition.holds, levels[-1:]))
        case AtMost():
            return any(map(condition.holds, levels[:1]))
    return any(map(condition.holds, levels))
