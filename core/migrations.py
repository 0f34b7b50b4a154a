"""The schema of a study file, as numbered steps. A file's PRAGMA user_version says how many it has taken."""

import sqlite3

APPLICATION_ID = 0x4146494E
"""Marks a SQLite file as ours ("AFIN"), so that another program's database is not taken for a study."""

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

MIGRATIONS: tuple[str, ...] = (_STEP_1,)
"""Step n takes a file from version n - 1 to n. Released steps are never changed, only new ones added."""

SCHEMA_VERSION = len(MIGRATIONS)


def schema_version(connection: sqlite3.Connection) -> int:
    """Return how many steps the file has taken."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Take the steps that the file has not taken yet, each in a transaction of its own."""
    for number, step in enumerate(MIGRATIONS, start=1):
        if number > schema_version(connection):
            connection.executescript(f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")
