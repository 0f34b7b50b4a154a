"""Reading a study file, which may be growing meanwhile, without ever changing it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from core.errors import DamagedStudy, StoreBlocked
from core.events import Event
from core.store.migrations import SCHEMA_VERSION, migrate
from core.store.order import OrderCheck
from core.store.rows import EPOCHS_AFTER, EVENTS_AFTER, Row, epoch_from, event_from
from core.store.study_file import check_is_study, connect, explained, require_file


def read_study(path: Path) -> list[Event]:
    """Return all events of a study file in the order in which they were recorded. Raises StoreError."""
    with StudyReader(path) as reader:
        return reader.new_events()


class StudyReader:
    """A study file opened for reading. Raises StoreError, and DamagedStudy when a record is not what was written.

    The file is not changed, not even when its schema is an old one.
    """

    def __init__(self, path: Path) -> None:
        require_file(path)
        self.path = path
        self._sequence = 0
        self._order = OrderCheck()
        self._folder: TemporaryDirectory[str] | None = None
        self._connection: sqlite3.Connection | None = None
        with explained(path):
            try:
                self._connection = _opened(path)
            except StoreBlocked:
                # A log lies beside it that SQLite may not open there, as in a read-only folder.
                self._folder = TemporaryDirectory(prefix="afina-", ignore_cleanup_errors=True)
                try:
                    self._connection = _opened(_copied(path, Path(self._folder.name)))
                except BaseException:
                    self.close()
                    raise

    def new_events(self) -> list[Event]:
        """Return what was recorded since the last call, or since the beginning at the first."""
        assert self._connection is not None
        with explained(self.path):
            first = self._sequence == 0
            if first:
                (verdict,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    raise DamagedStudy(str(verdict).splitlines()[-1])
            events: list[Event] = []
            self._connection.execute("BEGIN")
            try:
                for event in self._rows_after(self._sequence):
                    self._order.check(event)
                    events.append(event)
            finally:
                self._connection.execute("ROLLBACK")
            if first and not events:
                raise DamagedStudy("it holds no study")
            self._sequence += len(events)
            return events

    def _rows_after(self, sequence: int) -> Iterator[Event]:
        """Yield events and epochs merged by their sequence numbers, of which none may be missing."""
        assert self._connection is not None
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
        if self._connection is not None:
            self._connection.close()
        if self._folder is not None:
            with suppress(OSError):
                self._folder.cleanup()

    def __enter__(self) -> "StudyReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(path: Path) -> sqlite3.Connection:
    """Return a read-only connection in the present schema."""
    with explained(path):
        file = connect(path, "ro")
        try:
            if check_is_study(file, path) == SCHEMA_VERSION:
                return file
        except BaseException:
            file.close()
            raise
        with closing(file):
            copy = sqlite3.connect(":memory:", isolation_level=None)
            try:
                file.backup(copy)
                migrate(copy)
            except BaseException:
                copy.close()
                raise
            return copy


def _copied(path: Path, folder: Path) -> Path:
    """Copy the file and the log beside it."""
    for name in (path.name, path.name + "-wal"):
        source = path.with_name(name)
        if source.exists():
            shutil.copyfile(source, folder / name)
    return folder / path.name
