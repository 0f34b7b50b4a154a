"""The colours of a map: which values have the same step, and what stands beside the bar of colours."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import MapAnswer
from core.analysis.questions import Quantity
from core.figures.arrays import Floats
from core.figures.objective_scale import ObjectiveScale
from core.figures.round_numbers import Ticks, round_numbers, written_apart
from core.formatting import format_number

Steps = NDArray[np.int16]
_MOST_STEPS = 9
_ROOM, _APART = 300.0, 20.0
"""The steps follow the ticks of an axis of so many pixels, with labels so many apart."""
_NEAR_THE_END = 0.93


@dataclass(frozen=True, eq=False)
class MapColours:
    """A field over a map, as places on a bar of colours from 0, its bottom, to 1.

    `bounds` are the ends of the steps and `ticks` the labels on the bar. `rises` is whether the first step, the best or
    the lowest, is at the bottom.
    """

    field: Floats
    bounds: Floats
    ticks: Ticks
    rises: bool

    @property
    def count(self) -> int:
        """The number of steps."""
        return len(self.bounds) - 1

    def step_of(self, places: Floats) -> Steps:
        """Return the step of places on the bar of colours."""
        inside = np.searchsorted(self.bounds[1:-1], places, side="right")
        return (inside if self.rises else self.count - 1 - inside).astype(np.int16)


def colours_of(
    answer: MapAnswer, quantity: Quantity, scale: ObjectiveScale, cost: Callable[[Floats], Floats]
) -> MapColours:
    """Return the colours of what is to be seen; `cost` returns objectives for costs."""
    match quantity:
        case Quantity.MEAN:
            return _of_means(scale.places(cost(np.array(answer.mean, float))), scale)
        case Quantity.DEVIATION:
            return _of_deviations(np.array(answer.deviation, float))
        case Quantity.IMPROVEMENT:
            shape = len(answer.up_values), len(answer.across_values)
            return _of_shares(np.array(answer.improvement, float) if answer.improvement else np.zeros(shape))


def _of_means(field: Floats, scale: ObjectiveScale) -> MapColours:
    ticks = tuple((place, text) for place, text in scale.ticks(_ROOM, _APART) if text and 0.02 < place < 0.98)
    bounds = np.array([0.0, *(place for place, _ in ticks), 1.0])
    end = 0.0 if scale.higher_is_better else 1.0
    labels = ticks if scale.cut is None else (*ticks, (end, scale.cut_label))
    return MapColours(field, bounds, labels, not scale.higher_is_better)


def _of_deviations(values: Floats) -> MapColours:
    top = _highest(values) or 1.0
    numbers = _round_below(top)
    return _rising(values / top, top, numbers, written_apart(numbers), ("0", format_number(top, 2)))


def _of_shares(values: Floats) -> MapColours:
    top = max(_highest(values), 1.0)
    numbers = _round_below(top)
    texts = [f"{round(100 * number)} %" for number in numbers]
    return _rising(values / top, top, numbers, texts, ("0 %", f"{round(100 * top)} %"))


def _highest(values: Floats) -> float:
    return float(values[np.isfinite(values)].max(initial=0.0))


def _round_below(top: float) -> list[float]:
    return [number for number in round_numbers(0.0, top, _MOST_STEPS) if 0 < number < top * (1 - 1e-9)]


def _rising(field: Floats, top: float, numbers: list[float], texts: list[str], ends: tuple[str, str]) -> MapColours:
    places = [number / top for number in numbers]
    last = () if places and places[-1] > _NEAR_THE_END else ((1.0, ends[1]),)
    ticks = ((0.0, ends[0]), *zip(places, texts, strict=True), *last)
    return MapColours(field, np.array([0.0, *places, 1.0]), ticks, rises=True)
