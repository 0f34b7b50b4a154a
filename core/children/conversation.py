"""A conversation with a child process: questions and answers, an answer that is late, and a child that is lost.

Messages are msgspec structs: what a child tells is data, and is checked.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

import msgspec

from core.children.process import ChildBug, ChildLost, ChildProcess
from core.clock import ActiveClock
from core.formatting import format_duration

_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")

_encode = msgspec.msgpack.Encoder().encode


class ChildLate(ChildLost):
    """The child has not answered in time; what it is doing may never end."""


class Conversation(Generic[_Question, _Answer]):
    """The parent's end: asks a child, and hears what it answers. That the child is lost is told by `answer` alone."""

    def __init__(self, start: Callable[[], ChildProcess], decode: Callable[[bytes], _Answer]) -> None:
        """Start the child; `decode` reads its answers. What `start` raises, also when it starts another, is raised."""
        self._start = start
        self._decode = decode
        self._child = start()
        self._within: float | None = None
        self._silent = ActiveClock()
        self._again: bytes | None = None

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.alive

    def memory(self) -> int:
        """Return the bytes of memory that the child has in use; 0 when it is gone."""
        return self._child.memory()

    def ask(self, question: _Question, within: float | None = None, *, retry: bool = False) -> None:
        """Ask the child; its answer is late after `within` seconds, never if None.

        `retry`: if the child is lost or late, another one is asked the same, once.
        """
        message = _encode(question)
        self._again = message if retry else None
        self._send(message, within)

    def expect(self, within: float | None) -> None:
        """Let the answer be late that many seconds from now, whatever was said before."""
        self._within = within
        self._silent.restart()

    def answer(self, seconds: float = 0.0) -> _Answer | None:
        """Wait up to that long for an answer; None when there is none yet. Raises ChildLost, ChildLate and ChildBug."""
        try:
            message = self._child.receive(seconds)
            if message is None:
                self._require_time()
                return None
        except ChildLost:
            if self._again is None:
                raise
            question, self._again = self._again, None
            self.restart()
            self._send(question, self._within)
            return None
        return self._decode(message)

    def restart(self) -> None:
        """Go on with another child, to which nothing was said yet."""
        self._child.close()
        self._child = self._start()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._child.close()

    def _send(self, message: bytes, within: float | None) -> None:
        with suppress(ChildLost, ChildBug):  # `answer` says so
            self._child.send(message)
        self.expect(within)

    def _require_time(self) -> None:
        silent = self._silent.tick()
        if self._within is not None and silent > self._within:
            raise ChildLate(f"it did not answer for {format_duration(self._within)}")


class Parent(Generic[_Question, _Answer]):
    """The child's end: hears what its parent asks, and tells the answers."""

    def __init__(self, connection: Connection, decode: Callable[[bytes], _Question]) -> None:
        self._connection = connection
        self._decode = decode

    def questions(self) -> Iterator[_Question]:
        """Wait for one question after the other. Raises EOFError when the parent has no more: the child is to end."""
        while True:
            yield self._decode(self._connection.recv_bytes())

    def tell(self, answer: _Answer) -> None:
        self._connection.send_bytes(_encode(answer))
