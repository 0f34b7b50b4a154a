"""Salvage: what can still be read of a damaged study, saved as a new one."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import DamagedStudy, StoreError
from core.events import Event, StudyStarted, TrialEnded
from core.store.migrations import SCHEMA_VERSION, migrate
from core.store.order import OrderCheck
from core.store.rows import EPOCH_COLUMNS, EVENT_COLUMNS, Row, epoch_from, event_from
from core.store.study_file import connect, explained, require_file
from core.store.writer import Store

_LEAST_ROW = 20
"""Bytes that a record takes at least: bounds how many there can be."""
_GIVE_UP_AFTER = 20_000
"""Records missing in a row: there are no more."""


@dataclass(frozen=True)
class Salvaged:
    """What was saved: `trials` that have an end, and `records` in all."""

    trials: int
    records: int


def salvage(source: Path, target: Path) -> Salvaged:
    """Save every record of the damaged study that can be read and understood as a new study.

    The damaged file is not changed. Raises StoreError when the study's settings are not among what can be read: without
    them the rest has no meaning.
    """
    require_file(source)
    with TemporaryDirectory(prefix="afina-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / source.name
        with explained(source):
            for ending in ("", "-wal"):
                if source.with_name(source.name + ending).exists():
                    shutil.copyfile(source.with_name(source.name + ending), copy.with_name(copy.name + ending))
            with closing(connect(copy, "rw")) as connection:
                connection.execute("PRAGMA writable_schema = ON")  # or SQLite gives up at once on a truncated file
                with suppress(sqlite3.Error):
                    if 0 < connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
                        migrate(connection)
                events = list(_in_order(_readable(connection, copy)))
    first = events[0] if events else None
    if not isinstance(first, StudyStarted):
        raise StoreError(f"Nothing can be saved of {source.name}: its settings are lost")
    with Store.create(target, first) as store:
        store.record(events[1:])
    return Salvaged(sum(isinstance(event, TrialEnded) for event in events), len(events))


def _readable(connection: sqlite3.Connection, path: Path) -> Iterator[Event]:
    """Yield what each record holds, one look at a time, so that a page that is lost costs only what is on it."""
    missing = 0
    for sequence in range(1, path.stat().st_size // _LEAST_ROW + 2):
        event = _record(connection, sequence)
        if event is None:
            missing += 1
            if missing > _GIVE_UP_AFTER:
                return
        else:
            missing = 0
            yield event


def _record(connection: sqlite3.Connection, sequence: int) -> Event | None:
    for table, columns, read in (("events", EVENT_COLUMNS, event_from), ("epochs", EPOCH_COLUMNS, epoch_from)):
        with suppress(sqlite3.Error, DamagedStudy, UnicodeError):
            row: Row | None = connection.execute(
                f"SELECT {columns} FROM {table} WHERE sequence = ?",
                (sequence,),
            ).fetchone()
            if row is not None:
                return read(row)
    return None


def _in_order(events: Iterator[Event]) -> Iterator[Event]:
    """Yield the events that make sense without those that are lost."""
    order = OrderCheck()
    for event in events:
        try:
            order.check(event)
        except DamagedStudy:
            continue  # it belongs to something that is lost
        yield event
