"""From which result on the analysis speaks; results are trials that came to an end with an objective."""

from bisect import bisect_left
from weakref import WeakKeyDictionary

from core.progress import StudyProgress
from core.trial_progress import TrialProgress

_BELIEF = 5
_TRUST_LATER, _IMPORTANCE_LATER = 3, 5


def belief_from(varied: int) -> int:
    """Return the number of results from which on there is a belief over so many varied parameters."""
    return max(_BELIEF, varied + 2)


def trust_from(varied: int) -> int:
    """Return the number of results from which on the belief is judged."""
    return belief_from(varied) + _TRUST_LATER


def importance_from(varied: int) -> int:
    """Return the number of results from which on it is told what explains the differences."""
    return belief_from(varied) + _IMPORTANCE_LATER


_counts: WeakKeyDictionary[StudyProgress, list[int]] = WeakKeyDictionary()
"""The number of results until the end of each trial that ended: they only become more."""


def results_until(progress: StudyProgress, after: int | None = None) -> int:
    """Return the number of results among the first `after` trials that ended, or among all.

    Only trials that ended since the last call are looked at.
    """
    counts = _counted(progress)
    place = len(counts) if after is None else min(after, len(counts))
    return counts[place - 1] if place > 0 else 0


def first_with(progress: StudyProgress, needed: int) -> int | None:
    """Return after how many ended trials there were so many results; None if there are fewer."""
    counts = _counted(progress)
    place = bisect_left(counts, needed)
    return place + 1 if place < len(counts) else None


def _counted(progress: StudyProgress) -> list[int]:
    counts = _counts.setdefault(progress, [])
    for number in progress.finished[len(counts) :]:
        has_result = progress.trials[number].objective is not None
        counts.append((counts[-1] if counts else 0) + has_result)
    return counts


def results(progress: StudyProgress, after: int | None = None) -> list[TrialProgress]:
    """Return the trials with an objective among the first `after` that ended, or all, in the order of their ends."""
    ended = (progress.trials[number] for number in progress.finished[:after])
    return [trial for trial in ended if trial.objective is not None]
