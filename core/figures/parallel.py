"""The figure of all trials on parallel axes: a line a trial, through its result and the value of each parameter."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.figures.arrays import Floats
from core.figures.brushing import BEYOND, NO_RESULT, WITHOUT, Brush
from core.figures.dimensions import OBJECTIVE
from core.figures.parameter_axis import ParameterAxis
from core.figures.seen_trials import Rows, SeenTrials
from core.figures.trial_columns import TrialColumns, ends_of, lanes_at, ordered

Span = tuple[float, float]
"""From where to where something is on an axis: 0 is its lower end, 1 its upper one."""

_LANE, _GAP = 0.065, 0.03
"""How high the lanes beside an axis of numbers are, and the gaps between, as shares of the axis."""
_FILLED = 0.8
"""How much of a lane's part of the axis it fills."""


@dataclass(frozen=True)
class Column:
    """One of the parallel axes: where its numbers are, and its lanes, by their numbers.

    `axis` is None for the objective. An axis of lanes has no numbers.
    """

    axis: ParameterAxis | None
    numbers: Span | None
    lanes: dict[int, Span]

    @property
    def name(self) -> str:
        """The name by which it is brushed."""
        return OBJECTIVE if self.axis is None else self.axis.name

    def lane_at(self, share: float, reach: float = 0.0) -> int | None:
        """Return the lane at a share of the way up, or so near to it."""
        return next((lane for lane, (low, high) in self.lanes.items() if low - reach <= share <= high + reach), None)

    def within_numbers(self, height: float) -> float:
        """Return how far up the numbers, from 0 to 1, a height is that is theirs, or beyond an end of them."""
        low, high = self.numbers or (0.0, 1.0)
        return min(1.0, max(0.0, (height - low) / (high - low)))

    def height_of(self, places: Floats) -> Floats:
        """Return how high the numbers at places of the parameter's axis are."""
        assert self.axis is not None
        first, last = ends_of(self.axis)
        low, high = self.numbers or (0.0, 1.0)
        return low + (high - low) * np.clip((places - first) / (last - first), 0.0, 1.0)

    def place_of(self, height: float) -> float:
        """Return the place on the parameter's axis of the number at a height; beyond an end, of the one there."""
        assert self.axis is not None
        first, last = ends_of(self.axis)
        return first + (last - first) * self.within_numbers(height)


@dataclass(frozen=True, eq=False)
class ParallelFigure:
    """Where each trial's line crosses each axis: `heights` has a row a trial and a column an axis, NaN for nowhere."""

    seen: SeenTrials
    columns: tuple[Column, ...]
    heights: Floats

    @property
    def frame(self) -> Hashable:
        """What figures have in common whose lines lie on the same axes."""
        lanes = tuple((column.name, column.numbers, tuple(column.lanes.items())) for column in self.columns)
        return lanes, self.seen.scale


def parallel(columns: TrialColumns, seen: SeenTrials, order: Iterable[str] = ()) -> ParallelFigure:
    """Return the figure; `order` names the parameters that come first."""
    ranks = np.empty(len(seen))  # from the lowest result to the highest, those without one at the worse end
    last = len(seen) if not seen.scale.higher_is_better else -1
    values = np.where(np.isnan(seen.objectives), np.inf if last > 0 else -np.inf, seen.objectives)
    ranks[np.lexsort((seen.trials, values))] = np.arange(len(seen))
    drawn = [_objective(seen, ranks)]
    for name in ordered(columns.axes, order):
        axis = columns.axes[name]
        drawn.append(_parameter(axis, columns.places(name)[seen.rows], ranks))
    heights = np.stack([part for _column, part in drawn], axis=1) if len(seen) else np.empty((0, len(drawn)))
    return ParallelFigure(seen, tuple(column for column, _part in drawn), heights)


def _objective(seen: SeenTrials, ranks: Floats) -> tuple[Column, Floats]:
    """Return the objective's axis, with lanes at its worse end for what has no place on it."""
    without = np.isnan(seen.objectives)
    wanted = [lane for lane, some in ((NO_RESULT, without.any()), (BEYOND, seen.beyond.any())) if some]
    higher = seen.scale.higher_is_better
    lanes, numbers = _beside(wanted, below=higher)
    heights = numbers[0] + (numbers[1] - numbers[0]) * seen.heights
    for lane, which in ((NO_RESULT, without), (BEYOND, seen.beyond)):
        if lane in lanes:
            heights = _in_lane(heights, np.flatnonzero(which), lanes[lane], ranks)
    return Column(None, numbers, lanes), heights


def _parameter(axis: ParameterAxis, places: Floats, ranks: Floats) -> tuple[Column, Floats]:
    lanes, numbers = _beside([WITHOUT] if axis.can_lack else [], below=True)
    low, high = numbers
    if axis.lanes:
        step = (high - low) / len(axis.lanes)
        for lane in range(len(axis.lanes)):
            middle = low + (lane + 0.5) * step
            lanes[lane] = middle - _FILLED * step / 2, middle + _FILLED * step / 2
    column = Column(axis, None if axis.lanes else numbers, lanes)
    heights = np.full(len(places), np.nan) if axis.lanes else column.height_of(places)
    in_lanes = lanes_at(axis, places)
    for lane, span in lanes.items():
        heights = _in_lane(heights, np.flatnonzero(in_lanes == lane), span, ranks)
    return column, heights


def _beside(lanes: Sequence[int], *, below: bool) -> tuple[dict[int, Span], Span]:
    """Return the spans of lanes at an end of an axis, the first outermost, and what they leave."""
    spans = {lane: (number * (_LANE + _GAP), number * (_LANE + _GAP) + _LANE) for number, lane in enumerate(lanes)}
    left = len(lanes) * (_LANE + _GAP)
    if below:
        return spans, (left, 1.0)
    return {lane: (1 - high, 1 - low) for lane, (low, high) in spans.items()}, (0.0, 1.0 - left)


def _in_lane(heights: Floats, rows: Rows, span: Span, ranks: Floats) -> Floats:
    """Return the heights with those of the rows spread over a lane in the order of their results."""
    low, high = span
    heights[rows[np.argsort(ranks[rows])]] = low + (high - low) * (np.arange(len(rows)) + 0.5) / max(len(rows), 1)
    return heights


def span_of(brush: Brush, column: Column, seen: SeenTrials) -> list[Span]:
    """Return what a brush covers of an axis, from below: its interval, and its lanes."""
    spans = [column.lanes[lane] for lane in brush.lanes if lane in column.lanes]
    if brush.has_interval and column.numbers is not None:
        ends, (low, high) = np.array([brush.low, brush.high]), column.numbers
        heights = low + (high - low) * seen.scale.places(ends) if column.axis is None else column.height_of(ends)
        spans.append((float(heights.min()), float(heights.max())))
    return sorted(spans)


def brush_between(column: Column, first: float, last: float, seen: SeenTrials) -> Brush:
    """Return the brush of what lies between two shares of an axis: its numbers, and the lanes that it touches."""
    low, high = sorted((first, last))
    lanes = frozenset(lane for lane, (begin, end) in column.lanes.items() if begin <= high and end >= low)
    if column.numbers is None or high < column.numbers[0] or low > column.numbers[1]:
        return Brush(lanes=lanes)
    if column.axis is None:
        values = seen.scale.values(np.array([column.within_numbers(end) for end in (low, high)])).tolist()
        return Brush(min(values), max(values), lanes)
    return Brush(column.place_of(low), column.place_of(high), lanes)
