"""Rows of a study file: how events are written and read back."""

import math
import operator
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, product, repeat
from operator import itemgetter
from typing import Any, TypeVar

import msgspec
import numpy as np

from core.errors import DamagedStudy, InvalidSetting, StoreError
from core.events import EpochEnded, Epochs, Event, Record
from core.store.checksum import row_checksum, row_checksums

Row = tuple[Any, ...]
_T = TypeVar("_T")

EVENT_COLUMNS = "sequence, kind, trial, body, checksum"
EPOCH_COLUMNS = "sequence, trial, epoch, loss, val_loss, metrics, seconds, checksum"
EVENTS_AFTER = f"SELECT {EVENT_COLUMNS} FROM events WHERE sequence > ? ORDER BY sequence"
EPOCHS_AFTER = f"SELECT {EPOCH_COLUMNS} FROM epochs WHERE sequence > ? ORDER BY sequence"
_INSERT_EVENT = f"INSERT INTO events ({EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?)"
_INSERT_EPOCH = f"INSERT INTO epochs ({EPOCH_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

_EVENT_TYPES: tuple[type, ...] = (int, str, object, str, int)
_EPOCH_TYPES: tuple[type, ...] = (int, int, int, float, float, str, float, int)
_MAX_EPOCHS = 1000
"""The most epochs in one row."""
_AT_ONCE = 1000
"""The number of rows that are read and checked at once."""

_encode = msgspec.json.Encoder().encode
_decode_event: Callable[[str], Record] = msgspec.json.Decoder(Record).decode
_decode_metrics = msgspec.json.Decoder(dict[str, float]).decode
_decode_all_metrics = msgspec.json.Decoder(list[dict[str, float]]).decode


# Writing


def packed(events: Sequence[Event]) -> Iterator[Record]:
    """Yield the events; consecutive epochs of a trial become one record, whose row is much faster to read."""
    run: list[EpochEnded] = []
    for event in events:
        if run and not (isinstance(event, EpochEnded) and _continues(run, event)):
            yield _as_record(run)
            run = []
        if isinstance(event, EpochEnded):
            run.append(event)
        else:
            yield event
    if run:
        yield _as_record(run)


def _continues(run: list[EpochEnded], epoch: EpochEnded) -> bool:
    last = run[-1]
    return (
        len(run) < _MAX_EPOCHS
        and (epoch.trial, epoch.fit, epoch.epoch) == (last.trial, last.fit, last.epoch + 1)
        and epoch.metrics.keys() == last.metrics.keys()
    )


def _as_record(run: list[EpochEnded]) -> Record:
    first = run[0]
    numbers = chain.from_iterable((e.loss, e.val_loss, e.seconds, *e.metrics.values()) for e in run)
    # The table of single epochs has no column for other fits, and SQLite keeps no sign of a zero in it.
    signed = any(map(_is_minus_zero, (first.loss, first.val_loss, first.seconds)))
    only = len(run) == 1 and first.fit == 1 and not signed
    if only or not all(map(math.isfinite, numbers)):  # JSON cannot hold these numbers; SQLite refuses them
        return first
    return Epochs(
        trial=first.trial,
        first=first.epoch,
        losses=tuple(float(e.loss) for e in run),
        val_losses=tuple(float(e.val_loss) for e in run),
        seconds=tuple(float(e.seconds) for e in run),
        metrics={name: tuple(float(e.metrics[name]) for e in run) for name in first.metrics},
        fit=first.fit,
    )


def insert(connection: sqlite3.Connection, sequence: int, event: Record) -> None:
    """Write an event, or several epochs, as one row in the caller's transaction."""
    row: Row
    if isinstance(event, EpochEnded):
        if not all(map(math.isfinite, event.metrics.values())):
            raise StoreError("A metric that is not finite cannot be recorded")
        row = (
            sequence,
            event.trial,
            event.epoch,
            float(event.loss),
            float(event.val_loss),
            _encode(event.metrics).decode(),
            float(event.seconds),
        )
        connection.execute(_INSERT_EPOCH, (*row, row_checksum(row)))
    else:
        row = (sequence, type(event).__name__, getattr(event, "trial", None), _body(event))
        connection.execute(_INSERT_EVENT, (*row, row_checksum(row)))


def _body(event: Record) -> str:
    """Return the event as JSON that can be read back. Raises StoreError."""
    try:
        text = _encode(event).decode()
    except UnicodeEncodeError:  # a message may have been read from anywhere
        message = getattr(event, "message", "").encode(errors="replace").decode()
        if not message:
            raise StoreError("A text that is not Unicode cannot be recorded") from None
        text = _encode(msgspec.structs.replace(event, message=message)).decode()
    try:
        _decode_event(text)
    except msgspec.MsgspecError:  # JSON has null in place of a number that is not finite
        raise StoreError("A number that is not finite cannot be recorded") from None
    return text


# Reading


def events_from(cursor: sqlite3.Cursor) -> Iterator[tuple[int, int, Record]]:
    """Yield for each row of `events` its sequence number, 1, and its record. Raises DamagedStudy."""
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from zip([row[0] for row in rows], repeat(1), records_in(rows), strict=False)


def records_in(rows: Sequence[Row]) -> list[Record]:
    """Return the records in these rows of `events`. Raises DamagedStudy."""
    bodies = _columns(rows, _EVENT_TYPES)[3]
    return _decoded(_decode_event, bodies, rows)


def epochs_from(cursor: sqlite3.Cursor) -> Iterator[tuple[int, int, Epochs]]:
    """Yield the rows of `epochs` as runs: the first row's sequence number, the number of rows, the epochs.

    A run belongs to one trial; its sequence numbers and its epochs have no gaps. Raises DamagedStudy.
    """
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from runs_in(rows)


def runs_in(rows: Sequence[Row]) -> Iterator[tuple[int, int, Epochs]]:
    """Yield the runs in these rows of `epochs`. For speed they are decoded column by column. Raises DamagedStudy."""
    sequences, trials, epochs, losses, val_losses, texts, seconds, _checksums = _columns(rows, _EPOCH_TYPES)
    metrics = _metrics_in(texts, rows)
    for begin, end in _bounds(sequences, trials, epochs, metrics):
        part = slice(begin, end)
        run = Epochs(
            trial=trials[begin],
            first=epochs[begin],
            losses=losses[part],
            val_losses=val_losses[part],
            seconds=seconds[part],
            metrics={name: tuple(map(itemgetter(name), metrics[part])) for name in metrics[begin]},
        )
        yield sequences[begin], end - begin, run


def _bounds(
    sequences: Sequence[int], trials: Sequence[int], epochs: Sequence[int], metrics: list[dict[str, float]]
) -> Iterator[tuple[int, int]]:
    """Yield the first index and the last index plus one of each run."""
    steps = np.diff(np.array((sequences, trials, epochs)))
    names = list(map(tuple, metrics))
    same_names = np.fromiter(map(operator.eq, names[1:], names), bool, len(names) - 1)
    goes_on = (steps[0] == 1) & (steps[1] == 0) & (steps[2] == 1) & same_names
    ends = [*(np.flatnonzero(~goes_on) + 1).tolist(), len(trials)]
    return zip([0, *ends[:-1]], ends, strict=True)


def _decoded(decode: Callable[[str], _T], texts: Sequence[str], rows: Sequence[Row]) -> list[_T]:
    found: list[_T] = []
    try:
        found.extend(map(decode, texts))
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        reason = f": {error.__cause__}" if isinstance(error.__cause__, InvalidSetting) else ""
        raise DamagedStudy(f"record {rows[len(found)][0]} cannot be understood{reason}") from None
    return found


def _metrics_in(texts: Sequence[str], rows: Sequence[Row]) -> list[dict[str, float]]:
    """Return the metrics in each text. Decoded as one text, in half the time, unless one is damaged."""
    try:
        found = _decode_all_metrics(f"[{','.join(texts)}]")
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        found = []
    return found if len(found) == len(texts) else _decoded(_decode_metrics, texts, rows)


def _columns(rows: Sequence[Row], types: Sequence[type]) -> list[tuple[Any, ...]]:
    """Return the rows' columns, the checksums last. Raises DamagedStudy when a row is not as it was written."""
    columns = list(zip(*rows, strict=True))
    found = row_checksums(rows)
    if found != columns[-1]:
        rows = list(map(_as_written, rows))
        columns, found = list(zip(*rows, strict=True)), row_checksums(rows)
    if found != columns[-1]:
        number = next(row[0] for row, checksum in zip(rows, found, strict=True) if row[-1] != checksum)
        raise DamagedStudy(f"record {number} is not what was written")
    for column, allowed in zip(columns, types, strict=True):
        if not all(issubclass(kind, allowed) for kind in set(map(type, column))):
            raise DamagedStudy(f"a record from {rows[0][0]} on holds a value of another type")
    return columns


def _as_written(row: Row) -> Row:
    """Return the row with the signs of its zeros, which SQLite does not keep but the checksum knows."""
    choices = [(value, -0.0) if type(value) is float and value == 0 else (value,) for value in row[:-1]]
    return (*next((signs for signs in product(*choices) if row_checksum(signs) == row[-1]), row[:-1]), row[-1])


def _is_minus_zero(number: float) -> bool:
    return number == 0 and math.copysign(1, number) < 0
