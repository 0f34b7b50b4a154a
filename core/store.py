"""Store: the study file, an append-only log of events in SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType

import msgspec

from core.errors import StoreError
from core.events import EpochEnded, Event, StudyStarted
from core.migrations import APPLICATION_ID, SCHEMA_VERSION, migrate, schema_version

SUFFIX = ".afina"
_SQLITE_HEADER = b"SQLite format 3\x00"

_encode = msgspec.json.Encoder().encode
_decode_event = msgspec.json.Decoder(Event).decode
_decode_metrics = msgspec.json.Decoder(dict[str, float]).decode


class Store:
    """A study file opened for writing.

    Nothing is ever changed or deleted in it: each call of `record` appends in one durable transaction, so that
    killing the program at any instant leaves all that was recorded before.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Use `create` or `open`."""
        self._connection = connection
        self.path = path
        (last,) = connection.execute(
            "SELECT coalesce(max(sequence), 0) FROM (SELECT sequence FROM events UNION ALL SELECT sequence FROM epochs)"
        ).fetchone()
        self._sequence = int(last)

    @classmethod
    def create(cls, path: Path) -> "Store":
        """Make a new study file; an existing file is never overwritten. Raises StoreError."""
        if path.exists():
            raise StoreError(f"{path.name} exists already; choose another name")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=False)
        except OSError as error:
            raise StoreError(f"{path} cannot be created: {error.strerror or error}") from None
        with _explained(path):
            # Before WAL is on: the mark has to be in the file itself from the first moment.
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                migrate(connection)
            return cls(_connect(path), path)

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open an existing study file for writing, brought to the present schema. Raises StoreError."""
        _check_is_study(path)
        with _explained(path):
            connection = _connect(path)
            _check_version(connection, path)
            migrate(connection)
            return cls(connection, path)

    @staticmethod
    def read(path: Path) -> list[Event]:
        """Return all events of a study file in the order in which they were recorded. Raises StoreError.

        The file is not changed, not even when its schema is an old one.
        """
        _check_is_study(path)
        with (
            _explained(path),
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file,
        ):
            version = _check_version(file, path)
            if version == SCHEMA_VERSION:
                return list(_events(file, path))
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
                file.backup(copy)
                migrate(copy)
                return list(_events(copy, path))

    def record(self, events: Sequence[Event]) -> None:
        """Append the events in one transaction that is on the disk when this returns. Raises StoreError."""
        with _explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            sequence = self._sequence
            try:
                for event in events:
                    sequence += 1
                    self._insert(sequence, event)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._sequence = sequence

    def _insert(self, sequence: int, event: Event) -> None:
        if isinstance(event, EpochEnded):
            self._connection.execute(
                "INSERT INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    sequence,
                    event.trial,
                    event.epoch,
                    event.loss,
                    event.val_loss,
                    _encode(event.metrics).decode(),
                    event.seconds,
                ),
            )
        else:
            self._connection.execute(
                "INSERT INTO events VALUES (?, ?, ?, ?)",
                (sequence, type(event).__name__, getattr(event, "trial", None), _encode(event).decode()),
            )

    def close(self) -> None:
        """Close the file; the write-ahead log is folded into it, so that the study is one file again."""
        with suppress(sqlite3.Error):  # somebody else reads it: the log stays beside it, nothing is lost
            self._connection.execute("PRAGMA busy_timeout = 200")
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def copy_study(source: Path, target: Path) -> None:
    """Write a copy of the study file, which may be in use, to another place. Raises StoreError.

    The target is replaced only when the copy is whole.
    """
    _check_is_study(source)
    part = target.with_name(target.name + ".part")
    with _explained(target):
        part.unlink(missing_ok=True)
        uri = f"{source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as file, closing(sqlite3.connect(part)) as copy:
            file.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        part.replace(target)


def _connect(path: Path) -> sqlite3.Connection:
    # WAL with FULL: a commit is one append and one fsync, and a reader never waits for the writer.
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _check_is_study(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(72)
    except FileNotFoundError:
        raise StoreError(f"There is no file {path}") from None
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read: {error.strerror or error}") from None
    ours = header[68:72] == APPLICATION_ID.to_bytes(4, "big")
    if not header.startswith(_SQLITE_HEADER) or not ours:
        raise StoreError(f"{path.name} is not an Afina study")


def _check_version(connection: sqlite3.Connection, path: Path) -> int:
    version = schema_version(connection)
    if version > SCHEMA_VERSION:
        raise StoreError(f"{path.name} was written by a newer Afina (schema {version}); update Afina to open it")
    return version


def _events(connection: sqlite3.Connection, path: Path) -> Iterator[Event]:
    """Yield events and epochs merged by their sequence number; the first must start the study."""
    rare = connection.execute("SELECT sequence, body FROM events ORDER BY sequence")
    epochs = connection.execute(
        "SELECT sequence, trial, epoch, loss, val_loss, metrics, seconds FROM epochs ORDER BY sequence"
    )
    epoch = epochs.fetchone()
    first = True
    for sequence, body in rare:
        while epoch is not None and epoch[0] < sequence:
            yield _epoch_event(epoch)
            epoch = epochs.fetchone()
        event = _decode_event(body)
        if first and not isinstance(event, StudyStarted):
            raise StoreError(f"{path.name} is damaged: its first record does not start a study")
        first = False
        yield event
    if first:
        raise StoreError(f"{path.name} holds no study yet")
    while epoch is not None:
        yield _epoch_event(epoch)
        epoch = epochs.fetchone()


def _epoch_event(row: tuple[int, int, int, float, float, str, float]) -> EpochEnded:
    _sequence, trial, epoch, loss, val_loss, metrics, seconds = row
    return EpochEnded(
        trial=trial,
        epoch=epoch,
        loss=loss,
        val_loss=val_loss,
        metrics=_decode_metrics(metrics),
        seconds=seconds,
    )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk may say into a StoreError with a sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path.name} cannot be read or written: {error}") from error
    except sqlite3.IntegrityError as error:
        raise StoreError(f"Another Afina is writing to {path.name}, or a number in it is unfit: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path.name} is damaged: {error}") from error
    except (msgspec.MsgspecError, KeyError) as error:
        raise StoreError(f"{path.name} is damaged: {error}") from error
    except OSError as error:
        raise StoreError(f"{path.name} cannot be written: {error.strerror or error}") from error
