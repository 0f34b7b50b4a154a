"""Store: a study file that is being written."""

import os
import sqlite3
import stat
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

from core.errors import StoreBlocked, StoreError
from core.events import EpochEnded, Event, Record, StudyStarted, TrialStarted
from core.formatting import in_short
from core.store.connection import ALONE, connect
from core.store.lock import StudyLock
from core.store.log import LogMark, is_missing, log_of, with_its_log
from core.store.migrations import SCHEMA_VERSION, migrate
from core.store.rows import insert, packed
from core.store.study_file import (
    backup,
    check_is_study,
    explained,
    file_identity,
    opened_for_reading,
    part_of,
    put_in_place,
    remove_logs,
    removed_after,
    require_place,
    require_sound,
)
from core.targets import APPLICATION_ID, logs_of

_FOLDER = 30
"""Letters of a folder's name in a sentence."""
_MAX_IN_LOG = 500
"""After this many records the log is brought into the file, even if no trial has ended."""
_PATIENCE_WITH_READERS = 0.05
"""Seconds to wait, after a trial, for readers that keep the log from the file; later records try again."""
_PATIENCE_AT_END = 0.5
"""Seconds to wait, at the end, for readers: a window that follows looks four times a second."""


class Store:
    """A study file opened for writing, and locked against a second writer.

    Records are never changed or deleted: each call of `record` appends in one durable transaction, so that a program
    killed at any instant loses nothing recorded before. What is recorded goes into a log beside the file and, as soon
    as a trial or the study has ended, into the file, which alone holds all finished trials. Errors are StoreErrors;
    after a StoreBlocked the same call can be made again.
    """

    def __init__(self, path: Path, lock: StudyLock) -> None:
        """Use `create` or `open`."""
        self.path = path
        self._lock = lock
        lock.cover_file()
        self._connection = _connect(path)
        self._identity = file_identity(path)
        self._in_log: list[tuple[int, Record]] = []
        """The records that may not be in the file yet, with their sequence numbers."""
        self._due = False
        """Whether the log is to be brought into the file."""
        self._sequence = _last(self._connection)
        self._withdrawn = False
        """Whether the log was taken away from another file at the path."""
        self._note_log()

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
            file = next((place for place in path.parents if os.path.lexists(place) and not place.is_dir()), None)
            reason = f"{file} is not a folder" if file else error.strerror or error
            raise StoreError(f"{path} cannot be created: {reason}") from None
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
            with explained(path):
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
            _require_log(path)
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
        self._check_log()
        try:
            with explained(self.path):
                self._append(list(packed(events)))
        except StoreError:
            self._note_log()  # a full disk may have taken a part
            raise
        ended = not all(isinstance(event, EpochEnded | TrialStarted) for event in events)
        self._due = self._due or ended or len(self._in_log) > _MAX_IN_LOG
        if self._due:
            self._empty_log(_PATIENCE_WITH_READERS if ended else 0.0)
        self._note_log()

    def _append(self, records: Sequence[Record]) -> None:
        numbered = list(enumerate(records, start=self._sequence + 1))
        _insert(self._connection, numbered)
        self._sequence += len(numbered)
        self._in_log += numbered

    def _empty_log(self, seconds: float) -> None:
        """Bring what the log holds into the file.

        If readers prevent it for so long, or the disk does, nothing is lost, and the next record tries again.
        """
        deadline = time.monotonic() + seconds
        while True:
            with suppress(sqlite3.Error):
                busy, pages, written = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                if not busy and pages == written:
                    self._in_log.clear()
                    self._due = False
                    return
            if time.monotonic() >= deadline:
                return
            time.sleep(_PATIENCE_WITH_READERS / 10)

    def move_to(self, path: Path, more: Sequence[Event] = ()) -> None:
        """Copy all records to another file, in place of any file there, append `more`, and continue in the new one.

        The old file may be deleted or moved, or its disk full: it is read through the open handle.
        """
        if path == self.path and self._is_in_place():
            raise StoreBlocked(f"{path.name} is there: choose another name")
        require_place(path)
        self._go_on_in(path, more)

    def _go_on_in(self, path: Path, more: Sequence[Event] = ()) -> None:
        same = path == self.path
        self._withdraw_log()
        lock = self._lock if same else StudyLock(path)
        target = Path(os.path.realpath(path)) if same else path
        try:
            with explained(path), removed_after(part_of(target)) as part:
                self._write_all(part, list(packed(more)))
                if same and self._is_in_place():
                    part.chmod(stat.S_IMODE(target.stat().st_mode))
                put_in_place(part, target)
            with explained(path):
                moved = Store(path, lock)
        except BaseException:
            if not same:
                lock.release()
            raise
        with suppress(sqlite3.Error):
            self._connection.close()  # SQLite sees that the file was replaced, and leaves the new one's log alone
        if not same:
            if not os.path.lexists(self.path):
                with suppress(OSError):
                    remove_logs(self.path)  # the file is gone, and all their content is in the new one
            self._lock.release()
        self.__dict__.update(moved.__dict__)

    def _write_all(self, part: Path, more: Sequence[Record]) -> None:
        """Write all records, and more, to a new file."""
        with closing(connect(part, "rwc")) as copy:
            if self._is_log_in_place() or not self._is_in_place():
                backup(self._connection, copy)
            else:  # what the log holds now may be anything
                with closing(connect(self.path, ALONE)) as file:
                    backup(file, copy)
                last = _last(copy)
                _insert(copy, [(sequence, record) for sequence, record in self._in_log if sequence > last])
            _insert(copy, list(enumerate(more, start=_last(copy) + 1)))
            copy.execute("PRAGMA journal_mode = DELETE")

    def close(self) -> None:
        """Close the file; SQLite merges the write-ahead log into it, so that the study is one file again."""
        with suppress(StoreError):
            self._check_log()
        with suppress(sqlite3.Error):  # if the disk is full or the file locked, the log stays and nothing is lost
            self._connection.execute("PRAGMA busy_timeout = 200")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # works beside a reader, unlike the next
        merged = self._merge()
        self._lock.release()
        deadline = time.monotonic() + _PATIENCE_AT_END
        while not merged and time.monotonic() < deadline:
            merged = self._merge()  # a window that follows closes the file when the lock is gone
        with suppress(sqlite3.Error):
            self._connection.close()

    def _merge(self) -> bool:
        """Give the log up; return whether the file needs none any more."""
        with suppress(sqlite3.Error):
            return bool(self._connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",))
        return False

    def _is_in_place(self) -> bool:
        try:
            return file_identity(self.path) == self._identity
        except OSError:
            return False

    def _check_in_place(self) -> None:
        """Raise StoreBlocked if the file was deleted or moved: POSIX would let the program go on writing to it."""
        if self._is_in_place():
            return
        self._withdraw_log()
        folder = in_short(self.path.parent.name, _FOLDER)  # a whole path would hide what can be done
        where = f"the folder “{folder}”" if folder else "its folder"
        why = ": another file has its name" if os.path.lexists(self.path) else ""
        raise StoreBlocked(f"{self.path.name} is not in {where} any more{why}. Put it back")

    def _withdraw_log(self) -> None:
        """Remove the log if another file is at the path: SQLite would write what is in the log into that file.

        The study keeps its log open, and is written anew when its file is back.
        """
        with suppress(OSError):
            if os.path.lexists(self.path) and not self._is_in_place() and self._is_own_log():
                log = log_of(self.path)
                for file in (log, log.with_name(f"{log.name.removesuffix('-wal')}-shm")):
                    file.unlink(missing_ok=True)
                self._withdrawn = True

    def _note_log(self) -> None:
        """Note what the log looks like, so that a change by another program is seen."""
        self._mark: LogMark | None = None
        with suppress(OSError, sqlite3.Error):
            self._version = _version(self._connection)
            self._mark = LogMark.of(self.path)

    def _is_own_log(self) -> bool:
        """Return whether there is a log that is the one last noted. Raises OSError."""
        return self._mark is not None and LogMark.of(self.path) == self._mark

    def _is_log_in_place(self) -> bool:
        """Return whether only SQLite has changed the log, if there is one, since the last record."""
        try:
            if self._mark is None or self._is_own_log():
                return True
        except OSError:
            return True  # it cannot be looked at now, as when a virus scanner has it
        with suppress(sqlite3.Error):
            return _version(self._connection) != self._version  # another writer, which is found out when it is written
        return False

    def _check_log(self) -> None:
        """Mend the study, and raise StoreBlocked to tell it, if another program deleted or changed the log."""
        if self._is_log_in_place() or not self._is_in_place():
            return
        log, withdrawn = log_of(self.path).name, self._withdrawn
        self._go_on_in(self.path)
        if withdrawn:
            return
        raise StoreBlocked(
            f"Another program deleted or changed {log}, the log of the running study. {self.path.name} has been "
            "written anew with all that was recorded, and the study goes on in it"
        )

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _insert(connection: sqlite3.Connection, numbered: Sequence[tuple[int, Record]]) -> None:
    """Insert the records, with their sequence numbers, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for sequence, record in numbered:
            insert(connection, sequence, record)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


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


def rename_study(path: Path, target: Path) -> None:
    """Give the study's file, which nobody is running, another name; no file is replaced. Raises StoreError."""
    require_place(target)
    lock = StudyLock(path)
    try:
        with explained(target):
            if os.path.lexists(target):
                raise StoreError(f"{target.name} exists already; choose another name")
            if with_its_log(path) != path or any(map(os.path.lexists, logs_of(path))):
                raise StoreBlocked(f"Another program is reading {path.name}")
            remove_logs(target)  # of a deleted study of this name
            path.rename(target)
    finally:
        lock.release()


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file so that a commit, once it has returned, survives a kill and a power failure.

    WAL: a commit appends to the log and never changes earlier data, and a reader never waits. FULL: the commit is
    synced to the disk before it returns. Where a file system has no shared memory SQLite keeps its older journal, which
    is as safe. `close` merges the log into the file. A file with several names gets the journal, too: SQLite would look
    for a log beside one of them only, and two programs would use two logs.
    """
    connection = connect(path, "rw")
    with suppress(sqlite3.OperationalError):
        connection.execute(f"PRAGMA journal_mode = {'DELETE' if path.stat().st_nlink > 1 else 'WAL'}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS (untried) syncs only to the drive's cache without this
    return connection


def _require_log(path: Path) -> None:
    """Raise StoreError if the study's log may lie beside another name of the file: it would no longer fit the file."""
    other = with_its_log(path)
    if other != path:
        raise StoreError(f"{path.name} and {other.name} are one file, and its log lies beside {other.name}: open that")
    if path.stat().st_nlink > 1 and is_missing(path):
        raise StoreError(
            f"{path.name} has another name, in another folder, and its log is not here. If it lies beside the other "
            f"name, open that; if it is lost, go on with a copy of {path.name}"
        )


def _version(connection: sqlite3.Connection) -> int:
    """Return a number that changes with each change by another connection."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _last(connection: sqlite3.Connection) -> int:
    """Return the sequence number of the last record."""
    (last,) = connection.execute(
        "SELECT coalesce(max(sequence), 0) FROM (SELECT sequence FROM events UNION ALL SELECT sequence FROM epochs)"
    ).fetchone()
    return int(last)


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
