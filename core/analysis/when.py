"""From which result on the analysis speaks; results are trials that came to an end with an objective."""

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


def results(progress: StudyProgress, after: int | None = None) -> list[TrialProgress]:
    """Return the trials with an objective among the first `after` that ended, or all, in the order of their ends."""
    ended = progress.ended_after(after)
    return [trial for trial in ended if trial.objective is not None]
