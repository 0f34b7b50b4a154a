"""Child processes of Afina: spawned, spoken to through a pipe, never outliving their parent.

The only module that makes processes. Messages are bytes, so that nothing is ever unpickled from a child.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

NICENESS = 5
"""How far a child stands back for the window, which is then never late for want of a core (POSIX only)."""
_context = multiprocessing.get_context("spawn")  # TensorFlow deadlocks after a fork


class ChildLost(Exception):
    """The child process has ended; the text says how."""


class ChildProcess:
    """A child that runs `target(connection)`. `target` has to be a function at module level."""

    def __init__(self, target: Callable[[Connection], None], name: str) -> None:
        self._connection, theirs = _context.Pipe()
        self._process = _context.Process(target=_run_child, args=(target, theirs), name=name, daemon=True)
        with _without_interrupts():
            self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def send(self, message: bytes) -> None:
        """Send a message, or raise ChildLost."""
        try:
            self._connection.send_bytes(message)
        except OSError as error:
            raise ChildLost(self._how_it_ended()) from error

    def receive(self, seconds: float) -> bytes | None:
        """Wait up to that long for a message; None when none came. Raises ChildLost when none will come any more."""
        try:
            return self._connection.recv_bytes() if self._connection.poll(seconds) else None
        except (EOFError, OSError) as error:
            raise ChildLost(self._how_it_ended()) from error

    def close(self, seconds: float = 0.0) -> None:
        """Let the child end by itself for that long, then kill it; wait until it is gone."""
        with contextlib.suppress(OSError):
            self._connection.close()
        self._process.join(seconds)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _how_it_ended(self) -> str:
        self._process.join(2)
        code = self._process.exitcode
        if code is None:
            return "it closed its connection"
        if code < 0:
            return f"it was killed by {signal.Signals(-code).name}"
        return f"it ended with exit code {code}"


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let a child that is started from the main thread be deaf to Ctrl-C from its first moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _run_child(target: Callable[[Connection], None], connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its children in good order
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    os.dup2(2, 1)  # what a model or a library prints must not run into the parent's output
    sys.stdout = sys.stderr
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is gone
        target(connection)
