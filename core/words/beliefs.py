"""The best trial according to the surrogate, where it is not the best observed one."""

from core.progress import StudyProgress
from core.search.proposal import Belief


def believed_best(progress: StudyProgress) -> Belief | None:
    """Return the surrogate's belief if its best trial is not the best observed one; None otherwise.

    None also if the last trial begun is the best: the belief is older than that trial.
    """
    belief, best = progress.belief, progress.best
    if belief is None or best is None or belief.trial == best.number or best.number == next(reversed(progress.trials)):
        return None
    return belief
