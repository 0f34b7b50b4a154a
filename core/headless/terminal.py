"""The guard of the terminal: what a stranger's study, table or file has in it is printed, and never obeyed."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from core.letters import harmless


class Guarded:
    """A text stream without the codes that a terminal obeys. `returns`: a text may begin with a carriage return."""

    def __init__(self, stream: TextIO, *, returns: bool = False) -> None:
        self._stream = stream
        self._returns = returns

    def write(self, text: str) -> int:
        """Write the text without codes; return its length."""
        first = "\r" if self._returns and text.startswith("\r") else ""
        self._stream.write(first + harmless(text[len(first) :]))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard_output() -> None:
    """Guard the standard streams from now on: prints, errors, warnings, logs and tracebacks alike."""
    sys.stdout, sys.stderr = _guarded(sys.stdout), _guarded(sys.stderr)


@contextmanager
def guarded_output() -> Iterator[None]:
    """Guard the standard streams for a while."""
    before = sys.stdout, sys.stderr
    guard_output()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def for_a_bar(stream: TextIO) -> TextIO:
    """Return the stream for a progress bar, which begins its line anew by a carriage return."""
    return cast("TextIO", Guarded(stream._stream if isinstance(stream, Guarded) else stream, returns=True))


def _guarded(stream: TextIO) -> TextIO:
    """Return the stream with the guard; None, which a program without a console has, stays None."""
    return stream if stream is None or isinstance(stream, Guarded) else cast("TextIO", Guarded(stream))
