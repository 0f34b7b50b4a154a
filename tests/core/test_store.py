"""The study file: what is recorded can be read back, whatever happens to the writer."""

import sqlite3
from pathlib import Path

import pytest

import core.migrations
import core.store
from core.errors import StoreError
from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    HedgeState,
    PointOrigin,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.parameters import Value
from core.settings import tutorial_settings
from core.store import Store, copy_study

VALUES: dict[str, Value] = {"learning_rate": 0.1 + 0.2, "batch_size": 7, "epochs": 2, "optimizer": "sgd"}
EVENTS: list[Event] = [
    StudyStarted(settings=tutorial_settings(), time=1.5, versions={"keras": "3"}),
    TrialStarted(trial=1, values=VALUES, seed=11, origin=PointOrigin.INITIAL),
    EpochEnded(trial=1, epoch=1, loss=1 / 3, val_loss=0.1, metrics={"mae": 2.0}, seconds=0.5),
    EpochEnded(trial=1, epoch=2, loss=1e-300, val_loss=5e-324, metrics={}, seconds=1.0),
    TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=2, seconds=1.0, objective=5e-324),
    TrialStarted(trial=2, values=VALUES, seed=12, origin=PointOrigin.MODEL, hedge=HedgeState((1.0,), ((0.25, 1 / 3),))),
    TrialEnded(
        trial=2, state=TrialState.FAILED, epoch=1, seconds=0.1, reason=FailureReason.DIVERGED, message="It’s off"
    ),
    StudyEnded(reason=StudyEnd.STOPPED, message="Stopped.", time=9.0),
    StudyResumed(time=10.0, trials=30),
]


def test_that_events_read_back_as_they_were_recorded_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path) as store:
        store.record(EVENTS[:3])
        for event in EVENTS[3:]:
            store.record([event])
    assert Store.read(path) == EVENTS
    assert [f.name for f in tmp_path.iterdir()] == ["a.afina"]


def test_that_a_study_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path) as store:
        store.record(EVENTS[:4])
        assert Store.read(path) == EVENTS[:4]


def test_that_a_store_goes_on_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    for part in (EVENTS[:4], EVENTS[4:]):
        with Store.create(path) if not path.exists() else Store.open(path) as store:
            store.record(part)
    assert Store.read(path) == EVENTS


def test_that_a_record_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    bad = EpochEnded(trial=1, epoch=1, loss=float("nan"), val_loss=1.0, metrics={}, seconds=0.0)
    with Store.create(path) as store:
        store.record(EVENTS[:2])
        with pytest.raises(StoreError):
            store.record([EVENTS[2], bad])
        store.record(EVENTS[2:3])
    assert Store.read(path) == EVENTS[:3]


def test_that_values_are_stored_as_plain_sql_types(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path) as store:
        store.record(EVENTS)
    with sqlite3.connect(path) as connection:
        types = connection.execute("SELECT DISTINCT typeof(trial), typeof(epoch), typeof(loss) FROM epochs").fetchall()
        trials = connection.execute("SELECT number, state, objective FROM trials").fetchall()
    connection.close()
    assert types == [("integer", "integer", "real")]
    assert trials == [(1, "complete", 5e-324), (2, "failed", None)]


def test_that_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    path.write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        Store.create(path)
    assert path.read_text() == "precious"


def test_that_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be created"):
        Store.create(tmp_path / "file" / "a.afina")


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0JFIF", b"SQLite format 3\x00" + b"\x00" * 200, b"x" * 4096])
def test_that_a_file_that_is_no_study_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holiday.afina"
    path.write_bytes(content)
    for opener in (Store.read, Store.open):
        with pytest.raises(StoreError, match="not an Afina study"):
            opener(path)
    assert path.read_bytes() == content


def test_that_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no file"):
        Store.read(tmp_path / "gone.afina")


def test_that_a_truncated_study_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path) as store:
        store.record(EVENTS)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError, match=r"damaged|cannot be read"):
        Store.read(path)


def test_that_a_study_of_a_newer_afina_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path) as store:
        store.record(EVENTS)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for opener in (Store.read, Store.open):
        with pytest.raises(StoreError, match="newer Afina"):
            opener(path)


def test_that_an_old_study_is_read_unchanged_and_migrated_when_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path) as store:
        store.record(EVENTS)
    before = path.read_bytes()
    steps = (*core.migrations.MIGRATIONS, "ALTER TABLE events ADD COLUMN note TEXT;")
    monkeypatch.setattr(core.migrations, "MIGRATIONS", steps)
    monkeypatch.setattr(core.store, "SCHEMA_VERSION", 2)
    assert Store.read(path) == EVENTS
    assert path.read_bytes() == before
    Store.open(path).close()
    connection = sqlite3.connect(path)
    assert core.migrations.schema_version(connection) == 2
    connection.close()
    assert Store.read(path) == EVENTS


def test_that_a_copy_of_a_running_study_is_whole(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.afina", tmp_path / "b.afina"
    with Store.create(path) as store:
        store.record(EVENTS[:5])
        copy_study(path, copy)
        store.record(EVENTS[5:])
    assert Store.read(copy) == EVENTS[:5]


def test_that_a_copy_to_nowhere_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path) as store:
        store.record(EVENTS)
    with pytest.raises(StoreError):
        copy_study(path, tmp_path / "no" / "where.afina")


def test_that_a_second_writer_is_told_so_and_the_file_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path) as first, Store.open(path) as second:
        first.record(EVENTS[:2])
        with pytest.raises(StoreError, match="Another Afina is writing"):
            second.record(EVENTS[1:2])
        first.record(EVENTS[2:])
    assert Store.read(path) == EVENTS
