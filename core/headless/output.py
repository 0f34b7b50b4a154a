"""The standard streams: every encoding shows something, and a reader that goes, or never was, ends nothing."""

import codecs
import io
import os
import re
import select
import sys
import unicodedata
from errno import EINVAL, EPIPE
from typing import Any, TextIO

READER_GONE = 128 + 13
"""The exit code when the reader of the output has gone, as a shell shows it for other programs (SIGPIPE)."""
_FAILED = 1
_ERRORS = "afina.shown"
_INSTEAD = {
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "★": "*",
    "↓": "(min)",
    "↑": "(max)",
    "→": "->",
    "±": "+/-",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "·": "-",
    "∞": "inf",
    "µ": "u",
}
"""What stands in the output for a character that its encoding has not."""
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
"""How Python writes bytes of a file's name that are not text."""


def prepare_output() -> None:
    """Make the standard streams last, whatever they lead to, and write something for every character.

    A stream that is closed gets its number back, before any file gets it and our output with it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest number that is free: this one
    sys.stdout, sys.stderr = _lasting(sys.stdout, 1), _lasting(sys.stderr, 2)


def shown(text: str) -> str:
    """Return the text as standard output will show it."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, _ERRORS).decode(encoding)


def stray_bytes_shown(text: str) -> str:
    """Return the text with the bytes of a file's name that are not text written by their numbers."""
    return _STRAY_BYTE.sub(lambda letter: f"\\x{ord(letter[0]) & 0xFF:02x}", text)


def outcome(code: int) -> int:
    """Return the exit code of the program when all its output is out: another one if not all could be written."""
    sys.stdout.flush()
    raw = getattr(sys.stdout.buffer, "raw", None)
    lost = raw.lost if isinstance(raw, _Lasting) else None
    if code or lost is None:
        return code
    if lost.errno in (EPIPE, EINVAL):  # Windows has no name of its own for a pipe that nobody reads
        return READER_GONE
    print(f"Error: the output cannot be written: {lost.strerror}", file=sys.stderr)
    return _FAILED


class _Lasting(io.RawIOBase):
    """Writes until that fails, then drops what comes: a study goes on when nobody reads. `lost` is the first error."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.lost: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        size = memoryview(data).nbytes
        while self.lost is None:
            try:
                written = self._raw.write(data)
            except OSError as error:
                self.lost = error
                break
            if written is not None:
                return written
            select.select([], [self._raw], [])  # another program has made the terminal one that does not wait
        return size

    def fileno(self) -> int:
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw.isatty()


def _lasting(stream: TextIO | None, number: int) -> io.TextIOWrapper:
    """Return a stream in place of a standard stream, which is None if it was closed when the program began."""
    encoding, by_lines = "utf-8", number == 2
    raw: io.RawIOBase = io.FileIO(number, "w", closefd=False) if stream is None else _raw(stream)
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding
        by_lines = by_lines or stream.line_buffering or stream.write_through
    buffer = io.BufferedWriter(_Lasting(raw))
    return io.TextIOWrapper(buffer, encoding, _ERRORS, line_buffering=by_lines)


def _raw(stream: TextIO) -> io.RawIOBase:
    stream.flush()
    buffer: Any = stream.buffer
    raw: io.RawIOBase = getattr(buffer, "raw", buffer)  # without a buffer, as by PYTHONUNBUFFERED
    return raw


def _show(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_instead, error.object[error.start : error.end])), error.end


def _instead(letter: str) -> str:
    if letter in _INSTEAD:
        return _INSTEAD[letter]
    if _STRAY_BYTE.match(letter):
        return stray_bytes_shown(letter)
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return plain or "?"


codecs.register_error(_ERRORS, _show)
