"""The study file: what is recorded can be read back, whatever happens to the writer."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core.store.migrations
from core.errors import DamagedStudy, StoreBlocked, StoreError, StudyInUse
from core.events import (
    EpochEnded,
    Epochs,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import HedgeState, PointOrigin
from core.settings import tutorial_settings
from core.store.lock import in_use
from core.store.reader import StudyReader, read_study
from core.store.rows import insert
from core.store.salvage import salvage
from core.store.study_file import backup
from core.store.writer import Store, copy_study
from core.tables.fingerprint import Fingerprint

VALUES: dict[str, Value] = {"learning_rate": 0.1 + 0.2, "batch_size": 7, "epochs": 2, "optimizer": "sgd"}
START = StudyStarted(settings=tutorial_settings(), time=1.5, versions={"keras": "3"})
EVENTS: list[Event] = [
    START,
    TrialStarted(trial=1, values=VALUES, seed=11, origin=PointOrigin.INITIAL),
    EpochEnded(trial=1, epoch=1, loss=1 / 3, val_loss=0.1, metrics={"mae": 2.0}, seconds=0.5),
    EpochEnded(trial=1, epoch=2, loss=1e-300, val_loss=5e-324, metrics={}, seconds=1.0),
    TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=2, seconds=1.0, objective=5e-324),
    TrialStarted(trial=2, values=VALUES, seed=12, origin=PointOrigin.MODEL, hedge=HedgeState((1.0,), ((0.25, 1 / 3),))),
    TrialEnded(
        trial=2, state=TrialState.FAILED, epoch=1, seconds=0.1, reason=FailureReason.DIVERGED, message="It’s off"
    ),
    StudyEnded(reason=StudyEnd.STOPPED, message="Stopped.", time=9.0),
    StudyResumed(time=10.0, trials=30, data=Fingerprint(10, "ab")),
]
READERS = (read_study, Store.open)


def test_that_events_read_back_as_they_were_recorded_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:3])
        for event in EVENTS[3:]:
            store.record([event])
    assert read_study(path) == EVENTS
    assert [f.name for f in tmp_path.iterdir()] == ["a.afina"]


def test_that_a_study_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:4])
        assert read_study(path) == EVENTS[:4]


def test_that_a_store_goes_on_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    for part in (EVENTS[1:4], EVENTS[4:]):
        with Store.open(path) if path.exists() else Store.create(path, START) as store:
            store.record(part)
    assert read_study(path) == EVENTS


def test_that_a_record_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    bad = EpochEnded(trial=1, epoch=1, loss=float("nan"), val_loss=1.0, metrics={}, seconds=0.0)
    with Store.create(path, START) as store:
        store.record(EVENTS[1:2])
        with pytest.raises(StoreError):
            store.record([EVENTS[2], bad])
        store.record(EVENTS[2:3])
    assert read_study(path) == EVENTS[:3]


def test_that_values_are_stored_as_plain_sql_types(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
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
        Store.create(path, START)
    assert path.read_text() == "precious"


def test_that_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in ("file", "file/in/it"):
        with pytest.raises(StoreError, match=r"cannot be created: .*file is not a folder"):
            Store.create(tmp_path / folder / "a.afina", START)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0JFIF", b"SQLite format 3\x00" + b"\x00" * 200, b"x" * 4096])
def test_that_a_file_that_is_no_study_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holiday.afina"
    path.write_bytes(content)
    for opener in READERS:
        with pytest.raises(StoreError, match="not an Afina study"):
            opener(path)
    assert path.read_bytes() == content


def test_that_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no file"):
        read_study(tmp_path / "gone.afina")


def test_that_a_truncated_study_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError, match=r"damaged|cannot be read"):
        read_study(path)


def test_that_a_study_of_a_newer_afina_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for opener in READERS:
        with pytest.raises(StoreError, match="newer Afina"):
            opener(path)


SCHEMAS = sorted((Path(__file__).resolve().parents[1] / "data").glob("schema-*.afina"))


@pytest.mark.parametrize("released", SCHEMAS, ids=lambda p: p.stem)
def test_that_a_study_of_every_released_schema_is_read_unchanged_and_migrated_when_written(
    tmp_path: Path, released: Path
) -> None:
    path = tmp_path / "a.afina"
    path.write_bytes(released.read_bytes())
    events = read_study(path)
    progress = StudyProgress.of(events)
    assert [t.state for t in progress.trials.values()] == ["complete"] * 2 + ["failed"] + ["complete"] * 3
    assert path.read_bytes() == released.read_bytes()
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        assert core.store.migrations.schema_version(connection) == core.store.migrations.SCHEMA_VERSION
    assert read_study(path) == events


def test_that_every_released_schema_has_a_study_to_test_with() -> None:
    assert [p.stem for p in SCHEMAS] == [f"schema-{n + 1}" for n in range(core.store.migrations.SCHEMA_VERSION)]


def test_that_a_copy_of_a_running_study_is_whole(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.afina", tmp_path / "b.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:5])
        copy_study(path, copy)
        store.record(EVENTS[5:])
    assert read_study(copy) == EVENTS[:5]


def test_that_a_copy_to_nowhere_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
    with pytest.raises(StoreError):
        copy_study(path, tmp_path / "no" / "where.afina")


def test_that_there_is_one_writer_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as first:
        assert in_use(path)
        with pytest.raises(StudyInUse, match="Another Afina is running"):
            Store.open(path)
        first.record(EVENTS[1:])
    assert not in_use(path)
    assert read_study(path) == EVENTS
    Store.open(path).close()


def test_that_a_writer_which_the_lock_did_not_stop_cannot_interleave(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as first:
        first._lock.release()
        with Store.open(path) as second:
            first.record(EVENTS[1:2])
            with pytest.raises(StoreError, match="Another Afina is writing"):
                second.record(EVENTS[1:2])
            first.record(EVENTS[2:])
    assert read_study(path) == EVENTS


def test_that_the_lock_of_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    Store.create(path, START).close()
    code = (
        "import sys; from pathlib import Path; from core.store.lock import StudyLock\n"
        "lock = StudyLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(StudyInUse):
            Store.open(path)
        process.kill()
    assert not in_use(path)
    Store.open(path).close()
    assert [f.name for f in tmp_path.iterdir()] == ["a.afina"]


def test_that_reading_a_study_in_the_writers_own_process_leaves_the_writers_locks_alone(tmp_path: Path) -> None:
    """On POSIX closing any other handle of the file would drop SQLite's locks on it."""
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        read_study(path)
        copy_study(path, tmp_path / "b.afina")
        code = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0.1)\n"
            "try: print(c.execute('PRAGMA journal_mode = DELETE').fetchone())\n"
            "except sqlite3.OperationalError as error: print(error)"
        )
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
        assert "locked" in done.stdout
        store.record(EVENTS[1:])
    assert read_study(path) == EVENTS


def test_that_a_new_study_does_not_inherit_the_log_of_one_that_was_deleted(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
        log = path.with_name("a.afina-wal").read_bytes()
    path.unlink()
    path.with_name("a.afina-wal").write_bytes(log)
    with Store.create(path, START) as store:
        store.record(EVENTS[1:2])
    assert read_study(path) == EVENTS[:2]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may read; those of pytest are for their owner only, at any depth."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_that_a_killed_study_in_a_read_only_folder_can_be_read(open_folder: Path) -> None:
    path = open_folder / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
        killed = {f.name: f.read_bytes() for f in open_folder.iterdir() if not f.name.endswith(("-shm", ".lock"))}
    for name, content in killed.items():
        (open_folder / name).write_bytes(content)
    assert set(killed) == {"a.afina", "a.afina-wal"}
    code = (
        "import os, sys; from pathlib import Path; from core.store.reader import read_study\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "print(len(read_study(Path(sys.argv[1]))))"
    )
    open_folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.stdout.strip() == str(len(EVENTS)), done.stderr
    assert {f.name: f.read_bytes() for f in open_folder.iterdir()} == killed


def test_that_a_follower_gets_what_is_recorded_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store, StudyReader(path) as reader:
        assert reader.new_events() == EVENTS[:1]
        assert reader.new_events() == []
        store.record(EVENTS[1:4])
        assert reader.new_events() == EVENTS[1:4]
        store.record(EVENTS[4:])
        assert reader.new_events() == EVENTS[4:]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE epochs SET val_loss = 0.05 WHERE sequence = 3",
        "UPDATE events SET body = replace(body, '0.30000000000000004', '0.4') WHERE sequence = 2",
        "DELETE FROM epochs WHERE sequence = 3",
        "UPDATE events SET trial = 2 WHERE sequence = 2",
        "UPDATE epochs SET checksum = checksum + 1 WHERE sequence = 4",
    ],
)
def test_that_a_value_that_was_changed_is_never_taken_for_what_was_recorded(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(change).rowcount == 1
        connection.commit()
    with pytest.raises(DamagedStudy, match="damaged"):
        read_study(path)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM epochs; END",
        "CREATE VIEW v AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n",
        "DROP VIEW trials",
        "ALTER TABLE events RENAME TO other",
    ],
)
def test_that_a_file_that_declares_anything_of_its_own_is_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.afina"
    Store.create(path, START).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
    for opener in READERS:
        with pytest.raises(DamagedStudy, match="laid out"):
            opener(path)


def _forged(path: Path, events: list[Event]) -> Path:
    """Write events that no Afina would, with checksums that are right."""
    with Store.create(path, START) as store:
        store.record(events)
    return path


BEGUN = EVENTS[1]
EPOCH = EpochEnded(trial=1, epoch=1, loss=1.0, val_loss=1.0, metrics={}, seconds=1.0)
END = TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=1, seconds=1.0, objective=1.0)


@pytest.mark.parametrize(
    "events",
    [
        [START],
        [EPOCH],
        [END],
        [BEGUN, EPOCH, EPOCH],
        [BEGUN, msgspec.structs.replace(EPOCH, epoch=2)],
        [BEGUN, EPOCH, END, END],
        [BEGUN, EPOCH, END, BEGUN],
        [BEGUN, msgspec.structs.replace(END, objective=None)],
        [BEGUN, msgspec.structs.replace(END, state=TrialState.INTERRUPTED)],
        [BEGUN, msgspec.structs.replace(EPOCH, loss=float("inf"))],
        [msgspec.structs.replace(BEGUN, trial=0)],
        [msgspec.structs.replace(BEGUN, values=VALUES | {"optimizer": "evil"})],
        [msgspec.structs.replace(BEGUN, values=VALUES | {"batch_size": "DROP TABLE"})],
        [msgspec.structs.replace(BEGUN, values=VALUES | {"learning_rate": -1.0})],
        [msgspec.structs.replace(BEGUN, values={"learning_rate": 0.1})],
        [StudyResumed(time=1.0, trials=0)],
    ],
)
def test_that_events_which_cannot_follow_each_other_are_called_damaged(tmp_path: Path, events: list[Event]) -> None:
    with pytest.raises(DamagedStudy, match="is damaged"):
        read_study(_forged(tmp_path / "a.afina", events))


def test_that_what_can_be_read_of_a_damaged_study_is_saved(tmp_path: Path) -> None:
    path, saved = tmp_path / "a.afina", tmp_path / "saved.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE epochs SET val_loss = 0.05 WHERE sequence = 4")
        connection.commit()
    before = path.read_bytes()
    result = salvage(path, saved)
    assert (result.trials, result.records) == (2, len(EVENTS) - 1)
    assert read_study(saved) == EVENTS[:3] + EVENTS[4:]
    assert path.read_bytes() == before


def test_that_half_a_study_is_worth_saving(tmp_path: Path) -> None:
    path, saved = tmp_path / "a.afina", tmp_path / "saved.afina"
    events: list[Event] = [START]
    for number in range(1, 200):
        events.append(TrialStarted(trial=number, values=VALUES, seed=1, origin=PointOrigin.RANDOM))
        events += [msgspec.structs.replace(EPOCH, trial=number, epoch=epoch) for epoch in (1, 2)]
        events.append(msgspec.structs.replace(END, trial=number, epoch=2))
    with Store.create(path, START) as store:
        store.record(events[1:])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 // 4096 * 4096])
    with pytest.raises(StoreError):
        read_study(path)
    result = salvage(path, saved)
    assert 20 < result.trials < 199
    progress = StudyProgress.of(read_study(saved))
    assert all(trial.objective == 1.0 for trial in progress.trials.values() if trial.state is TrialState.COMPLETE)


def test_that_a_study_whose_settings_are_lost_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM events WHERE sequence = 1")
        connection.commit()
    with pytest.raises(StoreError, match="settings are lost"):
        salvage(path, tmp_path / "saved.afina")
    assert [f.name for f in tmp_path.iterdir()] == ["a.afina"]


def test_that_a_file_that_is_gone_or_another_blocks_the_writer_until_it_is_back(tmp_path: Path) -> None:
    path, away = tmp_path / "a.afina", tmp_path / "away"
    with Store.create(path, START) as store:
        path.rename(away)
        with pytest.raises(StoreBlocked, match=f"^a.afina is not in the folder “{tmp_path.name[:29]}.*” any more"):
            store.record(EVENTS[1:2])
        path.write_text("somebody else's")
        with pytest.raises(StoreBlocked, match="not in"):
            store.record(EVENTS[1:2])
        away.rename(path)
        store.record(EVENTS[1:2])
    assert read_study(path) == EVENTS[:2]


def test_that_a_full_disk_blocks_the_writer_and_damages_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:5])
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        large = StudyEnded(reason=StudyEnd.FAILED, message="x" * 50_000, time=1.0)
        with pytest.raises(StoreBlocked, match="disk is full"):
            store.record([large])
        store._connection.execute("PRAGMA max_page_count = 1000000")
        store.record(EVENTS[5:])
    assert read_study(path) == EVENTS


def test_that_a_study_locked_by_another_program_blocks_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBlocked, match="another program has locked it"):
                store.record(EVENTS[1:2])
        store.record(EVENTS[1:])
    assert read_study(path) == EVENTS


@pytest.mark.parametrize("same", [True, False])
def test_that_a_study_can_go_on_in_another_file(tmp_path: Path, same: bool) -> None:
    path = tmp_path / "a.afina"
    target = path if same else tmp_path / "b.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:4])
        path.unlink()
        store.move_to(target)
        assert in_use(target)
        store.record(EVENTS[4:])
    assert read_study(target) == EVENTS
    assert [f.name for f in tmp_path.iterdir()] == [target.name]


def test_that_a_study_that_is_followed_is_whole_in_its_one_file_when_it_is_closed(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.afina", tmp_path / "b.afina"
    with Store.create(path, START) as store:
        store.record(EVENTS[1:3])
        reader = StudyReader(path)
        reader.new_events()
        store.record(EVENTS[3:])
    copy.write_bytes(path.read_bytes())
    reader.close()
    assert read_study(copy) == EVENTS


def test_that_a_study_that_is_in_its_place_is_not_moved_onto_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        with pytest.raises(StoreBlocked, match="another name"):
            store.move_to(path)
        store.record(EVENTS[1:])
    assert read_study(path) == EVENTS


def test_that_a_locked_study_is_not_waited_for_for_ever_when_it_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(path, isolation_level=None)) as other:
        source.execute("CREATE TABLE t (x)")
        source.commit()
        source.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN EXCLUSIVE")
        with closing(sqlite3.connect(tmp_path / "b.db")) as target, pytest.raises(StoreBlocked, match="locked"):
            backup(source, target, seconds=0.3)


@pytest.mark.parametrize("path", ["/", "/" + "x" * 252, "/nul\0"])
def test_that_an_odd_path_is_not_in_use(path: str) -> None:
    assert not in_use(Path(path))


def test_that_a_study_is_never_moved_onto_one_that_is_running(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a.afina", START) as store, Store.create(tmp_path / "b.afina", START):
        with pytest.raises(StudyInUse):
            store.move_to(tmp_path / "b.afina")
        with pytest.raises(StudyInUse):
            copy_study(tmp_path / "a.afina", tmp_path / "b.afina")
        store.record(EVENTS[1:])
    assert read_study(tmp_path / "a.afina") == EVENTS


TRAINED = [
    EpochEnded(trial=1, epoch=n, loss=1 / n, val_loss=5e-324 * n, metrics={"mae": n / 3, "b": -0.0}, seconds=n / 7)
    for n in range(1, 8)
]


def test_that_epochs_recorded_together_take_one_row_and_read_back_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record([EVENTS[1], *TRAINED[:5]])
        store.record(TRAINED[5:6])
        store.record(TRAINED[6:])
    with closing(sqlite3.connect(path)) as connection:
        rows = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("events", "epochs")]
    assert rows == [3, 2]
    assert read_study(path) == [*EVENTS[:2], *TRAINED]
    assert str(read_study(path)[2].metrics["b"]) == "-0.0"  # type: ignore[union-attr]


def test_that_epochs_that_do_not_follow_each_other_or_tell_other_metrics_are_not_taken_together(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.afina"
    other = msgspec.structs.replace(EVENTS[1], trial=2)
    mixed = [
        *TRAINED[:2],
        msgspec.structs.replace(TRAINED[0], trial=2),
        msgspec.structs.replace(TRAINED[2], metrics={}),
        msgspec.structs.replace(TRAINED[1], trial=2),
    ]
    with Store.create(path, START) as store:
        store.record([EVENTS[1], other, *mixed])
    assert read_study(path) == [*EVENTS[:2], other, *mixed]


@pytest.mark.parametrize(
    "change",
    ["replace(body, '0.5', '0.6')", "replace(body, 'losses', 'lasses')", "replace(body, '\"first\":1', '\"first\":2')"],
)
def test_that_a_changed_row_of_several_epochs_is_damage_and_costs_only_what_is_in_it(
    tmp_path: Path, change: str
) -> None:
    path, saved = tmp_path / "a.afina", tmp_path / "saved.afina"
    with Store.create(path, START) as store:
        store.record([*EVENTS[1:2], *TRAINED])
        store.record([END, msgspec.structs.replace(EVENTS[5], trial=3)])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE events SET body = {change} WHERE kind = 'Epochs'")
        connection.commit()
    with pytest.raises(DamagedStudy, match="record 3 is not what was written"):
        read_study(path)
    salvage(path, saved)
    assert read_study(saved) == [*EVENTS[:2], END, msgspec.structs.replace(EVENTS[5], trial=3)]


@pytest.mark.parametrize(
    "forged",
    [
        {"losses": ()},
        {"losses": (), "val_losses": (), "seconds": (), "metrics": {}},
        {"val_losses": (1.0,)},
        {"metrics": {"mae": (1.0, 2.0, 3.0)}},
        {"first": 2},
        {"first": 0},
        {"first": 2**62},
        {"trial": 9},
    ],
)
def test_that_a_row_of_epochs_that_no_afina_writes_is_damage_though_its_checksum_is_right(
    tmp_path: Path, forged: dict[str, object]
) -> None:
    path = tmp_path / "a.afina"
    epochs = Epochs(trial=1, first=1, losses=(1.0, 2.0), val_losses=(1.0, 2.0), seconds=(1.0, 2.0), metrics={})
    Store.create(path, START, EVENTS[1:2]).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        insert(connection, 3, msgspec.structs.replace(epochs, **forged))
    with pytest.raises(DamagedStudy, match="is damaged"):
        read_study(path)


def test_that_large_losses_are_not_taken_for_infinite_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    large = [msgspec.structs.replace(epoch, loss=1.7e308) for epoch in TRAINED]
    with Store.create(path, START) as store:
        store.record([EVENTS[1], *large])
    assert read_study(path) == [*EVENTS[:2], *large]


@given(st.lists(st.integers(1, 3), max_size=60), st.lists(st.booleans(), min_size=200, max_size=200))
@settings(max_examples=40, deadline=None)
def test_that_however_events_are_recorded_reading_folds_them_into_the_same(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], breaks: list[bool]
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.afina"
    counts = dict.fromkeys((1, 2, 3), 0)
    events: list[Event] = [msgspec.structs.replace(EVENTS[1], trial=number) for number in counts]
    for number in order:
        counts[number] += 1
        metrics = {"mae": counts[number] / 3} if counts[number] % 4 else {}
        events.append(
            msgspec.structs.replace(
                TRAINED[0], trial=number, epoch=counts[number], loss=1 / counts[number], metrics=metrics
            )
        )
    with Store.create(path, START) as store:
        batch: list[Event] = []
        for event, ends in zip(events, breaks, strict=False):
            batch.append(event)
            if ends:
                store.record(batch)
                batch = []
        store.record(batch)
    assert read_study(path) == [START, *events]
    with StudyReader(path) as reader:
        folded = StudyProgress.of(reader.records())
    assert folded.trials == StudyProgress.of([START, *events]).trials
