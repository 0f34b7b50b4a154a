"""NextPoints: the only queue of the trials that a study begins next."""

from collections import deque
from collections.abc import Mapping

import msgspec

from core.errors import SearchLost
from core.events import Event, TrialStarted
from core.observations import proposal_request
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import Belief, Learnt, Proposal, ProposalRequest, Searcher, needs_results
from core.training.request import trial_seed


class NextPoints:
    """Gives the trials to begin, one after the other.

    The interrupted trials come first, unchanged, then new trials at the points that the search proposes. The search is
    told which points are still under way. `exhausted`: the search has no point left.
    """

    def __init__(self, progress: StudyProgress, searcher: Searcher) -> None:
        """Make the queue for the study with this `progress`; `take` must get each of the study's events."""
        self._progress = progress
        self._searcher = searcher
        self._begun: dict[int, TrialStarted] = {}
        self._last_number = 0
        self._interrupted: deque[int] = deque()
        self._asked = False
        """Whether the search was asked for the next new trial."""
        self._proposal: Proposal | None = None
        self._told = 0
        """The number of trials that the search was told last."""
        self.learnt: Learnt | None = None
        """What the search learnt for the last point; None if that was no Gaussian process's."""
        self.exhausted = False

    def take(self, event: Event) -> None:
        """Note an event that is already folded into the progress."""
        if isinstance(event, TrialStarted):
            self._begun[event.trial] = event
            self._last_number = max(self._last_number, event.trial)

    def repeat_interrupted(self) -> None:
        """Put the trials that were interrupted into the queue."""
        self._interrupted.extend(self._progress.interrupted())

    @property
    def is_another_wanted(self) -> bool:
        """Whether the study is to begin another trial."""
        progress = self._progress
        return not self.exhausted and len(progress.finished) + len(progress.under_way) < progress.budget

    @property
    def is_awaited(self) -> bool:
        """Whether the search was asked and has not answered."""
        return self._asked and self._proposal is None

    def wait(self, seconds: float) -> None:
        """Wait at most `seconds` for the search's answer.

        Raises SearchLost, after which the search is asked again, and SearchRefused.
        """
        try:
            self._proposal = self._searcher.answer(seconds)
        except SearchLost:
            self._asked = False
            raise

    def next(self) -> TrialStarted | None:
        """Return the trial to begin next; None while the search has no point, or when there are no more.

        Raises SearchLost and SearchRefused.
        """
        if self._interrupted:
            return self._begun[self._interrupted.popleft()]
        return self._proposed()

    def ask_ahead(self) -> None:
        """Ask the search early for a point that no result can change, so that the answer is ready when needed."""
        if not self._interrupted and not needs_results(self._progress.settings.search, self._number):
            self._ask()

    def _proposed(self) -> TrialStarted | None:
        self._ask()
        if self._proposal is None and self._progress.under_way:  # else the study waits, and shows that it does
            self.wait(0)
        if self._proposal is None:
            return None
        proposal, self._proposal, self._asked = self._proposal, None, False
        self.learnt = Learnt(self._told, proposal.learnt) if proposal.learnt else None
        if proposal.point is None:
            self.exhausted = True
            return None
        return self._trial_at(proposal, proposal.point)

    @property
    def _number(self) -> int:
        """The number that the next new trial gets."""
        return self._last_number + 1

    def _trial_at(self, proposal: Proposal, point: Mapping[str, Value]) -> TrialStarted:
        settings = self._progress.settings
        return TrialStarted(
            trial=self._number,
            values=settings.model.values_at(point),
            seed=trial_seed(settings.seed, self._number),
            origin=proposal.origin,
            hedge=proposal.hedge,
            belief=self._in_own_unit(proposal.belief),
        )

    def _in_own_unit(self, belief: Belief | None) -> Belief | None:
        """Return the search's belief, which is about the cost, converted to the objective's own scale."""
        if belief is None:
            return None
        return msgspec.structs.replace(belief, mean=self._progress.objective.cost(belief.mean))

    def _ask(self) -> None:
        """Ask the search for the next point, unless it was asked already."""
        if not self._asked:
            request = self._request()
            self._searcher.ask(request)
            self._asked, self._told = True, len(request.observations)

    def _request(self) -> ProposalRequest:
        previous = self._begun.get(self._number - 1)
        trials = self._progress.trials.values()
        return proposal_request(
            self._progress,
            self._number,
            [trial for trial in trials if trial.has_ended],
            [trial for trial in trials if not trial.has_ended],
            previous.hedge if previous is not None else None,
        )
