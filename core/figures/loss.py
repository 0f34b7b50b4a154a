"""The figure of the losses: every trial's, epoch by epoch, the running ones bright and the earlier ones faint.

Where another metric is the objective it can show that one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.events import TrialState
from core.figures.arrays import GrowingTable, padded
from core.figures.figure import Axis, Builder, Curve, Figure, Kind, Series
from core.figures.loss_lines import TrialLines, latest
from core.figures.loss_present import Present, counted_line, counted_metric
from core.figures.loss_range import ValueRange
from core.figures.measures import Measure, measures_of
from core.figures.scales import AxisScale
from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.trial_progress import TrialProgress
from core.words import legends
from core.words.trials import best_in_words, running_in_words

MAX_POINTS = 20_000
"""The most points of earlier trials that are drawn, the newest ones; more would slow every paint down."""


class LossKind(StrEnum):
    """Which curves of the earlier trials are drawn."""

    VALIDATION = "validation"
    TRAINING = "training"
    BOTH = "both"


def figure(
    progress: StudyProgress,
    selected: int | None = None,
    *,
    measure: Measure | None = None,
    earlier: LossKind | None = None,
    log: bool = False,
) -> Figure:
    """Return the figure of a study; it shows what the objective is taken from, unless something else is asked for."""
    builder = LossBuilder(progress, measure or measures_of(progress.settings)[-1])
    builder.take(progress.trials)
    return builder.figure(selected, earlier, log=log)


def earlier_of(objective: ObjectiveSettings) -> LossKind:
    """Return which curves of the earlier trials show what the objective is taken from."""
    return LossKind.VALIDATION if objective.in_validation else LossKind.TRAINING


@dataclass(frozen=True, eq=False)
class _Past:
    """The trials that have ended: as drawn, their number, whether that is all of them, and their range."""

    series: tuple[Series, ...]
    trials: int
    all_shown: bool
    range: ValueRange


class LossBuilder(Builder):
    """Makes figures of one measure."""

    def __init__(self, progress: StudyProgress, measure: Measure) -> None:
        super().__init__(progress)
        self._measure = measure
        self._table = GrowingTable(4)  # trial, epoch, training, validation; a row of NaN after each trial
        self._ends = GrowingTable(2)  # first and last value of each complete trial
        self._longest = 1
        self._lines = TrialLines()
        self._past: tuple[object, _Past] | None = None
        """The past, and for what it was made."""

    # The past

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        trained = [trial for trial in trials if trial.losses]
        for number, lines in latest(trained, self._measure, MAX_POINTS):
            self._table.append(float(number), *(np.append(column, np.nan) for column in lines))
        self._longest = max([self._longest, *(trial.epochs for trial in trained)])
        metric = counted_metric(self._measure, self.progress.objective)
        courses = [trial.course(metric) for trial in trained if trial.state is TrialState.COMPLETE]
        known = [course for course in courses if course]
        self._ends.append(np.array([course[0] for course in known]), np.array([course[-1] for course in known]))

    def _past_of(self, earlier: LossKind, *, log: bool) -> _Past:
        """Return the past, on a logarithmic axis unless something of it is below zero."""
        key = len(self.taken), earlier, log
        if self._past is None or self._past[0] != key:
            self._past = key, self._make_past(earlier, log=log)
        return self._past[1]

    def _make_past(self, earlier: LossKind, *, log: bool) -> _Past:
        first = self._first_drawn()
        trials, epochs, training, validation = (self._table.column(index)[first:] for index in range(4))
        count = len(np.unique(trials))
        if earlier is LossKind.BOTH:
            trials, epochs = np.concatenate([trials, trials]), np.concatenate([epochs, epochs])
            values = np.concatenate([validation, training])
        else:
            values = training if earlier is LossKind.TRAINING else validation
        ends = np.concatenate([self._ends.column(0), self._ends.column(1)])
        log = log and not any((part < 0).any() for part in (values, ends))
        range_ = ValueRange(values, ends, log=log, higher_is_better=self._measure.higher_is_better)
        curve = Curve(Kind.PAST, trials, epochs, range_.drawn(values, range_.home()))
        return _Past((curve,), count, first == 0, range_)

    def _first_drawn(self) -> int:
        """Return the row at which drawing begins: that of a trial, so that at most MAX_POINTS follow.

        It moves in leaps: between them what is drawn only grows, which costs little.
        """
        if len(self._table) <= MAX_POINTS:
            return 0
        trials = self._table.column(0)
        leap = MAX_POINTS // 5
        start = math.ceil((len(self._table) - MAX_POINTS) / leap) * leap
        later = np.flatnonzero(np.diff(trials[start - 1 :]))
        return start + int(later[0]) if len(later) else int(np.flatnonzero(trials == trials[-1])[0])

    # The present

    def figure(self, selected: int | None, earlier: LossKind | None = None, *, log: bool = False) -> Figure:
        """Return the figure of now: logarithmic if asked for, where a low value is better and none is below zero."""
        progress, measure = self.progress, self._measure
        running = [self._lines.of(trial, measure) for trial in progress.under_way.values()]
        values = [line for lines in running for line in lines[1:]]
        log = log and not measure.higher_is_better and not any((line < 0).any() for line in values)
        past = self._past_of(earlier or earlier_of(progress.objective), log=log)
        counted = counted_line(progress.objective)
        view = past.range.home(values, [lines[counted][-1:] for lines in running])
        chosen = None if selected is None else progress.trials.get(selected)
        present = Present(progress, measure, self._lines, past.range, view, chosen)
        longest = max(self._longest, *(trial.epochs for trial in progress.under_way.values()), 1)
        return Figure(
            title=f"{measure.caption} per epoch",
            x=Axis(AxisScale("Epoch", whole=True), padded(1.0, longest, 0.02, 0.04)),
            y=Axis(AxisScale(measure.label, log=past.range.log), view, measure.higher_is_better),
            past=past.series,
            present=present.series(),
            legend=(*present.legend(), *self._past_legend(past)),
            labels=present.labels(),
            summary=running_in_words(progress, measure.name) + best_in_words(progress),
            is_empty=not progress.trials,
        )

    def _past_legend(self, past: _Past) -> list[tuple[Kind, str]]:
        if not len(past.series[0]):
            return []
        running = bool(self.progress.under_way)
        return [(Kind.PAST, legends.earlier_trials(past.trials, all_shown=past.all_shown, running=running))]
