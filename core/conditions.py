"""Conditions: on what it depends whether a parameter applies to a trial."""

from collections.abc import Callable, Iterable, Mapping

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
        return any(not isinstance(value, str) and low <= value <= high for value in self.values)

    def text(self, write: Callable[[Value], str]) -> str:
        """Return the condition in words; `write` writes a value of the other parameter."""
        return " or ".join(map(write, self.values))


Condition = AtLeast | IsOneOf


def applies(name: str, values: Mapping[str, Value], conditions: Mapping[str, Condition]) -> bool:
    """Return whether a parameter applies to a trial: its condition holds, and what that is on applies too."""
    condition = conditions.get(name)
    if condition is None:
        return True
    on = condition.parameter
    return on in values and condition.holds(values[on]) and applies(on, values, conditions)


def applying(values: Mapping[str, Value], conditions: Mapping[str, Condition]) -> dict[str, Value]:
    """Return those of the values that apply to a trial that has them all."""
    if not conditions:
        return dict(values)
    return {name: value for name, value in values.items() if applies(name, values, conditions)}


def parents_first(names: Iterable[str], conditions: Mapping[str, Condition]) -> list[str]:
    """Return the names, each after the one that its condition is on, else in their order; ValueError for a circle."""
    ordered: dict[str, None] = {}
    for name in names:
        chain = [name]
        while (condition := conditions.get(chain[-1])) is not None and condition.parameter not in ordered:
            if condition.parameter in chain:
                raise ValueError(f"whether {name} applies depends on itself")
            chain.append(condition.parameter)
        ordered |= dict.fromkeys(reversed(chain))
    return list(ordered)


def can_hold(condition: Condition, given: Range) -> bool:
    """Return whether the condition holds for any value in the other parameter's range."""
    match given:
        case FloatRange(low=low, high=high) | IntegerRange(low=low, high=high) if not given.step:
            return condition.within(low, high)
    return any(map(condition.holds, levels_of(given) or ()))
