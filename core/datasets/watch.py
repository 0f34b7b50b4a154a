"""DataWatch: notices that a data file changes, disappears or comes back while a study uses what it has loaded."""

import hashlib
from collections.abc import Generator
from enum import Enum, auto
from typing import NamedTuple

from core.datasets.changes import CHANGED, MISSING, facts, not_there, other_size
from core.datasets.data_file import DataFile
from core.files import open_file

STEP = 4 * 2**20
"""Bytes of the file that one look reads at most: a few milliseconds."""
_BLOCK = 2**20


class _Stamp(NamedTuple):
    """The facts about a file that cannot all stay the same when its content changes."""

    size: int
    device: int
    inode: int
    written: int
    changed: int


class _State(Enum):
    SAME = auto()
    CHANGED = auto()
    GONE = auto()
    UNREADABLE = auto()


class DataWatch:
    """Compares a file with its fingerprint, in small steps: `look` is cheap however large the file is.

    The content is read only when the file's size, times or identity differ from those of the last look.
    """

    def __init__(self, file: DataFile) -> None:
        """Watch a file that is as its fingerprint says."""
        self._file = file
        self._state = _State.SAME
        try:
            self._seen: _Stamp | None = self._stamp()
        except OSError:
            self._seen = None
        self._reading: Generator[None, None, bool] | None = None

    def look(self) -> str | None:
        """Return a sentence when the file is known to have changed or to be gone, "" when it is as it was again.

        None while there is no news: a file that changes once more is no news.
        """
        try:
            stamp = self._stamp()
            if stamp != self._seen:
                self._seen, self._reading = stamp, self._read()
            return self._progress(stamp)
        except OSError as error:
            self._seen = self._reading = None
            state = _State.GONE if isinstance(error, MISSING) else _State.UNREADABLE
            return self._news(state, not_there(self._file.file_path, error))

    def _progress(self, stamp: _Stamp) -> str | None:
        """Read on if the file has to be read; return the news. Raises OSError."""
        if self._reading is None:
            return None
        name, size = self._file.file_path.name, stamp.size
        if size != self._file.fingerprint.size:
            self._reading = None
            return self._news(_State.CHANGED, other_size(self._file, size))
        try:
            next(self._reading)
        except StopIteration as end:
            self._reading = None
            return self._news(_State.SAME, "") if end.value else self._news(_State.CHANGED, CHANGED.format(name))
        return None

    def _news(self, state: _State, sentence: str) -> str | None:
        before, self._state = self._state, state
        return None if state is before else sentence

    def _stamp(self) -> _Stamp:
        found = facts(self._file.file_path)
        return _Stamp(found.st_size, found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)

    def _read(self) -> Generator[None, None, bool]:
        """Read the file a step at a time; return whether its content is the imported one. Raises OSError."""
        digest = hashlib.sha256()
        with open_file(self._file.file_path) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                if not file.tell() % STEP:
                    yield
        return digest.hexdigest() == self._file.fingerprint.sha256
