"""Bugs of ours: one box with a report that can be sent, and a window that stays usable."""

import getpass
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from core import RESOURCES
from core.events import StudyEnd
from core.settings import BudgetSettings, tutorial_settings
from core.training.request import TrialRequest
from gui.program.messages import CrashReporter
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, bowl, scripted_engine
from tests.windows import open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine


class BadTrainer(ScriptedTrainer):
    """Has a bug in trial 2 while `bad`."""

    def __init__(self) -> None:
        super().__init__(self._script_with_bug)
        self.bad = False

    def _script_with_bug(self, request: TrialRequest) -> Sequence[float]:
        if self.bad and request.trial == 2:
            raise ZeroDivisionError("in the job")
        return [float(loss) for loss in bowl(request)]


@pytest.fixture
def trainer() -> BadTrainer:
    return BadTrainer()


@pytest.fixture
def window(
    trainer: BadTrainer,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[MainWindow]:
    """Give a window whose crash reporter has the hooks."""
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as opened:
        settings = tutorial_settings()
        search = msgspec.structs.replace(settings.search, initial_points=2)
        opened.form.set_settings(msgspec.structs.replace(settings, budget=BudgetSettings(trials=3), search=search))
        opened.crashes.window = opened
        opened.crashes.install()
        yield opened
        opened.crashes.uninstall()


def box_of(window: MainWindow, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: window.crashes._box is not None, timeout=RUN)
    box = window.crashes._box
    assert box is not None
    return box


def run_to_end(window: MainWindow, qtbot: QtBot) -> None:
    window.study_files.new()
    window.actions_[Command.START].trigger()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)


def works(window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(window, qtbot)
    end = progress_of(window.session).end
    assert end is not None
    assert end.reason is StudyEnd.FINISHED
    assert "Finished" in window.headline.text


def fail() -> None:
    raise ZeroDivisionError("in a slot")


class Unpaintable(QWidget):
    """Fails whenever it is painted."""

    painted = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.emit()
        raise ZeroDivisionError("in a paint event")


def test_that_a_bug_in_a_slot_is_reported_and_the_window_works(
    window: MainWindow, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    QTimer.singleShot(0, fail)
    box = box_of(window, qtbot)
    report = box.detailedText()
    for part in ("ZeroDivisionError", "Afina", "Python", "PySide6", "Qt ", "keras"):
        assert part in report
    box.close()
    works(window, qtbot)
    caplog.clear()


def test_that_a_bug_in_a_paint_event_does_not_bury_the_user(
    window: MainWindow, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Unpaintable(window)
    broken.resize(50, 50)
    broken.show()
    box = box_of(window, qtbot)
    assert "ZeroDivisionError" in box.detailedText()
    box.close()
    for _ in range(5):
        with qtbot.waitSignal(broken.painted, timeout=RUN):
            broken.update()
    assert window.crashes._box is None
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
    works(window, qtbot)
    broken.hide()
    caplog.clear()


def test_that_a_bug_in_the_study_is_reported_each_time_and_the_window_works(
    window: MainWindow, trainer: BadTrainer, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    trainer.bad = True
    for _ in range(2):
        run_to_end(window, qtbot)
        box = box_of(window, qtbot)
        told = box.detailedText()
        assert 'File "core/study/' in told
        assert "ZeroDivisionError" in told
        assert "in the job" not in told, "a message can hold anything"
        box.close()
    trainer.bad = False
    works(window, qtbot)
    caplog.clear()


def test_that_a_bug_in_any_thread_is_reported(
    window: MainWindow, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    box_of(window, qtbot).close()
    caplog.clear()


def test_that_the_report_holds_the_last_of_the_log_and_nothing_of_the_person(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/erika")
    monkeypatch.setenv("USERPROFILE", "/home/erika")
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "mustermann")
    assert getpass.getuser() == "mustermann"
    line = "2026-11-30 10:00:00,000 INFO core.tables.inspection: Row 3 holds Miller of C:/home/erika/x"
    crashes = CrashReporter(lambda: [line])
    crashes.report(
        "Traceback (most recent call last):\n"
        f'  File "{RESOURCES.parent}/gui/app.py", line 7, in main\n'
        '    number = float("Miller, born 1961")\n'
        '  File "/home/erika/mine/model.py", line 3, in build_for_miller\n'
        "    units = 1961\n"
        "ValueError: could not convert string to float: 'Miller, born 1961'\n"
    )
    qtbot.waitUntil(lambda: crashes._box is not None, timeout=RUN)
    box = crashes._box
    assert box is not None
    report = box.detailedText()
    told = report.partition("\n\n")[2].splitlines()
    assert told == [
        "Traceback (most recent call last):",
        '  File "gui/app.py", line 7, in main',
        "  File outside of Afina",
        "ValueError",
        "",
        "The last lines of the log:",
        "2026-11-30 10:00:00,000 INFO core.tables.inspection: (left out)",
    ]
    assert not re.search("miller|1961|erika|mustermann", report, re.IGNORECASE)
    copy = next(b for b in box.buttons() if "Copy" in b.text())
    copy.click()
    assert QApplication.clipboard().text() == report
    assert box.isVisible()
    box.close()
    caplog.clear()


def test_that_the_hooks_are_given_back(qapp: QApplication) -> None:
    before = sys.excepthook, threading.excepthook
    crashes = CrashReporter()
    crashes.install()
    assert sys.excepthook != before[0]
    crashes.uninstall()
    assert (sys.excepthook, threading.excepthook) == before
