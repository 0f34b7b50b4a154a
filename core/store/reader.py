"""Reads a study file without ever changing it; the file may grow at the same time."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from heapq import merge
from operator import itemgetter
from pathlib import Path
from types import TracebackType

from core.errors import DamagedStudy, StoreError
from core.events import Epochs, Event, Record
from core.store.log import is_missing, with_its_log
from core.store.migrations import MIGRATIONS, migrate, schema_version
from core.store.order import OrderCheck
from core.store.rows import EPOCHS_AFTER, EVENTS_AFTER, epochs_from, events_from
from core.store.study_file import backup, explained, file_identity, opened_for_reading, require_file, require_sound


def read_study(path: Path) -> list[Event]:
    """Return all events of a study file in the order of their recording. Raises StoreError."""
    with StudyReader(path) as reader:
        return reader.new_events()


def one_by_one(records: Iterable[Record]) -> Iterator[Event]:
    """Yield the events in the records; Epochs become single events."""
    for record in records:
        if isinstance(record, Epochs):
            yield from record.one_by_one()
        else:
            yield record


class StudyReader:
    """A study file opened for reading. Raises StoreError, and DamagedStudy when a record is not as it was written.

    The file is never changed, not even when its schema is old.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.event_count = 0
        """How many events have been read; epochs that were recorded together are as many as they were."""
        require_file(path)
        self.log_missing = is_missing(with_its_log(path))
        """Whether there may be more records in a log that is not there, as beside a copy of the file alone."""
        self._sequence = 0
        self._order = OrderCheck()
        self._first: Record | None = None
        with explained(path, "read"):
            self._identity = file_identity(path)
        self._open()

    def _open(self) -> None:
        with ExitStack() as stack:
            file = stack.enter_context(opened_for_reading(self.path))
            with explained(self.path, "read"):
                self._connection = migrated(file, stack)
            self._opened = stack.pop_all()

    def new_events(self) -> list[Event]:
        """Return the events recorded since the last call; the first call returns all.

        After an error the call can be made again.
        """
        self._follow_file()
        with explained(self.path, "read"), self._transaction():
            rows = list(self._rows_after(self._sequence))
            return list(one_by_one(self._checked(rows)))

    def _follow_file(self) -> None:
        """Open the file again if the writer had to write it anew. Raises StoreError for another study in its place."""
        with suppress(OSError):
            identity = file_identity(self.path)
            if identity != self._identity:
                self._opened.close()
                self._open()
                with explained(self.path, "read"):
                    first = next((record for _number, _count, record in self._rows_after(0)), None)
                if first != self._first:
                    raise StoreError(f"Another study is in the place of {self.path.name}")
                self._identity = identity

    def records(self) -> Iterator[Record]:
        """Yield the same events, with consecutive epochs in one record; for a single pass over a whole study.

        This is many times faster, and keeps only a small part of the study in memory.
        """
        with explained(self.path, "read"), self._transaction():
            yield from self._checked(self._rows_after(self._sequence))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        first = self._sequence == 0
        if first:
            require_sound(self._connection)
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")
        if first and not self._sequence:
            raise DamagedStudy("it holds no study")

    def _checked(self, rows: Iterable[tuple[int, int, Record]]) -> Iterator[Record]:
        for number, count, record in rows:
            if number != self._sequence + 1:
                raise DamagedStudy(f"record {self._sequence + 1} is missing")
            self._order.check(record)
            self._first = self._first or record
            self._sequence += count
            self.event_count += len(record) if isinstance(record, Epochs) else 1
            yield record

    def _rows_after(self, sequence: int) -> Iterator[tuple[int, int, Record]]:
        """Yield records in the order of their sequence numbers: first number, number of rows, record."""
        rare = self._connection.execute(EVENTS_AFTER, (sequence,))
        epochs = self._connection.execute(EPOCHS_AFTER, (sequence,))
        return merge(epochs_from(epochs), events_from(rare), key=itemgetter(0))

    def close(self) -> None:
        self._opened.close()

    def __enter__(self) -> "StudyReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def migrated(file: sqlite3.Connection, stack: ExitStack) -> sqlite3.Connection:
    """Return the connection or, when the schema is old, one to a temporary copy with the present schema."""
    if not any(MIGRATIONS[schema_version(file) :]):  # the steps that are missing change nothing
        return file
    require_sound(file)
    copy = stack.enter_context(closing(sqlite3.connect("", isolation_level=None)))
    backup(file, copy)
    migrate(copy)
    return copy
