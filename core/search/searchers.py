"""Where proposals are computed: in the calling thread, or in a process of their own.

Fitting a surrogate holds Python's lock for long stretches; in a process it cannot make the window stutter, and a
stop or pause does not wait for it.
"""

from multiprocessing.connection import Connection

import msgspec

from core.children.process import ChildLost, ChildProcess
from core.clock import ActiveClock
from core.errors import AfinaError
from core.formatting import format_duration
from core.search.proposal import Proposal, ProposalRequest

SILENCE = 600.0
"""Seconds without an answer after which the search process is taken to hang."""

_encode = msgspec.msgpack.Encoder().encode
_decode_request = msgspec.msgpack.Decoder(ProposalRequest).decode
_decode_proposal = msgspec.msgpack.Decoder(Proposal).decode


class InlineSearcher:
    """Computes in the thread that asks for the answer."""

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
    """Computes in a spawned process, which starts to load skopt as soon as this is made."""

    def __init__(self) -> None:
        self._child = _start()
        self._request: bytes = b""
        self._lost = 0
        self._asked = False
        self._silent = ActiveClock()

    @property
    def pid(self) -> int:
        return self._child.pid

    def ask(self, request: ProposalRequest) -> None:
        if self._asked:  # it still computes what nobody waits for any more, and would not read meanwhile
            self._child.close()
            self._child = _start()
        self._request = _encode(request)
        self._lost = 0
        self._send()

    def answer(self, seconds: float) -> Proposal | None:
        try:
            message = self._child.receive(seconds)
        except ChildLost as error:
            self._restart(error)
            return None
        if message is None:
            if self._silent.tick() > SILENCE:
                self._restart(ChildLost(f"it did not answer for {format_duration(SILENCE)}"))
            return None
        self._asked = False
        return _decode_proposal(message)

    def close(self) -> None:
        self._child.close()

    def _send(self) -> None:
        try:
            self._child.send(self._request)
        except ChildLost as error:
            self._restart(error)
        else:
            self._asked = True
            self._silent.restart()

    def _restart(self, cause: ChildLost) -> None:
        """Begin the request anew in a new process, once."""
        self._lost += 1
        self._child.close()
        if self._lost > 1:
            raise AfinaError(f"The next point could not be computed, the search process was lost twice: {cause}")
        self._child = _start()
        self._send()


def _start() -> ChildProcess:
    try:
        return ChildProcess(run_search, "afina-search")
    except ChildLost as error:
        raise AfinaError(f"The search process could not start: {error}") from error


def run_search(connection: Connection) -> None:
    """Be the search process: answer requests until the parent closes the connection."""
    from core.search.propose import propose

    while True:
        connection.send_bytes(_encode(propose(_decode_request(connection.recv_bytes()))))
