"""Shared by reader and writer: how a file is recognised as a study, and what its errors mean in words."""

import errno
import os
import sqlite3
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from core.errors import DamagedStudy, StoreBlocked, StoreError
from core.formatting import in_short
from core.store.connection import ALONE, connect
from core.store.log import is_missing, with_its_log
from core.store.migrations import SCHEMA_VERSION, expected_schema, schema_of, schema_version
from core.targets import APPLICATION_ID, NotATarget, logs_of, require_readable_name, require_study_target

MAX_FILE_BYTES = 4 * 2**30
"""The most bytes of a study file. 100,000 trials with 100 epochs each take about a quarter of this."""
MAX_SENTENCE_LENGTH = 400
_BLOCK = 2**20
_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")
"""The end of a journal that names another file, which SQLite would delete. Afina never writes one like this."""

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

    Only Afina's own declarations are accepted: a view or trigger that somebody put into the file never runs.
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


def require_sound(connection: sqlite3.Connection) -> None:
    """Raise DamagedStudy when SQLite finds damaged pages or values in the file."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DamagedStudy("a part of it is not what was written")


def require_file(path: Path) -> None:
    """Raise StoreError unless the file can be a study, and the files beside it are as they should be.

    The file itself is not opened, because a pipe would block. An empty file is refused here because SQLite would delete
    the log beside it.
    """
    try:
        require_readable_name(path)
        found = path.stat()
        beside = list(_logs_beside(path.resolve()))
    except FileNotFoundError:
        raise StoreError(f"There is no file {short(str(path))}") from None
    except (OSError, ValueError, RuntimeError) as error:
        name = short(path.name or str(path))
        why = getattr(error, "strerror", None) or "no file can have such a path"
        raise StoreError(f"{name} cannot be read: {why}") from None
    if not stat.S_ISREG(found.st_mode):
        raise StoreError(f"{path.name} is not a file")
    if not found.st_size:
        raise StoreError(f"{path.name} is not an Afina study: it is empty")
    odd = next((log for log, about in beside if not stat.S_ISREG(about.st_mode)), None)
    if odd is not None:
        raise StoreError(f"{path.name} cannot be read: {odd.name} beside it is not a file")
    _require_size(path, max(found.st_size, *(about.st_size for _log, about in beside), 0))
    _require_own_journal(path, [log for log, _about in beside])


def _require_size(path: Path, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise StoreError(f"{path.name} is {size / 2**30:.0f} GB large, more than any study that Afina can show")


def _require_own_journal(path: Path, logs: list[Path]) -> None:
    if any(log.name.endswith("-journal") and _names_another(log) for log in logs):
        raise DamagedStudy(f"{path.name} is damaged: the journal beside it belongs to several files")


def _logs_beside(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for log in logs_of(path):
        with suppress(FileNotFoundError):
            yield log, log.lstat()


def _names_another(journal: Path) -> bool:
    with suppress(OSError), journal.open("rb") as file:
        file.seek(-len(_SUPER_JOURNAL), os.SEEK_END)
        return file.read() == _SUPER_JOURNAL
    return False


def copied(path: Path, folder: Path) -> Path:
    """Copy the file, and the files that SQLite needs beside it, into the folder; return the copy's path."""
    source = with_its_log(path).resolve()
    for ending in ("", "-wal", "-journal"):
        part = source.with_name(source.name + ending)
        if part.exists():
            _copy(part, folder / part.name)
    return folder / source.name


def _copy(source: Path, target: Path) -> None:
    """Copy the file, its holes included: they take neither space nor time."""
    with source.open("rb", buffering=0) as given, target.open("wb") as copy:
        size = os.fstat(given.fileno()).st_size
        while (start := _next_data(given.fileno(), given.tell())) < size:
            given.seek(start)
            copy.seek(start)
            copy.write(given.read(_BLOCK))
        copy.truncate(size)


def _next_data(file: int, start: int) -> int:
    """Return the offset, in bytes, of the next data in the file at or after `start`."""
    if not hasattr(os, "SEEK_DATA"):
        return start
    try:
        return os.lseek(file, start, os.SEEK_DATA)
    except OSError as error:
        return sys.maxsize if error.errno == errno.ENXIO else start


def backup(source: sqlite3.Connection, target: sqlite3.Connection, seconds: float = 2.0) -> None:
    """Copy a database. Raises StoreBlocked when it stays locked for `seconds`; SQLite would wait for ever."""
    deadline: float | None = None

    def look(status: int, _remaining: int, _total: int) -> None:
        nonlocal deadline
        if status not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            deadline = None
        elif deadline is None:
            deadline = monotonic() + seconds
        elif monotonic() > deadline:
            raise StoreBlocked(f"The study cannot be copied: {_BLOCKED['BUSY']}")

    source.backup(target, progress=look)


def file_identity(path: Path) -> tuple[int, int]:
    """Return device and inode of the file at the path. Raises OSError."""
    found = path.stat()
    return found.st_dev, found.st_ino


def remove_logs(path: Path) -> None:
    """Remove SQLite's files beside an old study of this name: SQLite would use them for the new file."""
    for log in logs_of(path):
        if log.is_dir() and not log.is_symlink():
            raise NotATarget(path, f"{log.name} beside it is a folder. Move it away")
        log.unlink(missing_ok=True)


def part_of(path: Path) -> Path:
    """Return the temporary path of a file that will appear as `path`."""
    return path.with_name(f".{path.name}.part")


def put_in_place(part: Path, path: Path) -> None:
    """Move a finished file to `path`, in place of any file there."""
    remove_logs(path)
    part.replace(path)


@contextmanager
def explained(path: Path, what: str = "written") -> Iterator[None]:
    """Turn errors of SQLite and the disk into a StoreError; `what` is the participle in "cannot be written"."""
    try:
        yield
    except DamagedStudy as error:
        text = str(error)
        raise DamagedStudy(text if path.name in text else f"{path.name} is damaged: {short(text)}") from None
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorname == "SQLITE_CONSTRAINT_NOTNULL":  # SQLite takes NaN for a missing number
            raise StoreError("A number that is not finite cannot be recorded") from error
        raise StoreError(f"Another Afina is writing to {path.name}") from error
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # a bug in Afina
    except sqlite3.Error as error:
        raise _in_words(error, path) from error
    except UnicodeError as error:
        raise DamagedStudy(f"{path.name} is damaged: a text in it is not Unicode") from error
    except MemoryError as error:
        raise StoreError(f"{path.name} needs more memory than there is") from error
    except OSError as error:
        raise StoreBlocked(f"{path.name} cannot be {what}: {error.strerror or error}") from error


def _in_words(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
    if code == "INTERRUPT":
        return DamagedStudy(f"{path.name} is damaged: it is not laid out as a study")
    if code == "NOTADB":
        return StoreError(f"{path.name} is not an Afina study")
    if code in _BLOCKED:
        return StoreBlocked(f"{path.name} cannot be used: {_BLOCKED[code]}")
    return DamagedStudy(f"{path.name} is damaged: a part of it cannot be read")


@contextmanager
def opened_for_reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to the study that changes no file. Raises StoreError."""
    require_file(path)
    named = with_its_log(path)
    if named != path:
        require_file(named)
    with ExitStack() as stack:
        try:
            # Without a log SQLite would make one, which would hide that it is missing.
            connection = _checked(named, ALONE if is_missing(named) else "ro")
        except StoreBlocked as error:
            if _is_locked(error):
                raise
            # There is a log beside it that SQLite may not open there, as in a read-only folder, or a journal to undo
            # a commit that was cut short by a kill.
            with explained(path, "read"):
                folder = stack.enter_context(TemporaryDirectory(prefix="afina-", ignore_cleanup_errors=True))
                copy = copied(named, Path(folder))
            connection = _checked(copy, "rw")
        stack.enter_context(closing(connection))
        yield connection


def _checked(path: Path, mode: str) -> sqlite3.Connection:
    with explained(path, "read"), ExitStack() as stack:
        connection = stack.enter_context(closing(connect(path, mode)))
        check_is_study(connection, path)
        stack.pop_all()
        return connection


def _is_locked(error: StoreBlocked) -> bool:
    """Return whether the only problem is that another program has locked the file."""
    return getattr(error.__cause__, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def short(text: str) -> str:
    """Return the text, or its beginning: a text from a damaged file may have millions of characters."""
    return in_short(text, MAX_SENTENCE_LENGTH)


def require_place(path: Path, kept: Iterable[Path] = ()) -> None:
    """Raise StoreError, with a sentence, unless a study may be written at the path, in place of any file there."""
    try:
        require_study_target(path, kept)
    except OSError as error:
        raise StoreError(f"{short(path.name or str(path))} cannot be written: {error.strerror or error}") from None


@contextmanager
def removed_after(part: Path) -> Iterator[Path]:
    """Yield the path of an unfinished file; in the end remove the file, if it is still there, and its logs."""
    try:
        part.unlink(missing_ok=True)
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
            remove_logs(part)
