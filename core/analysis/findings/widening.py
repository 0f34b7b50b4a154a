"""How far a range of numbers is widened at one end: by a third of a logarithmic axis, or half of a linear one."""

import math
from fractions import Fraction

from core.analysis.findings.finding import Widened
from core.errors import InvalidSetting
from core.parameters import FloatParameter, IntegerParameter, Parameter
from core.ranges import FloatRange, IntegerRange, Scale

_LOG, _LINEAR = 1 / 3, 1 / 2
_LEAST_FACTOR = 2.0
_ROUND = (1, 2, 5, 10)


def widened(parameter: Parameter, given: FloatRange | IntegerRange, *, upper: bool) -> Widened | None:
    """Return the change that widens the range at one end, to a round number within what the parameter can be.

    None where it cannot be wider there.
    """
    if not isinstance(parameter, FloatParameter | IntegerParameter):
        return None
    end = given.high if upper else given.low
    wanted = _on_steps(given, upper=upper) if given.step else _wanted(given, upper=upper)
    value = _bounded(parameter, given, wanted, upper=upper)
    if value is None or not (value > end if upper else value < end):
        return None
    number = round(value) if isinstance(given, IntegerRange) else float(value)
    low, high = (given.low, number) if upper else (number, given.high)
    try:
        made = parameter.range(low, high, given.scale, given.step)  # type: ignore[arg-type]  # whole numbers stay so
    except InvalidSetting:
        return None
    return Widened(parameter.name, "high" if upper else "low", number, made)


def _wanted(given: FloatRange | IntegerRange, *, upper: bool) -> float:
    low, high = float(given.low), float(given.high)
    if given.scale is Scale.LINEAR:
        by = _LINEAR * (high - low)
        wanted = _to_two_digits(high + by if upper else low - by, by)
        return max(wanted, 0.0) if low >= 0 else wanted  # what begins at 0 or above has no sign
    factor = max(_LEAST_FACTOR, (high / low) ** _LOG)
    wanted = high * factor if upper else low / factor
    whole = isinstance(given, IntegerRange)
    if whole and _is_power_of_two(given.low) and _is_power_of_two(given.high):
        return max(1.0, 2.0 ** round(math.log2(wanted)))
    return _round(wanted)


def _to_two_digits(value: float, apart: float) -> float:
    """Return the number rounded to two digits of how far it is from the range."""
    digits = 1 - math.floor(math.log10(apart)) if apart > 0 and math.isfinite(apart) else 0
    return round(value, digits)


def _round(value: float) -> float:
    """Return the nearest of 1, 2, 5, 10, 20, … on a logarithmic axis."""
    unit = 10.0 ** math.floor(math.log10(value))
    factor = min(_ROUND, key=lambda each: abs(math.log(each * unit / value)))
    return float(f"{factor * unit:.12g}")


def _is_power_of_two(number: float) -> bool:
    return number >= 1 and float(number).is_integer() and math.log2(number).is_integer()


def _on_steps(given: FloatRange | IntegerRange, *, upper: bool) -> float:
    """Return the number that so many more steps lead to as make a third or a half of the range, at least one."""
    low, high, step = (Fraction(str(number)) for number in (given.low, given.high, given.step))
    if given.scale is Scale.LINEAR:
        steps = int((high - low) / step)
        more = max(1, round(_LINEAR * steps))
        return float(low + (steps + more) * step if upper else low - more * step)
    steps = int(math.log(high / low) / math.log(step) + 1e-9)
    more = max(1, round(_LOG * steps))
    return float(low * step ** (steps + more) if upper else low / step**more)


def _bounded(
    parameter: FloatParameter | IntegerParameter, given: FloatRange | IntegerRange, wanted: float, *, upper: bool
) -> float | None:
    """Return the wanted number, or the parameter's own bound if that is nearer; None where steps do not lead there."""
    if isinstance(given, IntegerRange) and not float(wanted).is_integer():
        wanted = float(round(wanted)) if not given.step else math.nan
    if parameter.minimum <= wanted <= parameter.maximum and not _is_excluded(parameter, given, wanted):
        return wanted
    if given.step or math.isnan(wanted):
        return None
    if upper:
        return min(wanted, float(parameter.maximum))
    if _is_excluded(parameter, given, parameter.minimum):
        return None
    return float(parameter.minimum)


def _is_excluded(parameter: FloatParameter | IntegerParameter, given: FloatRange | IntegerRange, number: float) -> bool:
    """Return whether the least number cannot be an end: it is not allowed, or has no logarithm."""
    least_allowed = not isinstance(parameter, FloatParameter) or parameter.minimum_allowed
    return (number <= parameter.minimum and not least_allowed) or (given.scale is Scale.LOG and number <= 0)
