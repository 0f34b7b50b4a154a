"""Rows of a study file: how an event is written, and read back."""

import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec

from core.errors import DamagedStudy
from core.events import EpochEnded, Event
from core.store.checksum import row_checksum

Row = tuple[Any, ...]

EVENT_COLUMNS = "sequence, kind, trial, body, checksum"
EPOCH_COLUMNS = "sequence, trial, epoch, loss, val_loss, metrics, seconds, checksum"
EVENTS_AFTER = f"SELECT {EVENT_COLUMNS} FROM events WHERE sequence > ? ORDER BY sequence"
EPOCHS_AFTER = f"SELECT {EPOCH_COLUMNS} FROM epochs WHERE sequence > ? ORDER BY sequence"
_INSERT_EVENT = f"INSERT INTO events ({EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?)"
_INSERT_EPOCH = f"INSERT INTO epochs ({EPOCH_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

_EVENT_TYPES: tuple[type, ...] = (int, str, object, str, int)
_EPOCH_TYPES: tuple[type, ...] = (int, int, int, float, float, str, float, int)

_encode = msgspec.json.Encoder().encode
_decode_event: Callable[[str], Event] = msgspec.json.Decoder(Event).decode
_decode_metrics = msgspec.json.Decoder(dict[str, float]).decode


def insert(connection: sqlite3.Connection, sequence: int, event: Event) -> None:
    """Write an event, within the caller's transaction."""
    row: Row
    if isinstance(event, EpochEnded):
        metrics = _encode(event.metrics).decode()
        row = (
            sequence,
            event.trial,
            event.epoch,
            float(event.loss),
            float(event.val_loss),
            metrics,
            float(event.seconds),
        )
        connection.execute(_INSERT_EPOCH, (*row, row_checksum(row)))
    else:
        row = (sequence, type(event).__name__, getattr(event, "trial", None), _encode(event).decode())
        connection.execute(_INSERT_EVENT, (*row, row_checksum(row)))


def event_from(row: Row) -> Event:
    """Return the event that a row of `events` holds. Raises DamagedStudy."""
    _check(row, _EVENT_TYPES)
    try:
        return _decode_event(row[3])
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise DamagedStudy(f"record {row[0]} cannot be understood: {error}") from None


def epoch_from(row: Row) -> EpochEnded:
    """Return the event that a row of `epochs` holds. Raises DamagedStudy."""
    _check(row, _EPOCH_TYPES)
    _sequence, trial, epoch, loss, val_loss, metrics, seconds, _checksum = row
    try:
        return EpochEnded(
            trial=trial,
            epoch=epoch,
            loss=loss,
            val_loss=val_loss,
            metrics=_decode_metrics(metrics),
            seconds=seconds,
        )
    except msgspec.MsgspecError as error:
        raise DamagedStudy(f"record {row[0]} cannot be understood: {error}") from None


def _check(row: Row, types: tuple[type, ...]) -> None:
    if row_checksum(row[:-1]) != row[-1]:
        raise DamagedStudy(f"record {row[0]} is not what was written")
    if not all(map(isinstance, row, types)):
        raise DamagedStudy(f"record {row[0]} holds a value of another type")
