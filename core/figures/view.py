"""The view that all plots of a study share: the better half of the values fills it, and what is beyond is marked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from core.figures.arrays import BEYOND_SENSE, Flags, Floats, finite, padded, placed
from core.figures.scales import AxisScale
from core.words.bounds import UNBOUNDED, Range

HEAD_ROOM = 0.02
"""Room beside the values, as a share of the view's length; marks get theirs in pixels, from who draws them."""
_BEYOND_HALF = 1.5
"""How far the view goes: this many times the way from the best value to the worst of the better half."""
FEW = 4
"""So few values all belong to the better half."""
FAR_OUT = 20
"""What is this many times farther from the best than what is typical of the better half is left out of the view."""
LOG_FROM, _LOG_UNTIL = 5.0, 3.0
"""A view whose highest value is more than this many times its lowest is drawn on a logarithmic axis by itself.

One that is so already stays so down to the second.
"""
_LANE = 0.1
"""How wide the lane for 0 is on a logarithmic axis, as a share of the view's length."""
_LANE_STEPS = 2
"""The lane moves in steps, so many a decade, and not with each lower value: all that was drawn moves with it."""
_ALONE = 0.1
"""Room beside values that are all the same, as a share of what `padded` takes for their range's length."""
_STEADY = 0.7
"""An earlier view stays while a later one needs at least this share of its length, and nothing beyond it."""


class ScaleChoice(StrEnum):
    """How an axis of values is to be divided; where higher is better, and where none is positive, it stays linear."""

    AUTOMATIC = "automatic"
    LINEAR = "linear"
    LOG = "log"


class KeptView:
    """What the view of a study has become: it changes no more than it must while values come."""

    def __init__(self) -> None:
        self._log = False
        self._last: ValueView | None = None

    @property
    def span(self) -> float:
        """The span of values from which on the axis is logarithmic by itself."""
        return _LOG_UNTIL if self._log else LOG_FROM

    def keep(self, view: "ValueView", choice: ScaleChoice, *, everything: bool, running: bool) -> "ValueView":
        """Return the view to show for this one; while the study runs that can be the last one, which still suits."""
        if choice is ScaleChoice.AUTOMATIC and not everything:
            self._log = view.log
        self._last = view.steadied(self._last) if running else view
        return self._last


@dataclass(frozen=True)
class ValueView:
    """From where to where an axis of values goes, in axis positions: values, or their logarithms of base ten.

    `lane` is the lane for values without a logarithm, named `lane_name`, and where the others begin; None without any.
    Nothing outside `bounds`, which are values, can be measured.
    """

    range: Range
    log: bool = False
    higher_is_better: bool = False
    lane: Range | None = None
    lane_name: str = ""
    bounds: Range = UNBOUNDED

    def places(self, values: Floats) -> Floats:
        """Return the values' axis positions: ±∞ for those beyond the axis, NaN for NaN alone."""
        places = placed(values, log=self.log)
        return places if self.lane is None else np.where(values <= 0, self.lane[0], places)

    def beyond(self, values: Floats) -> Flags:
        """Tell which values are worse than the view shows; those that are NaN are not."""
        worse: Flags = values < self.worst if self.higher_is_better else values > self.worst
        return worse

    @property
    def worst(self) -> float:
        """The worst value in the view."""
        end = self.range[0] if self.higher_is_better else self.range[1]
        return 10.0**end if self.log else end

    def steadied(self, before: "ValueView | None") -> "ValueView":
        """Return the view before if it still suits: what is drawn then moves less, and is drawn anew less often."""
        if before is None or before != replace(self, range=before.range):
            return self
        (low, high), (lowest, highest) = self.range, before.range
        suits = lowest <= low and high <= highest and high - low >= _STEADY * (highest - lowest)
        return before if suits else self

    def including(self, places: Floats, share: float) -> "ValueView":
        """Return the view that shows these positions, too, but is longer by at most a share of its length each end."""
        low, high = self.range
        most = share * (high - low)
        known = np.clip(finite(places), low - most, high + most)
        low, high = float(known.min(initial=low)), float(known.max(initial=high))
        least, most = self.scale([""]).bounding_places
        return replace(self, range=(max(low, least), min(high, most)))

    def scale(self, labels: Sequence[str]) -> AxisScale:
        """Return what an axis of the values says; the labels are its names, the longest first."""
        label, *others = labels
        lane_name = self.lane_name or AxisScale.lane_name
        return AxisScale(
            label,
            log=self.log,
            lane=self.lane,
            lane_name=lane_name,
            short_labels=tuple(others),
            bounds=self.bounds,
        )


def view_of_objectives(
    objectives: Floats,
    *,
    higher_is_better: bool,
    bounds: Range = UNBOUNDED,
    choice: ScaleChoice = ScaleChoice.AUTOMATIC,
    everything: bool = False,
    span: float = LOG_FROM,
) -> ValueView:
    """Return the view of the trials' objectives, of which NaN are no objectives; 0 to 1 while there are none.

    It goes from the best to 1.5 times the way to the worst of the better half, without that half's outliers, or to the
    worst of all if `everything` is to be shown. `bounds` are the values that the metric can have.
    """
    known = sensible(objectives)
    if not len(known):
        return ValueView((0.0, 1.0), higher_is_better=higher_is_better)
    costs = np.sort(-known if higher_is_better else known)
    top = float(costs[-1]) if everything else _top_of_better_half(costs)
    ends = float(costs[0]), max(float(costs[0]), min(top, float(costs[-1])))
    low, high = (-ends[1], -ends[0]) if higher_is_better else ends
    return view_between(low, high, known, higher_is_better=higher_is_better, bounds=bounds, choice=choice, span=span)


def view_between(
    low: float,
    high: float,
    values: Floats,
    *,
    higher_is_better: bool,
    bounds: Range = UNBOUNDED,
    choice: ScaleChoice = ScaleChoice.AUTOMATIC,
    span: float = LOG_FROM,
) -> ValueView:
    """Return the view from one value to another, of which `values` are shown: with head-room, within the bounds.

    It is logarithmic by itself where the highest is more than `span` times the lowest.
    """
    shown = values[(values >= low) & (values <= high)]
    positive = shown[shown > 0]
    bounds = bounds if bounds[0] <= low and high <= bounds[1] else UNBOUNDED  # a metric of that name can be another one
    if not _is_log(low, high, positive, choice, span, higher_is_better=higher_is_better):
        ends = _with_room(low, high)
        shown_ends = max(ends[0], bounds[0]), min(ends[1], bounds[1])
        return ValueView(shown_ends, higher_is_better=higher_is_better, bounds=bounds)
    least = float(positive.min())
    begin, end = _with_room(math.log10(least), math.log10(max(high, least)))
    if bounds[1] > 0:
        end = min(end, math.log10(bounds[1]))
    if low > 0:
        return ValueView((begin, end), log=True, higher_is_better=higher_is_better, bounds=bounds)
    begin = math.floor(_LANE_STEPS * begin) / _LANE_STEPS
    width = _LANE * math.ceil(end - begin)
    return ValueView(
        (begin - width, end),
        log=True,
        higher_is_better=higher_is_better,
        lane=(begin - width / 2, begin),
        lane_name="≤ 0" if low < 0 else "0",
        bounds=bounds,
    )


def _with_room(low: float, high: float) -> Range:
    share = HEAD_ROOM if high > low else _ALONE
    return padded(low, high, share, share)


def _is_log(
    low: float, high: float, positive: Floats, choice: ScaleChoice, span: float, *, higher_is_better: bool
) -> bool:
    if not len(positive) or higher_is_better or choice is ScaleChoice.LINEAR:
        return False
    if choice is ScaleChoice.LOG:
        return True
    return low >= 0 and high > span * float(positive.min())


def _top_of_better_half(costs: Floats) -> float:
    """Return the highest cost to show of rising ones."""
    half = costs[: max(len(costs) // 2, FEW)]
    if half[-1] == half[0]:  # ties for the best: the next better half says more
        half = np.unique(costs)
        half = half[: max(len(half) // 2, 2)]
    distances = half - half[0]
    away = distances[distances > 0]
    if not len(away):
        return float(half[0])
    median = away[(len(away) - 1) // 2]
    farthest = float(away[away <= FAR_OUT * median][-1])
    return float(half[0]) + _BEYOND_HALF * farthest


def sensible(values: Floats) -> Floats:
    """Return the values that are neither NaN nor absurd."""
    known = finite(values)
    return known[np.abs(known) < BEYOND_SENSE]
