"""The figure of the map: what is believed over two parameters, in steps, and where the trials were."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.answers import BeliefAnswer, MapAnswer
from core.analysis.questions import Quantity
from core.events import TrialState
from core.figures.arrays import Flags, Floats
from core.figures.map_colours import MapColours, Steps, colours_of
from core.figures.objective_scale import ObjectiveScale
from core.figures.parameter_axis import ParameterAxis, parameter_axes
from core.figures.slices import told_of
from core.figures.table import Table
from core.formatting import format_number
from core.parameters import Value
from core.progress import StudyProgress
from core.settings import StudySettings
from core.trial_progress import TrialProgress
from core.words.captions import in_a_sentence
from core.words.trials import parameters_by_name

_STRIP = 0.8
"""The height of a strip, as a share of its lane."""
_ASIDE = 7
"""Trials are spread over lanes of both axes otherwise, or they would stand on a diagonal."""
EXCLUDED = -1
"""The step of what is no place on the map, or not allowed."""
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
    """The belief over two parameters, at the grid's places on both axes, with its colours.

    `points` are the trials; `running` those under way, `next` the next point and `through` that of the slices.
    """

    title: str
    across: ParameterAxis
    up: ParameterAxis
    quantity: Quantity
    colours: MapColours
    allowed: Flags
    across_places: Floats
    up_places: Floats
    points: tuple[MapPoint, ...]
    running: tuple[tuple[int, Place], ...]
    next: Place | None
    through: Place | None
    best: int | None
    summary: str
    table: Table

    def steps(self, width: int, height: int) -> Steps:
        """Return the step at each pixel, from the top; `EXCLUDED` between lanes and where nothing is allowed."""
        columns, in_column = _coordinates(self.across, self.across_places, (np.arange(width) + 0.5) / width)
        rows, in_row = _coordinates(self.up, self.up_places, 1 - (np.arange(height) + 0.5) / height)
        field = _between(_between(self.colours.field, rows, 0), columns, 1)
        nearest = np.ix_(np.rint(rows).astype(int), np.rint(columns).astype(int))
        found = self.colours.step_of(field)
        found[~(self.allowed[nearest] & in_row[:, None] & in_column[None, :] & np.isfinite(field))] = EXCLUDED
        return found


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
    colours = colours_of(answer, quantity, scale, progress.objective.cost)
    ended = progress.ended_after(after)
    shown = [trial for trial in told_of(ended, belief) if not (hides_failed and trial.objective is None)]
    under_way = list(progress.under_way.values()) if after is None else []
    running = ((trial.number, _place(across, up, trial.values, trial.number)) for trial in under_way)
    return MapFigure(
        title_of(progress.settings, answer.across, answer.up),
        across,
        up,
        quantity,
        colours,
        np.array(answer.allowed, bool),
        np.array([across.place(value) for value in answer.across_values]),
        np.array([up.place(value) for value in answer.up_values]),
        _points(shown, across, up, colours if quantity is Quantity.MEAN else None, scale),
        tuple((number, place) for number, place in running if place is not None),
        _mark(across, up, None if belief is None else belief.next),
        _mark(across, up, None if belief is None or belief.averaged else belief.through),
        progress.best_after(after),
        _summary(progress, answer),
        _table(progress, answer, across, up),
    )


def _mark(across: ParameterAxis, up: ParameterAxis, values: Mapping[str, Value] | None) -> Place | None:
    return None if values is None else _place(across, up, values, 0)


def _points(
    shown: Sequence[TrialProgress],
    across: ParameterAxis,
    up: ParameterAxis,
    colours: MapColours | None,
    scale: ObjectiveScale,
) -> tuple[MapPoint, ...]:
    """Return the trials that have a place; without `colours` all results have one step."""
    objectives = np.array([math.nan if trial.objective is None else trial.objective for trial in shown])
    found = np.zeros(len(shown), np.int16) if colours is None else colours.step_of(scale.places(objectives))
    steps = found.tolist()
    numbers = [trial.number for trial in shown]
    x, y = (
        axis.spread_places([trial.values.get(axis.name) for trial in shown], [number + aside for number in numbers])
        for axis, aside in ((across, 0), (up, _ASIDE))
    )
    points = []
    for row in np.flatnonzero(np.isfinite(x) & np.isfinite(y)).tolist():
        trial, at = shown[row], (float(x[row]), float(y[row]))
        points.append(MapPoint(trial.number, *at, EXCLUDED if trial.objective is None else steps[row], trial.state))
    return tuple(points)


def _table(progress: StudyProgress, answer: MapAnswer, across: ParameterAxis, up: ParameterAxis) -> Table:
    """Return a row for each point of the grid."""
    columns = across.label, up.label, "mean", "deviation", "expected improvement", "allowed"
    expected = answer.improvement or [[None] * len(answer.across_values)] * len(answer.up_values)
    cost = progress.objective.cost
    rows = [
        (x, y, cost(answer.mean[row][at]), answer.deviation[row][at], expected[row][at], allowed)
        for row, y in enumerate(answer.up_values)
        for at, (x, allowed) in enumerate(zip(answer.across_values, answer.allowed[row], strict=True))
    ]
    return Table(columns, rows)


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
        for axis, aside in ((across, 0), (up, _ASIDE))
    )
    return None if any(map(math.isnan, place)) else (place[0], place[1])


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
