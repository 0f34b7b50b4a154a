"""Parameters (what a model or a fit lets vary) and ranges (what the user allows of them)."""

import math
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from core.errors import InvalidSetting
from core.formatting import format_exactly

Value = bool | int | float | str
"""What a trial gets for a parameter: always a plain Python type."""


class Scale(StrEnum):
    """How a numeric range is searched."""

    LINEAR = "linear"
    LOG = "log"


class Fixed(msgspec.Struct, frozen=True, tag="fixed", tag_field="kind", forbid_unknown_fields=True):
    """One value for every trial."""

    value: Value

    def __post_init__(self) -> None:
        if isinstance(self.value, float) and not math.isfinite(self.value):
            raise InvalidSetting("value", f"The value must be a finite number, not {self.value}")


class FloatRange(msgspec.Struct, frozen=True, tag="float", tag_field="kind", forbid_unknown_fields=True):
    """Real numbers from `low` to `high`, both included."""

    low: float
    high: float
    scale: Scale = Scale.LINEAR

    def __post_init__(self) -> None:
        _check_bounds(self.low, self.high, self.scale)


class IntegerRange(msgspec.Struct, frozen=True, tag="integer", tag_field="kind", forbid_unknown_fields=True):
    """Whole numbers from `low` to `high`, both included."""

    low: int
    high: int
    scale: Scale = Scale.LINEAR

    def __post_init__(self) -> None:
        _check_bounds(self.low, self.high, self.scale)


class Choices(msgspec.Struct, frozen=True, tag="choices", tag_field="kind", forbid_unknown_fields=True):
    """Two or more names, in no order."""

    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise InvalidSetting("values", "Tick at least two choices to vary, or fix the value")
        if len(set(self.values)) < len(self.values):
            raise InvalidSetting("values", f"A choice stands twice in {', '.join(self.values)}")


Range = Fixed | FloatRange | IntegerRange | Choices


def _check_bounds(low: float, high: float, scale: Scale) -> None:
    for field, bound in (("low", low), ("high", high)):
        if isinstance(bound, float) and not math.isfinite(bound):
            raise InvalidSetting(field, f"{field.capitalize()} must be a finite number, not {bound}")
    if low >= high:
        raise InvalidSetting("low", f"Low ({format_exactly(low)}) must be below high ({format_exactly(high)})")
    if scale is Scale.LOG and low <= 0:
        raise InvalidSetting("low", f"Low ({format_exactly(low)}) must be above 0 for a log scale")


@dataclass(frozen=True, kw_only=True)
class FloatParameter:
    """A real-valued parameter.

    `minimum` and `maximum` are the limits of what makes sense at all; the minimum itself is allowed only when
    `minimum_allowed`. `low`, `high` and `scale` are the range offered at first, `default` the value when fixed,
    `vary` whether it is varied at first.
    """

    name: str
    label: str
    help: str
    default: float
    low: float
    high: float
    minimum: float
    maximum: float
    minimum_allowed: bool = True
    scale: Scale = Scale.LINEAR
    unit: str = ""
    vary: bool = True

    def first_range(self) -> Range:
        return self.range(self.low, self.high, self.scale) if self.vary else self.fixed(self.default)

    def range(self, low: float, high: float, scale: Scale = Scale.LINEAR) -> FloatRange:
        """Return a valid range of this parameter, or raise InvalidSetting."""
        made = FloatRange(low, high, scale)
        self.check(made)
        return made

    def fixed(self, value: float) -> Fixed:
        """Return a valid fixed value of this parameter, or raise InvalidSetting."""
        made = Fixed(float(value))
        self.check(made)
        return made

    def plain(self, value: Value) -> Value:
        """Return a checked value as the type that models get: JSON may give 1 for 1.0."""
        return float(value)

    def check(self, given: Range) -> None:
        """Raise InvalidSetting unless `given` is a range or fixed value of this parameter."""
        match given:
            case Fixed(value=float() | int() as value) if not isinstance(value, bool):
                self._check_limits("value", "The value", value)
            case FloatRange(low=low, high=high):
                self._check_limits("low", "Low", low)
                self._check_limits("high", "High", high)
            case _:
                raise InvalidSetting("", f"{self.label} takes a number or a range of real numbers")

    def _check_limits(self, field: str, what: str, number: float) -> None:
        above = number >= self.minimum if self.minimum_allowed else number > self.minimum
        if above and number <= self.maximum:
            return
        at_least = "at least" if self.minimum_allowed else "above"
        raise InvalidSetting(
            field,
            f"{what} ({format_exactly(number)}) must be {at_least} {format_exactly(self.minimum)} "
            f"and at most {format_exactly(self.maximum)}",
        )


@dataclass(frozen=True, kw_only=True)
class IntegerParameter:
    """A whole-number parameter; attributes as in FloatParameter."""

    name: str
    label: str
    help: str
    default: int
    low: int
    high: int
    minimum: int
    maximum: int
    scale: Scale = Scale.LINEAR
    unit: str = ""
    vary: bool = True

    def first_range(self) -> Range:
        return self.range(self.low, self.high, self.scale) if self.vary else self.fixed(self.default)

    def range(self, low: int, high: int, scale: Scale = Scale.LINEAR) -> IntegerRange:
        """Return a valid range of this parameter, or raise InvalidSetting."""
        made = IntegerRange(low, high, scale)
        self.check(made)
        return made

    def fixed(self, value: int) -> Fixed:
        """Return a valid fixed value of this parameter, or raise InvalidSetting."""
        made = Fixed(value)
        self.check(made)
        return made

    def plain(self, value: Value) -> Value:
        """Return a checked value as the type that models get."""
        return int(value)

    def check(self, given: Range) -> None:
        """Raise InvalidSetting unless `given` is a range or fixed value of this parameter."""
        match given:
            case Fixed(value=int() as value) if not isinstance(value, bool):
                self._check_limits("value", "The value", value)
            case IntegerRange(low=low, high=high):
                self._check_limits("low", "Low", low)
                self._check_limits("high", "High", high)
            case _:
                raise InvalidSetting("", f"{self.label} takes a whole number or a range of whole numbers")

    def _check_limits(self, field: str, what: str, number: int) -> None:
        if not self.minimum <= number <= self.maximum:
            raise InvalidSetting(field, f"{what} ({number}) must be at least {self.minimum} and at most {self.maximum}")


@dataclass(frozen=True, kw_only=True)
class ChoiceParameter:
    """A parameter that takes one of some names. `choices` maps each to the label shown for it."""

    name: str
    label: str
    help: str
    default: str
    choices: tuple[tuple[str, str], ...]
    vary: bool = False
    unit: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _label in self.choices)

    def first_range(self) -> Range:
        return self.range(self.names) if self.vary else self.fixed(self.default)

    def range(self, values: tuple[str, ...]) -> Choices:
        """Return a valid selection of this parameter's choices, or raise InvalidSetting."""
        made = Choices(values)
        self.check(made)
        return made

    def fixed(self, value: str) -> Fixed:
        """Return a valid fixed choice, or raise InvalidSetting."""
        made = Fixed(value)
        self.check(made)
        return made

    def plain(self, value: Value) -> Value:
        """Return a checked value as the type that models get."""
        return str(value)

    def check(self, given: Range) -> None:
        """Raise InvalidSetting unless `given` is a choice, or a selection, of this parameter."""
        match given:
            case Fixed(value=str() as value):
                values: tuple[str, ...] = (value,)
            case Choices(values=values):
                pass
            case _:
                raise InvalidSetting("", f"{self.label} takes one of {', '.join(self.names)}")
        for value in values:
            if value not in self.names:
                raise InvalidSetting(
                    "values", f"{self.label} knows no {value!r}; it takes one of {', '.join(self.names)}"
                )


Parameter = FloatParameter | IntegerParameter | ChoiceParameter
