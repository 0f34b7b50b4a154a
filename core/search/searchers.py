"""Where proposals are computed: in the calling thread, or in a separate process.

To fit a surrogate, Python's lock is held for long stretches. In a separate process this cannot make the window
stutter, and a stop or pause does not wait for it.
"""

from multiprocessing.connection import Connection

import msgspec

from core.children.conversation import Conversation, Parent
from core.children.process import ChildLost, ChildProcess
from core.errors import SearchLost, SearchRefused
from core.search.proposal import Proposal, ProposalRequest, Refusal

SILENCE = 600.0
"""Seconds without an answer after which the search process counts as hung."""

_decode_request = msgspec.msgpack.Decoder(ProposalRequest).decode
_decode_answer = msgspec.msgpack.Decoder(Proposal | Refusal).decode


class InlineSearcher:
    """Computes proposals in the thread that asks for the answer."""

    def __init__(self) -> None:
        self._request: ProposalRequest | None = None

    def ask(self, request: ProposalRequest) -> None:
        self._request = request

    def answer(self, seconds: float) -> Proposal | None:
        from core.search.propose import propose

        assert self._request is not None
        return propose(self._request)

    def close(self) -> None:
        self._request = None


class SearchProcess:
    """Computes proposals in a spawned process, which starts to load skopt as soon as this object is made."""

    def __init__(self) -> None:
        self._conversation: Conversation[ProposalRequest, Proposal | Refusal] = Conversation(_start, _decode_answer)
        self._asked = False

    @property
    def pid(self) -> int:
        return self._conversation.pid

    def ask(self, request: ProposalRequest) -> None:
        if self._asked:  # it is lost, or computes an answer that nobody waits for, and reads nothing meanwhile
            self._conversation.restart()
        self._asked = True
        self._conversation.ask(request, SILENCE, retry=True)

    def answer(self, seconds: float) -> Proposal | None:
        try:
            answer = self._conversation.answer(seconds)
        except ChildLost as error:  # the next question is put to a new process
            self._conversation.close()
            raise SearchLost(
                f"The next point could not be computed, the search process was lost twice: {error}"
            ) from error
        self._asked = self._asked and answer is None
        if isinstance(answer, Refusal):
            raise SearchRefused(answer.reason)
        return answer

    def close(self) -> None:
        self._conversation.close()


def _start() -> ChildProcess:
    try:
        return ChildProcess(run_search, "afina-search")
    except ChildLost as error:
        raise SearchLost(f"The search process could not start: {error}") from error


def run_search(connection: Connection) -> None:
    """Run the search process: answer requests until the parent closes the connection."""
    from core.search.propose import propose

    parent: Parent[ProposalRequest, Proposal | Refusal] = Parent(connection, _decode_request)
    for request in parent.questions():
        try:
            answer: Proposal | Refusal = propose(request)
        except SearchRefused as error:
            answer = Refusal(str(error))
        parent.tell(answer)
