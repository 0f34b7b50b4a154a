"""The requests that the analysis looks at: those of the search itself, now or after fewer trials."""

from collections.abc import Callable

import msgspec

from core.analysis.questions import BeliefQuestion, MapQuestion, Repeated
from core.observations import proposal_request
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import HedgeState, Learnt, ProposalRequest
from core.trial_progress import TrialProgress


class Asked(msgspec.Struct, frozen=True):
    """The request for the next point, the interrupted trial that comes before it, and the best trial, if there are."""

    request: ProposalRequest
    repeated: Repeated | None = None
    best: int | None = None

    def belief(self, through: dict[str, Value] | None = None, *, averaged: bool = False) -> BeliefQuestion:
        """Return the question for the slices through a point, None for the best trial, or for means over the others."""
        return BeliefQuestion(self.request, through, averaged, self.best, self.repeated)

    def map(self, across: str, up: str, through: dict[str, Value] | None = None) -> MapQuestion:
        """Return the question for the map of two parameters through a point, None for the best trial."""
        return MapQuestion(self.request, across, up, through, self.best, self.repeated)


def request_after(progress: StudyProgress, after: int | None = None) -> ProposalRequest:
    """Return the request for the next point, with all trials under way; or the one after so many trials had ended.

    What was under way at that time is not known, so nothing was.
    """
    return request_maker(progress, after)().request


def request_maker(
    progress: StudyProgress, after: int | None = None, learnt: Learnt | None = None
) -> Callable[[], Asked]:
    """Return the function that makes the request as of now; another thread may call it, while the study goes on.

    To make it takes long where there are many trials; then it is made once, however often it is called. `learnt` is
    what the search learnt last; the request has it if the search was told of the same trials.
    """
    count = len(progress.finished)
    is_past = after is not None and after < count
    count = count if after is None else min(after, count)
    last = next(reversed(progress.trials), 0)
    under_way = () if is_past else tuple(progress.under_way.values())
    has_interrupted = not is_past and len(progress.trials) > count + len(under_way)
    interrupted = [progress.trials[each] for each in progress.interrupted()] if has_interrupted else []
    made: list[Asked] = []

    def make() -> Asked:
        if not made:
            ended = [progress.trials[number] for number in sorted(progress.finished[:count])]
            number = (max((trial.number for trial in ended), default=0) if is_past else last) + 1
            pending = sorted((*interrupted[1:], *under_way), key=lambda trial: trial.number)
            request = proposal_request(progress, number, ended, pending, _hedge(progress, number))
            if not is_past and learnt is not None and learnt.trials == count:
                request = msgspec.structs.replace(request, learnt=learnt.hyperparameters)
            repeated = _repeated(progress, interrupted[0]) if interrupted else None
            made.append(Asked(request, repeated, progress.best_after(count if is_past else None)))
        return made[0]

    return make


def _repeated(progress: StudyProgress, trial: TrialProgress) -> Repeated:
    varied = {name: trial.values[name] for name in progress.settings.varied if name in trial.values}
    return Repeated(trial.number, varied, trial.origin)


def _hedge(progress: StudyProgress, number: int) -> HedgeState | None:
    """Return the state that gp_hedge left when it proposed the trial before."""
    previous = progress.trials.get(number - 1)
    return None if previous is None else previous.hedge
