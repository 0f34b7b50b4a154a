"""Conditions: on what it depends whether a parameter applies to a trial."""

from collections.abc import Callable, Mapping

import msgspec

from core.ranges import FloatRange, IntegerRange, Range, Value, levels_of


class AtLeast(msgspec.Struct, frozen=True, tag="at_least", tag_field="kind"):
    """Holds when another parameter, which is a number, is at least `number`."""

    parameter: str
    number: float

    def holds(self, value: Value) -> bool:
        return float(value) >= self.number

    def within(self, low: float, high: float) -> bool:
        """Return whether it holds for any number of the range."""
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
        """Return whether it holds for any number of the range."""
        return any(low <= float(value) <= high for value in self.values)

    def text(self, write: Callable[[Value], str]) -> str:
        """Return the condition in words; `write` writes a value of the other parameter."""
        return " or ".join(map(write, self.values))


Condition = AtLeast | IsOneOf


def applying(values: Mapping[str, Value], conditions: Mapping[str, Condition]) -> dict[str, Value]:
    """Return those of the values that apply to a trial that has them all."""
    return {
        name: value
        for name, value in values.items()
        if name not in conditions or conditions[name].holds(values[conditions[name].parameter])
    }


def can_hold(condition: Condition, given: Range) -> bool:
    """Return whether the condition holds for any value in the other parameter's range."""
    match given:
        case FloatRange(low=low, high=high) | IntegerRange(low=low, high=high) if not given.step:
            return condition.within(low, high)
    return any(map(condition.holds, levels_of(given) or ()))
