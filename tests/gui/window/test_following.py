"""A study that another window runs: it is shown as it grows, and can be taken over once that one has ended."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from core.errors import DamagedStudy
from core.events import StudyEnd, StudyEnded
from core.phases import Job
from core.progress import StudyProgress
from core.settings import BudgetSettings
from core.store.lock import StudyLock
from core.store.reader import StudyReader, read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, open_study, open_window, progress_of, until_opened

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
ELSEWHERE = "Another Afina window is running this study"


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path / "own", qtbot, monkeypatch) as opened:
        yield opened


@pytest.fixture
def follower(running: MainWindow, window: MainWindow, qtbot: QtBot) -> MainWindow:
    path = running.session.path
    assert path is not None
    open_study(window, path, qtbot)
    assert window.session.job is Job.WATCH
    return window


def no_box(window: MainWindow) -> bool:
    return not any(box.isVisible() for box in window.findChildren(QMessageBox))


def test_that_a_study_that_another_window_runs_is_followed_live(
    running: MainWindow, follower: MainWindow, qtbot: QtBot
) -> None:
    session = follower.session
    assert progress_of(session).best is not None
    assert progress_of(session).running
    assert not session.busy
    assert follower.form.settings() == LONG_STUDY
    assert "Running in another window<br>This one follows it." in follower.headline.text
    assert "is the best of" in follower.headline.text
    assert follower.statusBar().state.text() == "Following"  # type: ignore[attr-defined]
    shown = len(progress_of(session).finished)
    qtbot.waitUntil(lambda: len(progress_of(session).finished) >= shown + 2, timeout=RUN)
    qtbot.waitUntil(lambda: follower.table.model.rowCount() >= shown + 2, timeout=RUN)


def test_that_a_follower_can_look_and_take_away_but_not_steer(follower: MainWindow) -> None:
    do = follower.actions_
    steering = (Command.START, Command.PAUSE, Command.RESUME, Command.SKIP, Command.STOP, Command.RESET_SETTINGS)
    for command in steering:
        assert not do[command].isEnabled()
        assert do[command].toolTip() == ELSEWHERE
    for command in (Command.NEW, Command.OPEN, Command.EXPORT, Command.SAVE_AS):
        assert do[command].isEnabled()
    assert not follower.headline.buttons[Command.START].isVisible()
    before = follower.session.path
    follower.running.start()
    follower.running.resume()
    follower.session.skip()
    assert follower.session.job is Job.WATCH
    assert follower.session.path == before


def test_that_every_event_arrives_once(running: MainWindow, follower: MainWindow, qtbot: QtBot) -> None:
    path = running.session.path
    assert path is not None
    qtbot.waitUntil(lambda: len(progress_of(follower.session).finished) >= 5, timeout=RUN)
    running.session.stop()
    qtbot.waitUntil(lambda: follower.session.job is None, timeout=RUN)
    stored = StudyProgress.of(read_study(path))
    assert list(stored.trials.values()) == list(progress_of(follower.session).trials.values())
    assert stored.finished == progress_of(follower.session).finished


def test_that_the_study_is_an_ordinary_one_once_the_other_window_has_ended_it(
    running: MainWindow, follower: MainWindow, qtbot: QtBot
) -> None:
    running.session.stop()
    qtbot.waitUntil(lambda: follower.session.job is None, timeout=RUN)
    assert progress_of(follower.session).end is not None
    assert "Stopped" in follower.headline.text
    assert follower.actions_[Command.RESUME].isEnabled()
    done = len(progress_of(follower.session).finished)
    follower.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: len(progress_of(follower.session).finished) > done, timeout=RUN)
    assert follower.session.busy


def test_that_a_follower_opens_another_study_or_a_new_one(
    running: MainWindow, follower: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    session = follower.session
    qtbot.waitUntil(lambda: len(progress_of(session).finished) >= 3, timeout=RUN)
    follower.study_files.save_as(tmp_path / "copy.afina")
    assert session.path == running.session.path, "a copy is a copy"
    assert follower.session.job is Job.WATCH
    open_study(follower, tmp_path / "copy.afina", qtbot)
    assert follower.session.state().job is None
    assert "Interrupted" in follower.headline.text
    shown = len(progress_of(session).finished)
    assert shown >= 3
    done = len(progress_of(running.session).finished)
    qtbot.waitUntil(lambda: len(progress_of(running.session).finished) >= done + 3, timeout=RUN)
    qtbot.waitUntil(lambda: not session._leaving, timeout=RUN)
    assert len(progress_of(session).finished) == shown, "nothing comes from the study that was followed"
    assert running.session.path is not None
    open_study(follower, running.session.path, qtbot)
    follower.study_files.new()
    assert session.path is None
    assert follower.headline.buttons[Command.START].isEnabled()
    follower.running.start()
    qtbot.waitUntil(lambda: progress_of(session).best is not None, timeout=RUN)


def test_that_a_follower_closes_without_a_question_and_the_study_goes_on(
    running: MainWindow, follower: MainWindow, qtbot: QtBot
) -> None:
    assert follower.close()
    assert no_box(follower)
    assert running.session.busy
    done = len(progress_of(running.session).finished)
    qtbot.waitUntil(lambda: len(progress_of(running.session).finished) > done, timeout=RUN)


def test_that_a_study_that_was_taken_meanwhile_is_followed_instead(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "a.afina"
    scripted_engine(ScriptedTrainer()).start(THREE_TRIALS, path, lambda _: None, StudyControl())
    with Store.open(path) as store:
        store.record([StudyEnded(reason=StudyEnd.PAUSED, message="Paused.", time=1.0)])
    open_study(window, path, qtbot)
    progress_of(window.session).budget = 9
    lock = StudyLock(path)
    try:
        window.session.go_on(9)
        window.session.finish(60_000)
        until_opened(window, qtbot)
        assert window.session.job is Job.WATCH
        box = window.findChild(QMessageBox)
        assert box is not None
        assert "Another Afina is running a.afina" in box.informativeText()
        box.close()
    finally:
        lock.release()


def test_that_resuming_shows_what_another_window_has_added_meanwhile(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "a.afina"
    other = scripted_engine(ScriptedTrainer())
    other.start(THREE_TRIALS, path, lambda _: None, StudyControl())
    open_study(window, path, qtbot)
    other.resume(ResumeRequest(path, 6), lambda _: None, StudyControl())
    window.session.go_on(9)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    shown, stored = progress_of(window.session), StudyProgress.of(read_study(path))
    assert list(shown.trials.values()) == list(stored.trials.values())
    assert shown.finished == stored.finished == list(range(1, 10))


THREE_TRIALS = msgspec.structs.replace(LONG_STUDY, budget=BudgetSettings(trials=3))

KILLED = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from core.study.control import StudyControl
from tests.windows import LONG_STUDY
from tests.scripted import ScriptedTrainer, scripted_engine
scripted_engine(ScriptedTrainer(seconds=0.02)).start(LONG_STUDY, Path({path!r}), lambda _: None, StudyControl())
"""


def test_that_a_window_that_is_killed_leaves_a_study_that_can_be_resumed(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "a.afina"
    root = str(Path(__file__).resolve().parents[3])
    command = [sys.executable, "-c", KILLED.format(root=root, path=str(path))]
    with subprocess.Popen(command, cwd=root) as process:
        try:
            qtbot.waitUntil(path.exists, timeout=RUN)
            open_study(window, path, qtbot)
            assert window.session.job is Job.WATCH
            qtbot.waitUntil(lambda: len(progress_of(window.session).finished) >= 1, timeout=RUN)
        finally:
            process.kill()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    assert "Interrupted" in window.headline.text
    done = len(progress_of(window.session).finished)
    assert window.actions_[Command.RESUME].isEnabled()
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: len(progress_of(window.session).finished) > done, timeout=RUN)


def test_that_a_followed_study_that_breaks_is_a_sentence(
    running: MainWindow, follower: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_reader: StudyReader) -> list[object]:
        raise DamagedStudy("a.afina is damaged: record 7 is missing")

    monkeypatch.setattr(StudyReader, "new_events", broken)
    qtbot.waitUntil(lambda: follower.session.job is None, timeout=RUN)
    box = follower.findChild(QMessageBox)
    assert box is not None
    assert "record 7" in box.informativeText()
    assert box.text() == "The study can no longer be followed"
    box.close()
