"""The lines of trials in the loss plot, as arrays."""

from collections.abc import Sequence

import numpy as np

from core.progress import Curves, TrialProgress
from gui.plots.arrays import Floats

Lines = tuple[Floats, Floats, Floats]
"""Epochs, losses and validation losses."""
_MOST_KEPT = 8


class TrialLines:
    """The lines of the few trials that are drawn with each paint: made once for each new epoch."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[TrialProgress, int, Lines]] = {}

    def of(self, trial: TrialProgress) -> Lines:
        kept = self._kept.get(trial.number)
        if kept is None or kept[0] is not trial or kept[1] != trial.epochs_done:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[trial.number] = trial, trial.epochs_done, lines_of(trial)
        return kept[2]


def lines_of(trial: TrialProgress | Curves) -> Lines:
    """Return epochs, losses and validation losses; a single epoch becomes a short dash, to be seen at all.

    Of a trial of several trainings they are the means.
    """
    losses, val_losses = np.array(trial.losses), np.array(trial.val_losses)
    epochs = np.arange(1.0, len(losses) + 1)
    if len(epochs) == 1:
        return np.array([0.9, 1.1]), np.repeat(losses, 2), np.repeat(val_losses, 2)
    return epochs, losses, val_losses


def fits_of(trial: TrialProgress | None) -> list[tuple[Floats, Floats]]:
    """Return epochs and validation losses of each training of a trial, if it has several."""
    if trial is None or len(trial.fits) < 2:
        return []
    return [(epochs, val_losses) for epochs, _losses, val_losses in map(lines_of, trial.fits)]


def latest(trials: Sequence[TrialProgress], most: int) -> Sequence[TrialProgress]:
    """Return the last ones, of which so many are drawn as `most` points allow, and one more."""
    points = 0
    for index in range(len(trials) - 1, -1, -1):
        points += len(trials[index].losses)
        if points > most:
            return trials[index:]
    return trials
