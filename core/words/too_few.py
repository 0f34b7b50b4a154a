"""What a study that has ended with too few results lacks, in words, and what can be done."""

from core.analysis.when import belief_from
from core.formatting import counted
from core.progress import StudyProgress


def is_over(progress: StudyProgress, results: int) -> bool:
    """Return whether no trial is to come after so many results, unless more are added: not so at a past moment."""
    return not progress.running and not progress.resumable and results >= progress.results_after(None)


def what_is_missing(progress: StudyProgress, needed: int, results: int) -> str:
    """Return what a study that is over lacks: "It takes 5 results, and the study ended with 3: go on with …"."""
    begin = f"It takes {counted(needed, 'result')}, and the study ended with {results or 'none'}"
    if progress.exhausted:
        return f"{begin} and has no point left to try: a new study with wider ranges has more."
    return f"{begin}: go on with at least {counted(needed - results, 'more trial')}."


def what_is_lacking(progress: StudyProgress, results: int) -> str:
    """Return the same of the belief, with which all begins."""
    return what_is_missing(progress, belief_from(len(progress.settings.varied)), results)
