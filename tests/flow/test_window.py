"""The real window with real Keras in the worker process: start, stop, skip, kill, reopen, resume, close."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from core.events import FailureReason, TrialState
from core.export.exporters import EXPORTERS
from core.models.settings import ModelSettings
from core.parameters import Fixed
from core.phases import Phase
from core.progress import StudyProgress
from core.settings import BudgetSettings, StudySettings
from core.store.reader import read_study
from core.study.local_engine import LocalEngine
from core.trainers.workers import WorkerTrainer
from gui.rehearsal.dialog import RehearsalDialog
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.exports import save_export
from tests.windows import open_study, open_window, progress_of

pytestmark = [pytest.mark.slow, pytest.mark.shares_processes]

WARM = 120_000  # milliseconds that loading TensorFlow may take on a busy machine
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine()
    yield engine
    engine.close()


@pytest.fixture
def window(engine: LocalEngine, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(engine, tmp_path, qtbot, monkeypatch) as opened:
        yield opened


def settings(trials: int, epochs: int) -> StudySettings:
    ranges = ModelSettings().ranges | {"epochs": Fixed(epochs)}
    return StudySettings(model=ModelSettings(ranges=ranges), budget=BudgetSettings(trials=trials))


def start(window: MainWindow, given: StudySettings) -> None:
    window.form.set_settings(given)
    window.actions_[Command.START].trigger()
    for dialog in window.findChildren(RehearsalDialog):  # a study of many epochs is a long one
        dialog.start_button.click()


def until_idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session.job is None, timeout=WARM)


def test_that_the_tutorial_runs_and_its_exported_script_gives_the_recorded_objective(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    start(window, settings(12, 10))
    until_idle(window, qtbot)
    progress = progress_of(window.session)
    assert progress.best is not None
    assert progress.best.objective is not None
    assert progress.best.objective < 20
    script = tmp_path / "best.py"
    save_export(EXPORTERS["python"], progress, script)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=200, check=True, cwd="/"
    )
    assert float(done.stdout.split()[2].rstrip(";")) == pytest.approx(progress.best.objective, rel=1e-4)


def test_that_skip_and_stop_act_within_a_long_trial_and_resume_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    start(window, settings(30, 1_000_000))
    qtbot.waitUntil(lambda: bool(progress_of(window.session).trials), timeout=WARM)
    progress = progress_of(window.session)
    qtbot.waitUntil(lambda: len(progress.trials[1].losses) > 2, timeout=WARM)
    window.actions_[Command.SKIP].trigger()
    qtbot.waitUntil(lambda: progress.trials[1].state is TrialState.SKIPPED)
    qtbot.waitUntil(lambda: 2 in progress.trials and len(progress.trials[2].losses) > 2, timeout=WARM)
    window.actions_[Command.STOP].trigger()
    qtbot.waitUntil(lambda: window.session.job is None)
    assert progress.trials[2].state is TrialState.INTERRUPTED
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: len(progress.trials[2].losses) > 2 and progress.running, timeout=WARM)


def test_that_pausing_a_long_trial_stands_still_and_goes_on(
    window: MainWindow, engine: LocalEngine, qtbot: QtBot
) -> None:
    start(window, settings(20, 1_000_000))
    qtbot.waitUntil(lambda: bool(progress_of(window.session).trials), timeout=WARM)
    trial = progress_of(window.session).trials[1]
    qtbot.waitUntil(lambda: len(trial.losses) > 2, timeout=WARM)
    window.actions_[Command.PAUSE].trigger()
    qtbot.waitUntil(lambda: window.session.phase is Phase.PAUSED)
    run = window.session._run
    assert run is not None
    assert isinstance(engine._trainer, WorkerTrainer)
    worker = psutil.Process(next(engine._trainer.workers).pid)
    seen: list[tuple[float, int]] = []
    while len(seen) < 2 or seen[-1] != seen[-2]:  # it may still be at it, or its reports on their way
        assert len(seen) < 50, "it does not stand still"
        seen.append((worker.cpu_times().user, len(trial.losses)))
        with qtbot.waitSignals([run._timer.timeout] * 10):
            pass
    count = len(trial.losses)
    assert (worker.cpu_times().user, count) == seen[-1]
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: len(trial.losses) > count)


def test_that_a_killed_worker_costs_one_trial_and_the_study_goes_on(
    window: MainWindow, engine: LocalEngine, qtbot: QtBot
) -> None:
    start(window, settings(8, 3000))
    qtbot.waitUntil(lambda: bool(progress_of(window.session).trials), timeout=WARM)
    progress = progress_of(window.session)
    qtbot.waitUntil(lambda: len(progress.trials[1].losses) > 2, timeout=WARM)
    assert isinstance(engine._trainer, WorkerTrainer)
    os.kill(next(engine._trainer.workers).pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: progress.trials[1].state is TrialState.FAILED)
    assert progress.trials[1].reason is FailureReason.WORKER_LOST
    qtbot.waitUntil(lambda: 2 in progress.trials and bool(progress.trials[2].losses), timeout=WARM)
    window.actions_[Command.STOP].trigger()
    until_idle(window, qtbot)


def test_that_a_killed_program_loses_nothing_finished_and_resumes_exactly(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "killed.afina"
    command = [sys.executable, str(ROOT / "main.py"), "run", "--tutorial", "--trials", "10", "--out", str(path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        qtbot.waitUntil(lambda: path.exists() and _count(path) >= 2, timeout=WARM)
        process.kill()
    kept = _count(path)
    open_study(window, path, qtbot)
    assert len(progress_of(window.session).finished) == kept
    assert progress_of(window.session).count(TrialState.RUNNING) == 0
    assert window.actions_[Command.RESUME].isEnabled()
    window.actions_[Command.RESUME].trigger()
    until_idle(window, qtbot)
    start(window, settings(10, 10))
    resumed = StudyProgress.of(read_study(path))
    until_idle(window, qtbot)
    straight = progress_of(window.session)
    assert [(t.values, t.val_losses) for t in resumed.trials.values()] == [
        (t.values, t.val_losses) for t in straight.trials.values()
    ]


def _count(path: Path) -> int:
    try:
        return len(StudyProgress.of(read_study(path)).finished)
    except Exception:  # noqa: BLE001  it is not there yet
        return 0


@pytest.mark.display
def test_that_the_program_closes_with_exit_code_0_while_training(tmp_path: Path) -> None:
    driver = tmp_path / "drive.py"
    driver.write_text(
        f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from gui.session.run_state import Command

QStandardPaths.setTestModeEnabled(True)

def main():
    import gui.app, gui.program.preferences
    gui.program.preferences.default_studies_folder = lambda: Path({str(tmp_path)!r})

    def begin():
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))
        window.headline.buttons[Command.START].click()
        def close_when_training():
            box = QApplication.activeModalWidget()
            if isinstance(box, QMessageBox):
                next(b for b in box.buttons() if "Pause" in b.text()).click()
            elif window.session.progress is not None and window.session.progress.finished:
                QTimer.singleShot(0, window.close)  # its question runs a loop of its own
        timer = QTimer(window)
        timer.timeout.connect(close_when_training)
        timer.start(50)

    class Window(gui.app.MainWindow):
        def showEvent(self, event):
            super().showEvent(event)
            QTimer.singleShot(500, begin)

    gui.app.MainWindow = Window
    return gui.app.run_window(None)

if __name__ == "__main__":
    sys.exit(main())
"""
    )
    done = subprocess.run(
        [sys.executable, str(driver)], capture_output=True, text=True, timeout=150, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    (study,) = tmp_path.glob("*.afina")
    assert _count(study) >= 1
