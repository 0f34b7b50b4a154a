"""A glance at a study file: what a list of studies shows, without reading every epoch; the file is never changed."""

import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from sqlite3 import Connection

from core.errors import DamagedStudy
from core.events import Record, StudyEnd, StudyEnded, StudyNamed, StudyResumed, StudyStarted, is_exhausted
from core.settings import StudySettings, possible_trials
from core.store.order import OrderCheck
from core.store.reader import migrated
from core.store.rows import EVENT_COLUMNS, records_in
from core.store.study_file import explained, opened_for_reading

_STEPS = 100_000
"""Steps of SQLite's virtual machine, some milliseconds, between two looks whether the glance is still wanted."""
_FIRST = f"SELECT {EVENT_COLUMNS} FROM events ORDER BY sequence LIMIT 1"
_LATER = f"SELECT {EVENT_COLUMNS} FROM events WHERE sequence IN (?, ?, ?) ORDER BY sequence"
_SUMS = """
SELECT
    max(CASE WHEN kind = 'StudyNamed' THEN sequence END),
    max(CASE WHEN kind = 'StudyResumed' THEN sequence END),
    max(CASE WHEN kind = 'StudyEnded' THEN sequence END),
    count(CASE WHEN kind = 'TrialEnded' THEN 1 END),
    min(CASE WHEN kind = 'TrialEnded' THEN json_extract(body, '$.objective') END),
    max(CASE WHEN kind = 'TrialEnded' THEN json_extract(body, '$.objective') END),
    max(CASE WHEN kind = 'TrialEnded' AND json_extract(body, '$.state') <> 'failed' THEN sequence END)
FROM events
"""
_FAILURES = "SELECT count(*) FROM events WHERE kind = 'TrialEnded' AND sequence > ?"


@dataclass(frozen=True)
class Glance:
    """A study in short.

    `name` is the user's name for it, empty for none; `budget` the trials that it may have in all; `ended` the number of
    trials that have ended; `best` the best objective. `failures` counts the latest trials in a row that failed since
    the study began or was last resumed. `end` is None while it runs, or when it was cut off.
    """

    settings: StudySettings
    name: str
    budget: int
    ended: int
    best: float | None
    failures: int
    end: StudyEnded | None

    @property
    def resumable(self) -> bool:
        """Whether trials are left to run."""
        return self.ended < self.budget and not self.exhausted

    @cached_property
    def exhausted(self) -> bool:
        """Whether the search has no point left to try."""
        return is_exhausted(self.settings, self.ended, self.end)

    @property
    def failed_in_a_row(self) -> bool:
        """Whether the study was paused because too many trials in a row failed."""
        paused = self.end is not None and self.end.reason is StudyEnd.PAUSED
        return paused and self.failures >= self.settings.limits.failures_in_a_row

    @property
    def unfinished(self) -> bool:
        """Whether the study stands still before its end although nobody wanted it to stop."""
        meant = self.end is not None and self.end.reason is not StudyEnd.PAUSED
        return not meant and not self.failed_in_a_row and self.resumable


def glance(path: Path, unwanted: Callable[[], bool] = lambda: False) -> Glance:
    """Return the study in the file in short. Raises StoreError, also as soon as the glance is `unwanted`.

    The rows that it takes words and settings from are checked as by a reader; trials are only counted and compared.
    """
    with ExitStack() as stack:
        file = stack.enter_context(opened_for_reading(path))
        with explained(path, "read"):
            connection = migrated(file, stack)
            connection.set_progress_handler(unwanted, _STEPS)
            connection.execute("BEGIN")
            return _glance(connection)


def _glance(connection: Connection) -> Glance:
    *places, ended, lowest, highest, not_failed = connection.execute(_SUMS).fetchone()
    started, *later = _checked(connection, places)
    if not isinstance(started, StudyStarted):
        raise DamagedStudy("its first record does not start a study")
    _named, resumed, end = places
    resumption = next((record for record in later if isinstance(record, StudyResumed)), None)
    (failures,) = connection.execute(_FAILURES, (max(not_failed or 0, resumed or 0),)).fetchone()
    name = next((record.name for record in later if isinstance(record, StudyNamed)), started.name)
    best = highest if started.settings.objective.higher_is_better else lowest
    last_end = next((record for record in later if isinstance(record, StudyEnded)), None)
    return Glance(
        settings=started.settings,
        name=name,
        budget=started.settings.budget.trials if resumption is None else possible_trials(resumption.trials),
        ended=ended,
        best=_finite(best),
        failures=failures,
        end=last_end if (end or 0) > (resumed or 0) else None,
    )


def _checked(connection: Connection, places: list[int | None]) -> list[Record]:
    """Return the study's first record and those with these sequence numbers. Raises DamagedStudy."""
    rows = [*connection.execute(_FIRST), *connection.execute(_LATER, places)]
    if not rows:
        raise DamagedStudy("it holds no study")
    records, order = records_in(rows), OrderCheck()
    for record in records:
        order.check(record)
    return records


def _finite(number: object) -> float | None:
    if number is None:
        return None
    if not isinstance(number, int | float) or not math.isfinite(number):
        raise DamagedStudy("a trial has an objective that is not a number")
    return float(number)
