"""The lines of trials in the loss plot, as arrays."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from core.figures.arrays import Floats, drawable, extremes
from core.figures.measures import Measure
from core.objective import ObjectiveSettings
from core.trial_progress import Curves, TrialProgress

Lines = tuple[Floats, Floats, Floats]
"""Epochs, and the metric in training and in validation."""
_MAX_CACHED = 24
_PARTS = 150
"""Parts of an earlier trial's thin line, each of which keeps its extremes."""
Made = TypeVar("Made")


class TrialLines:
    """What is drawn of the few trials that are drawn with each paint: made once for each new epoch."""

    def __init__(self) -> None:
        self._cached: dict[tuple[object, ...], tuple[TrialProgress, int, Any]] = {}

    def of(self, trial: TrialProgress, measure: Measure) -> Lines:
        return self._cache(trial, ("lines", measure.name), lambda: lines_of(trial, measure))

    def counted(self, trial: TrialProgress, objective: ObjectiveSettings) -> list[int]:
        """Return the indices of the epochs that count: in the trial's mean curve, then in each of its trainings.

        It is -1, the last, where the objective's metric is unknown.
        """

        def find() -> list[int]:
            courses = [curves.of(objective.metric) for curves in (trial.mean, *trial.fits)]
            return [objective.counted(course) if course else -1 for course in courses]

        return self._cache(trial, ("counted", objective), find)

    def _cache(self, trial: TrialProgress, what: tuple[object, ...], make: Callable[[], Made]) -> Made:
        key = trial.number, *what
        cached = self._cached.get(key)
        if cached is None or cached[0] is not trial or cached[1] != trial.epochs_done:
            if len(self._cached) > _MAX_CACHED:
                self._cached.clear()
            cached = self._cached[key] = trial, trial.epochs_done, make()
        made: Made = cached[2]
        return made


def lines_of(trial: TrialProgress | Curves, measure: Measure) -> Lines:
    """Return epochs, and the metric in training and in validation, NaN where it was not reported.

    A single epoch becomes a short dash, to be seen at all. Of a trial of several trainings they are the means.
    """
    curves = trial if isinstance(trial, Curves) else trial.mean
    epochs = np.arange(1.0, len(curves.losses) + 1)
    unknown = np.full(len(epochs), np.nan)
    training, validation = (
        np.array(course) if course else unknown for course in map(curves.of, (measure.name, measure.val_name))
    )
    if len(epochs) == 1:
        return np.array([0.9, 1.1]), np.repeat(training, 2), np.repeat(validation, 2)
    return epochs, training, validation


def thinned(lines: Lines) -> Lines:
    """Return lines of a few hundred points at most, so that many trials have room.

    As thin lines they look the same while the whole trial is in view; closer they are coarse.
    """
    epochs, training, validation = lines
    places = np.union1d(*(extremes(_seen_on_any_axis(line), _PARTS) for line in (training, validation)))
    return epochs[places], training[places], validation[places]


def _seen_on_any_axis(line: Floats) -> Floats:
    """Return the line without what some axis has no place for: it must not stand for its part."""
    return drawable(np.where(line == 0, np.nan, line), log=False)


def fits_of(trial: TrialProgress | None, measure: Measure) -> list[Lines]:
    """Return the lines of each training of a trial, if it has several."""
    return [lines_of(fit, measure) for fit in trial.fits] if trial is not None and len(trial.fits) > 1 else []


def latest(trials: Sequence[TrialProgress], measure: Measure, most: int) -> list[tuple[int, Lines]]:
    """Return number and thinned lines of the last trials: of so many that they are just more than `most` points."""
    found: list[tuple[int, Lines]] = []
    points = 0
    for trial in reversed(trials):
        lines = thinned(lines_of(trial, measure))
        found.append((trial.number, lines))
        points += len(lines[0])
        if points > most:
            break
    return found[::-1]
