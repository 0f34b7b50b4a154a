"""Opening a study: it is read in a thread, the window goes on meanwhile, and shows the same in the end."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from operator import attrgetter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

import core.study.opening
import gui.session.session
from core.errors import DamagedStudy
from core.progress import StudyProgress
from core.settings import StudySettings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.loop import study_started
from core.study.opening import OpenedStudy
from gui.window.main_window import MainWindow
from tests.bench.window.studies import large_study
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path / "own", qtbot, monkeypatch) as opened:
        yield opened


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return large_study(tmp_path / "large.afina", trials=60, epochs=7)


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Keep readers from beginning, until what is given is called."""
    go = threading.Event()
    read = core.study.opening.read

    def wait_and_read(path: Path) -> OpenedStudy:
        assert go.wait(RUN / 1000)
        return read(path)

    monkeypatch.setattr(gui.session.session, "read", wait_and_read)
    yield go.set
    go.set()


def opening_of(window: MainWindow) -> Path | None:
    return window.session.opening


def until_called_off(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until what is no longer to be opened has been read, and the window has been told."""
    qtbot.waitUntil(lambda: not window.session._leaving, timeout=RUN)


def everything(progress: StudyProgress) -> tuple[object, ...]:
    best = progress.best
    return (
        list(progress.trials.values()),
        progress.finished,
        progress.settings,
        progress.end,
        progress.running,
        best and best.number,
    )


def test_that_a_large_study_becomes_what_its_events_say_one_by_one(
    window: MainWindow, large: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.session.opened, timeout=RUN):
        window.study_files.open(large)
        assert opening_of(window) == large
    one_by_one = StudyProgress.of(read_study(large))
    one_by_one.mark_interrupted()
    assert everything(progress_of(window.session)) == everything(one_by_one)
    assert opening_of(window) is None
    assert window.session.path == large
    assert window.table.model.rowCount() == 60
    assert window.form.settings() == one_by_one.settings


def test_that_what_is_open_stays_and_can_be_used_until_the_large_study_is_read(
    window: MainWindow, large: Path, qtbot: QtBot, held_back: Callable[[], None]
) -> None:
    window.study_files.open(large)
    assert window.cursor().shape() is not Qt.CursorShape.BusyCursor, "most studies are there before one looks"
    qtbot.waitUntil(lambda: window.cursor().shape() is Qt.CursorShape.BusyCursor)
    assert window.statusBar().state.text() == "Opening a study…"  # type: ignore[attr-defined]
    assert window.session.path is None
    window.form.validation.share.set_value(0.3)
    with qtbot.waitSignal(window.session.opened, timeout=RUN):
        held_back()
    assert window.cursor().shape() is not Qt.CursorShape.BusyCursor
    qtbot.waitUntil(lambda: window.statusBar().state.text() == "Finished")  # type: ignore[attr-defined]


@pytest.mark.parametrize("instead", ["running.start", "study_files.new", "close"])
def test_that_whatever_else_is_begun_calls_the_opening_off(
    window: MainWindow, large: Path, qtbot: QtBot, held_back: Callable[[], None], instead: str
) -> None:
    window.study_files.open(large)
    attrgetter(instead)(window)()
    assert window.session.opening is None
    held_back()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    until_called_off(window, qtbot)
    assert window.session.path != large
    assert window.session.progress is None or len(window.session.progress.trials) != 60


def test_that_of_two_studies_opened_one_after_the_other_the_last_is_shown(
    window: MainWindow, large: Path, tmp_path: Path, qtbot: QtBot, held_back: Callable[[], None]
) -> None:
    other = large_study(tmp_path / "other.afina", trials=9, epochs=2)
    shown: list[Path] = []
    window.session.opened.connect(shown.append)
    window.study_files.open(large)
    window.study_files.open(other)
    held_back()
    qtbot.waitUntil(lambda: bool(shown), timeout=RUN)
    until_called_off(window, qtbot)
    assert shown == [other]
    assert window.session.path == other


def test_that_a_large_study_that_is_damaged_leaves_what_is_open_and_can_be_saved(
    window: MainWindow, large: Path, qtbot: QtBot
) -> None:
    with closing(sqlite3.connect(large)) as connection:
        connection.execute("UPDATE epochs SET val_loss = 0.05 WHERE sequence = (SELECT max(sequence) FROM epochs)")
        connection.commit()
    with qtbot.waitSignal(window.session.open_failed, timeout=RUN) as failed:
        window.study_files.open(large)
    assert failed.args is not None
    assert isinstance(failed.args[1], DamagedStudy)
    assert window.session.path is None
    assert window.session.opening is None
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    assert any("Save what can be read" in button.text() for button in box.buttons())
    box.close()


def test_that_a_bug_in_reading_reaches_the_crash_box(
    window: MainWindow, large: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_path: Path) -> OpenedStudy:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(gui.session.session, "read", broken)
    reported: list[str] = []
    monkeypatch.setattr(window.crashes, "report", reported.append)
    with qtbot.waitSignal(window.session.failed, timeout=RUN):
        window.study_files.open(large)
    assert "a bug of ours" in reported[0]
    assert window.session.opening is None


def test_that_a_study_whose_epochs_were_recorded_together_is_shown_once_when_it_is_resumed(
    window: MainWindow, large: Path, qtbot: QtBot
) -> None:
    window.study_files.open(large)
    qtbot.waitUntil(lambda: window.session.path == large, timeout=RUN)
    window.session.go_on(62)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    shown, stored = progress_of(window.session), StudyProgress.of(read_study(large))
    assert shown.finished == stored.finished
    assert everything(shown) == everything(stored)


def test_that_a_study_whose_log_is_missing_is_opened_with_a_note_and_only_then(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    running, copy = tmp_path / "running.afina", tmp_path / "copy.afina"
    with Store.create(running, study_started(StudySettings())):
        shutil.copy(running, copy)
    for path, notes in ((running, []), (copy, ["There may be more in the study"])):
        with qtbot.waitSignal(window.session.opened, timeout=RUN):
            window.study_files.open(path)
        assert [box.text() for box in window.findChildren(QMessageBox)] == notes
