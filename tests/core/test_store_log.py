"""The study file alone is the study: its log, its names, and what is lost of neither."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.errors import DamagedStudy, StoreBlocked, StoreError, StudyInUse
from core.events import (
    EpochEnded,
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
from core.search.proposal import PointOrigin
from core.settings import tutorial_settings
from core.store.checksum import row_checksum
from core.store.connection import connect
from core.store.lock import StudyLock, in_use
from core.store.reader import StudyReader, read_study
from core.store.rows import insert
from core.store.salvage import salvage
from core.store.writer import Store, copy_study
from tests.disks import disk_with_room_for

ROOT = Path(__file__).resolve().parents[2]
START = StudyStarted(settings=tutorial_settings(), time=1.5, versions={})
STOPPED = StudyEnded(reason=StudyEnd.STOPPED, message="Stopped.", time=9.0)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.lock._PATIENCE", 0.05)


def begun(number: int) -> TrialStarted:
    values = {"learning_rate": 0.1, "batch_size": 7, "epochs": 2, "optimizer": "sgd"}
    return TrialStarted(trial=number, values=values, seed=number, origin=PointOrigin.RANDOM)  # type: ignore[arg-type]


def epoch(number: int, count: int = 1, **changes: Any) -> EpochEnded:
    event = EpochEnded(trial=number, epoch=count, loss=1 / count, val_loss=0.5, metrics={}, seconds=count / 8)
    return msgspec.structs.replace(event, **changes)


def ended(number: int) -> TrialEnded:
    return TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=1, seconds=1.0, objective=number / 3)


def trial(number: int) -> list[Event]:
    return [begun(number), epoch(number), ended(number)]


def alone(path: Path) -> list[Event]:
    """Return what a copy of the file alone holds."""
    folder = path.with_name("alone")
    folder.mkdir(exist_ok=True)
    shutil.copy(path, folder / path.name)  # drops this process's locks on the file, which no test needs after it
    return read_study(folder / path.name)


# The file alone


@pytest.mark.parametrize("last", [ended(2), STOPPED, StudyResumed(time=1.0, trials=9)])
def test_that_the_file_alone_holds_what_is_recorded_rarely_as_soon_as_it_is_recorded(
    tmp_path: Path, last: Event
) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(trial(1))
        store.record([begun(2), epoch(2)])
        store.record([last])
        assert alone(path) == [START, *trial(1), begun(2), epoch(2), last]


def test_that_many_epochs_of_one_trial_are_brought_into_the_file_too(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START, [begun(1)]) as store:
        for count in range(1, 700):
            store.record([epoch(1, count)])
        assert len(store._in_log) < 500
        assert len(alone(path)) > 500


def test_that_after_a_kill_the_file_alone_holds_all_finished_trials(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    code = (
        "import os, sys; from pathlib import Path; from tests.core.test_store_log import *\n"
        "store = Store.create(Path(sys.argv[1]), START)\n"
        "for number in range(1, 20): store.record([begun(number)]); store.record([epoch(number), ended(number)])\n"
        "store.record([begun(20), epoch(20)]); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False)
    assert done.returncode
    whole = [START, *(event for number in range(1, 20) for event in trial(number))]
    assert alone(path) == whole
    assert read_study(path) == [*whole, begun(20), epoch(20)]


def test_that_a_reader_with_an_old_snapshot_keeps_the_file_behind_only_while_it_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            store.record(trial(1))
            reader.execute("ROLLBACK")
        store.record([begun(2)])
        assert alone(path) == [START, *trial(1), begun(2)]


# A log that is missing


def test_that_a_copy_without_its_log_is_known(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.afina", tmp_path / "copy.afina"
    with Store.create(path, START) as store:
        store.record(trial(1))
        copied = subprocess.run(["cp", path, copy], check=True)
        assert not copied.returncode
        with StudyReader(path) as reader:
            assert not reader.log_missing
    for _ in range(2):  # reading leaves no log behind
        with StudyReader(copy) as reader:
            assert reader.log_missing
            assert reader.new_events() == [START, *trial(1)]
    assert {file.name for file in tmp_path.iterdir()} == {"a.afina", "copy.afina"}


@pytest.mark.parametrize("more", [trial(1), [*trial(1), STOPPED], []])
def test_that_a_study_that_was_closed_lacks_nothing_nor_does_its_copy(tmp_path: Path, more: list[Event]) -> None:
    path, copy = tmp_path / "a.afina", tmp_path / "copy.afina"
    with Store.create(path, START) as store:
        store.record(more)
        copy_study(path, tmp_path / "saved.afina")
    shutil.copy(path, copy)
    copy.chmod(0o444)
    for file in (path, copy, tmp_path / "saved.afina"):
        with StudyReader(file) as reader:
            assert not reader.log_missing


def killed(path: Path, more: list[Event]) -> None:
    """Leave the study as a kill does, with its log."""
    folder = path.with_name("running")
    with Store.create(folder / path.name, START) as store:
        for event in more:
            store.record([event])
        for file in folder.iterdir():
            if file.suffix != ".lock":
                shutil.copy(file, path.with_name(file.name))
    shutil.rmtree(folder)


def test_that_an_interrupted_study_with_its_log_lacks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    killed(path, [*trial(1), begun(2), epoch(2)])
    for _ in range(2):
        with StudyReader(path) as reader:
            assert not reader.log_missing
            assert len(reader.new_events()) == 6
    Store.open(path).close()
    assert [file.name for file in tmp_path.iterdir()] == ["a.afina"]


def test_that_a_study_that_was_followed_to_its_end_lacks_nothing(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.afina", tmp_path / "copy.afina"
    code = (
        "import sys, time; from pathlib import Path; from tests.core.test_store_log import *\n"
        "path = Path(sys.argv[1]); reader = StudyReader(path); reader.new_events(); print('here', flush=True)\n"
        "while in_use(path): time.sleep(0.01)\n"
        "print(len(reader.new_events()))"
    )
    with Store.create(path, START) as store:
        command = [sys.executable, "-c", code, str(path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as follower:
            assert follower.stdout is not None
            assert follower.stdout.readline() == "here\n"
            store.record(trial(1))
            store.close()
            assert follower.stdout.readline() == "3\n"
    shutil.copy(path, copy)
    with StudyReader(copy) as reader:
        assert not reader.log_missing


# A log that is deleted or changed


def deleted(log: Path) -> None:
    log.unlink()


def replaced(log: Path) -> None:
    log.with_name("other").write_bytes(b"somebody else's" * 1000)
    log.with_name("other").replace(log)


def replaced_by_an_older_one(log: Path) -> None:
    log.with_name("other").write_bytes(log.read_bytes()[: 32 + 24 + 4096])
    log.with_name("other").replace(log)


def truncated(log: Path) -> None:
    os.truncate(log, 0)


def cut_off(log: Path) -> None:
    os.truncate(log, log.stat().st_size - 5000)


def overwritten(log: Path) -> None:
    with log.open("r+b") as file:
        file.write(b"somebody else's" * 100_000)


CHANGES = [deleted, replaced, replaced_by_an_older_one, truncated, cut_off, overwritten]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("followed", [False, True])
def test_that_a_changed_log_is_told_and_nothing_is_lost(
    tmp_path: Path, change: Callable[[Path], None], followed: bool
) -> None:
    path = tmp_path / "a.afina"
    events = [START, *trial(1), begun(2), *(epoch(2, count) for count in range(1, 30))]
    with Store.create(path, START) as store:
        store.record(trial(1))
        store.record(events[4:10])
        follower = StudyReader(path)
        if followed:
            follower.new_events()
        else:
            follower.close()
        for event in events[10:]:
            store.record([event])
        change(tmp_path / "a.afina-wal")
        with pytest.raises(StoreBlocked, match=r"deleted or changed a\.afina-wal"):
            store.record([ended(2)])
        assert alone(path) == events
        assert in_use(path)
        store.record([ended(2)])
        store.record(trial(3))
        if followed:
            assert follower.event_count + len(follower.new_events()) == len(events) + 4
            follower.close()
    assert read_study(path) == [*events, ended(2), *trial(3)]
    assert {file.name for file in tmp_path.iterdir()} == {"a.afina", "alone"}


@pytest.mark.parametrize("change", CHANGES)
def test_that_a_log_that_was_changed_before_the_end_costs_nothing(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(trial(1))
        store.record([begun(2), epoch(2)])
        change(tmp_path / "a.afina-wal")
    assert read_study(path) == [START, *trial(1), begun(2), epoch(2)]
    assert [file.name for file in tmp_path.iterdir()] == ["a.afina"]


@pytest.mark.parametrize("change", CHANGES)
def test_that_a_study_whose_log_was_changed_can_go_on_in_another_file(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    other = tmp_path / "b.afina"
    with Store.create(tmp_path / "a.afina", START) as store:
        store.record(trial(1))
        store.record([begun(2), epoch(2)])
        change(tmp_path / "a.afina-wal")
        store.move_to(other)
        store.record([ended(2)])
        assert alone(other) == [START, *trial(1), *trial(2)]


def test_that_a_study_whose_files_were_deleted_can_go_on_in_another_file(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a.afina", START) as store:
        store.record(trial(1))
        store.record([begun(2), epoch(2)])
        for file in tmp_path.glob("a.afina*"):
            file.unlink()
        with pytest.raises(StoreBlocked, match="not in"):
            store.record([ended(2)])
        store.move_to(tmp_path / "b.afina")
        store.record([ended(2)])
    assert read_study(tmp_path / "b.afina") == [START, *trial(1), *trial(2)]


def test_that_a_study_waits_while_it_cannot_be_mended(tmp_path: Path) -> None:
    path, log = tmp_path / "a.afina", tmp_path / "a.afina-wal"
    with Store.create(path, START) as store:
        store.record(trial(1))
        store.record([begun(2), epoch(2)])
        path.chmod(0o600)
        log.unlink()
        log.mkdir()
        for _ in range(2):
            with pytest.raises(StoreBlocked, match=r"cannot be written: a\.afina-wal beside it is a folder"):
                store.record([ended(2)])
        log.rmdir()
        with pytest.raises(StoreBlocked, match="written anew"):
            store.record([ended(2)])
        store.record([ended(2)])
    assert read_study(path) == [START, *trial(1), *trial(2)]


def test_that_a_full_disk_is_not_taken_for_another_program(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record(trial(1))
        store.record([begun(2)])
        with disk_with_room_for((tmp_path / "a.afina-wal").stat().st_size + 5000):
            for _ in range(2):
                with pytest.raises(StoreBlocked, match="disk"):
                    store.record([epoch(2, metrics={"m" * 9000: 1.0})])
        store.record([epoch(2)])
        store.record([ended(2)])
    assert read_study(path) == [START, *trial(1), *trial(2)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_that_a_pipe_in_the_log_s_place_freezes_nothing(tmp_path: Path) -> None:
    path, log = tmp_path / "a.afina", tmp_path / "a.afina-wal"
    with Store.create(path, START) as store:
        store.record([begun(1), epoch(1)])
        log.unlink()
        os.mkfifo(log)
        with pytest.raises(StoreBlocked, match="written anew"):
            store.record([ended(1)])
        store.record([ended(1)])
    assert read_study(path) == [START, *trial(1)]


def test_that_another_study_in_the_place_of_a_running_one_is_not_mixed_with_its_log(tmp_path: Path) -> None:
    path, away, other = tmp_path / "a.afina", tmp_path / "away.afina", tmp_path / "b.afina"
    with Store.create(other, START) as store:
        store.record(trial(7))
    with Store.create(path, START) as store:
        store.record(trial(1))
        store.record([begun(2), epoch(2)])
        path.rename(away)
        other.rename(path)
        with pytest.raises(StoreBlocked, match="another file has its name"):
            store.record([ended(2)])
        assert read_study(path) == [START, *trial(7)]
        path.rename(other)
        away.rename(path)
        store.record([ended(2)])
        store.record(trial(3))
    assert read_study(path) == [START, *trial(1), *trial(2), *trial(3)]
    assert read_study(other) == [START, *trial(7)]


def test_that_a_study_that_leaves_another_one_in_its_place_takes_its_log_along(tmp_path: Path) -> None:
    path, other = tmp_path / "a.afina", tmp_path / "b.afina"
    with Store.create(other, START) as store:
        store.record(trial(7))
    with Store.create(path, START) as store:
        store.record([begun(1), epoch(1)])
        other.replace(path)
        store.move_to(tmp_path / "c.afina", [ended(1)])
    assert read_study(path) == [START, *trial(7)]
    assert read_study(tmp_path / "c.afina") == [START, *trial(1)]


def test_that_a_log_that_sqlite_itself_empties_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        store.record([begun(1), epoch(1)])
        code = (
            "import sqlite3, sys; connection = sqlite3.connect(sys.argv[1])\n"
            "print(connection.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone())"
        )
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
        assert done.stdout == "(0, 0, 0)\n"
        assert not (tmp_path / "a.afina-wal").stat().st_size
        store.record([ended(1)])
    assert read_study(path) == [START, *trial(1)]


def test_that_a_follower_takes_no_records_of_another_study(tmp_path: Path) -> None:
    path, other = tmp_path / "a.afina", tmp_path / "b.afina"
    Store.create(path, START, trial(1)).close()
    Store.create(other, msgspec.structs.replace(START, time=2.0), [*trial(1), *trial(2)]).close()
    with StudyReader(path) as reader:
        reader.new_events()
        other.replace(path)
        for _ in range(2):
            with pytest.raises(StoreError, match=r"Another study is in the place of a\.afina"):
                reader.new_events()


def test_that_a_reader_that_stays_is_waited_for_only_where_a_trial_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, waits = tmp_path / "a.afina", list[float]()
    monkeypatch.setattr("core.store.writer.time.sleep", waits.append)
    monkeypatch.setattr("core.store.writer.time.monotonic", lambda: sum(waits))
    with Store.create(path, START) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            store.record(trial(1))
            assert 0 < sum(waits) < 0.1
            waits.clear()
            store.record([begun(2), epoch(2)])
            assert not waits
        store.record([epoch(2, 2)])
        assert len(alone(path)) == 7


# Names


def by_a_link(path: Path) -> Path:
    other = path.with_name("link.afina")
    other.symlink_to(path.name)
    return other


def by_a_linked_folder(path: Path) -> Path:
    path.with_name("folder").symlink_to(path.parent, target_is_directory=True)
    return path.with_name("folder") / path.name


def by_the_parent(path: Path) -> Path:
    return path.parent / ".." / path.parent.name / path.name


def by_a_hard_link(path: Path) -> Path:
    other = path.with_name("hard.afina")
    other.hardlink_to(path)
    return other


def by_a_hard_link_elsewhere(path: Path) -> Path:
    path.with_name("elsewhere").mkdir()
    other = path.with_name("elsewhere") / path.name
    other.hardlink_to(path)
    return other


NAMES = [by_a_link, by_a_linked_folder, by_the_parent, by_a_hard_link, by_a_hard_link_elsewhere]


@pytest.mark.parametrize("named", NAMES)
@pytest.mark.parametrize("first_by_name", [False, True])
@pytest.mark.parametrize("running", [False, True])
def test_that_a_study_has_one_writer_whatever_it_is_called(
    tmp_path: Path, named: Callable[[Path], Path], first_by_name: bool, running: bool
) -> None:
    path, another = tmp_path / "a.afina", tmp_path / "b.afina"
    Store.create(another, START).close()
    if running:  # the name comes while the study runs
        store = Store.create(path, START)
        names = [path, named(path)]
    else:
        Store.create(path, START).close()
        names = [path, named(path)]
        if first_by_name:
            names.reverse()
        store = Store.open(names[0])
    with store:
        store.record(trial(1))
        assert all(map(in_use, names))
        for name in names:
            with pytest.raises(StudyInUse, match="Another Afina is running"):
                Store.open(name)
            with pytest.raises(StudyInUse):
                copy_study(another, name)
        assert read_study(names[0]) == read_study(names[1]) == [START, *trial(1)]
    assert not any(map(in_use, names))
    for name in names:
        with Store.open(name) as store:
            store.record([STOPPED])
    assert read_study(path) == [START, *trial(1), STOPPED, STOPPED]


def test_that_another_program_is_refused_by_another_name(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    Store.create(path, START).close()
    other = by_a_hard_link_elsewhere(path)
    code = (
        "import sys; from pathlib import Path; from core.store.writer import Store\n"
        "store = Store.open(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(other)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert in_use(path)
        with pytest.raises(StudyInUse, match=r"Another Afina is running a\.afina"):
            Store.open(path)
        process.kill()
    assert not in_use(path)
    Store.open(path).close()


def test_that_a_study_with_two_names_keeps_nothing_in_a_log(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    Store.create(path, START).close()
    other = by_a_hard_link(path)
    with Store.open(path) as store:
        store.record([begun(1), epoch(1)])
        assert not (tmp_path / "a.afina-wal").exists()
        assert read_study(other) == [START, begun(1), epoch(1)]


def test_that_a_log_beside_another_name_is_not_hidden(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    killed(path, [*trial(1), begun(2), epoch(2)])
    near, far = by_a_hard_link(path), by_a_hard_link_elsewhere(path)
    before = {file: file.read_bytes() for file in (path, tmp_path / "a.afina-wal")}
    with StudyReader(near) as reader:
        assert not reader.log_missing
        assert len(reader.new_events()) == 6
    with StudyReader(far) as reader:
        assert reader.log_missing
        assert reader.new_events() == [START, *trial(1)]
    with pytest.raises(StoreError, match=r"its log lies beside a\.afina"):
        Store.open(near)
    with pytest.raises(StoreError, match="another name"):
        Store.open(far)
    assert before == {file: file.read_bytes() for file in before}
    assert salvage(near, tmp_path / "saved.afina").records == 6
    with Store.open(path) as store:
        store.record([ended(2)])
    assert read_study(far) == read_study(near) == [START, *trial(1), *trial(2)]


def test_that_a_study_goes_on_behind_its_link(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    Store.create(path, START).close()
    link = by_a_link(path)
    with Store.open(link) as store:
        store.record([begun(1)])
        deleted(tmp_path / "a.afina-wal")
        with pytest.raises(StoreBlocked):
            store.record([epoch(1)])
        store.record([epoch(1), ended(1)])
    assert link.is_symlink()
    assert read_study(path) == [START, *trial(1)]


def test_that_a_folder_for_locks_that_cannot_be_used_prevents_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> Path:
        raise PermissionError("another user's")

    monkeypatch.setattr("core.store.lock._folder", refused)
    path = tmp_path / "a.afina"
    with Store.create(path, START) as store:
        assert in_use(path)
        with pytest.raises(StudyInUse):
            StudyLock(path)
        store.record(trial(1))
    assert read_study(path) == [START, *trial(1)]


# What comes back is what was recorded


SIGNED = [
    {"loss": -0.0},
    {"val_loss": -0.0, "loss": 0.0},
    {"loss": -0.0, "val_loss": -0.0, "seconds": -0.0},
    {"loss": 0.0, "val_loss": 0.0, "seconds": 0.0},
]


@pytest.mark.parametrize("numbers", SIGNED)
def test_that_the_sign_of_a_zero_is_kept(tmp_path: Path, numbers: dict[str, Any]) -> None:
    path = tmp_path / "a.afina"
    single, double = epoch(1, **numbers), [epoch(1, 2, **numbers), epoch(1, 3, **numbers)]
    with Store.create(path, START, [begun(1)]) as store:
        store.record([single])
        store.record(double)
    assert repr(read_study(path)[2:]) == repr([single, *double])


@pytest.mark.parametrize("numbers", SIGNED)
def test_that_the_sign_of_a_zero_that_sqlite_dropped_is_known_by_the_checksum(
    tmp_path: Path, numbers: dict[str, Any]
) -> None:
    path = tmp_path / "a.afina"
    Store.create(path, START, [begun(1)]).close()
    with closing(connect(path, "rw")) as connection:  # as earlier Afinas wrote it
        insert(connection, 3, epoch(1, **numbers))
        insert(connection, 4, epoch(1, 2))
    assert repr(read_study(path)[2:]) == repr([epoch(1, **numbers), epoch(1, 2)])
    assert salvage(path, tmp_path / "saved.afina").records == 4


def test_that_a_message_that_is_no_unicode_can_be_recorded(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    failed = TrialEnded(
        trial=1,
        state=TrialState.FAILED,
        epoch=1,
        seconds=1.0,
        reason=FailureReason.MODEL_ERROR,
        message="no \udcff.csv",
    )
    with Store.create(path, START, [begun(1)]) as store:
        store.record([failed])
    assert read_study(path)[2:] == [msgspec.structs.replace(failed, message="no ?.csv")]


@pytest.mark.parametrize(
    "event",
    [
        msgspec.structs.replace(ended(1), scores=(1.0, float("inf"))),
        msgspec.structs.replace(ended(1), seconds=float("nan")),
        epoch(1, metrics={"mae": float("-inf")}),
        msgspec.structs.replace(begun(2), values={"learning_rate": float("nan")}),
    ],
)
def test_that_what_could_not_be_read_back_is_refused(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "a.afina"
    with Store.create(path, START, [begun(1), epoch(1)]) as store:
        with pytest.raises(StoreError, match="not finite"):
            store.record([event])
        store.record([ended(1)])
    assert read_study(path) == [START, *trial(1)]


@pytest.mark.parametrize(
    "change",
    [
        'UPDATE events SET body = \'{"type":"TrialEnded"}\' WHERE sequence = 2',
        "UPDATE events SET body = '[' WHERE sequence = 2",
        "UPDATE events SET body = replace(body, '\"seed\":0', '\"seed\":-1') WHERE sequence = 1",
        "UPDATE events SET body = CAST(x'ff' AS TEXT) WHERE sequence = 2",
    ],
)
def test_that_what_is_wrong_with_a_record_is_told_without_the_words_of_a_parser(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.afina"
    Store.create(path, START, [begun(1)]).close()
    with closing(connect(path, "rw")) as connection:
        connection.create_function("row_checksum", -1, lambda *row: row_checksum(row))
        connection.execute(change)
        with suppress(sqlite3.Error):
            connection.execute("UPDATE events SET checksum = row_checksum(sequence, kind, trial, body)")
    with pytest.raises(DamagedStudy) as error:
        read_study(path)
    assert not re.search(r"\$|malformed|JSON|object|byte|codec|UTF-8 column", str(error.value)), str(error.value)
