"""The figure of the evaluated points: where in the search space the trials were, coloured by their objective."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.figures.arrays import SHORTEST, Floats, GrowingTable, drawable, finite, padded, robust_range
from core.figures.dimensions import OBJECTIVE, PlotDimension, dimensions
from core.figures.figure import Axis, Builder, Figure, Kind, Points, Series, kind_without_objective, point_at
from core.figures.scales import AxisScale
from core.progress import StudyProgress
from core.settings import StudySettings
from core.trial_progress import TrialProgress
from core.words import legends
from core.words.trials import best_in_words, failures_in_words

POINTS = (Kind.DONE, Kind.FAILED, Kind.UNFINISHED)
"""How trials are shown that have ended."""


def figure(
    progress: StudyProgress, selected: int | None = None, *, x: str | None = None, y: str | None = None
) -> Figure:
    """Return the figure of a study; it shows the first two parameters that are varied, or those of these names."""
    builder = PointsBuilder(progress, *shown_axes(progress.settings, (x, y)))
    builder.take(progress.trials)
    return builder.figure(selected)


def shown_axes(settings: StudySettings, wanted: tuple[str | None, str | None]) -> tuple[PlotDimension, PlotDimension]:
    """Return what stands on the axes: what is wanted as far as it is varied, and never the same on both."""
    offered = {dimension.name: dimension for dimension in dimensions(settings)}
    *parameters, _objective = offered
    wanted_x, wanted_y = wanted
    free = [name for name in parameters if name != wanted_y] or parameters
    x = wanted_x if wanted_x in parameters else free[0]
    others = [name for name in offered if name != x]
    return offered[x], offered[wanted_y if wanted_y in others else others[0]]


@dataclass(frozen=True, eq=False)
class _Past:
    """The trials that have ended and which kinds of them can be seen, the range of y, and the scale of the colours."""

    series: tuple[Series, ...]
    seen: set[Kind]
    view: tuple[float, float]
    colours: Axis | None


class PointsBuilder(Builder):
    """Makes figures of two things that can stand on an axis."""

    def __init__(self, progress: StudyProgress, x: PlotDimension, y: PlotDimension) -> None:
        super().__init__(progress)
        self._x, self._y = x, y
        self._higher = progress.objective.higher_is_better
        self._table = GrowingTable(5)  # trial, x, y, objective, index of its kind in POINTS
        self._past: tuple[int, _Past] | None = None
        """The past, and of how many trials it was made."""

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        numbers = np.array([trial.number for trial in trials])
        objectives = np.array([trial.objective for trial in trials], float)  # NaN for None
        kinds = np.array([POINTS.index(_kind(trial)) for trial in trials])
        self._table.append(numbers, *self._places(trials), objectives, kinds)

    def _places(self, trials: Sequence[TrialProgress]) -> tuple[Floats, Floats]:
        return np.array(list(map(self._x.position, trials))), np.array(list(map(self._y.position, trials)))

    # The past

    def _past_now(self) -> _Past:
        if self._past is None or self._past[0] != len(self.taken):
            self._past = len(self.taken), self._make_past()
        return self._past[1]

    def _make_past(self) -> _Past:
        numbers, x, y, objectives, kinds = (self._table.column(index) for index in range(5))
        view = self._y_range(y)
        y = self._in_range(y, view)
        shown = ((kind, kinds == index) for index, kind in enumerate(POINTS))
        series = tuple(
            Points(kind, numbers[where], x[where], y[where], objectives[where] if kind is Kind.DONE else None)
            for kind, where in shown
        )
        return _Past(series, _seen(series), view, self._colours_of(finite(drawable(objectives, log=False))))

    def _y_range(self, y: Floats) -> tuple[float, float]:
        if self._y.view is not None:
            return self._y.view
        known = finite(drawable(y, log=False))
        if not len(known):
            return 0.0, 1.0
        room = (0.12, 0.08) if self._higher else (0.08, 0.12)
        return padded(*robust_range(known, higher_is_better=self._higher), *room)

    def _in_range(self, y: Floats, view: tuple[float, float]) -> Floats:
        """Put what has no objective, where that is on the y axis, beside the edge of what is worst."""
        places = drawable(y, log=False)
        if self._y.name != OBJECTIVE:
            return places
        low, high = view
        worst = low + 0.05 * (high - low) if self._higher else high - 0.05 * (high - low)
        return np.where(np.isfinite(y), places, worst)

    def _colours_of(self, objectives: Floats) -> Axis | None:
        """Return the scale of the colours, whose ends differ."""
        if not len(objectives):
            return None
        low, high = robust_range(objectives, higher_is_better=self._higher)
        if high - low <= SHORTEST:
            high = low + (abs(low) * 0.1 if abs(low) > SHORTEST else 1.0)
        return Axis(AxisScale(legends.objective_scale(self.progress.objective)), (low, high), self._higher)

    # The present

    def figure(self, selected: int | None) -> Figure:
        """Return the figure of now."""
        progress, past = self.progress, self._past_now()
        running = list(progress.under_way.values())
        x, y = self._places(running)
        under_way = Points(
            Kind.RUNNING, np.array([trial.number for trial in running], float), x, self._in_range(y, past.view)
        )
        best = None if progress.best is None else progress.best.number
        marks = self._mark(Kind.BEST, best, past), self._mark(Kind.SELECTED, selected, past)
        present = (under_way, *(mark for mark in marks if mark is not None))
        count = {series.kind: len(series) for series in past.series}
        failures = failures_in_words(count[Kind.FAILED], count[Kind.UNFINISHED])
        return Figure(
            title="Evaluated points",
            x=Axis(self._x.scale, self._x.view or (0.0, 1.0)),
            y=Axis(self._y.scale, past.view, self._y.name == OBJECTIVE and self._higher),
            past=past.series,
            present=present,
            legend=_legend(past.seen | _seen(present)),
            colours=past.colours,
            summary=f"{self._x.label} and {self._y.label} of each trial. {best_in_words(progress)}{failures}",
            is_empty=not progress.trials,
        )

    def _mark(self, kind: Kind, number: int | None, past: _Past) -> Points | None:
        if number is None or number not in self.taken:
            return None
        (x,), y = self._places([self.progress.trials[number]])
        return point_at(kind, number, x, float(self._in_range(y, past.view)[0]))


def _seen(shown: Sequence[Series]) -> set[Kind]:
    """Return the kinds of which something has a place."""
    return {series.kind for series in shown if (np.isfinite(series.x) & np.isfinite(series.y)).any()}


def _legend(seen: set[Kind]) -> tuple[tuple[Kind, str], ...]:
    """Return the names of what can be seen; the colours have a scale of their own."""
    names = {
        Kind.BEST: legends.BEST,
        Kind.RUNNING: legends.RUNNING,
        Kind.SELECTED: legends.SELECTED,
        Kind.FAILED: legends.FAILED,
        Kind.UNFINISHED: legends.UNFINISHED,
    }
    return tuple((kind, name) for kind, name in names.items() if kind in seen)


def _kind(trial: TrialProgress) -> Kind:
    return Kind.DONE if trial.objective is not None else kind_without_objective(trial)
