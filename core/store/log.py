"""SQLite's log beside a study file: whether it is missing, and whether it is still the writer's own."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from core.store.connection import UNLOCKED, connect

_HEADER_BYTES = 32
"""The header of a log; SQLite writes another one each time that it begins the log anew."""


@dataclass(frozen=True)
class LogMark:
    """What a log is known by as long as only its writer changes it: device, inode, header, size."""

    device: int
    inode: int
    header: bytes
    size: int

    @classmethod
    def of(cls, path: Path) -> "LogMark | None":
        """Return the mark of the log beside the study; None when there is no log. Raises OSError if that is not known.

        Unlike the study file, a log may be opened beside SQLite, which has no locks on it. A folder, a pipe or a device
        of its name is no log; opening a pipe would block.
        """
        log = log_of(path)
        try:
            if not stat.S_ISREG(log.stat().st_mode):
                return None
            with log.open("rb", buffering=0) as file:
                found = os.fstat(file.fileno())
                return cls(found.st_dev, found.st_ino, file.read(_HEADER_BYTES), found.st_size)
        except FileNotFoundError:
            return None


def log_of(path: Path) -> Path:
    """Return the path of the log beside the study: SQLite follows symbolic links."""
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}-wal")


def with_its_log(path: Path) -> Path:
    """Return the path or, if the file has another name in the same folder with a log or journal beside it, that one.

    SQLite looks for them only beside the name by which the file is opened.
    """
    return path if _has_log(path) else next(filter(_has_log, _other_names(path)), path)


def is_missing(path: Path) -> bool:
    """Return whether the study was written with a log that is not beside it: it may be a copy of the file alone."""
    if _has_log(path) or not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises where it may not look
        return False
    # The header tells it, but only SQLite may open the file. Without locks it refuses one that is written with a log.
    try:
        with closing(connect(path, UNLOCKED)) as connection:
            connection.execute("PRAGMA user_version")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorname", "") == "SQLITE_CANTOPEN" and not _has_log(path)
    return False


def _has_log(path: Path) -> bool:
    real = os.path.realpath(path)
    return any(os.path.lexists(real + ending) for ending in ("-wal", "-journal"))


def _other_names(path: Path) -> Iterator[Path]:
    real = Path(os.path.realpath(path))
    with suppress(OSError):
        found = real.stat()
        if found.st_nlink > 1:
            for entry in real.parent.iterdir():
                with suppress(OSError):
                    if entry != real and os.path.samestat(entry.lstat(), found):
                        yield entry
