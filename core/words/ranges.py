"""Ranges in the few words that a cell holds: numbers, scales with their steps, and what a range or a value is."""

from decimal import Decimal
from typing import assert_never

from core.formatting import format_exactly, some
from core.parameters import (
    Choices,
    Fixed,
    FloatParameter,
    FloatRange,
    IntegerParameter,
    IntegerRange,
    Levels,
    OffOrOn,
    Parameter,
    Range,
    Scale,
    Value,
)

_SHORT = 7
"""The number of letters up to which a number is written without an exponent."""
_STEP_DIGITS = 3
"""The most digits of a step beside which its scale's name has room in a cell."""


def number_in_a_cell(value: float) -> str:
    """Write a number exactly; a small one without an exponent, as long as it is short.

    >>> number_in_a_cell(1e-4), number_in_a_cell(2.5e-7), number_in_a_cell(64)
    ('0.0001', '2.5e-7', '64')
    """
    exactly = format_exactly(value)
    if "e" not in exactly:
        return exactly
    plainly = f"{value:.{_SHORT}f}".rstrip("0")
    return plainly if len(plainly) <= _SHORT and float(plainly) == value else exactly


def number_in_few_letters(value: float) -> str:
    """Write a number exactly, with an exponent where that is shorter.

    >>> number_in_few_letters(1000000000), number_in_few_letters(2500000), number_in_few_letters(64)
    ('1e9', '2.5e6', '64')
    """
    mantissa, _, exponent = f"{Decimal(format_exactly(value)).normalize():e}".partition("e")
    return min(number_in_a_cell(value), f"{mantissa}e{int(exponent)}", key=len)


def meaning_in_a_cell(parameter: Parameter, value: Value | None) -> str:
    """Return what stands behind a fixed value: what 0 means, or the unit. None: no value can be read."""
    return (_zero(parameter) if value == 0 else "") or parameter.unit


def _zero(parameter: Parameter) -> str:
    return parameter.zero if isinstance(parameter, FloatParameter | IntegerParameter) else ""


def scale_in_a_cell(scale: Scale, step: float | None) -> str:
    """Return a scale with its steps: "linear", "log", "lin +5", "log ×2"; where that is too long, "+1000"."""
    if not step:
        return scale.value
    name, sign = ("log", "×") if scale is Scale.LOG else ("lin", "+")
    number = number_in_a_cell(step)
    return f"{name} {sign}{number}" if sum(map(str.isdigit, number)) <= _STEP_DIGITS else f"{sign}{number}"


def range_in_words(parameter: Parameter, given: Range) -> str:
    """Return a range, or a fixed value, of a parameter: "1 to 100, linear", "SGD and Adam", "0, off"."""
    match given:
        case Fixed(value=bool() | str() as value):
            return parameter.text(value)
        case Fixed(value=value):
            assert not isinstance(value, str)
            special = "" if value else _zero(parameter)
            return ", ".join(filter(None, (number_in_a_cell(value), special)))
        case FloatRange() | IntegerRange():
            ends = f"{number_in_a_cell(given.low)} to {number_in_a_cell(given.high)}"
            return f"{ends}, {scale_in_a_cell(given.scale, given.step)}"
        case Choices(values=values) | Levels(values=values):
            return values_in_words(parameter, values)
        case OffOrOn():
            return "off and on"
        case _:
            assert_never(given)


def values_in_words(parameter: Parameter, values: tuple[Value, ...]) -> str:
    """Return the ticked values of a parameter by their labels, or the first dozen and how many more there are."""
    return some(map(parameter.text, values))
