"""Connections: the one way to open a study file."""

import sqlite3
from pathlib import Path

from core.targets import uri_of

MAX_VALUE_BYTES = 64 * 2**20
"""The most bytes of one value in a file; Afina writes no longer values."""
ALONE = "ro&immutable=1"
"""The mode to read the file alone, without the log beside it or another program's locks."""
UNLOCKED = "ro&nolock=1"
"""The mode to read the file without locks, which is not possible for a file that is written with a log."""


def connect(path: Path, mode: str, seconds: float = 1.0) -> sqlite3.Connection:
    """Open the file with SQLite, which waits up to `seconds` for other users' locks.

    `mode` is ro, rw, rwc, ALONE or UNLOCKED. Never open the file in any other way while SQLite has it open: on POSIX,
    closing any handle of a file drops all locks of the process on it, the writer's included.
    """
    connection = sqlite3.connect(uri_of(path, f"mode={mode}"), uri=True, isolation_level=None, timeout=seconds)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection
