"""The figure of the losses: every trial's, epoch by epoch, the running ones bright and the earlier ones faint.

Where another metric is the objective it can show that one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.figures.arrays import Flags, Floats, GrowingTable, padded
from core.figures.figure import Axis, Builder, Curve, Figure, Kind, Series
from core.figures.loss_lines import TrialLines, latest
from core.figures.loss_present import Present, counted_line, counted_metric
from core.figures.loss_view import Reach, drawn, in_better_half, reach_of, view_of_curves
from core.figures.measures import Measure, measures_of
from core.figures.scales import FROM_ONE, AxisScale
from core.figures.view import KeptView, ScaleChoice, ValueView
from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.trial_progress import TrialProgress
from core.words import legends
from core.words.trials import best_in_words, curve_in_words, running_in_words

MAX_POINTS = 20_000
"""The most points of earlier trials that are drawn, the newest ones; more would slow every paint down."""
WATCHED = 1.0
"""Seconds that a trial must have run for the view to follow it: the view would only flicker with shorter ones."""
MAX_CURVES = 60
"""The most earlier trials that are drawn unless everything is to be seen, the best ones; more cannot be told apart."""


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
    choice: ScaleChoice = ScaleChoice.AUTOMATIC,
    everything: bool = False,
) -> Figure:
    """Return the figure of a study; it shows what the objective is taken from, unless something else is asked for."""
    builder = LossBuilder(progress, measure or measures_of(progress.settings)[-1])
    builder.take(progress.trials)
    return builder.figure(selected, earlier, choice=choice, everything=everything)


def earlier_of(objective: ObjectiveSettings) -> LossKind:
    """Return which curves of the earlier trials show what the objective is taken from."""
    return LossKind.VALIDATION if objective.in_validation else LossKind.TRAINING


@dataclass(frozen=True, eq=False)
class _Past:
    """The trials that have ended and are drawn: one row a point, and one a trial.

    `costs` are those of the trials' objectives, `lowest` the best of each trial's curve; NaN without a value.
    """

    trials: Floats
    epochs: Floats
    values: Floats
    numbers: Floats
    costs: Floats
    lowest: Floats
    all_shown: bool
    reach: Reach


class LossBuilder(Builder):
    """Makes figures of one measure."""

    def __init__(self, progress: StudyProgress, measure: Measure) -> None:
        super().__init__(progress)
        self._measure = measure
        self._table = GrowingTable(4)  # trial, epoch, training, validation; a row of NaN after each trial
        self._trials = GrowingTable(4)  # trial, cost of its objective, its best cost in training, in validation
        self._longest = 1
        self._lines = TrialLines()
        self._kept = KeptView()
        self._past: tuple[object, _Past] | None = None
        """The past, and for what it was made."""
        self._drawn: tuple[object, tuple[Series, ...]] | None = None
        """The past as it is drawn, and for what that was made."""
        self._hidden: tuple[object, list[int]] | None = None
        """The trials of which nothing is seen, and for what they were found."""
        self._curve_of_best: tuple[int, str] | None = None
        """The number of the best trial, and its curve in words."""

    # The past

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        trained = [trial for trial in trials if trial.losses]
        for number, lines in latest(trained, self._measure, MAX_POINTS):
            self._table.append(float(number), *(np.append(column, np.nan) for column in lines))
        self._longest = max([self._longest, *(trial.epochs for trial in trained)])
        if trained:
            numbers = np.array([float(trial.number) for trial in trained])
            objectives = np.array([trial.objective for trial in trained], float)  # NaN for None
            names = self._measure.name, self._measure.val_name
            best = (np.array([self._best_of(trial.course(name)) for trial in trained]) for name in names)
            self._trials.append(numbers, self.progress.objective.cost(objectives), *best)

    def _best_of(self, course: Sequence[float]) -> float:
        """Return the lowest cost of a curve, NaN where it has no value."""
        values = np.array(course, float)
        costs = -values if self._measure.higher_is_better else values
        return float(np.fmin.reduce(costs)) if len(costs) else math.nan

    def _past_of(self, earlier: LossKind) -> _Past:
        key = len(self.taken), earlier
        if self._past is None or self._past[0] != key:
            self._past = key, self._make_past(earlier)
        return self._past[1]

    def _make_past(self, earlier: LossKind) -> _Past:
        first = self._first_drawn()
        trials, epochs, training, validation = (self._table.column(index)[first:] for index in range(4))
        lengths = np.diff(np.flatnonzero(np.diff(trials, prepend=np.nan, append=np.nan)))
        rows = len(self._trials) - len(lengths)  # the last ones are drawn
        numbers, costs, *lowest = (self._trials.column(index)[rows:] for index in range(4))
        better = np.repeat(in_better_half(costs), lengths)
        match earlier:
            case LossKind.TRAINING:
                values, best = training, lowest[0]
            case LossKind.VALIDATION:
                values, best = validation, lowest[1]
            case LossKind.BOTH:
                trials, epochs, better = (np.concatenate([each, each]) for each in (trials, epochs, better))
                values, best = np.concatenate([validation, training]), np.fmin(*lowest)
        reach = reach_of(values, better, higher_is_better=self._measure.higher_is_better)
        return _Past(trials, epochs, values, numbers, costs, best, first == 0, reach)

    def _drawn_of(self, past: _Past, view: ValueView, *, everything: bool) -> tuple[Series, ...]:
        """Return the past as it is drawn: the same until a trial ends, or it is to be drawn otherwise."""
        key = past, view.log, view.lane, everything
        if self._drawn is None or self._drawn[0] != key:
            home = view_of_curves(past.reach, self._measure, choice=ScaleChoice.LINEAR)
            places = drawn(past.values, view, home)
            shown = slice(None) if everything else _of_the_best(past)
            self._drawn = key, (Curve(Kind.PAST, past.trials[shown], past.epochs[shown], places[shown]),)
        return self._drawn[1]

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

    def figure(
        self,
        selected: int | None,
        earlier: LossKind | None = None,
        *,
        choice: ScaleChoice = ScaleChoice.AUTOMATIC,
        everything: bool = False,
    ) -> Figure:
        """Return the figure of now, on an axis that is divided as chosen, of what matters or of everything."""
        progress, measure = self.progress, self._measure
        earlier = earlier or earlier_of(progress.objective)
        past = self._past_of(earlier)
        view = self._view_of(past, choice, everything=everything)
        chosen = None if selected is None else progress.trials.get(selected)
        present = Present(progress, measure, self._lines, view, chosen)
        longest = max(self._longest, *(trial.epochs for trial in progress.under_way.values()), 1)
        beyond = self._beyond(past, view)
        note = legends.stay_beyond(beyond, higher_is_better=measure.higher_is_better)
        in_validation = None if earlier is LossKind.BOTH else earlier is LossKind.VALIDATION
        return Figure(
            title=f"{measure.caption} per epoch",
            x=Axis(AxisScale("Epoch", whole=True, bounds=FROM_ONE), padded(1.0, longest, 0.02, 0.04)),
            y=Axis(view.scale(measure.labels(in_validation=in_validation)), view.range, measure.higher_is_better),
            past=self._drawn_of(past, view, everything=everything),
            present=present.series(),
            legend=(*present.legend(), *self._past_legend(past, everything=everything)),
            labels=present.labels(),
            summary=self._summary() + _in_summary(note),
            note=note,
            is_empty=not len(self._table) and not any(trial.losses for trial in progress.under_way.values()),
        )

    def _summary(self) -> str:
        """Return a sentence on the trials under way and the best one, with the values of their curves that matter."""
        progress, measure = self.progress, self._measure
        best = progress.best
        if best is not None and (self._curve_of_best is None or self._curve_of_best[0] != best.number):
            curve = curve_in_words(best, measure.name, higher_is_better=measure.higher_is_better)
            self._curve_of_best = best.number, f", {curve}" if curve else ""
        said = "" if best is None or self._curve_of_best is None else self._curve_of_best[1]
        return f"{running_in_words(progress, measure.name)}{best_in_words(progress)}{said}"

    def _view_of(self, past: _Past, choice: ScaleChoice, *, everything: bool) -> ValueView:
        progress, measure = self.progress, self._measure
        under_way = list(progress.under_way.values())
        running = [self._lines.of(trial, measure) for trial in under_way]
        counted = counted_line(progress.objective)
        watched = [lines for trial, lines in zip(under_way, running, strict=True) if trial.seconds >= WATCHED]
        wanted = [float(value) for lines in watched for value in lines[counted][-1:]]
        if progress.best is not None:
            value = progress.best.counted(counted_metric(measure, progress.objective), progress.objective)
            wanted += [] if value is None else [value]
        curves = [line for lines in running for line in lines[1:]]
        span = self._kept.span
        view = view_of_curves(past.reach, measure, curves, wanted, choice=choice, everything=everything, span=span)
        return self._kept.keep(view, choice, everything=everything, running=progress.running)

    def _beyond(self, past: _Past, view: ValueView) -> list[int]:
        """Return the numbers of the earlier trials of which the view shows nothing, in their order."""
        key = past, view.worst
        if self._hidden is None or self._hidden[0] != key:
            values = -past.lowest if self._measure.higher_is_better else past.lowest
            self._hidden = key, sorted(past.numbers[view.beyond(values)].astype(int).tolist())
        return self._hidden[1]

    def _past_legend(self, past: _Past, *, everything: bool) -> list[tuple[Kind, str]]:
        count = len(past.numbers)
        if not count:
            return []
        if count > MAX_CURVES and not everything:
            return [(Kind.PAST, legends.best_trials(MAX_CURVES, count, all_known=past.all_shown))]
        others = not self.progress.under_way and self.progress.best is not None
        return [(Kind.PAST, legends.earlier_trials(count, all_shown=past.all_shown, others=others))]


def _of_the_best(past: _Past) -> Flags:
    """Return which rows are of the best trials, as many as can be told apart."""
    if len(past.numbers) <= MAX_CURVES:
        return np.ones(len(past.trials), bool)
    best = past.numbers[np.argsort(past.costs, kind="stable")[:MAX_CURVES]]
    return np.isin(past.trials, best)


def _in_summary(note: str) -> str:
    """Return the note as it is read out: without its mark, after the sentence."""
    return f"; {note[2:]}" if note else ""
