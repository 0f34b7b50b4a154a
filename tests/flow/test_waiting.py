"""A study without a window whose file disappears: it says what can be done, and that loses nothing."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from core.errors import StoreError
from core.progress import StudyProgress
from core.settings import tutorial_settings
from core.store.reader import read_study

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds that a study may take on a busy machine


class Terminal:
    """A study that runs in a folder, under the name study.afina in another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors = folder / "errors.txt"
        self.path = folder / "studies" / "study.afina"
        settings = folder / "settings.json"
        settings.write_text(tutorial_settings().to_json().replace('"worker"', '"inline"'))
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "main.py", "run", settings, "--trials", "5000", "--out", self.path],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def said(self) -> str:
        return self.errors.read_text()

    def end(self) -> int:
        return self.process.wait(PATIENCE)


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline
        sleep(0.02)


def finished(path: Path) -> int:
    try:
        return len(StudyProgress.of(read_study(path)).finished)
    except (StoreError, OSError):
        return 0  # it is not there yet


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    begun = Terminal(tmp_path)
    wait_for(lambda: finished(begun.path) > 1)
    yield begun
    begun.process.kill()
    begun.process.wait()


def test_that_a_study_goes_on_beside_its_lost_file_at_a_signal_and_elsewhere_at_the_end(terminal: Terminal) -> None:
    before = finished(terminal.path)
    terminal.path.unlink()
    wait_for(lambda: "Waiting: study.afina is not in" in terminal.said())
    assert f"kill -USR1 {terminal.process.pid}" in terminal.said()
    terminal.process.send_signal(signal.SIGUSR1)
    beside = terminal.path.with_name("study rescued.afina")
    wait_for(lambda: finished(beside) > before + 1)
    assert f"The study is in {beside} now." in terminal.said()

    before = finished(beside)
    shutil.rmtree(beside.parent)
    wait_for(lambda: "Waiting: study rescued.afina is not in" in terminal.said())
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 0
    elsewhere = terminal.folder / "study rescued.afina"
    progress = StudyProgress.of(read_study(elsewhere))
    assert len(progress.finished) >= before
    assert progress.finished == list(range(1, len(progress.finished) + 1))
    (said,) = re.findall(r"Stopped after (\d+) of 5000 trials\..* The study is in (.*)\.\n", terminal.said())
    assert said == (str(len(progress.finished)), str(elsewhere))
    assert "Traceback" not in terminal.said()
    assert progress.end is not None


def test_that_a_study_whose_file_is_put_back_goes_on_in_it_at_a_signal(terminal: Terminal) -> None:
    away = terminal.path.rename(terminal.folder / "away.afina")
    wait_for(lambda: "Waiting: study.afina is not in" in terminal.said())
    before = finished(away)
    away.rename(terminal.path)
    terminal.process.send_signal(signal.SIGUSR1)
    wait_for(lambda: finished(terminal.path) > before + 1)
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 0
    assert not list(terminal.folder.rglob("*rescued*"))
