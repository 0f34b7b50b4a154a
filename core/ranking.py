"""Ranking: the only place that decides which trials count, which of two is better, and how ties are broken."""

import math

from core.objective import ObjectiveSettings
from core.trial_progress import TrialProgress


class Ranking:
    """The order of a study's trials by its objective, the best first.

    Ties are broken by the lower validation loss of the epoch that counts, then by the smaller spread over folds and
    repeats, then by the lower number.
    """

    def __init__(self, objective: ObjectiveSettings) -> None:
        self._objective = objective

    def counts(self, trial: TrialProgress) -> bool:
        """Return whether the trial has an objective: only complete trials have one."""
        return trial.objective is not None

    def is_better(self, one: TrialProgress, other: TrialProgress | None) -> bool:
        """Return whether `one` ranks before `other`; a trial that counts ranks before None and one that does not."""
        if one.objective is None:
            return False
        if other is None or other.objective is None:
            return True
        if one.objective == other.objective:
            return (*self.among_equals(one), one.number) < (*self.among_equals(other), other.number)
        return self._objective.is_better(one.objective, other.objective)

    def ties(self, one: TrialProgress, other: TrialProgress | None) -> bool:
        """Return whether both trials have the same objective."""
        return other is not None and self.counts(one) and one.objective == other.objective

    def among_equals(self, trial: TrialProgress) -> tuple[float, float]:
        """Return the sort key (validation loss, spread) of trials with the same objective; the best has the lowest.

        Trials with the same key are ordered by their numbers.
        """
        loss = trial.counted("val_loss", self._objective)
        return math.inf if loss is None else loss, math.inf if trial.spread is None else trial.spread
