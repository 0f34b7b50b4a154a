"""A conversation with a child process: questions and answers, late answers, and lost children.

Messages are msgspec structs: a child can send only data, and the data are checked.
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
    """The child has not answered in time; its work may never end."""


class Conversation(Generic[_Question, _Answer]):
    """The parent's end: asks a child, and receives its answers. Only `answer` raises an error for a lost child."""

    def __init__(self, start: Callable[[], ChildProcess], decode: Callable[[bytes], _Answer]) -> None:
        """Start the child; `decode` reads its answers. Raises whatever `start` raises, at a restart, too."""
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
        """Return the bytes of memory that the child uses; 0 when it is gone."""
        return self._child.memory()

    def ask(self, question: _Question, within: float | None = None, *, retry: bool = False) -> None:
        """Ask the child; its answer is late after `within` seconds, or never if None.

        `retry`: if the child is lost or late, a new child is asked the same question, once.
        """
        message = _encode(question)
        self._again = message if retry else None
        self._send(message, within)

    def expect(self, within: float | None) -> None:
        """Set a new time limit for the answer: `within` seconds from now, or none if None."""
        self._within = within
        self._silent.restart()

    def answer(self, seconds: float = 0.0) -> _Answer | None:
        """Wait up to `seconds` for an answer; return None without one. Raises ChildLost, ChildLate and ChildBug."""
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
        """End the child and continue with a new one, which has received nothing yet."""
        self._child.close()
        self._child = self._start()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._child.close()

    def _send(self, message: bytes, within: float | None) -> None:
        with suppress(ChildLost, ChildBug):  # `answer` raises it
            self._child.send(message)
        self.expect(within)

    def _require_time(self) -> None:
        silent = self._silent.tick()
        if self._within is not None and silent > self._within:
            raise ChildLate(f"it did not answer for {format_duration(self._within)}")


class Parent(Generic[_Question, _Answer]):
    """The child's end: receives the parent's questions, and sends the answers."""

    def __init__(self, connection: Connection, decode: Callable[[bytes], _Question]) -> None:
        self._connection = connection
        self._decode = decode

    def questions(self) -> Iterator[_Question]:
        """Yield one question after the other. Raises EOFError when the parent has no more: then the child must end."""
        while True:
            yield self._decode(self._connection.recv_bytes())

    def tell(self, answer: _Answer) -> None:
        self._connection.send_bytes(_encode(answer))
