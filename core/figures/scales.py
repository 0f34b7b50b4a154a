"""What the plots' axes say, and the ticks of a logarithmic one; without pyqtgraph, which takes long to load."""

import math
from dataclasses import dataclass

NO_VALUE = "–"
"""The tick of those without a value, which stand in a lane of their own."""
Ticks = list[tuple[float | None, list[float]]]
ViewRange = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class AxisScale:
    """What an axis says. A `log` axis holds logarithms of base ten; one with `names` holds their indices.

    `lane` is where on the axis those without a value stand, and where the values begin.
    """

    label: str
    log: bool = False
    whole: bool = False
    names: tuple[str, ...] = ()
    lane: tuple[float, float] | None = None

    @property
    def named_ticks(self) -> list[tuple[float, str]]:
        """The ticks of an axis with names."""
        ticks = [(float(index), name) for index, name in enumerate(self.names)]
        return ticks if self.lane is None else [(self.lane[0], NO_VALUE), *ticks]


def log_ticks(low: float, high: float, size: float) -> Ticks:
    """Return levels of ticks between two logarithms; those of level None get no label."""
    decades = high - low
    if decades < 0.7:  # so narrow that round numbers are evenly spaced to the eye
        return [(1.0, _round_numbers(10.0**low, 10.0**high))]
    whole = range(math.floor(low), math.ceil(high) + 1)
    step = max(1, math.ceil(decades * 40 / max(size, 1.0)))
    labelled = [float(power) for power in whole if power % step == 0]
    if step > 1:
        return [(1.0, labelled), (None, [float(power) for power in whole if power % step])]
    factors = (2, 5) if decades < 2.5 else ()
    named = [power + math.log10(factor) for power in whole for factor in factors]
    others = [power + math.log10(factor) for power in whole for factor in range(2, 10) if factor not in factors]
    return [(1.0, labelled), (1.0, named), (None, others)] if named else [(1.0, labelled), (None, others)]


def with_lane(ticks: Ticks, lane: float, first: float) -> Ticks:
    """Return levels of ticks with one for the lane, first of all, and none below where the values begin."""
    (spacing, highest), *others = [(spacing, [at for at in places if at >= first]) for spacing, places in ticks]
    return [(spacing, [lane, *highest]), *others]


def _round_numbers(low: float, high: float) -> list[float]:
    """Return the logarithms of about four round numbers between two positive ones."""
    rough = (high - low) / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= rough)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [math.log10(count * step) for count in range(max(first, 1), last + 1)]
