"""The requests that the analysis looks at: those of the search itself, now or after fewer trials."""

from collections.abc import Callable
from functools import partial

import msgspec

from core.observations import proposal_request
from core.progress import StudyProgress
from core.search.proposal import Learnt, ProposalRequest


def request_after(progress: StudyProgress, after: int | None = None) -> ProposalRequest:
    """Return the request for the next point, with all trials under way; or the one after so many trials had ended.

    What was under way at that time is not known, so nothing was.
    """
    return request_maker(progress, after)()


def best_after(progress: StudyProgress, after: int | None = None) -> int | None:
    """Return the number of the best trial, among equals that of the headline; or of the first so many that ended."""
    if after is None:
        return None if progress.best is None else progress.best.number
    best = None
    for number in progress.finished[:after]:
        if progress.ranking.is_better(progress.trials[number], best):
            best = progress.trials[number]
    return None if best is None else best.number


def request_maker(
    progress: StudyProgress, after: int | None = None, learnt: Learnt | None = None
) -> Callable[[], ProposalRequest]:
    """Return the function that makes the request as of now; another thread may call it, while the study goes on.

    `learnt` is what the search learnt last; the request has it if the search was told of the same trials.
    """
    if after is None or after >= len(progress.finished):
        ended = [trial for trial in progress.trials.values() if trial.has_ended]
        number = next(reversed(progress.trials), 0) + 1
        make = partial(proposal_request, progress, number, ended, list(progress.under_way.values()))
        if learnt is None or learnt.trials != len(ended):  # trials only become more
            return make
        return lambda: msgspec.structs.replace(make(), learnt=learnt.hyperparameters)
    numbers = set(progress.finished[:after])
    ended = [trial for number, trial in progress.trials.items() if number in numbers]
    return partial(proposal_request, progress, max(numbers, default=0) + 1, ended)
