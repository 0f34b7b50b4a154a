"""A study whose file cannot be written: it waits, says why, and goes on here or in another file."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from core.errors import StoreBlocked
from core.events import Event, TrialState
from core.phases import Phase
from core.progress import StudyProgress
from core.settings import BudgetSettings, tutorial_settings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyPhase
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
TRIALS = 6


class Disk:
    """A disk that gets full at a trial, and has space again when `full` is set to False."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.full = False
        self.tried = threading.Semaphore(0)
        """Is released at the beginning of each try that fails."""
        self.answers = threading.Event()
        """Is cleared to let such a try take long."""
        self.answers.set()
        self.room_elsewhere = False
        self._met = False
        record, move_to = Store.record, Store.move_to

        def troubled_copy(store: Store, path: Path, more: Sequence[Event] = ()) -> None:
            if self.full and not self.room_elsewhere:
                raise StoreBlocked("The <disk> is full. Free some space")
            move_to(store, path, more)
            self.full = False

        def troubled(store: Store, events: Sequence[Event]) -> None:
            if not self._met and getattr(events[-1], "trial", 0) == at:
                self.full = self._met = True
            if self.full:
                self.tried.release()
                self.answers.wait()
                raise StoreBlocked("The <disk> is full. Free some space")
            record(store, events)

        monkeypatch.setattr(Store, "record", troubled)
        monkeypatch.setattr(Store, "move_to", troubled_copy)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch, at=3)


@pytest.fixture
def window(disk: Disk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Give a window whose study waits for its file."""
    engine = scripted_engine(ScriptedTrainer(seconds=0.005))
    with open_window(engine, tmp_path, qtbot, monkeypatch) as opened:
        settings = tutorial_settings()
        search = msgspec.structs.replace(settings.search, initial_points=2)
        opened.form.set_settings(msgspec.structs.replace(settings, budget=BudgetSettings(trials=TRIALS), search=search))
        opened.running.start()
        qtbot.waitUntil(lambda: opened.session.phase is Phase.BLOCKED, timeout=RUN)
        yield opened
        disk.full = False
        disk.answers.set()


def to_the_end(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    assert progress_of(window.session).count(TrialState.COMPLETE) == TRIALS
    assert window.session.path is not None
    stored = StudyProgress.of(read_study(window.session.path))
    assert list(stored.trials.values()) == list(progress_of(window.session).trials.values())


def test_that_a_full_disk_is_said_with_what_can_be_done(window: MainWindow) -> None:
    assert "Waiting for the study file<br>The &lt;disk&gt; is full. Free some space." in window.headline.text
    assert "Nothing is lost" in window.headline.text
    assert window.statusBar().state.text() == "Waiting for the file"  # type: ignore[attr-defined]
    do = window.actions_
    possible = (Command.RESUME, Command.STOP, Command.SAVE_AS)
    assert all(do[command].isEnabled() for command in possible)
    impossible = (Command.START, Command.PAUSE, Command.SKIP, Command.NEW, Command.OPEN)
    assert not any(do[command].isEnabled() for command in impossible)
    assert do[Command.PAUSE].toolTip() == "The study is waiting for its file"


def test_that_stop_asks_first_because_the_study_would_be_saved_elsewhere(
    window: MainWindow, disk: Disk, qtbot: QtBot
) -> None:
    window.actions_[Command.STOP].trigger()
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "saved in another file" in box.informativeText()
    assert window.session.phase is Phase.BLOCKED
    box.close()
    disk.full = False
    window.actions_[Command.RESUME].trigger()
    to_the_end(window, qtbot)


def test_that_resume_tries_at_once_and_loses_nothing(window: MainWindow, disk: Disk, qtbot: QtBot) -> None:
    disk.full = False
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: window.session.phase is not Phase.BLOCKED, timeout=RUN)
    assert "Waiting" not in window.headline.text
    to_the_end(window, qtbot)


def test_that_a_try_that_fails_slowly_does_not_look_like_running(window: MainWindow, disk: Disk, qtbot: QtBot) -> None:
    run = window.session._run
    assert run is not None
    phases: list[Phase | None] = []
    window.session.run_state_changed.connect(lambda _job, phase: phases.append(phase))
    assert disk.tried.acquire(timeout=RUN / 1000)
    disk.answers.clear()
    window.actions_[Command.RESUME].trigger()
    assert disk.tried.acquire(timeout=RUN / 1000)
    with qtbot.waitSignals([run._timer.timeout] * 3):
        pass
    disk.answers.set()
    qtbot.waitUntil(lambda: run._control.phase is StudyPhase.BLOCKED, timeout=RUN)
    with qtbot.waitSignals([run._timer.timeout] * 3):
        pass
    assert set(phases) <= {Phase.BLOCKED}
    disk.full = False
    window.actions_[Command.RESUME].trigger()
    to_the_end(window, qtbot)


def test_that_it_goes_on_in_another_file(
    window: MainWindow, disk: Disk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = window.session.path
    target = tmp_path / "elsewhere.afina"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target.with_suffix("")), ""))
    disk.full = False
    window.actions_[Command.SAVE_AS].trigger()
    qtbot.waitUntil(lambda: window.session.path == target, timeout=RUN)
    assert window.windowTitle().endswith(" % – elsewhere – Afina")
    assert window.preferences.recent[0] == target
    to_the_end(window, qtbot)
    assert before is not None
    assert before.exists()


def test_that_a_place_that_is_no_better_is_said(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("in the way")
    window.study_files.save_as(tmp_path / "file" / "b.afina")
    qtbot.waitUntil(lambda: "Not there either" in window.headline.text, timeout=RUN)
    assert window.session.phase is Phase.BLOCKED


def test_that_stop_gives_the_study_up_and_says_why(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_[Command.STOP].trigger()
    question = window.findChild(QMessageBox)
    assert question is not None
    next(button for button in question.buttons() if button.text() == "Stop").click()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    (box,) = (box for box in window.findChildren(QMessageBox) if box.isVisible())
    assert "disk" in box.informativeText()
    box.close()
    assert len(progress_of(window.session).finished) == 2
    assert window.actions_[Command.RESUME].isEnabled()


def test_that_stop_saves_the_study_where_there_is_room_and_says_where(
    window: MainWindow, disk: Disk, qtbot: QtBot
) -> None:
    disk.room_elsewhere = True
    before = window.session.path
    assert before is not None
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    rescued = before.with_stem(f"{before.stem} rescued")
    assert window.session.path == rescued
    assert window.windowTitle().startswith(rescued.stem)
    assert window.preferences.recent[0] == rescued
    (box,) = (box for box in window.findChildren(QMessageBox) if box.isVisible())
    assert str(rescued) in box.informativeText()
    box.close()
    assert "Stopped after" in window.headline.text
    window.actions_[Command.RESUME].trigger()
    to_the_end(window, qtbot)


def test_that_closing_tells_where_the_study_would_be_and_says_nothing_more_afterwards(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert not window.close()
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "saved in another file" in box.informativeText()
    next(b for b in box.buttons() if "Close" in b.text()).click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=RUN)
    assert not any(box.isVisible() for box in window.findChildren(QMessageBox))
