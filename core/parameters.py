"""Parameters: the values that a model or its training lets vary. The ranges can be imported from here too."""

from dataclasses import dataclass
from functools import cached_property

from core.conditions import Condition
from core.errors import InvalidSetting
from core.formatting import format_exactly, format_value, in_short, some
from core.ranges import Choices, Fixed, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale, Value

__all__ = [
    "BooleanParameter",
    "ChoiceParameter",
    "Choices",
    "Fixed",
    "FloatParameter",
    "FloatRange",
    "IntegerParameter",
    "IntegerRange",
    "Levels",
    "OffOrOn",
    "OrdinalParameter",
    "Parameter",
    "Range",
    "Scale",
    "Value",
]


@dataclass(frozen=True, kw_only=True)
class FloatParameter:
    """A real-valued parameter.

    `minimum` and `maximum` limit the values that make sense; `minimum` itself is allowed only if `minimum_allowed` is
    true. `low`, `high`, `scale` and `step` are the range offered at first, `default` is the value when fixed, and
    `vary` tells whether the parameter is varied at first. `zero` says what 0 means if that is something special.
    Without a condition `when`, the parameter applies to every trial.
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
    step: float = 0.0
    unit: str = ""
    zero: str = ""
    vary: bool = True
    when: Condition | None = None

    def first_range(self) -> Range:
        return self.range(self.low, self.high, self.scale, self.step) if self.vary else self.fixed(self.default)

    def range(self, low: float, high: float, scale: Scale = Scale.LINEAR, step: float = 0.0) -> FloatRange:
        """Return a valid range of this parameter, or raise InvalidSetting."""
        made = FloatRange(low, high, scale, step)
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

    def text(self, value: Value) -> str:
        """Write a value as the window shows it."""
        return format_value(value)

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
    step: int = 0
    unit: str = ""
    zero: str = ""
    vary: bool = True
    when: Condition | None = None

    def first_range(self) -> Range:
        return self.range(self.low, self.high, self.scale, self.step) if self.vary else self.fixed(self.default)

    def range(self, low: int, high: int, scale: Scale = Scale.LINEAR, step: int = 0) -> IntegerRange:
        """Return a valid range of this parameter, or raise InvalidSetting."""
        made = IntegerRange(low, high, scale, step)
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

    def text(self, value: Value) -> str:
        """Write a value as the window shows it."""
        return format_value(value)

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
    """A parameter whose value is one of several names. `choices` holds pairs of a name and the label shown for it."""

    name: str
    label: str
    help: str
    default: str
    choices: tuple[tuple[str, str], ...]
    vary: bool = False
    unit: str = ""
    when: Condition | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._labels)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return dict(self.choices)

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

    def text(self, value: Value) -> str:
        """Write a value as the window shows it: by its label."""
        return self._labels.get(str(value), str(value))

    def check(self, given: Range) -> None:
        """Raise InvalidSetting unless `given` is a choice, or a selection, of this parameter."""
        match given:
            case Fixed(value=str() as value):
                values: tuple[str, ...] = (value,)
            case Choices(values=values):
                pass
            case _:
                raise InvalidSetting("", f"{self.label} takes one of {some(self.names)}")
        for value in values:
            if value not in self._labels:
                raise InvalidSetting(
                    "values", f"{self.label} knows no {in_short(repr(value))}; it takes one of {some(self.names)}"
                )


@dataclass(frozen=True, kw_only=True)
class OrdinalParameter:
    """A parameter whose value is one of several numbers; only their order counts. Attributes as in ChoiceParameter."""

    name: str
    label: str
    help: str
    default: int | float
    levels: tuple[int | float, ...]
    vary: bool = True
    unit: str = ""
    when: Condition | None = None

    def first_range(self) -> Range:
        return self.range(self.levels) if self.vary else self.fixed(self.default)

    def range(self, values: tuple[int | float, ...]) -> Levels:
        """Return a valid selection of this parameter's levels, or raise InvalidSetting."""
        made = Levels(values)
        self.check(made)
        return made

    def fixed(self, value: float) -> Fixed:
        """Return a valid fixed level, or raise InvalidSetting."""
        made = Fixed(value)
        self.check(made)
        return made

    def plain(self, value: Value) -> Value:
        """Return a checked value as it was declared: JSON may give 1 for 1.0, and 16.0 for 16."""
        assert not isinstance(value, str)
        return self._declared[value]

    @cached_property
    def _declared(self) -> dict[int | float, int | float]:
        return {level: level for level in self.levels}

    def text(self, value: Value) -> str:
        """Write a value as the window shows it."""
        return format_value(value)

    def check(self, given: Range) -> None:
        """Raise InvalidSetting unless `given` is a level, or a selection, of this parameter."""
        match given:
            case Fixed(value=float() | int() as value) if not isinstance(value, bool):
                values: tuple[int | float, ...] = (value,)
            case Levels(values=values):
                pass
            case _:
                raise InvalidSetting("", f"{self.label} takes one of {some(map(format_exactly, self.levels))}")
        for value in values:
            if value not in self._declared:
                known = some(map(format_exactly, self.levels))
                raise InvalidSetting(
                    "values", f"{self.label} knows no {format_exactly(value)}; it takes one of {known}"
                )


@dataclass(frozen=True, kw_only=True)
class BooleanParameter:
    """A parameter that is off or on."""

    name: str
    label: str
    help: str
    default: bool = False
    vary: bool = False
    unit: str = ""
    when: Condition | None = None

    def first_range(self) -> Range:
        return OffOrOn() if self.vary else Fixed(self.default)

    def plain(self, value: Value) -> Value:
        """Return a checked value as the type that models get."""
        return bool(value)

    def text(self, value: Value) -> str:
        """Write a value as the window shows it."""
        return "on" if value else "off"

    def check(self, given: Range) -> None:
        """Raise InvalidSetting unless `given` is off, on, or both."""
        match given:
            case Fixed(value=bool()) | OffOrOn():
                return
        raise InvalidSetting("", f"{self.label} takes false or true")


Parameter = FloatParameter | IntegerParameter | ChoiceParameter | OrdinalParameter | BooleanParameter
