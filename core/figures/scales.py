"""What the plots' axes say, and the ticks of a logarithmic one; without pyqtgraph, which takes long to load."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from core.formatting import format_number, in_short

LOWEST, HIGHEST = -307.0, 308.0
"""The logarithms between which a logarithmic axis has ticks: those of numbers that floats can hold."""
_NARROW = 1e-9
"""A logarithmic axis of fewer decades has no ticks: their numbers would look the same."""
MANY_NAMES, _SHOWN_OF_MANY = 40, 6
"""An axis with more names than the first has ticks for at most so many of those in view, evenly spread."""
_LABEL_WIDTH, _WIDE_LABEL_WIDTH = 40, 60
"""Pixels for the label of a power of ten; the wider for exponents of three digits."""
_NAME_LENGTH = 60
"""The most characters of a name at a tick."""
_LEAST_PLAIN, _MOST_PLAIN = 1e-3, 1e6
"""Between them numbers are written without an exponent."""
NO_VALUE = "–"
"""The tick of those without a value, which stand in a lane of their own."""
FROM_ONE = 1.0, math.inf
"""The bounds of an axis of what is counted from 1: its 0 would name what there is not."""
Ticks = list[tuple[float | None, list[float]]]
ViewRange = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class AxisScale:
    """What an axis says. A `log` axis holds logarithms of base ten; one with `names` holds their indices.

    Places on it are in units of `unit`, which is not 1 where the numbers are too large or too small to be drawn.
    `lane` is where on the axis those without a value, or without a logarithm, stand, and where the values begin;
    `lane_name` is the lane's tick. `short_labels` are what the axis says where `label` does not fit, the longest first.
    Values outside `bounds`, which its metric cannot have, get no ticks.
    """

    label: str
    log: bool = False
    whole: bool = False
    names: tuple[str, ...] = ()
    lane: tuple[float, float] | None = None
    unit: float = 1.0
    lane_name: str = NO_VALUE
    short_labels: tuple[str, ...] = ()
    bounds: tuple[float, float] = (-math.inf, math.inf)

    @property
    def bounding_places(self) -> tuple[float, float]:
        """The places of the bounds."""
        if not self.log:
            return self.bounds[0] / self.unit, self.bounds[1] / self.unit
        low, high = (math.log10(bound) if bound > 0 else -math.inf for bound in self.bounds)
        return low, high

    @property
    def named_ticks(self) -> list[tuple[float, str]]:
        """The ticks of an axis with names."""
        return self._ticks_of(range(len(self.names)))

    def some_named_ticks(self, low: float, high: float) -> list[tuple[float, str]]:
        """Return a few ticks of an axis with names that shows those from `low` to `high`."""
        first, last = max(0, math.ceil(low)), min(len(self.names) - 1, math.floor(high))
        return self._ticks_of(range(first, last + 1, max(1, math.ceil((last - first + 1) / _SHOWN_OF_MANY))))

    def written(self, place: float, apart: float) -> str:
        """Return the value at a place, with decimals that tell it from values so far apart."""
        if self.lane is not None and place < self.lane[1]:
            return self.lane_name
        value = 10.0**place if self.log else place * self.unit
        if self.log or (value and not _LEAST_PLAIN <= abs(value) < _MOST_PLAIN):
            return format_number(value, 3)
        places = max(0, math.ceil(-math.log10(max(apart * self.unit, _LEAST_PLAIN**2) / 2)))
        return f"{value:.{places}f}".replace("-", "−") if value else "0"

    def _ticks_of(self, places: Iterable[int]) -> list[tuple[float, str]]:
        ticks = [(float(place), in_short(self.names[place], _NAME_LENGTH)) for place in places]
        return ticks if self.lane is None else [(self.lane[0], self.lane_name), *ticks]


def log_ticks(low: float, high: float, size: float) -> Ticks:
    """Return levels of ticks between two logarithms; those of level None get no label."""
    low, high = max(low, LOWEST), min(high, HIGHEST)
    decades = high - low
    if decades < _NARROW:
        return [(1.0, [])]
    if decades < 0.7:  # so narrow that round numbers are evenly spaced to the eye
        return [(1.0, _round_numbers(10.0**low, 10.0**high))]
    whole = range(math.floor(low), math.ceil(high) + 1)
    step = _decades_apart(low, high, size)
    labelled = [float(power) for power in whole if power % step == 0]
    if step > 1:
        return [(1.0, labelled), (None, [float(power) for power in whole if power % step])]
    factors = (2, 5) if decades < 2.5 else ()
    named = [power + math.log10(factor) for power in whole for factor in factors]
    others = [power + math.log10(factor) for power in whole for factor in range(2, 10) if factor not in factors]
    return [(1.0, labelled), (1.0, named), (None, others)] if named else [(1.0, labelled), (None, others)]


def _decades_apart(low: float, high: float, size: float) -> int:
    """Return how many decades labels must be apart on an axis of this size in pixels."""
    width = _LABEL_WIDTH if max(-low, high) < 100 else _WIDE_LABEL_WIDTH
    return max(1, math.ceil((high - low) * width / max(size, 1.0)))


def with_lane(ticks: Ticks, lane: float, first: float) -> Ticks:
    """Return levels of ticks with one for the lane, first of all, and none below where the values begin."""
    (spacing, highest), *others = [(spacing, [at for at in places if at >= first]) for spacing, places in ticks]
    return [(spacing, [lane, *highest]), *others]


def within(ticks: Ticks, low: float, high: float) -> Ticks:
    """Return the levels of ticks without those below or above."""
    return [(spacing, [place for place in places if low <= place <= high]) for spacing, places in ticks]


def _round_numbers(low: float, high: float) -> list[float]:
    """Return the logarithms of about four round numbers between two positive ones."""
    rough = (high - low) / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= rough)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [math.log10(count * step) for count in range(max(first, 1), last + 1)]
