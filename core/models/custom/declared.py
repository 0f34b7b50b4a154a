"""Declared: a parameter from a model file, in a form that settings and study files can hold."""

from typing import Any, assert_never

import msgspec

from core.conditions import Condition
from core.errors import InvalidSetting
from core.letters import quoted
from core.parameters import (
    BooleanParameter,
    ChoiceParameter,
    Choices,
    Fixed,
    FloatParameter,
    FloatRange,
    IntegerParameter,
    IntegerRange,
    Levels,
    OffOrOn,
    OrdinalParameter,
    Parameter,
    Value,
)

_MAX_NAME_LENGTH, _MAX_TEXT_LENGTH = 100, 1000
_MAX_INTEGER, _MAX_FLOAT = 10**12, 1e300
_NO_HELP = "The model file declares it."


class Declared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parameter: the type of its first `range` is its kind; the other fields are as in core.parameters.

    A number whose declared range is above 0 stays above 0, even when the user changes the range.
    """

    name: str
    range: FloatRange | IntegerRange | Choices | Levels | OffOrOn
    default: Value
    label: str = ""
    help: str = ""
    unit: str = ""
    vary: bool = True
    when: Condition | None = None

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > _MAX_NAME_LENGTH:
            raise InvalidSetting("name", f"A parameter needs a name of 1 to {_MAX_NAME_LENGTH} letters")
        choices = self.range.values if isinstance(self.range, Choices) else ()
        for text in (self.name, self.label, self.help, self.unit, *choices):
            # No mark-up can get from here into the window.
            if len(text) > _MAX_TEXT_LENGTH or not text.isprintable() or "<" in text:
                raise InvalidSetting("", f"A text of a parameter is too long or has odd letters in it: {quoted(text)}")
        try:
            parameter = self.parameter()
            parameter.check(self.range)
            parameter.check(Fixed(self.default))
        except InvalidSetting as error:
            raise InvalidSetting(error.field, f"{self.name}: {error.message}") from None

    def parameter(self) -> Parameter:
        """Return the Parameter that the rest of Afina uses."""
        common: dict[str, Any] = {
            "name": self.name,
            "label": self.label or self.name,
            "help": self.help or _NO_HELP,
            "unit": self.unit,
            "vary": self.vary,
            "when": self.when,
        }
        match self.range:
            case FloatRange(low=low, high=high, scale=scale, step=step):
                return FloatParameter(
                    default=_number(self.default),
                    low=low,
                    high=high,
                    minimum=0.0 if low >= 0 else -_MAX_FLOAT,
                    maximum=_MAX_FLOAT,
                    minimum_allowed=low <= 0,
                    scale=scale,
                    step=step,
                    **common,
                )
            case IntegerRange(low=low, high=high, scale=scale, step=step):
                return IntegerParameter(
                    default=_whole(self.default),
                    low=low,
                    high=high,
                    minimum=min(1, low) if low >= 0 else -_MAX_INTEGER,
                    maximum=_MAX_INTEGER,
                    scale=scale,
                    step=step,
                    **common,
                )
            case Choices(values=values):
                choices = tuple((value, value) for value in values)
                return ChoiceParameter(default=str(self.default), choices=choices, **common)
            case Levels(values=values):
                return OrdinalParameter(default=_number(self.default), levels=values, **common)
            case OffOrOn():
                return BooleanParameter(default=bool(self.default), **common)
            case _:
                assert_never(self.range)


def _number(value: Value) -> float:
    if isinstance(value, str | bool):
        raise InvalidSetting("default", f"The default {quoted(str(value))} is not a number")
    return value


def _whole(value: Value) -> int:
    number = _number(value)
    if number != int(number):
        raise InvalidSetting("default", f"The default ({number}) is not a whole number")
    return int(number)
