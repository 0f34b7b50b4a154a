"""The noise of training: below which difference two trials may differ by their seeds alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.progress import StudyProgress
from core.trial_progress import TrialProgress

_BOUND = math.sqrt(2) * 1.64
"""Nine of ten differences between two results of the same settings are less than this many standard deviations."""
_ENOUGH = 10
"""Degrees of freedom that a deviation must have: fewer leave it uncertain by more than a quarter."""


@dataclass(frozen=True)
class Noise:
    """The 90 % bound of the difference between two results of the same settings with other seeds.

    `bound` has the two significant digits that are shown, in the objective's unit. `as_good` are the numbers of the
    complete trials that are nearer to the best than that, in their order. `repeats` is the number of trainings in a
    trial that the bound comes from, or 1 where the search estimated it.
    """

    bound: float
    as_good: tuple[int, ...]
    repeats: int = 1


def noise_of(progress: StudyProgress) -> Noise | None:
    """Return the noise of the study's results; None while the record does not say how large it is.

    Repeats of a hold-out differ by their seeds alone. The spread over folds is the data's, and no noise. Else the
    search's estimate counts. It is as old as the last proposal, so the last trial is not in it: one trial more would
    change it by less than it is uncertain anyway.
    """
    best = progress.best
    if best is None:
        return None
    complete = [trial for trial in progress.trials.values() if trial.objective is not None]
    repeats = progress.settings.data.repeats if not progress.settings.data.folds else 1
    deviation = _deviation_of_repeats(progress, complete) if repeats > 1 else _estimated(progress)
    bound = float(f"{_BOUND * deviation:.1e}")
    if not (math.isfinite(bound) and bound > 0):
        return None
    as_good = [trial.number for trial in complete if trial is not best and _apart(trial, best) < bound]
    return Noise(bound, tuple(as_good), repeats)


def _estimated(progress: StudyProgress) -> float:
    """Return the search's estimate of a result's standard deviation; NaN without any."""
    belief = progress.belief
    return math.nan if belief is None or belief.noise is None else belief.noise


def _deviation_of_repeats(progress: StudyProgress, trials: Sequence[TrialProgress]) -> float:
    """Return the standard deviation of the mean of a trial's repeats; NaN if the trials are too few to tell.

    It is pooled over the better half of the trials. That of the best trial alone comes from so few trainings that it
    says little, and it is small by choice: a trial is the best more easily if none of its trainings went badly. Worse
    settings may be noisier by far, and nobody chooses among them.
    """
    cost = progress.objective.cost
    ranked = sorted(trials, key=lambda trial: cost(trial.objective or 0.0))
    better = ranked[: math.ceil(len(ranked) / 2)]
    spreads = [(len(trial.scores) - 1, spread) for trial in better if (spread := trial.spread) is not None]
    freedom = sum(degrees for degrees, _ in spreads)
    if freedom < _ENOUGH:
        return math.nan
    pooled = math.hypot(*(spread * math.sqrt(degrees / freedom) for degrees, spread in spreads))
    return pooled / math.sqrt(progress.settings.data.repeats)


def _apart(one: TrialProgress, other: TrialProgress) -> float:
    return abs((one.objective or 0.0) - (other.objective or 0.0))
