"""Round numbers between two others, for the ticks of axes; places on an axis are from 0, its low end, to 1."""

import math
from collections.abc import Iterable, Sequence

from core.figures.scales import log_ticks
from core.formatting import format_number

Ticks = tuple[tuple[float, str], ...]
"""Places on an axis, each with its label; those without one are only lines."""
_FACTORS = (1, 2, 5, 10)
_BY_DECADES = (
    (0.35, tuple(factor / 10 for factor in range(10, 100, 2))),
    (1.2, (1.0, 1.2, 1.4, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)),
    (4.0, (1.0, 2.0, 5.0)),
)
"""Up to so many decades, the factors by which the numbers differ from a power of ten."""
_HALF, _COARSE = 0.5, 1.3
_NARROW = 0.1
"""Between numbers that are less than so many decades apart, evenly spread ones look even."""
_LEAST_PLAIN, _MOST_PLAIN = 1e-3, 1e6
"""Between them numbers are written without an exponent."""


def round_numbers(low: float, high: float, most: int) -> list[float]:
    """Return at most about so many evenly spread round numbers from `low` to `high`."""
    length = high - low
    if not (math.isfinite(length) and length > 0):
        return []
    rough = length / max(1, most)
    unit = 10.0 ** math.floor(math.log10(rough)) if rough else 0.0
    if not unit:  # below the least float
        return []
    step = next((factor * unit for factor in _FACTORS if factor * unit >= rough * (1 - 1e-9)), 10 * unit)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [count * step for count in range(first, last + 1)]


def round_factors(low: float, high: float, *, few: bool = False) -> list[float]:
    """Return round numbers from one positive number to another: the finer, the nearer these are; many powers of ten.

    `few` is whether 1, 2 and 5 are enough from half a decade on.
    """
    if not (low > 0 and math.isfinite(high)):  # beyond what a float can be
        return []
    decades = math.log10(high) - math.log10(low)
    if decades < _NARROW:
        return round_numbers(low, high, 8)
    fineness = max(decades, _COARSE) if few and decades > _HALF else decades
    factors = next((factors for most, factors in _BY_DECADES if fineness <= most), (1.0,))
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    numbers = [factor * 10.0**power for power in powers for factor in factors]
    return [number for number in numbers if low * (1 - 1e-9) <= number <= high * (1 + 1e-9)]


def written_apart(numbers: Sequence[float]) -> list[str]:
    """Write evenly spread numbers, all with the decimals that tell them apart."""
    largest = max(map(abs, numbers), default=0.0)
    if len(numbers) < 2 or not _LEAST_PLAIN <= largest < _MOST_PLAIN:
        return [format_number(number, 3) for number in numbers]
    apart = abs(numbers[1] - numbers[0])
    if not apart:  # neighbouring floats
        return [format_number(number, 3) for number in numbers]
    decimals = max(0, math.ceil(-math.log10(apart) - 1e-9))
    return [f"{number:.{decimals}f}".replace("-", "−") if abs(number) > 1e-12 * largest else "0" for number in numbers]


def log_labels(low: float, high: float, pixels: float) -> tuple[list[tuple[float, str]], list[float]]:
    """Return the logarithms of base ten that get labels, with these, and those that get only lines."""
    named, lines = [], []
    for spacing, places in log_ticks(low, high, pixels):
        inside = [place for place in places if low <= place <= high]
        if spacing is None:
            lines += inside
        else:
            named += [(place, format_number(10.0**place, 3)) for place in inside]
    return sorted(named), lines


def spaced(ticks: Iterable[tuple[float, str]], apart: float) -> Ticks:
    """Return rising ticks, without the label of each that is nearer than `apart` to the labelled one before."""
    kept: list[tuple[float, str]] = []
    last = -math.inf
    for place, text in ticks:
        if text and place - last >= apart:
            last = place
            kept.append((place, text))
        else:
            kept.append((place, ""))
    return tuple(kept)
