"""Conditions: they decide whether a parameter applies to a trial."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from core.ranges import FloatRange, IntegerRange, Range, Value, levels_of


class AtLeast(msgspec.Struct, frozen=True, tag="at_least", tag_field="kind"):
    """Holds when another parameter, a numeric one, is at least `number`."""

    parameter: str
    number: float

    def holds(self, value: Value) -> bool:
        return float(value) >= self.number

    def within(self, low: float, high: float) -> bool:
        """Return whether the condition holds for at least one number from `low` to `high`."""
        return high >= self.number

    def text(self, write: Callable[[Value], str]) -> str:
        """Return the condition in words; `write` writes a value of the other parameter."""
        return f"at least {write(self.number)}"


class IsOneOf(msgspec.Struct, frozen=True, tag="one_of", tag_field="kind"):
    """Holds when another parameter has one of these values."""

    parameter: str
    values: tuple[Value, ...]

    def holds(self, value: Value) -> bool:
        return value in self.values

    def within(self, low: float, high: float) -> bool:
        """Return whether the condition holds for at least one number from `low` to `high`."""
        return any(not isinstance(value, str) and low <= value <= high for value in self.values)

    def text(self, write: Callable[[Value], str]) -> str:
        """Return the condition in words; `write` writes a value of the other parameter."""
        return " or ".join(map(write, self.values))


class AllOf(msgspec.Struct, frozen=True, tag="all_of", tag_field="kind"):
    """Holds when all of these hold."""

    conditions: tuple[AtLeast | IsOneOf, ...]


Single = AtLeast | IsOneOf
"""A condition on one other parameter."""
Condition = AtLeast | IsOneOf | AllOf


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


def applies(name: str, values: Mapping[str, Value], conditions: Mapping[str, Condition]) -> bool:
    """Return whether a parameter applies to a trial: its condition holds, and the condition's parameters apply too."""
    return all(
        single.parameter in values
        and single.holds(values[single.parameter])
        and applies(single.parameter, values, conditions)
        for single in singles(conditions.get(name))
    )


def applying(values: Mapping[str, Value], conditions: Mapping[str, Condition]) -> dict[str, Value]:
    """Return the values that apply to a trial; `values` has one for every parameter."""
    if not conditions:
        return dict(values)
    return {name: value for name, value in values.items() if applies(name, values, conditions)}


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
    return any(map(condition.holds, levels_of(given) or ()))
