"""Store: a study file that is being written."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

from core.errors import StoreBlocked, StoreError
from core.events import Event, StudyStarted
from core.store.lock import StudyLock
from core.store.migrations import APPLICATION_ID, SCHEMA_VERSION, migrate
from core.store.rows import insert, packed
from core.store.study_file import (
    backup,
    check_is_study,
    connect,
    explained,
    opened_for_reading,
    part_of,
    put_in_place,
    remove_logs,
    removed_after,
    require_place,
    require_sound,
)


class Store:
    """A study file opened for writing, and locked against a second writer.

    Records are never changed or deleted: each call of `record` appends in one durable transaction, so that a program
    killed at any instant loses nothing recorded before. Errors are StoreErrors; after a StoreBlocked the same call can
    be made again.
    """

    def __init__(self, path: Path, lock: StudyLock) -> None:
        """Use `create` or `open`."""
        self.path = path
        self._lock = lock
        self._connection = _connect(path)
        self._identity = _identity(path)
        (last,) = self._connection.execute(
            "SELECT coalesce(max(sequence), 0) FROM (SELECT sequence FROM events UNION ALL SELECT sequence FROM epochs)"
        ).fetchone()
        self._sequence = int(last)

    @classmethod
    def create(cls, path: Path, first: StudyStarted, more: Sequence[Event] = ()) -> "Store":
        """Make a new study file; an existing file is never overwritten.

        The file appears with these events already in it: at every instant it is a complete study.
        """
        if os.path.lexists(path):
            raise StoreError(f"{path.name or path} exists already; choose another name")
        require_place(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path} cannot be created: {error.strerror or error}") from None
        lock = StudyLock(path)
        try:
            with explained(path), removed_after(part_of(path)) as part:
                with closing(connect(part, "rwc")) as connection:
                    connection.execute("PRAGMA synchronous = FULL")
                    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                    migrate(connection)
                    connection.execute("BEGIN")
                    for sequence, record in enumerate(packed((first, *more)), start=1):
                        insert(connection, sequence, record)
                    connection.execute("COMMIT")
                remove_logs(path)  # of a deleted study of this name
                _publish(part, path)
                return cls(path, lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open an existing study file for writing, and migrate it to the present schema."""
        with opened_for_reading(path):
            pass  # a file that is no study is not even locked
        require_place(path)
        lock = StudyLock(path)
        try:
            with explained(path):
                with closing(connect(path, "rw")) as connection:
                    if check_is_study(connection, path) < SCHEMA_VERSION:
                        require_sound(connection)
                        migrate(connection)
                return cls(path, lock)
        except BaseException:
            lock.release()
            raise

    def record(self, events: Sequence[Event]) -> None:
        """Append the events in one transaction, which is on the disk when this returns."""
        self._check_in_place()
        with explained(self.path):
            self._sequence = _append(self._connection, self._sequence, events)

    def move_to(self, path: Path, more: Sequence[Event] = ()) -> None:
        """Copy all records to another file, in place of any file there, append `more`, and continue in the new one.

        The old file may be deleted or moved, or its disk full: it is read through the open handle.
        """
        if path == self.path and self._is_in_place():
            raise StoreBlocked(f"{path.name} is there: choose another name")
        require_place(path)
        lock = self._lock if path == self.path else StudyLock(path)
        try:
            with explained(path), removed_after(part_of(path)) as part:
                with closing(connect(part, "rwc")) as copy:
                    backup(self._connection, copy)
                    copy.execute("PRAGMA journal_mode = DELETE")
                    _append(copy, self._sequence, more)
                put_in_place(part, path)
            moved = Store(path, lock)
        except BaseException:
            if lock is not self._lock:
                lock.release()
            raise
        with suppress(sqlite3.Error):
            self._connection.close()
        if lock is not self._lock:
            if not os.path.lexists(self.path):
                with suppress(OSError):
                    remove_logs(self.path)  # the file is gone, and all their content is in the new one
            self._lock.release()
        self.path, self._lock, self._connection = path, lock, moved._connection
        self._identity, self._sequence = moved._identity, moved._sequence

    def close(self) -> None:
        """Close the file; SQLite merges the write-ahead log into it, so that the study is one file again."""
        with suppress(sqlite3.Error):  # if the disk is full or the file locked, the log stays and nothing is lost
            self._connection.execute("PRAGMA busy_timeout = 200")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # works beside a reader, unlike the next
            self._connection.execute("PRAGMA journal_mode = DELETE")
        with suppress(sqlite3.Error):
            self._connection.close()
        self._lock.release()

    def _is_in_place(self) -> bool:
        try:
            return _identity(self.path) == self._identity
        except OSError:
            return False

    def _check_in_place(self) -> None:
        """Raise StoreBlocked if the file was deleted or moved: POSIX would let the program go on writing to it."""
        if not self._is_in_place():
            where = f"{self.path.name} is not in {self.path.parent} any more"
            raise StoreBlocked(f"{where}. Put it back")

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _append(connection: sqlite3.Connection, sequence: int, events: Sequence[Event]) -> int:
    """Append the events in one transaction after the record of that number; return the last record's number."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for record in packed(events):
            sequence += 1
            insert(connection, sequence, record)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return sequence


def copy_study(source: Path, target: Path) -> None:
    """Write a copy of the study file, which may be in use, to another path. Raises StoreError.

    The target is replaced only when the copy is complete.
    """
    require_place(target, kept=[source])
    lock = StudyLock(target)
    try:
        with opened_for_reading(source) as file, explained(target), removed_after(part_of(target)) as part:
            with closing(connect(part, "rwc")) as copy:
                backup(file, copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            put_in_place(part, target)
    finally:
        lock.release()


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file so that a commit, once it has returned, survives a kill and a power failure.

    WAL: a commit appends to the log and never changes earlier data, and a reader never waits. FULL: the commit is
    synced to the disk before it returns. Where a file system has no shared memory SQLite keeps its older journal, which
    is as safe. `close` merges the log into the file.
    """
    connection = connect(path, "rw")
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS (untried) syncs only to the drive's cache without this
    return connection


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _publish(part: Path, path: Path) -> None:
    """Move the finished file to `path`. Raises StoreError when there is a file already."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise StoreError(f"{path.name} exists already; choose another name") from None
    except OSError:  # a file system without hard links
        part.rename(path)
    if hasattr(os, "O_DIRECTORY"):  # POSIX: the name is on the disk only when its folder is synced; Windows cannot
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
