"""The figure of the evaluated points: where in the search space the trials were, coloured by their objective."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.axis import Axis as RangeAxis
from core.figures.arrays import SHORTEST, Floats, GrowingTable, drawable
from core.figures.dimensions import OBJECTIVE, PlotDimension, dimensions
from core.figures.figure import Axis, Builder, Figure, Kind, Points, Series, kind_without_objective, point_at
from core.figures.view import KeptView, ScaleChoice, ValueView, view_of_objectives
from core.models.declarations import LEARNING_RATE
from core.progress import StudyProgress
from core.settings import StudySettings
from core.trial_progress import TrialProgress
from core.words import legends
from core.words.bounds import bounds_of
from core.words.trials import best_in_words, failures_in_words
from core.words.value_axes import names_of_objective

POINTS = (Kind.DONE, Kind.FAILED, Kind.UNFINISHED)
"""How trials are shown that have ended."""


def figure(
    progress: StudyProgress,
    selected: int | None = None,
    *,
    x: str | None = None,
    y: str | None = None,
    everything: bool = False,
) -> Figure:
    """Return the figure of a study; it shows the two varied parameters that say most, or those of these names."""
    builder = PointsBuilder(progress, *shown_axes(progress.settings, (x, y)))
    builder.take(progress.trials)
    return builder.figure(selected, everything=everything)


def shown_axes(
    settings: StudySettings, wanted: tuple[str | None, str | None], matters: Sequence[str] = ()
) -> tuple[PlotDimension, PlotDimension]:
    """Return what stands on the axes: what is wanted as far as it is varied, and never the same on both.

    By themselves they are the parameters that `matters` names, which matter most, then the learning rate and the
    numbers of which most values are possible.
    """
    *varied, objective = dimensions(settings)
    varied.sort(key=lambda dimension: (_place_in(matters, dimension.name), _rank(dimension, settings)))
    parameters = [dimension.name for dimension in varied]
    offered = {dimension.name: dimension for dimension in (*varied, objective)}
    wanted_x, wanted_y = wanted
    free = [name for name in parameters if name != wanted_y] or parameters
    x = wanted_x if wanted_x in parameters else free[0]
    others = [name for name in offered if name != x]
    return offered[x], offered[wanted_y if wanted_y in others else others[0]]


def _place_in(names: Sequence[str], name: str) -> int:
    """Return the place of a name, after all of them where it is not one."""
    return names.index(name) if name in names else len(names)


def _rank(dimension: PlotDimension, settings: StudySettings) -> tuple[bool, bool, bool, float]:
    """Return what sorts dimensions by what is seen on them: numbers that apply to all trials, spread over the axis."""
    values = RangeAxis(settings.varied[dimension.name])
    is_number = not any(isinstance(level, str | bool) for level in values.levels or ())
    count = values.count or math.inf
    return not is_number, dimension.scale.lane is not None, dimension.name != LEARNING_RATE.name, -count


@dataclass(frozen=True, eq=False)
class _Past:
    """The trials that have ended, which kinds of them can be seen, the view of objectives, and the scale of colours."""

    series: tuple[Series, ...]
    seen: set[Kind]
    view: ValueView
    colours: Axis | None


class PointsBuilder(Builder):
    """Makes figures of two things that can stand on an axis."""

    def __init__(self, progress: StudyProgress, x: PlotDimension, y: PlotDimension) -> None:
        super().__init__(progress)
        self._x, self._y = x, y
        self._higher = progress.objective.higher_is_better
        self._table = GrowingTable(5)  # trial, x, y, objective, index of its kind in POINTS
        self._bounds = bounds_of(progress.objective.quantity, progress.settings)
        self._kept = KeptView()
        self._past: tuple[object, _Past] | None = None
        """The past, and for what it was made."""

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        numbers = np.array([trial.number for trial in trials])
        objectives = np.array([trial.objective for trial in trials], float)  # NaN for None
        kinds = np.array([POINTS.index(_kind(trial)) for trial in trials])
        self._table.append(numbers, *self._places(trials), objectives, kinds)

    def _places(self, trials: Sequence[TrialProgress]) -> tuple[Floats, Floats]:
        return np.array(list(map(self._x.position, trials))), np.array(list(map(self._y.position, trials)))

    # The past

    def _past_of(self, *, everything: bool) -> _Past:
        key = len(self.taken), everything, self.progress.running
        if self._past is None or self._past[0] != key:
            self._past = key, self._make_past(everything=everything)
        return self._past[1]

    def _make_past(self, *, everything: bool) -> _Past:
        numbers, x, y, objectives, kinds = (self._table.column(index) for index in range(5))
        view = view_of_objectives(
            objectives,
            higher_is_better=self._higher,
            bounds=self._bounds,
            everything=everything,
            span=self._kept.span,
        )
        view = self._kept.keep(view, ScaleChoice.AUTOMATIC, everything=everything, running=self.progress.running)
        y = self._in_view(y, view)
        done, failed, unfinished = (np.flatnonzero(kinds == index) for index in range(len(POINTS)))
        beyond = view.beyond(objectives[done])
        worse, done = done[beyond], done[~beyond]
        done = done[
            np.argsort(-self.progress.objective.cost(objectives[done]), kind="stable")
        ]  # the best lie above the others
        colours = np.clip(view.places(objectives[done]), *view.range)
        series = (
            Points(Kind.DONE, numbers[done], x[done], y[done], colours),
            *(
                Points(kind, numbers[rows], x[rows], y[rows])
                for kind, rows in ((Kind.WORSE, worse), (Kind.FAILED, failed), (Kind.UNFINISHED, unfinished))
            ),
        )
        return _Past(series, _seen(series), view, self._colours_of(colours, view, hides=len(worse) > 0))

    def _in_view(self, y: Floats, view: ValueView) -> Floats:
        """Return positions on y. On an axis of objectives what has none, or a worse one, stands at the bad end."""
        if self._y.name != OBJECTIVE:
            return drawable(y, log=False)
        worst = view.range[0] if self._higher else view.range[1]
        return np.where(np.isnan(y) | view.beyond(y), worst, view.places(y))

    def _colours_of(self, places: Floats, view: ValueView, *, hides: bool) -> Axis | None:
        """Return the scale of colours for positions from the worst to the best in view; its ends differ."""
        if not len(places):
            return None
        best, worst = (float(places[index]) for index in (-1, 0))
        if hides:
            worst = view.range[0] if self._higher else view.range[1]
        if abs(worst - best) <= SHORTEST:
            length = abs(best) * 0.1 if abs(best) > SHORTEST else 1.0
            worst = best - length if self._higher else best + length
        scale = view.scale(names_of_objective(self.progress.objective))
        sign = "<" if self._higher else ">"
        beyond = f"{sign} {scale.written(worst, abs(worst - best) / 2)}" if hides else ""
        return Axis(scale, (min(best, worst), max(best, worst)), self._higher, beyond)

    # The present

    def figure(self, selected: int | None, *, everything: bool = False) -> Figure:
        """Return the figure of now, of what matters or of everything."""
        progress, past = self.progress, self._past_of(everything=everything)
        running = list(progress.under_way.values())
        x, y = self._places(running)
        numbers = np.array([trial.number for trial in running], float)
        under_way = Points(Kind.RUNNING, numbers, x, self._in_view(y, past.view))
        best = None if progress.best is None else progress.best.number
        marks = self._mark(Kind.BEST, best, past), self._mark(Kind.SELECTED, selected, past)
        present = (under_way, *(mark for mark in marks if mark is not None))
        return Figure(
            title="Evaluated points",
            x=Axis(self._x.scale, self._x.view or (0.0, 1.0)),
            y=self._y_axis(past),
            past=past.series,
            present=present,
            legend=_legend(past.seen | _seen(present), [trial.number for trial in running]),
            colours=past.colours,
            summary=self._summary(past),
            is_empty=not progress.trials,
        )

    def _y_axis(self, past: _Past) -> Axis:
        """Return the axis; one of objectives says no number before there is one."""
        if self._y.view is not None:
            return Axis(self._y.scale, self._y.view)
        view = past.view
        scale = view.scale(names_of_objective(self.progress.objective))
        if past.colours is None:
            worst = view.range[0] if self._higher else view.range[1]
            scale = replace(scale, lane=(worst, math.inf))
        return Axis(scale, view.range, self._higher)

    def _summary(self, past: _Past) -> str:
        count = {series.kind: len(series) for series in past.series}
        failures = failures_in_words(count[Kind.FAILED], count[Kind.UNFINISHED])
        worse = f"; {count[Kind.WORSE]} worse than the colours show" if count[Kind.WORSE] else ""
        best = best_in_words(self.progress)
        return f"{self._x.label} and {self._y.label} of each trial. {best}{failures}{worse}"

    def _mark(self, kind: Kind, number: int | None, past: _Past) -> Points | None:
        if number is None or number not in self.taken:
            return None
        (x,), y = self._places([self.progress.trials[number]])
        return point_at(kind, number, x, float(self._in_view(y, past.view)[0]))


def _seen(shown: Sequence[Series]) -> set[Kind]:
    """Return the kinds of which something has a place."""
    return {series.kind for series in shown if (np.isfinite(series.x) & np.isfinite(series.y)).any()}


def _legend(seen: set[Kind], running: Sequence[int]) -> tuple[tuple[Kind, str], ...]:
    """Return the names of what can be seen; the colours have a scale of their own."""
    names = {
        Kind.BEST: legends.BEST,
        Kind.RUNNING: legends.running_trials(running) if running else "",
        Kind.SELECTED: legends.SELECTED,
        Kind.WORSE: legends.WORSE,
        Kind.FAILED: legends.FAILED,
        Kind.UNFINISHED: legends.UNFINISHED,
    }
    return tuple((kind, name) for kind, name in names.items() if kind in seen)


def _kind(trial: TrialProgress) -> Kind:
    return Kind.DONE if trial.objective is not None else kind_without_objective(trial)
