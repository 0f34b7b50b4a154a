"""The figure of the convergence: every trial's objective in the order of the trials, and the best so far as a line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.figures.arrays import Flags, Floats, GrowingTable, drawable, padded
from core.figures.figure import Axis, Builder, Curve, Figure, Kind, Points, Series, kind_without_objective, point_at
from core.figures.scales import FROM_ONE, AxisScale
from core.figures.view import KeptView, ScaleChoice, ValueView, sensible, view_of_objectives
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.trial_progress import TrialProgress
from core.words import legends
from core.words.bounds import bounds_of
from core.words.trials import best_in_words, beyond_in_words, failures_in_words
from core.words.value_axes import names_of_objective

POINTS = (Kind.OTHER_ORIGIN, Kind.SURROGATE, Kind.FAILED, Kind.UNFINISHED)
"""How trials are shown: by who proposed them or, without an objective, by what became of them."""
BEYOND = {Kind.OTHER_ORIGIN: Kind.BEYOND_OTHER_ORIGIN, Kind.SURROGATE: Kind.BEYOND_SURROGATE}
"""How those are shown whose objective is worse than the view shows."""
BAR_ROOM, BAR_ROOM_OF_EVERYTHING = 0.15, 2.0
"""How much longer error bars make the view at each end, as a share of its length; what is longer is cut there."""
BAR_DOWN = 3
"""How many decades an error bar goes down on a logarithmic axis that has no place for its lower end."""
MIN_TRIALS = 20
"""The shortest axis of trials that is shown before the budget ends it."""


def figure(
    progress: StudyProgress,
    selected: int | None = None,
    *,
    choice: ScaleChoice = ScaleChoice.AUTOMATIC,
    everything: bool = False,
) -> Figure:
    """Return the figure of a study."""
    builder = ConvergenceBuilder(progress)
    builder.take(progress.trials)
    return builder.figure(selected, choice=choice, everything=everything)


@dataclass(frozen=True, eq=False)
class _Past:
    """All points and, through them, the bars and the line of the best so far; the view of the objectives.

    `seen` are the kinds of which something has a place, or is put at the edge of the view; `beyond` is the number of
    objectives that are worse than the view shows. `is_empty` is whether there are none, for which an axis would be
    invented.
    """

    series: tuple[Series, ...]
    seen: set[Kind]
    view: ValueView
    beyond: int
    is_empty: bool


class ConvergenceBuilder(Builder):
    """Makes figures of the convergence.

    The y of a trial without an objective is NaN, of one that its axis has no place for ±∞.
    """

    def __init__(self, progress: StudyProgress) -> None:
        super().__init__(progress)
        self._table = GrowingTable(4)  # trial, objective, index of its kind in POINTS, standard deviation of its scores
        self._origins: dict[PointOrigin, None] = {}
        self._bounds = bounds_of(progress.objective.quantity, progress.settings)
        self._kept = KeptView()
        self._past: tuple[object, _Past] | None = None
        """The past, and for what it was made."""

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        kinds = list(map(_kind, trials))
        others = (trial.origin for trial, kind in zip(trials, kinds, strict=True) if kind is Kind.OTHER_ORIGIN)
        self._origins.update(dict.fromkeys(others))
        numbers = np.array([trial.number for trial in trials])
        objectives = np.array([trial.objective for trial in trials], float)  # NaN for None
        spreads = np.array([trial.spread for trial in trials], float)
        self._table.append(numbers, objectives, np.array(list(map(POINTS.index, kinds))), spreads)

    # The past

    def _past_of(self, choice: ScaleChoice, *, everything: bool) -> _Past:
        key = len(self.taken), choice, everything, self.progress.running
        if self._past is None or self._past[0] != key:
            self._past = key, self._make_past(choice, everything=everything)
        return self._past[1]

    def _make_past(self, choice: ScaleChoice, *, everything: bool) -> _Past:
        numbers, objectives, kinds, spreads = (self._table.column(index) for index in range(4))
        view = view_of_objectives(
            objectives,
            higher_is_better=self.progress.objective.higher_is_better,
            bounds=self._bounds,
            choice=choice,
            everything=everything,
            span=self._kept.span,
        )
        view = self._kept.keep(view, choice, everything=everything, running=self.progress.running)
        y = view.places(objectives)
        shown = ((kind, kinds == index) for index, kind in enumerate(POINTS))
        points = [Points(kind, numbers[where], numbers[where], y[where]) for kind, where in shown]
        bars, ends = _bars(numbers, objectives, spreads, ~view.beyond(objectives), log=view.log)
        view = view.including(ends, BAR_ROOM_OF_EVERYTHING if everything else BAR_ROOM)
        series = (bars, self._best_so_far(numbers, objectives, view), *points)
        seen = {one.kind for one in series if len(one) and not np.isinf(one.y).all()}
        beyond = int(np.count_nonzero(view.beyond(objectives)))
        return _Past(series, seen, view, beyond, is_empty=not len(sensible(objectives)))

    def _best_so_far(self, numbers: Floats, objectives: Floats, view: ValueView) -> Curve:
        """Return the corners of the best so far, from the first objective to the last trial; a tie is no corner.

        Trials that ran at the same time need not have ended in the order of their numbers.
        """
        order = np.argsort(numbers, kind="stable")
        order = order[np.isfinite(view.places(objectives)[order])]
        if not len(order):
            return Curve(Kind.BEST_SO_FAR, *np.empty((3, 0)))
        cost = self.progress.objective.cost
        best = cost(np.minimum.accumulate(cost(objectives[order])))
        better = np.flatnonzero(np.diff(best, prepend=np.nan))
        found = numbers[order][better]
        x = np.repeat(np.append(found, numbers.max()), 2)[1:-1]
        return Curve(Kind.BEST_SO_FAR, np.repeat(found, 2), x, np.repeat(view.places(best[better]), 2))

    # The present

    def figure(
        self, selected: int | None, *, choice: ScaleChoice = ScaleChoice.AUTOMATIC, everything: bool = False
    ) -> Figure:
        """Return the figure of now, on an axis that is divided as chosen, of what matters or of everything."""
        progress, objective = self.progress, self.progress.objective
        past = self._past_of(choice, everything=everything)
        best = None if progress.best is None else progress.best.number
        marked = (self._mark(Kind.BEST, best, past.view), self._mark(Kind.SELECTED, selected, past.view))
        shown = tuple(mark for mark in marked if mark is not None)
        count = {series.kind: len(series) for series in past.series}
        higher = objective.higher_is_better
        summary = best_in_words(progress) + failures_in_words(count[Kind.FAILED], count[Kind.UNFINISHED])
        return Figure(
            title="Convergence",
            x=Axis(AxisScale("Trial", whole=True, bounds=FROM_ONE), self._trials_in_view()),
            y=Axis(past.view.scale(names_of_objective(objective)), past.view.range, higher),
            past=past.series,
            present=shown,
            legend=self._legend(past.seen, shown),
            summary=summary + beyond_in_words(past.beyond, higher_is_better=higher),
            is_empty=past.is_empty,
        )

    def _mark(self, kind: Kind, number: int | None, view: ValueView) -> Points | None:
        if number is None or number not in self.taken:
            return None
        objective = self.progress.trials[number].objective
        (y,) = view.places(np.array([objective], float))
        return point_at(kind, number, number, y)

    def _trials_in_view(self) -> tuple[float, float]:
        last = max(self.progress.trials, default=1)
        room = max(MIN_TRIALS, 2 ** last.bit_length())  # grows in steps, so that the view is calm
        return padded(1.0, float(max(last, min(room, self.progress.budget))), 0.03, 0.03)

    def _legend(self, past: set[Kind], marks: Sequence[Series]) -> tuple[tuple[Kind, str], ...]:
        """Return the names of what is shown, of which the best needs none beside the line that leads to it.

        That of what lies beyond a view is needed in some views only, and once.
        """
        higher = self.progress.objective.higher_is_better
        beyond = legends.beyond_the_view(higher_is_better=higher)
        names = {
            Kind.BEST_SO_FAR: legends.BEST_SO_FAR,
            Kind.OTHER_ORIGIN: legends.origins(self._origins),
            Kind.SURROGATE: legends.CHOSEN,
            Kind.BEYOND_SURROGATE: beyond,
            Kind.BEYOND_OTHER_ORIGIN: beyond,
            Kind.SELECTED: legends.SELECTED,
            Kind.FAILED: legends.FAILED,
            Kind.UNFINISHED: legends.UNFINISHED,
            Kind.BARS: legends.DEVIATION,
        }
        too_good = np.inf if higher else -np.inf  # for the axis, which then has no place for the mark
        seen = {*BEYOND.values(), *past, *(mark.kind for mark in marks if mark.y[0] != too_good)}
        if Kind.BEST not in seen:
            seen.discard(Kind.BEST_SO_FAR)
        return tuple((kind, name) for kind, name in names.items() if kind in seen)


def _bars(numbers: Floats, objectives: Floats, spreads: Floats, in_view: Flags, *, log: bool) -> tuple[Curve, Floats]:
    """Return bars of ± one standard deviation through means of several scores, and the ends of those in the view."""
    several = np.isfinite(drawable(objectives, log=log)) & (spreads > 0)
    numbers, means, spreads, in_view = numbers[several], objectives[several], spreads[several], in_view[several]
    y, low, high = (drawable(values, log=log) for values in (means, means - spreads, means + spreads))
    ends = np.where(np.isfinite(low), low, y - BAR_DOWN), np.where(np.isfinite(high), high, y)
    bars = np.column_stack((*ends, np.full(len(y), np.nan)))
    x = np.repeat(numbers, 3)
    return Curve(Kind.BARS, x, x, bars.ravel()), np.concatenate((low[in_view], high[in_view]))


def _kind(trial: TrialProgress) -> Kind:
    if trial.objective is None:
        return kind_without_objective(trial)
    return Kind.SURROGATE if trial.origin is PointOrigin.MODEL else Kind.OTHER_ORIGIN
