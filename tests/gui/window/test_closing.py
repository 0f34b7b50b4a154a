"""How the program ends: after a question, or at once when the system says so."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from core.events import StudyEnd
from core.phases import Phase
from core.progress import StudyProgress
from core.store.reader import read_study
from gui.export.dialog import ExportDialog
from gui.program.signals import EndSignals
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.windows import progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
ROOT = Path(__file__).resolve().parents[3]


def boxes(window: MainWindow) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def press(box: QMessageBox, button: str) -> None:
    next(b for b in box.buttons() if button in b.text()).click()


def ends_paused(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=RUN)
    assert window.session.wait(0)
    assert window.session.path is not None
    stored = StudyProgress.of(read_study(window.session.path))
    assert stored.end is not None
    assert stored.end.reason is StudyEnd.PAUSED
    assert stored.finished == progress_of(window.session).finished


def test_that_closing_asks_once_and_can_be_declined(running: MainWindow, qtbot: QtBot) -> None:
    for _ in range(3):
        assert not running.close()
    (box,) = boxes(running)
    assert "Resume" in box.informativeText()
    press(box, "Cancel")
    assert running.isVisible()
    assert running.session.phase is Phase.RUNNING
    assert not running.close()
    (box,) = boxes(running)
    press(box, "Pause and close")
    running.close()
    ends_paused(running, qtbot)
    assert not boxes(running)


def test_that_a_study_that_ends_while_the_question_stands_there_can_be_closed(
    running: MainWindow, qtbot: QtBot
) -> None:
    running.close()
    running.session.stop()
    qtbot.waitUntil(lambda: running.session.job is None, timeout=RUN)
    assert running.isVisible()
    (box,) = boxes(running)
    press(box, "Pause and close")
    assert not running.isVisible()


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", r"does not support raise\(\)", extend=True)
def test_that_the_system_closes_without_a_question_through_menus_and_dialogs(running: MainWindow, qtbot: QtBot) -> None:
    running.close()
    assert len(boxes(running)) == 1
    menu = QMenu(running)
    menu.addAction("Something")

    def end() -> None:
        menu.popup(running.pos())
        running.closing.close_now()

    QTimer.singleShot(100, end)
    QTimer.singleShot(0, running.exporting.show)
    qtbot.waitUntil(lambda: bool(running.findChildren(ExportDialog)), timeout=RUN)
    ends_paused(running, qtbot)
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def test_that_a_study_that_falls_while_the_system_closes_says_nothing(
    running: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("core.study.loop.Study._interrupt_trials", broken)
    running.closing.close_now()
    qtbot.waitUntil(lambda: not running.isVisible(), timeout=RUN)
    qtbot.waitUntil(lambda: running.session.job is None, timeout=RUN)
    assert not [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]
    caplog.clear()


def test_that_a_logout_finds_the_study_paused_in_its_file(running: MainWindow, qtbot: QtBot) -> None:
    running.closing.prepare_for_logout()
    assert running.session.job is None
    assert running.close()
    ends_paused(running, qtbot)


def test_that_a_logout_that_is_called_off_leaves_messages_on_when_nothing_ran(
    running: MainWindow, qtbot: QtBot
) -> None:
    running.session.stop()
    qtbot.waitUntil(lambda: running.session.job is None, timeout=RUN)
    running.closing.prepare_for_logout()
    assert not running.crashes.quiet


def test_that_a_logout_that_is_called_off_leaves_a_window_to_go_on_with(running: MainWindow, qtbot: QtBot) -> None:
    running.closing.prepare_for_logout()
    done = len(progress_of(running.session).finished)
    running.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: len(progress_of(running.session).finished) > done, timeout=RUN)
    assert not running.crashes.quiet
    running.close()
    assert len(boxes(running)) == 1
    boxes(running)[0].close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_that_a_signal_is_heard_at_once(qtbot: QtBot) -> None:
    """This thread takes no step of Python code from then on, until Qt wakes up."""
    signals = EndSignals()
    go = threading.Event()

    def end() -> None:
        go.wait()
        os.kill(os.getpid(), signal.SIGTERM)

    other = threading.Thread(target=end)
    other.start()
    try:
        with qtbot.waitSignal(signals.asked, timeout=RUN):
            QTimer.singleShot(0, go.set)
    finally:
        other.join()
        signals.close()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


DRIVER = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

import gui.app, gui.program.preferences
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY

class Window(gui.app.MainWindow):
    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(100, self.begin)

    def begin(self):
        if {running}:
            self.form.set_settings(LONG_STUDY)
            self.running.start()
        self.timer = QTimer(self, interval=10)
        self.timer.timeout.connect(self.tell)
        self.timer.start()
        if {dialog}:
            QMessageBox(self).exec()

    def tell(self):
        progress = self.session.progress
        runs, asks = progress is not None and progress.best is not None, QApplication.activeModalWidget() is not None
        if (runs, asks) == ({running}, {dialog}):
            self.timer.stop()
            print("ready", flush=True)

gui.program.preferences.default_studies_folder = lambda: Path({folder!r})
gui.app.LocalEngine = lambda trusted: scripted_engine(ScriptedTrainer(seconds=0.02))
gui.app.MainWindow = Window
sys.exit(gui.app.run_window(None))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("running", "dialog"), [(False, False), (True, False), (True, True)])
def test_that_the_program_ends_in_good_order_when_it_is_told_to(tmp_path: Path, running: bool, dialog: bool) -> None:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    code = DRIVER.format(root=str(ROOT), folder=str(tmp_path), running=running, dialog=dialog)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=RUN / 1000)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    (log,) = tmp_path.rglob("afina.log")
    lines = log.read_text().splitlines()
    assert "Start: Afina" in lines[0]
    assert lines[-1].endswith("End")
    assert str(tmp_path) not in log.read_text()
    studies = list(tmp_path.glob("*.afina"))
    assert len(studies) == running
    for study in studies:
        end = StudyProgress.of(read_study(study)).end
        assert end is not None
        assert end.reason is StudyEnd.PAUSED
