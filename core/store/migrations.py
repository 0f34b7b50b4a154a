"""The schema of a study file, as numbered steps. PRAGMA user_version is the number of steps a file has taken."""

import sqlite3
from contextlib import closing
from functools import cache

from core.store.checksum import row_checksum

_STEP_1 = """
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    trial INTEGER,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE epochs (
    sequence INTEGER PRIMARY KEY,
    trial INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    loss REAL NOT NULL,
    val_loss REAL NOT NULL,
    metrics TEXT NOT NULL,
    seconds REAL NOT NULL
) STRICT;
CREATE VIEW trials AS
    SELECT begun.trial AS number,
        coalesce(json_extract(ended.body, '$.state'), 'interrupted') AS state,
        json_extract(begun.body, '$.values') AS parameter_values,
        json_extract(ended.body, '$.objective') AS objective,
        json_extract(ended.body, '$.seconds') AS seconds,
        json_extract(ended.body, '$.message') AS message
    FROM events AS begun
    LEFT JOIN events AS ended ON ended.trial = begun.trial AND ended.kind = 'TrialEnded'
    WHERE begun.kind = 'TrialStarted'
        AND begun.sequence = (
            SELECT max(sequence) FROM events WHERE trial = begun.trial AND kind = 'TrialStarted'
        )
    ORDER BY number;
"""

_STEP_2 = """
ALTER TABLE events ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE epochs ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE events SET checksum = row_checksum(sequence, kind, trial, body);
UPDATE epochs SET checksum = row_checksum(sequence, trial, epoch, loss, val_loss, metrics, seconds);
"""

_STEP_3 = ""  # From here on `events` may hold several epochs of a trial in one row, of the kind Epochs.

_STEP_4 = ""  # From here on `events` may hold rows of the kind DataFileChanged.

_STEP_5 = ""  # From here on a study may record how the cells of a data file are read, and on which scale it trains.

_STEP_6 = ""  # From here on a study may record its conduct, baselines, and the rows and intervals of a test.

_STEP_7 = ""  # From here on a study may have a name, and `events` may hold rows of the kind StudyNamed.

MIGRATIONS: tuple[str, ...] = (_STEP_1, _STEP_2, _STEP_3, _STEP_4, _STEP_5, _STEP_6, _STEP_7)
"""Step n takes a file from version n - 1 to n. Released steps are never changed, only new ones added."""

SCHEMA_VERSION = len(MIGRATIONS)
CHECKSUMS_SINCE = 2
"""The first version whose rows have checksums."""

_ENOUGH_STEPS = 20_000
"""Steps of SQLite's virtual machine: many times more than it takes to read the few declarations of any study."""

Schema = frozenset[tuple[str, str, str]]


def schema_version(connection: sqlite3.Connection) -> int:
    """Return how many steps the file has taken."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def schema_of(connection: sqlite3.Connection) -> Schema:
    """Return the type, name and SQL text of everything that the file declares.

    Raises sqlite3.Error, also for a file that declares so much that reading takes more than `_ENOUGH_STEPS`.
    """
    connection.set_progress_handler(lambda: 1, _ENOUGH_STEPS)
    try:
        return frozenset(connection.execute("SELECT type, name, sql FROM sqlite_master"))
    finally:
        connection.set_progress_handler(None, 0)


@cache
def expected_schema(version: int) -> Schema:
    """Return the schema of a file of this version that only Afina has written."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, version)
        return schema_of(connection)


def migrate(connection: sqlite3.Connection, version: int = SCHEMA_VERSION) -> None:
    """Take the missing steps up to `version`, each in a transaction of its own."""
    connection.create_function("row_checksum", -1, lambda *row: row_checksum(row), deterministic=True)
    for number, step in enumerate(MIGRATIONS[:version], start=1):
        if number > schema_version(connection):
            connection.executescript(f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")
