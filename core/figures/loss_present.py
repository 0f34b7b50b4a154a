"""What the figure of the losses shows of single trials: those under way, the best and the selected one."""

from collections.abc import Sequence

import numpy as np

from core.figures.arrays import Floats
from core.figures.figure import Curve, Kind, Label, Points, Series, point_at
from core.figures.loss_lines import Lines, TrialLines, fits_of
from core.figures.loss_view import drawn
from core.figures.measures import Measure
from core.figures.view import ValueView
from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.trial_progress import TrialProgress
from core.words import legends


def counted_metric(measure: Measure, objective: ObjectiveSettings) -> str:
    """Return the measure's metric in the part, training or validation, from which the objective is taken."""
    return measure.val_name if objective.in_validation else measure.name


def counted_line(objective: ObjectiveSettings) -> int:
    """Return which of a trial's Lines is that metric."""
    return 2 if objective.in_validation else 1


class Present:
    """The single trials of one moment, in the view of then."""

    def __init__(
        self,
        progress: StudyProgress,
        measure: Measure,
        lines: TrialLines,
        view: ValueView,
        selected: TrialProgress | None,
    ) -> None:
        self._measure, self._objective = measure, progress.objective
        self._lines, self._view = lines, view
        self._running = progress.under_way
        self._best, self._selected = progress.best, selected
        self._running_lines = {
            trial.number: self._drawn(lines.of(trial, measure)) for trial in progress.under_way.values()
        }

    # The curves and their marks

    def series(self) -> tuple[Series, ...]:
        """Return curves, and marks in the order in which they lie on each other."""
        return *self._running_curves(), *self._single_curves(), *self._marks()

    def _running_curves(self) -> list[Curve]:
        curves = []
        for number, (epochs, training, validation) in self._running_lines.items():
            curves.append(_curve(Kind.TRAINING, number, epochs, training))
            curves.append(_curve(Kind.VALIDATION, number, epochs, validation))
        for trial in self._running.values():
            curves += self._fit_curves(Kind.RUNNING_FITS, trial)
        return curves

    def _single_curves(self) -> list[Curve]:
        curves = []
        for kind, trial in ((Kind.BEST, self._best), (Kind.SELECTED, self._selected)):
            if trial is not None:
                curves.append(_curve(kind, trial.number, *self._counted(self._lines.of(trial, self._measure))))
        if self._selected is not None:
            curves += self._fit_curves(Kind.SELECTED_FITS, self._selected)
        return curves

    def _fit_curves(self, kind: Kind, trial: TrialProgress) -> list[Curve]:
        return [_curve(kind, trial.number, *self._counted(lines)) for lines in fits_of(trial, self._measure)]

    def _drawn(self, lines: Lines) -> Lines:
        epochs, training, validation = lines
        return epochs, drawn(training, self._view), drawn(validation, self._view)

    def _counted(self, lines: Lines) -> tuple[Floats, Floats]:
        """Return epochs and, as drawn, what the objective is taken from: the line in validation or in training."""
        return lines[0], drawn(lines[counted_line(self._objective)], self._view)

    def _marks(self) -> list[Points]:
        marks = [*self._fit_marks(), *self._mark(Kind.SELECTED, self._selected), *self._mark(Kind.BEST, self._best)]
        for number, (epochs, _training, validation) in self._running_lines.items():
            if len(epochs):
                marks.append(point_at(Kind.VALIDATION, number, epochs[-1], validation[-1]))
        return marks

    def _mark(self, kind: Kind, trial: TrialProgress | None) -> list[Points]:
        """Return the mark of a trial: at the epoch that its objective is from, at its end while it has none.

        Where each of several trainings has an epoch of its own it is no point of their mean: the mean of those points.
        """
        if trial is None:
            return []
        epochs, values = self._counted(self._lines.of(trial, self._measure))
        if not len(epochs):
            return []
        if trial.objective is None:
            return [point_at(kind, trial.number, epochs[-1], values[-1])]
        if trial.each_counts_alone(self._objective):
            return self._mean_mark(kind, trial)
        return [_mark_in_epoch(kind, trial, self._lines.counted(trial, self._objective)[0], epochs, values)]

    def _mean_mark(self, kind: Kind, trial: TrialProgress) -> list[Points]:
        """Return the mark at the mean of the epochs that count and of the values there, not of their logarithms."""
        objective = self._objective
        value = trial.counted(counted_metric(self._measure, objective), objective)
        if value is None:
            return []
        (height,) = drawn(np.array([value]), self._view)
        return [point_at(kind, trial.number, float(np.mean(trial.counting_epochs(objective))), height)]

    def _fit_marks(self) -> list[Points]:
        """Return the marks of the selected trial's trainings, where there are several, at the epochs that count."""
        trial = self._selected
        if trial is None or trial.objective is None:
            return []
        indices = self._lines.counted(trial, self._objective)[1:]
        lines = map(self._counted, fits_of(trial, self._measure))
        return [
            _mark_in_epoch(Kind.SELECTED_FITS, trial, index, epochs, values)
            for index, (epochs, values) in zip(indices, lines, strict=False)
            if len(epochs)
        ]

    # Words

    def labels(self) -> tuple[Label, ...]:
        """Return each running trial's number beside the end of its curve."""
        return tuple(
            (number, float(lines[0][-1]), end)
            for number, lines in self._running_lines.items()
            if (end := _end_of(lines)) is not None
        )

    def legend(self) -> list[tuple[Kind, str]]:
        """Return the names of these curves."""
        found = self._running_legend()
        if self._best is not None:
            found.append((Kind.BEST, legends.best_trial(self._best, self._objective, self._epoch_of(self._best))))
        selected = self._selected
        if selected is not None:
            label = legends.selected_trial(selected, self._objective, self._epoch_of(selected))
            found.append((Kind.SELECTED, label))
            if len(selected.fits) > 1:
                found.append((Kind.SELECTED_FITS, legends.each_training_of(1)))
        return found

    def _running_legend(self) -> list[tuple[Kind, str]]:
        running = self._running
        if not running:
            return []
        found = [(Kind.VALIDATION, legends.validation_of(list(running))), (Kind.TRAINING, legends.TRAINING)]
        if any(len(trial.fits) > 1 for trial in running.values()):
            found.append((Kind.RUNNING_FITS, legends.each_training_of(len(running))))
        return found

    def _epoch_of(self, trial: TrialProgress) -> int:
        """Return the epoch that counted, the last where the objective's metric is unknown."""
        index = self._lines.counted(trial, self._objective)[0]
        return index + 1 if index >= 0 else trial.epoch


def _curve(kind: Kind, number: int, epochs: Floats, values: Floats) -> Curve:
    return Curve(kind, np.full(len(epochs), float(number)), epochs, values)


def _mark_in_epoch(kind: Kind, trial: TrialProgress, index: int, epochs: Floats, values: Floats) -> Points:
    """Return a mark on a curve, at the epoch of this index; -1 is the last."""
    return point_at(kind, trial.number, epochs[-1] if index < 0 else index + 1, values[index])


def _end_of(lines: Sequence[Floats]) -> float | None:
    """Return where a running trial's line in validation ends, or the one in training where that has no end."""
    _epochs, training, validation = lines
    ends = [float(line[-1]) for line in (validation, training) if len(line) and np.isfinite(line[-1])]
    return ends[0] if ends else None
