"""The figure of the slices: the belief along each varied parameter, and what was observed there."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import BeliefAnswer, Believer, Slice, TrustAnswer
from core.analysis.findings.explains_little import is_doubted
from core.analysis.when import belief_from
from core.events import TrialState
from core.figures.arrays import Floats
from core.figures.objective_cut import decided
from core.figures.objective_scale import ObjectiveScale, scale_of
from core.figures.parameter_axis import BOX, ParameterAxis, parameter_axes
from core.figures.table import Table
from core.figures.view import ScaleChoice, sensible
from core.formatting import counted
from core.parameters import Value
from core.progress import StudyProgress
from core.search.limits import MAX_HELD
from core.trial_progress import TrialProgress
from core.words.believed import (
    applies_in_words,
    no_improvement,
    slice_read_out,
    slices_subtitle,
    slices_title,
    turned,
)
from core.words.bounds import objective_bounds
from core.words.trials import parameters_by_name

MOST_PANELS = 6
"""So many parameters are shown at a time."""
_COLUMNS = (
    *("shown", "parameter", "value", "mean or result", "95 % from", "95 % to", "1 deviation from", "1 deviation to"),
    *("as good as the best", "expected improvement", "trial"),
)


@dataclass(frozen=True, eq=False)
class Observed:
    """Trials with their values, objectives and places: `near` is how much each says of the slice, from 0 to 1."""

    trials: tuple[int, ...]
    values: tuple[Value | None, ...]
    objectives: Floats
    x: Floats
    y: Floats
    near: Floats


@dataclass(frozen=True, eq=False)
class Beyond:
    """Trials in the lane of what is worse than the search is told: `states` says what they are."""

    trials: tuple[int, ...]
    values: tuple[Value | None, ...]
    objectives: Floats
    x: Floats
    states: tuple[TrialState, ...]
    near: Floats


@dataclass(frozen=True, eq=False)
class Drawn:
    """The belief along one parameter as places: x of its values, y of the mean and of the ends of its intervals.

    `below` and `above` are the ends of ±1 deviation; of the spread of trees there is none, and they are empty. `good`
    are the stretches of x that are as good as the best; trees tell none. `improvement` is the expected improvement as a
    share, and empty where nothing is expected. Where rules do not allow a value its x is NaN.
    `numbers` are the same five in the objective's unit, also where the view ends before them.
    """

    x: Floats
    mean: Floats
    low: Floats
    high: Floats
    below: Floats
    above: Floats
    good: tuple[tuple[float, float], ...]
    improvement: Floats
    numbers: tuple[Floats, Floats, Floats, Floats, Floats]


@dataclass(frozen=True, eq=False)
class Panel:
    """One parameter.

    `at` and `next` are the places of the slice and of the next point, None where they have none, with their texts.
    `drawn` is None where there is no belief, or the parameter does not apply at the slice: then `note` says where it
    does, or how many of its values were tried.
    """

    axis: ParameterAxis
    observed: Observed
    beyond: Beyond
    running: tuple[tuple[int, float], ...]
    drawn: Drawn | None = None
    at: float | None = None
    at_text: str = ""
    next: float | None = None
    next_text: str = ""
    note: str = ""
    summary: str = ""
    source: Slice | None = None


@dataclass(frozen=True, eq=False)
class SlicesFigure:
    """All panels over one axis of objectives.

    `nothing_yet` says why the strips hold nothing. `here` is the place of the mean at the slice. `best` is the number
    of the best observed trial; `at_best` is whether the slices go through it. `weak`: the belief explains little.
    `trees`: it is the spread of trees. `lane` is whether there is a lane for what is worse than the search is told, or
    failed.
    """

    panels: tuple[Panel, ...]
    scale: ObjectiveScale
    title: str
    subtitle: str = ""
    nothing_yet: str = ""
    here: float | None = None
    best: int | None = None
    at_best: bool = False
    averaged: bool = False
    weak: bool = False
    trees: bool = False
    has_belief: bool = False
    lane: bool = False

    @property
    def summary(self) -> str:
        """The slices in plain words, for those who cannot see them."""
        return f"{counted(len(self.panels), 'parameter')}. {'. '.join(panel.summary for panel in self.panels)}."

    @property
    def trials(self) -> set[int]:
        """The trials that are drawn."""
        return {number for panel in self.panels for number in (*panel.observed.trials, *panel.beyond.trials)}

    def table(self) -> Table:
        """Return what is drawn, one row per value or trial."""
        return Table(_COLUMNS, [row for panel in self.panels for row in _rows(panel)])


def objective_scale(
    progress: StudyProgress,
    answer: BeliefAnswer | None,
    after: int | None = None,
    choice: ScaleChoice = ScaleChoice.AUTOMATIC,
) -> ObjectiveScale:
    """Return the axis of objectives that slices and map share."""
    ended = progress.ended_after(after)
    observed = [trial.objective for trial in ended if trial.objective is not None]
    failed = sum(trial.state is TrialState.FAILED for trial in ended)
    choice = decided(progress.settings, sensible(np.array(observed)), failed, choice)
    cost = progress.objective.cost
    if answer is None:
        return scale_of(progress.settings, observed, choice=choice)
    means = [cost(mean) for one in answer.slices for mean in one.band.mean]
    believed = [turned(progress, answer.lowest)[1 + progress.objective.higher_is_better], *means]
    cut = None if answer.cut is None else cost(answer.cut)
    return scale_of(progress.settings, observed, believed, cut, choice)


def chosen_parameters(
    progress: StudyProgress, ranked: Sequence[str] = (), wanted: Sequence[str] | None = None
) -> list[str]:
    """Return the parameters that have a panel, in the form's order: those wanted, or those that matter most.

    `ranked` are the parameters by their importance, as far as that is known.
    """
    varied = list(progress.settings.varied)
    if wanted:
        kept = [name for name in varied if name in wanted]
    else:
        order = [*(name for name in ranked if name in varied), *(name for name in varied if name not in ranked)]
        kept = [name for name in varied if name in order[:MOST_PANELS]]
    return kept[:MOST_PANELS] or varied[:MOST_PANELS]


def figure(
    progress: StudyProgress,
    answer: BeliefAnswer | None,
    *,
    after: int | None = None,
    choice: ScaleChoice = ScaleChoice.AUTOMATIC,
    names: Sequence[str] | None = None,
    trust: TrustAnswer | None = None,
    hides_failed: bool = False,
    other_axes: Mapping[str, ParameterAxis] | None = None,
) -> SlicesFigure:
    """Return the figure of a study; `after` is the number of trials that had ended, None for all.

    `trust` is how far the belief can be trusted, None if that is not known: one that explains little is drawn weakly.
    `other_axes` are those of parameters that are not to be drawn on their own, such as over a wider range.
    """
    scale = objective_scale(progress, answer, after, choice)
    axes = {**parameter_axes(progress.settings), **(other_axes or {})}
    ended = told_of(progress.ended_after(after), answer)
    ended = [trial for trial in ended if not (hides_failed and trial.objective is None)]
    running = list(progress.under_way.values()) if after is None else []
    best = progress.best_after(after)
    panels = tuple(
        _panel(progress, axes[name], _slice_of(answer, name), answer, ended, running, scale)
        for name in (names or chosen_parameters(progress))
    )
    lane = scale.cut is not None or any(panel.beyond.trials for panel in panels)
    if answer is None:
        early = progress.results_after(after) < belief_from(len(progress.settings.varied))
        nothing = no_improvement(progress.settings) if early else ""
        title = slices_title(progress, None, at_best=False)
        return SlicesFigure(panels, scale, title, best=best, lane=lane, nothing_yet=nothing)
    return replace(_of_belief(progress, answer, panels, scale, best), weak=is_doubted(trust), lane=lane)


def _of_belief(
    progress: StudyProgress,
    answer: BeliefAnswer,
    panels: tuple[Panel, ...],
    scale: ObjectiveScale,
    best: int | None,
) -> SlicesFigure:
    at_best = is_at_best(progress, answer, best)
    here = None if answer.averaged or answer.here is None else progress.objective.cost(answer.here.mean)
    expected = any(one.improvement for one in answer.slices)
    return SlicesFigure(
        panels,
        scale,
        slices_title(progress, answer, at_best=at_best, tied=answer.through_trial != best),
        slices_subtitle(progress, answer),
        nothing_yet="" if expected else no_improvement(progress.settings),
        here=None if here is None else scale.place(here),
        best=best,
        at_best=at_best,
        averaged=answer.averaged,
        trees=answer.believer is Believer.TREES,
        has_belief=True,
    )


def _slice_of(answer: BeliefAnswer | None, name: str) -> Slice | None:
    return None if answer is None else next((one for one in answer.slices if one.parameter == name), None)


def told_of(ended: Sequence[TrialProgress], answer: BeliefAnswer | None) -> Sequence[TrialProgress]:
    """Return the trials that are drawn: of very many, those that the belief was told of."""
    if answer is None or len(ended) <= MAX_HELD:
        return ended
    told = set(answer.trials)
    return [trial for trial in ended if trial.number in told]


def is_at_best(progress: StudyProgress, answer: BeliefAnswer, best: int | None) -> bool:
    """Return whether the slices go through the best observed trial, or one that is as good."""
    if best is None or answer.averaged or answer.through_trial is None:
        return False
    return progress.trials[answer.through_trial].objective == progress.trials[best].objective


def _panel(
    progress: StudyProgress,
    axis: ParameterAxis,
    one: Slice | None,
    answer: BeliefAnswer | None,
    ended: Sequence[TrialProgress],
    running: Sequence[TrialProgress],
    scale: ObjectiveScale,
) -> Panel:
    near = {} if answer is None or one is None else dict(zip(answer.trials, one.nearness, strict=False))
    observed, beyond = _trials(axis, ended, scale, near, all_near=answer is None or answer.averaged)
    under_way = tuple(
        (trial.number, place) for trial in running if not math.isnan(place := axis.place(trial.values.get(axis.name)))
    )
    if answer is None or one is None:
        tried = len({trial.values.get(axis.name) for trial in ended} - {None})
        note = f"{tried} of its values tried"
        return Panel(axis, observed, beyond, under_way, note=note, summary=f"{axis.label}: {note}")
    at, at_text = _mark(axis, None if answer.averaged else answer.through)
    next_, next_text = _mark(axis, answer.next)
    given = progress.settings.varied[axis.name]
    parameter = parameters_by_name(progress.settings)[axis.name]
    return Panel(
        axis,
        observed,
        beyond,
        under_way,
        drawn=_drawn(axis, one, answer, scale, progress) if one.values else None,
        at=at,
        at_text=at_text,
        next=next_,
        next_text=next_text,
        note="" if one.values else applies_in_words(progress.settings, axis.name),
        summary=slice_read_out(progress, answer, one, axis.label, given, parameter),
        source=one,
    )


def _mark(axis: ParameterAxis, values: Mapping[str, Value] | None) -> tuple[float | None, str]:
    """Return the place of a point on an axis and its value as text; no place where it has none."""
    if values is None:
        return None, ""
    value = values.get(axis.name)
    place = axis.place(value)
    return (None, "") if math.isnan(place) else (place, "–" if value is None else axis.text(value))


def _trials(
    axis: ParameterAxis,
    ended: Sequence[TrialProgress],
    scale: ObjectiveScale,
    near: Mapping[int, float],
    *,
    all_near: bool,
) -> tuple[Observed, Beyond]:
    """Return the trials whose results are in view, and those that are in the lane of what is worse."""
    numbers = [trial.number for trial in ended]
    values = [trial.values.get(axis.name) for trial in ended]
    x = axis.spread_places(values, numbers)
    objectives = np.array([math.nan if trial.objective is None else trial.objective for trial in ended])
    outside = scale.is_beyond(objectives) | np.isnan(objectives)
    weight = np.ones(len(ended)) if all_near else np.array([near.get(number, 0.0) for number in numbers])
    order = np.argsort(weight, kind="stable")  # what says most lies above
    order = order[np.isfinite(x[order])]
    inside, beyond = order[~outside[order]], order[outside[order]]

    def of(rows: NDArray[np.intp]) -> tuple[tuple[int, ...], tuple[Value | None, ...], Floats, Floats]:
        which = rows.tolist()
        return tuple(numbers[row] for row in which), tuple(values[row] for row in which), objectives[rows], x[rows]

    states = tuple(ended[row].state for row in beyond.tolist())
    return (
        Observed(*of(inside), scale.places(objectives[inside]), weight[inside]),
        Beyond(*of(beyond), states, weight[beyond]),
    )


def _drawn(
    axis: ParameterAxis, one: Slice, answer: BeliefAnswer, scale: ObjectiveScale, progress: StudyProgress
) -> Drawn:
    cost, band = progress.objective.cost, one.band
    bounds = objective_bounds(progress)

    def numbers(costs: Sequence[float]) -> Floats:
        return np.clip(cost(np.array(costs, float)), *bounds)

    def ordered(one: Floats, other: Floats) -> tuple[Floats, Floats]:
        return np.minimum(one, other), np.maximum(one, other)

    mean, ends = numbers(band.mean), ordered(numbers(band.low), numbers(band.high))
    inner = ordered(numbers(band.below), numbers(band.above))
    allowed = np.array(one.allowed or [True] * len(one.values))
    x = np.where(allowed, [axis.place(value) for value in one.values], math.nan)
    return Drawn(
        x,
        scale.places(mean),
        scale.places(ends[0]),
        scale.places(ends[1]),
        scale.places(inner[0]),
        scale.places(inner[1]),
        () if answer.believer is Believer.TREES else _stretches(axis, x, one.as_good),
        np.clip(np.nan_to_num(np.array(one.improvement, float)), 0, None),
        (mean, *ends, *inner),
    )


def _stretches(axis: ParameterAxis, x: Floats, as_good: Sequence[bool]) -> tuple[tuple[float, float], ...]:
    """Return the stretches of the axis whose values are as good: one a run, or one a lane."""
    if axis.lanes:
        half = BOX * axis.lane_width / 2
        lanes = zip(x.tolist(), as_good, strict=True)
        return tuple((at - half, at + half) for at, good in lanes if good and math.isfinite(at))
    between = (x[1:] + x[:-1]) / 2
    first, last = np.append(x[:1], between), np.append(between, x[-1:])
    first, last = np.where(np.isnan(first), x, first), np.where(np.isnan(last), x, last)  # beside what is not allowed
    stretches: list[tuple[float, float]] = []
    good = np.array(as_good, bool) & np.isfinite(x)
    for place in np.flatnonzero(good).tolist():
        begin = stretches.pop()[0] if place and good[place - 1] else float(first[place])
        stretches.append((begin, float(last[place])))
    return tuple(stretches)


def _rows(panel: Panel) -> Iterator[tuple[object, ...]]:
    one, drawn = panel.source, panel.drawn
    if one is not None and drawn is not None:
        yield from _rows_of_belief(panel.axis.label, one, drawn)
    observed = ["observed"] * len(panel.observed.trials)
    yield from _rows_of_trials(panel.axis.label, panel.observed, observed)
    yield from _rows_of_trials(panel.axis.label, panel.beyond, [state.value for state in panel.beyond.states])


def _rows_of_belief(label: str, one: Slice, drawn: Drawn) -> Iterator[tuple[object, ...]]:
    nothing = [None] * len(one.values)
    columns = [numbers.tolist() if len(numbers) else nothing for numbers in drawn.numbers]
    for value, *cells in zip(one.values, *columns, one.as_good, one.improvement or nothing, strict=True):
        yield "belief", label, value, *cells, None


def _rows_of_trials(label: str, shown: Observed | Beyond, states: Sequence[str]) -> Iterator[tuple[object, ...]]:
    for state, value, objective, trial in zip(states, shown.values, shown.objectives, shown.trials, strict=True):
        yield state, label, value, None if math.isnan(objective) else float(objective), *[None] * 6, trial
