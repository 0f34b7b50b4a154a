"""The figure of the map: what is believed over two parameters, in steps, and where the trials were."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import BeliefAnswer, MapAnswer
from core.analysis.questions import Quantity
from core.events import TrialState
from core.figures.arrays import Flags, Floats
from core.figures.objective_scale import ObjectiveScale
from core.figures.parameter_axis import ParameterAxis, parameter_axes
from core.figures.round_numbers import round_numbers, written_apart
from core.figures.slices import best_of, ended_after
from core.figures.table import Table
from core.formatting import format_number
from core.parameters import Value
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.captions import in_a_sentence
from core.words.trials import parameters_by_name

_MOST_STEPS = 9
_STRIP = 0.8
"""The height of a strip, as a share of its lane."""
EXCLUDED = -1
"""The step of what is no place on the map, or not allowed."""
Steps = NDArray[np.int16]
Place = tuple[float, float]


@dataclass(frozen=True)
class MapPoint:
    """A trial's place. `step` is that of its result among the colours; `EXCLUDED` for one without a result."""

    trial: int
    x: float
    y: float
    step: int
    state: TrialState


@dataclass(frozen=True, eq=False)
class MapFigure:
    """The field over places, coloured in `count` steps, the first one the best or the lowest.

    `bounds` are the places of the ends of the steps on the bar of colours, from 0 at its bottom; `ticks` are its
    labels. `rises` is whether the first step is at the bottom. `field` has a row per place in `up_places`.
    """

    title: str
    across: ParameterAxis
    up: ParameterAxis
    quantity: Quantity
    field: Floats
    allowed: Flags
    across_places: Floats
    up_places: Floats
    bounds: Floats
    ticks: tuple[tuple[float, str], ...]
    rises: bool
    points: tuple[MapPoint, ...]
    running: tuple[tuple[int, Place], ...] = ()
    next: Place | None = None
    through: Place | None = None
    best: int | None = None
    summary: str = ""
    source: MapAnswer | None = None
    higher_is_better: bool = False

    @property
    def count(self) -> int:
        return len(self.bounds) - 1

    def step_of(self, places: Floats) -> Steps:
        """Return the step of places on the bar of colours."""
        inside = np.searchsorted(self.bounds[1:-1], places, side="right")
        return (inside if self.rises else self.count - 1 - inside).astype(np.int16)

    def steps(self, width: int, height: int) -> Steps:
        """Return the step at each pixel, from the top; `EXCLUDED` between lanes and where nothing is allowed."""
        columns, in_column = _coordinates(self.across, self.across_places, (np.arange(width) + 0.5) / width)
        rows, in_row = _coordinates(self.up, self.up_places, 1 - (np.arange(height) + 0.5) / height)
        field = _between(_between(self.field, rows, 0), columns, 1)
        nearest = np.ix_(np.rint(rows).astype(int), np.rint(columns).astype(int))
        found = self.step_of(field)
        found[~(self.allowed[nearest] & in_row[:, None] & in_column[None, :] & np.isfinite(field))] = EXCLUDED
        return found

    def table(self) -> Table:
        """Return a row for each point of the grid."""
        answer = self.source
        assert answer is not None
        columns = self.across.label, self.up.label, "mean", "deviation", "expected improvement", "allowed"
        expected = answer.improvement or [[None] * len(answer.across_values)] * len(answer.up_values)
        rows = [
            (x, y, self.cost(answer.mean[row][at]), answer.deviation[row][at], expected[row][at], allowed)
            for row, y in enumerate(answer.up_values)
            for at, (x, allowed) in enumerate(zip(answer.across_values, answer.allowed[row], strict=True))
        ]
        return Table(columns, rows)

    def cost(self, cost: float) -> float:
        """Return the objective of a cost."""
        return -cost if self.higher_is_better else cost


def figure(
    progress: StudyProgress,
    answer: MapAnswer,
    scale: ObjectiveScale,
    belief: BeliefAnswer | None,
    quantity: Quantity = Quantity.MEAN,
    *,
    after: int | None = None,
    hides_failed: bool = False,
) -> MapFigure:
    """Return the figure of a map; `scale` is that of the slices."""
    axes = parameter_axes(progress.settings)
    across, up = axes[answer.across], axes[answer.up]
    field, bounds, ticks, rises = _coloured(progress, answer, scale, quantity)
    shown = ended_after(progress, after)
    objectives = np.array([math.nan if trial.objective is None else trial.objective for trial in shown])
    bare = MapFigure(
        title_of(progress.settings, answer.across, answer.up),
        across,
        up,
        quantity,
        field,
        np.array(answer.allowed, bool),
        np.array([across.place(value) for value in answer.across_values]),
        np.array([up.place(value) for value in answer.up_values]),
        bounds,
        ticks,
        rises,
        (),
    )
    steps = bare.step_of(scale.places(objectives)) if quantity is Quantity.MEAN else np.zeros(len(shown), np.int16)
    points = []
    for trial, step, objective in zip(shown, steps.tolist(), objectives.tolist(), strict=True):
        place = _place(across, up, trial.values, trial.number)
        if place is not None and not (hides_failed and math.isnan(objective)):
            points.append(MapPoint(trial.number, *place, EXCLUDED if math.isnan(objective) else step, trial.state))
    under_way = list(progress.under_way.values()) if after is None else []
    running = ((trial.number, _place(across, up, trial.values, trial.number)) for trial in under_way)
    return replace(
        bare,
        points=tuple(points),
        running=tuple((number, place) for number, place in running if place is not None),
        next=None if belief is None or belief.next is None else _place(across, up, belief.next, 0),
        through=None if belief is None or belief.averaged else _place(across, up, belief.through, 0),
        best=best_of(progress, shown),
        summary=_summary(progress, answer),
        source=answer,
        higher_is_better=scale.higher_is_better,
    )


def pair_to_show(progress: StudyProgress, ranked: Sequence[str] = ()) -> tuple[str, str] | None:
    """Return the parameters that the map opens with: the two that matter most or come first, numbers across."""
    varied = list(progress.settings.varied)
    if len(varied) < 2:
        return None
    axes = parameter_axes(progress.settings)
    order = [*(name for name in ranked if name in varied), *(name for name in varied if name not in ranked)]
    if not ranked:  # numbers say most on a map
        order.sort(key=lambda name: (bool(axes[name].lanes), axes[name].can_lack))
    return oriented(axes, order[0], order[1])


def oriented(axes: Mapping[str, ParameterAxis], one: str, other: str) -> tuple[str, str]:
    """Return a pair with the parameter that has lanes second: it stands on y, where names have room."""
    first, second = sorted((one, other), key=lambda name: list(axes).index(name))
    return (second, first) if axes[first].lanes and not axes[second].lanes else (first, second)


def title_of(settings: StudySettings, across: str, up: str) -> str:
    """Return "Learning rate × batch size"; a name from a model file stays as it is."""
    axes = parameter_axes(settings)
    parameter, label = axes[up].parameter, axes[up].label
    return f"{axes[across].label} × {label if label != parameter.label else in_a_sentence(parameter)}"


def _place(across: ParameterAxis, up: ParameterAxis, values: Mapping[str, Value], trial: int) -> Place | None:
    place = tuple(
        axis.spread_place(values.get(axis.name), trial + aside) if trial else axis.place(values.get(axis.name))
        for axis, aside in ((across, 0), (up, 7))
    )
    return None if any(map(math.isnan, place)) else (place[0], place[1])


def _coloured(
    progress: StudyProgress, answer: MapAnswer, scale: ObjectiveScale, quantity: Quantity
) -> tuple[Floats, Floats, tuple[tuple[float, str], ...], bool]:
    """Return the field as places on the bar of colours, the ends of its steps, its labels, and whether it rises."""
    if quantity is Quantity.MEAN:
        field = scale.places(progress.objective.cost(np.array(answer.mean, float)))
        ticks = tuple((place, text) for place, text in scale.ticks(300, 20) if text and 0.02 < place < 0.98)
        ends = np.array([0.0, *(place for place, _ in ticks), 1.0])
        edge = ((0.0 if scale.higher_is_better else 1.0), scale.cut_label)
        return field, ends, (*ticks, edge) if scale.cut is not None else ticks, not scale.higher_is_better
    improvement = answer.improvement or tuple((0.0,) * len(answer.across_values) for _ in answer.up_values)
    values = np.array(answer.deviation if quantity is Quantity.DEVIATION else improvement, float)
    top = float(np.nanmax(np.where(np.isfinite(values), values, 0.0), initial=0.0))
    if quantity is Quantity.IMPROVEMENT:
        top = max(top, 1.0)
    top = top or 1.0
    numbers = [number for number in round_numbers(0.0, top, _MOST_STEPS) if 0 < number < top * (1 - 1e-9)]
    share = quantity is Quantity.IMPROVEMENT
    texts = [f"{round(100 * number)} %" for number in numbers] if share else written_apart(numbers)
    first = "0 %" if share else "0"
    last = f"{round(100 * top)} %" if share else format_number(top, 2)
    labels = ((0.0, first), *zip((number / top for number in numbers), texts, strict=True))
    close = bool(numbers) and numbers[-1] / top > 0.93
    ticks = labels if close else (*labels, (1.0, last))
    return values / top, np.array([0.0, *(number / top for number in numbers), 1.0]), ticks, True


def _coordinates(axis: ParameterAxis, places: Floats, at: Floats) -> tuple[Floats, Flags]:
    """Return where in the grid places are, and which of them belong to the map."""
    if axis.lanes:
        lane = np.abs(at[:, None] - places[None, :]).argmin(axis=1)
        inside: Flags = np.abs(at - places[lane]) <= _STRIP / 2 * axis.lane_width
        return lane.astype(float), inside
    within: Flags = (at >= places[0]) & (at <= places[-1])
    return np.interp(at, places, np.arange(len(places))), within


def _between(field: Floats, at: Floats, axis: int) -> Floats:
    """Return the field at fractional indices along an axis, linear between the grid's points."""
    below = np.clip(np.floor(at).astype(int), 0, max(0, field.shape[axis] - 2))
    above = np.minimum(below + 1, field.shape[axis] - 1)
    share = at - below
    share = share[:, None] if axis == 0 else share[None, :]
    return np.asarray(np.take(field, below, axis) * (1 - share) + np.take(field, above, axis) * share)


def _summary(progress: StudyProgress, answer: MapAnswer) -> str:
    mean = np.where(np.array(answer.allowed, bool), np.array(answer.mean, float), np.inf)
    row, column = np.unravel_index(int(np.argmin(mean)), mean.shape)
    parameters = parameters_by_name(progress.settings)
    where = ", ".join(
        f"{in_a_sentence(parameters[name])} {parameters[name].text(value)}"
        for name, value in ((answer.across, answer.across_values[column]), (answer.up, answer.up_values[row]))
    )
    objective = progress.objective
    return (
        f"{objective.extreme.capitalize()} mean {format_number(objective.cost(float(mean[row, column])))} at {where}."
    )
