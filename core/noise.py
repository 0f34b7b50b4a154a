"""The noise of training: below which difference two trials may differ by their seeds alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from core.progress import StudyProgress
from core.trial_progress import TrialProgress

BOUND = math.sqrt(2) * 1.64
"""Nine of ten differences between two results of the same settings are less than this many standard deviations."""
_ENOUGH = 10
"""Degrees of freedom that a deviation must have: fewer leave it uncertain by more than a quarter."""
_KNOWN: WeakKeyDictionary[StudyProgress, tuple[tuple[int, int], "Noise | None"]] = WeakKeyDictionary()
"""What was found last, with the number of ended trials and the best one then: it is asked for at each tick."""


@dataclass(frozen=True)
class Noise:
    """The 90 % bound of the difference between two results of the same settings with other seeds.

    `bound` has the two significant digits that are shown, in the objective's unit. `as_good` are the numbers of the
    complete trials that are nearer to the best than that, in their order.
    """

    bound: float
    as_good: tuple[int, ...]


def noise_of(progress: StudyProgress) -> Noise | None:
    """Return the noise of the study's results; None where the record does not say how large it is.

    Repeats of a hold-out differ by their seeds alone; the spread over folds is the data's, and no noise. Of a study
    without repeats nothing is known: what the surrogate takes for noise is wrong too often (`tests.bench.noise`).
    """
    best, data = progress.best, progress.settings.data
    if best is None or data.folds or data.repeats < 2:
        return None
    known, basis = _KNOWN.get(progress), (len(progress.finished), best.number)
    if known is None or known[0] != basis:
        known = _KNOWN[progress] = basis, _measured(progress, best)
    return known[1]


def _measured(progress: StudyProgress, best: TrialProgress) -> Noise | None:
    complete = [trial for trial in progress.trials.values() if trial.objective is not None]
    deviation = _pooled(_better_half(progress, complete)) / math.sqrt(progress.settings.data.repeats)
    bound = float(f"{BOUND * deviation:.1e}")
    if not (math.isfinite(bound) and bound > 0):
        return None
    as_good = [trial.number for trial in complete if trial is not best and _apart(trial, best) < bound]
    return Noise(bound, tuple(as_good))


def _better_half(progress: StudyProgress, trials: Sequence[TrialProgress]) -> list[TrialProgress]:
    """Return the better half of the trials: worse settings may be noisier by far, and nobody chooses among them."""
    cost = progress.objective.cost
    ranked = sorted(trials, key=lambda trial: cost(trial.objective or 0.0))
    return ranked[: math.ceil(len(ranked) / 2)]


def _pooled(trials: Sequence[TrialProgress]) -> float:
    """Return the standard deviation of one training, pooled over the trials; NaN if they are too few to tell.

    That of the best trial alone comes from so few trainings that it says little, and it is small by choice: a trial
    is the best more easily if none of its trainings went badly.
    """
    spreads = [(len(trial.scores) - 1, spread) for trial in trials if (spread := trial.spread) is not None]
    freedom = sum(degrees for degrees, _ in spreads)
    if freedom < _ENOUGH:
        return math.nan
    return math.hypot(*(spread * math.sqrt(degrees / freedom) for degrees, spread in spreads))


def _apart(one: TrialProgress, other: TrialProgress) -> float:
    return abs((one.objective or 0.0) - (other.objective or 0.0))
