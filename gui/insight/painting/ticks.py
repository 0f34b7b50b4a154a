"""The ticks of an axis that is painted: few, at round numbers, and their labels do not touch."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF

from core.figures.scales import MANY_NAMES, AxisScale, Ticks, log_ticks, within
from core.formatting import format_number

Labelled = Sequence[tuple[float, str]]
"""Places on an axis, each with its label."""
_SHORT, _FEW = 200.0, 3
"""A linear axis of less than so many pixels has at most so many labels."""
_APART = 45.0
"""Pixels from one label to the next on a longer one."""
_LEAST_PLAIN, _MOST_PLAIN = 1e-3, 1e6


@dataclass(frozen=True)
class AxisTicks:
    """The ticks of an axis: those with labels, and the places of fainter lines between them."""

    labelled: Labelled
    between: Sequence[float] = ()

    @property
    def places(self) -> list[float]:
        """Where labels are."""
        return [place for place, _label in self.labelled]


def axis_ticks(scale: AxisScale, view: tuple[float, float], length: float) -> AxisTicks:
    """Return the ticks of an axis that shows `view`, in axis positions, over so many pixels."""
    low, high = min(view), max(view)
    if scale.names:
        many = len(scale.names) > MANY_NAMES
        named = scale.some_named_ticks(low, high) if many else scale.named_ticks
        return AxisTicks([(place, label) for place, label in named if low <= place <= high])
    first = low if scale.lane is None else max(low, scale.lane[1])
    made = _log(first, high, length) if scale.log else _linear(scale, first, high, length)
    if scale.lane is not None and low <= scale.lane[0] <= high:
        return AxisTicks([(scale.lane[0], scale.lane_name), *made.labelled], made.between)
    return made


def _log(low: float, high: float, length: float) -> AxisTicks:
    levels: Ticks = within(log_ticks(low, high, length), low, high)
    labelled = [place for spacing, places in levels if spacing is not None for place in places]
    between = [place for spacing, places in levels if spacing is None for place in places]
    return AxisTicks([(place, format_number(10.0**place, 3)) for place in sorted(labelled)], between)


def _linear(scale: AxisScale, low: float, high: float, length: float) -> AxisTicks:
    most = _FEW if length < _SHORT else max(_FEW, int(length / _APART))
    places, step = round_places(low * scale.unit, high * scale.unit, most, whole=scale.whole)
    bounded = [value for value in places if scale.bounds[0] <= value <= scale.bounds[1]]
    return AxisTicks([(value / scale.unit, written(value, step)) for value in bounded])


def round_places(low: float, high: float, most: int, *, whole: bool = False) -> tuple[list[float], float]:
    """Return at most so many round numbers between two, evenly spaced, and how far apart they are."""
    width = high - low
    if not (math.isfinite(width) and width > 0):
        return ([low] if math.isfinite(low) else []), 1.0
    unit = 10.0 ** math.floor(math.log10(width / most))
    for step in (factor * unit * ten for ten in (1, 10, 100) for factor in (1, 2, 5)):
        if whole and step < 1:
            continue
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [count * step for count in range(first, last + 1)], step
    return [], width


def written(value: float, apart: float) -> str:
    """Return a number at a tick, with the decimals that tell it from its neighbours."""
    if abs(value) < apart * 1e-6:
        return "0"
    if not _LEAST_PLAIN <= abs(value) < _MOST_PLAIN:
        return format_number(value, 3)
    places = max(0, -math.floor(math.log10(apart) + 1e-9)) if apart > 0 else 0
    return f"{value:.{places}f}".replace("-", "−")


def without_touching(ticks: Iterable[tuple[float, str]], font: QFont, gap: float) -> list[tuple[float, str]]:
    """Return labels, at pixels along a line of text, without those that would touch the one before.

    The first and the last stay: they say where the axis ends.
    """
    metrics = QFontMetricsF(font)
    spans = [(at, label, metrics.horizontalAdvance(label) / 2) for at, label in sorted(ticks)]
    if len(spans) < 2:
        return [(at, label) for at, label, _half in spans]
    kept, last = [spans[0]], spans[-1]
    for at, label, half in spans[1:-1]:
        before, after = kept[-1], last
        if at - half >= before[0] + before[2] + gap and at + half <= after[0] - after[2] - gap:
            kept.append((at, label, half))
    if last[0] - last[2] >= kept[-1][0] + kept[-1][2] + gap:
        kept.append(last)
    return [(at, label) for at, label, _half in kept]
