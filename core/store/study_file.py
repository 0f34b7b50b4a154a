"""What reader and writer share: how a study file is found out to be one, and what its errors mean in words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import DamagedStudy, StoreBlocked, StoreError
from core.store.migrations import APPLICATION_ID, SCHEMA_VERSION, expected_schema, schema_of, schema_version

SUFFIX = ".afina"
LARGEST_FILE = 4 * 2**30
"""Bytes. A study of 100,000 trials with 100 epochs each takes about a quarter of that."""
LARGEST_VALUE = 64 * 2**20
"""Bytes of one value in a file; what is longer was not written by Afina."""

_BLOCKED = {
    "FULL": "the disk is full. Free some space",
    "READONLY": "the file or its folder is read-only",
    "BUSY": "another program has locked it",
    "LOCKED": "another program has locked it",
    "CANTOPEN": "it cannot be opened. Is its folder there, and may it be written?",
    "IOERR": "the disk reports an error",
    "PERM": "it may not be accessed",
    "AUTH": "it may not be accessed",
    "PROTOCOL": "another program has locked it",
    "NOLFS": "it is too large for this disk",
}


def check_is_study(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of the file; raise StoreError when it is not a study that this Afina can read.

    Only what Afina itself declares is accepted: a view or trigger that somebody put into the file never runs.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise StoreError(f"{path.name} is not an Afina study")
    version = schema_version(connection)
    if version > SCHEMA_VERSION:
        raise StoreError(f"{path.name} was written by a newer Afina (schema {version}); update Afina to open it")
    if version < 1 or schema_of(connection) != expected_schema(version):
        raise DamagedStudy(f"{path.name} is damaged: it is not laid out as a study")
    return version


def require_file(path: Path) -> None:
    """Raise StoreError unless there is a file that can be a study."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise StoreError(f"There is no file {path}") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not path.is_file():
        raise StoreError(f"{path.name} is not a file")
    if size > LARGEST_FILE:
        raise StoreError(f"{path.name} is {size / 2**30:.0f} GB large, more than any study that Afina can show")


def connect(path: Path, mode: str, seconds: float = 1.0) -> sqlite3.Connection:
    """Open the file with SQLite, which waits for others up to `seconds`. `mode`: ro, rw or rwc.

    The file is never opened in any other way while SQLite has it: on POSIX, closing any handle of a file drops
    all locks of the process on it, and with them the writer's.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=seconds
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def remove_logs(path: Path) -> None:
    """Remove what a study of that name left beside it: SQLite would take it for the new file's own."""
    for ending in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def part_of(path: Path) -> Path:
    """Return the path under which a file is made before it appears as `path`."""
    return path.with_name(f".{path.name}.part")


def put_in_place(part: Path, path: Path) -> None:
    """Let a finished file appear as `path`, in place of what is there."""
    remove_logs(path)
    part.replace(path)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk may say into a StoreError with a sentence."""
    try:
        yield
    except DamagedStudy as error:
        text = str(error)
        raise DamagedStudy(text if path.name in text else f"{path.name} is damaged: {text}") from None
    except sqlite3.IntegrityError as error:
        raise StoreError(f"Another Afina is writing to {path.name}, or a number in it is unfit: {error}") from error
    except sqlite3.Error as error:
        raise _in_words(error, path) from error
    except UnicodeError as error:
        raise DamagedStudy(f"{path.name} is damaged: {error}") from error
    except OSError as error:
        raise StoreBlocked(f"{path.name} cannot be written: {error.strerror or error}") from error


def _in_words(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
    if code == "NOTADB":
        return StoreError(f"{path.name} is not an Afina study")
    if code in _BLOCKED:
        return StoreBlocked(f"{path.name} cannot be used: {_BLOCKED[code]}")
    return DamagedStudy(f"{path.name} is damaged: {error}")


@contextmanager
def removed_after(part: Path) -> Iterator[Path]:
    """Give an unfinished file's path; whatever is left of it goes."""
    try:
        part.unlink(missing_ok=True)
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
            remove_logs(part)
