"""Salvage: saves the readable part of a damaged study as a new study."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import DamagedStudy, StoreError
from core.events import Record, StudyStarted, TrialEnded
from core.store.checksum import row_checksum
from core.store.connection import connect
from core.store.migrations import CHECKSUMS_SINCE, SCHEMA_VERSION, Schema, expected_schema, schema_of
from core.store.order import OrderCheck
from core.store.reader import one_by_one
from core.store.rows import EPOCH_COLUMNS, EVENT_COLUMNS, Row, records_in, runs_in
from core.store.study_file import copied, explained, require_file
from core.store.writer import Store

_MIN_ROW_BYTES = 20
"""The fewest bytes of a record; this limits the number of records that a file can hold."""
_GIVE_UP_AFTER = 20_000
"""After this many missing records in a row the search for more ends."""
_MAX_MISSING = 500_000
"""The most missing records in total: a malicious file cannot keep Afina busy for hours."""


@dataclass(frozen=True)
class Salvaged:
    """The counts of what was saved: `trials` that have ended, and all `records`."""

    trials: int
    records: int


def salvage(source: Path, target: Path) -> Salvaged:
    """Save every readable record of the damaged study as a new study.

    The damaged file is not changed. Raises StoreError when the study's settings cannot be read: without them the other
    records have no meaning.
    """
    require_file(source)
    with explained(source), TemporaryDirectory(prefix="afina-", ignore_cleanup_errors=True) as folder:
        copy = copied(source, Path(folder))
        with closing(connect(copy, "rw")) as connection:
            connection.execute("PRAGMA writable_schema = ON")  # or SQLite refuses a truncated file at once
            version = _version(connection)
            events = list(one_by_one(_in_order(_readable(connection, copy, version))))
    first = events[0] if events else None
    if not isinstance(first, StudyStarted):
        raise StoreError(f"Nothing can be saved of {source.name}: its settings are lost")
    Store.create(target, first, events[1:]).close()
    return Salvaged(sum(isinstance(event, TrialEnded) for event in events), len(events))


def _version(connection: sqlite3.Connection) -> int:
    """Return the schema version, by the tables. They must be Afina's own: a view with their names could do anything.

    Other declarations in the file are never used. Raises DamagedStudy.
    """
    declared = schema_of(connection)
    for version in range(SCHEMA_VERSION, 0, -1):
        if _tables(expected_schema(version)) <= declared:
            return version
    raise DamagedStudy("it is not laid out as a study, so nothing can be saved of it")


def _tables(schema: Schema) -> Schema:
    return frozenset(entry for entry in schema if entry[1] in ("events", "epochs"))


def _readable(connection: sqlite3.Connection, path: Path, version: int) -> Iterator[Record]:
    """Yield each readable record. Each one is read alone, so that a lost page costs only the records on it."""
    missing = in_a_row = 0
    size = sum(log.stat().st_size for log in (path, path.with_name(path.name + "-wal")) if log.exists())
    for sequence in range(1, size // _MIN_ROW_BYTES + 2):
        event = _record(connection, sequence, checksums=version >= CHECKSUMS_SINCE)
        if event is None:
            missing += 1
            in_a_row += 1
            if in_a_row > _GIVE_UP_AFTER or missing > _MAX_MISSING:
                return
        else:
            in_a_row = 0
            yield event


def _record(connection: sqlite3.Connection, sequence: int, *, checksums: bool) -> Record | None:
    for table, columns in (("events", EVENT_COLUMNS), ("epochs", EPOCH_COLUMNS)):
        present = columns if checksums else columns.removesuffix(", checksum")
        with suppress(sqlite3.Error, DamagedStudy, UnicodeError):
            row: Row | None = connection.execute(
                f"SELECT {present} FROM {table} WHERE sequence = ?",
                (sequence,),
            ).fetchone()
            if row is not None:
                rows = [row if checksums else (*row, row_checksum(row))]
                return records_in(rows)[0] if table == "events" else next(runs_in(rows))[2]
    return None


def _in_order(events: Iterator[Record]) -> Iterator[Record]:
    """Yield the events that are still in a possible order without the lost ones."""
    order = OrderCheck()
    for event in events:
        try:
            order.check(event)
        except DamagedStudy:
            continue  # it belongs to a lost event
        yield event
