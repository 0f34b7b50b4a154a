"""Reading a study file, which may be growing meanwhile, without ever changing it."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType

from core.errors import DamagedStudy
from core.events import Event
from core.store.migrations import SCHEMA_VERSION, migrate, schema_version
from core.store.order import OrderCheck
from core.store.rows import EPOCHS_AFTER, EVENTS_AFTER, Row, epoch_from, event_from
from core.store.study_file import backup, explained, opened_for_reading, require_sound


def read_study(path: Path) -> list[Event]:
    """Return all events of a study file in the order in which they were recorded. Raises StoreError."""
    with StudyReader(path) as reader:
        return reader.new_events()


class StudyReader:
    """A study file opened for reading. Raises StoreError, and DamagedStudy when a record is not what was written.

    The file is not changed, not even when its schema is an old one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sequence = 0
        self._order = OrderCheck()
        with ExitStack() as stack:
            file = stack.enter_context(opened_for_reading(path))
            with explained(path, "read"):
                self._connection = _migrated(file, stack)
            self._opened = stack.pop_all()

    def new_events(self) -> list[Event]:
        """Return what was recorded since the last call, or since the beginning at the first."""
        with explained(self.path, "read"):
            first = self._sequence == 0
            if first:
                require_sound(self._connection)
            self._connection.execute("BEGIN")
            try:
                events = list(self._rows_after(self._sequence))
            finally:
                self._connection.execute("ROLLBACK")
            for event in events:  # when all are there: after an error in reading the call can be made again
                self._order.check(event)
            if first and not events:
                raise DamagedStudy("it holds no study")
            self._sequence += len(events)
            return events

    def _rows_after(self, sequence: int) -> Iterator[Event]:
        """Yield events and epochs merged by their sequence numbers, of which none may be missing."""
        rare = self._connection.execute(EVENTS_AFTER, (sequence,))
        epochs = self._connection.execute(EPOCHS_AFTER, (sequence,))
        event: Row | None = rare.fetchone()
        epoch: Row | None = epochs.fetchone()
        while event is not None or epoch is not None:
            sequence += 1
            if epoch is not None and epoch[0] == sequence:
                yield epoch_from(epoch)
                epoch = epochs.fetchone()
            elif event is not None and event[0] == sequence:
                yield event_from(event)
                event = rare.fetchone()
            else:
                raise DamagedStudy(f"record {sequence} is missing")

    def close(self) -> None:
        self._opened.close()

    def __enter__(self) -> "StudyReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _migrated(file: sqlite3.Connection, stack: ExitStack) -> sqlite3.Connection:
    """Return the connection or, when the schema is an old one, that to a temporary copy in the present one."""
    if schema_version(file) == SCHEMA_VERSION:
        return file
    require_sound(file)
    copy = stack.enter_context(closing(sqlite3.connect("", isolation_level=None)))
    backup(file, copy)
    migrate(copy)
    return copy
