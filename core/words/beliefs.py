"""The best trial as the surrogate sees it, in words: beside the one observed best."""

from core.formatting import format_number
from core.progress import StudyProgress
from core.search.proposal import Belief


def believed_best(progress: StudyProgress) -> Belief | None:
    """Return the surrogate's belief when it takes another trial for the best than the one observed best.

    The belief is older than the last trial begun: when that one is the best, it was not known yet.
    """
    belief, best = progress.belief, progress.best
    if belief is None or best is None or belief.trial == best.number or best.number == next(reversed(progress.trials)):
        return None
    return belief


def describe_belief(belief: Belief) -> str:
    """Return the belief's trial and objective: "trial 5, 15.6 ± 0.3"."""
    return f"trial {belief.trial}, {format_number(belief.mean)} ± {format_number(belief.deviation, digits=2)}"
