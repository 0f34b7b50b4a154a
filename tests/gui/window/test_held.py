"""What the window says, and lets do, when a process is lost or the data file changes while a study runs."""

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.errors import TrainerLost
from core.events import FailureReason, StudyEnd, TrialEnded, TrialReport, TrialState
from core.phases import Phase
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.tables.description import ColumnRole, Task
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, bowl, scripted_engine
from tests.tables import imported
from tests.windows import open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
TRIALS = 5
SENTENCE = "The training process could not start: it was <killed>"


class Mishap(ScriptedTrainer):
    """Loses its process before the third trial while `lost` is set, or finds other data in it; it can be held up."""

    def __init__(self) -> None:
        super().__init__(lambda request: bowl(request) if request.trial != 3 or not self.other_data else "other data")
        self.lost = self.other_data = False
        self.goes_on = threading.Event()
        self.goes_on.set()

    def ready(self, seconds: float) -> bool:
        if self.lost and len(self.requests) == 2 and not self._runs:
            raise TrainerLost(SENTENCE)
        return super().ready(seconds)

    def reports(self, seconds: float) -> list[TrialReport]:
        if len(self.requests) == 3:
            self.goes_on.wait()
        return [
            msgspec.structs.replace(report, reason=FailureReason.DATA_CHANGED)
            if isinstance(report, TrialEnded) and report.state is TrialState.FAILED
            else report
            for report in super().reports(seconds)
        ]


@pytest.fixture
def trainer() -> Mishap:
    return Mishap()


@pytest.fixture
def window(trainer: Mishap, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as opened:
        yield opened
        trainer.lost = False
        trainer.goes_on.set()


def given(**changes: object) -> StudySettings:
    settings = tutorial_settings()
    search = msgspec.structs.replace(settings.search, initial_points=2)
    return msgspec.structs.replace(settings, budget=BudgetSettings(trials=TRIALS), search=search, **changes)


def start(window: MainWindow, settings: StudySettings) -> None:
    window.session.start(settings, window.preferences.studies_folder / "a.afina")


def boxes(window: MainWindow) -> list[QMessageBox]:
    """Return the messages that are shown."""
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def wait_for_the_end(window: MainWindow, qtbot: QtBot) -> StudyEnd:
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    end = progress_of(window.session).end
    assert end is not None
    return end.reason


@pytest.fixture
def held(window: MainWindow, trainer: Mishap, qtbot: QtBot) -> MainWindow:
    """Return the window with a study that stands still because a process was lost."""
    trainer.lost = True
    start(window, given())
    qtbot.waitUntil(lambda: window.session.phase is Phase.HELD, timeout=RUN)
    return window


def test_that_the_headline_says_which_process_is_lost_and_what_can_be_done(held: MainWindow) -> None:
    assert (
        "Paused: a process was lost<br>The training process could not start: it was &lt;killed&gt;."
        in held.headline.text
    )
    assert "Resume tries again, Stop ends the study." in held.headline.text
    assert held.statusBar().state.text() == "Paused"  # type: ignore[attr-defined]
    assert held.actions_[Command.RESUME].isEnabled()
    assert held.actions_[Command.STOP].isEnabled()
    assert not held.actions_[Command.PAUSE].isEnabled()


def test_that_resume_tries_again_and_no_number_is_lost_or_doubled(
    held: MainWindow, trainer: Mishap, qtbot: QtBot
) -> None:
    held.actions_[Command.RESUME].trigger()  # in vain
    trainer.lost = False
    held.actions_[Command.RESUME].trigger()
    assert wait_for_the_end(held, qtbot) is StudyEnd.FINISHED
    assert progress_of(held.session).finished == [1, 2, 3, 4, 5]
    assert [request.trial for request in trainer.requests] == [1, 2, 3, 4, 5]
    assert "killed" not in held.headline.text


def test_that_stop_ends_a_held_study_as_stopped_without_a_question(
    held: MainWindow, trainer: Mishap, qtbot: QtBot
) -> None:
    held.actions_[Command.STOP].trigger()
    assert wait_for_the_end(held, qtbot) is StudyEnd.STOPPED
    assert not boxes(held)
    assert progress_of(held.session).finished == [1, 2]
    trainer.lost = False
    held.actions_[Command.RESUME].trigger()
    assert wait_for_the_end(held, qtbot) is StudyEnd.FINISHED


def on_houses(path: Path) -> StudySettings:
    path.write_text("size,price\n" + "".join(f"{n},{2 * n}\n" for n in range(40)))
    return given(data=DataSettings(file=imported(path, 40, "price", Task.REGRESSION, {"size": ColumnRole.NUMBER})))


def test_that_the_headline_says_that_the_data_have_changed_while_the_study_runs(
    window: MainWindow, trainer: Mishap, tmp_path: Path, qtbot: QtBot
) -> None:
    settings = on_houses(tmp_path / "houses.csv")
    trainer.goes_on.clear()
    start(window, settings)
    qtbot.waitUntil(lambda: len(trainer.requests) == 3, timeout=RUN)
    (tmp_path / "houses.csv").unlink()
    trainer.goes_on.set()
    assert wait_for_the_end(window, qtbot) is StudyEnd.FINISHED
    gone = f"<b>houses.csv is not in {tmp_path} any more.</b> The study went on with the rows that it had loaded."
    assert gone in window.headline.text
    assert "Finished: " in window.headline.text


def test_that_a_study_that_cannot_load_its_data_again_pauses_and_resume_asks(
    window: MainWindow, trainer: Mishap, tmp_path: Path, qtbot: QtBot
) -> None:
    settings = on_houses(tmp_path / "houses.csv")
    trainer.goes_on.clear()
    trainer.other_data = True
    start(window, settings)
    qtbot.waitUntil(lambda: len(trainer.requests) == 3, timeout=RUN)
    (tmp_path / "houses.csv").write_text("size,price\n1,2\n")
    trainer.goes_on.set()
    assert wait_for_the_end(window, qtbot) is StudyEnd.PAUSED
    assert "Paused: other data, so the trials to come cannot load it again" in window.headline.text
    trainer.other_data = False
    changed = (tmp_path / "houses.csv").rename(tmp_path / "elsewhere.csv")
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: window.session.job is None and bool(boxes(window)), timeout=RUN)
    (box,) = boxes(window)
    assert box.informativeText() == f"houses.csv is not in {tmp_path} any more. Put it back, and try again."
    box.close()
    changed.rename(tmp_path / "houses.csv")
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: window.session.job is None and bool(boxes(window)), timeout=RUN)
    (box,) = boxes(window)
    assert "houses.csv has changed since it was imported" in box.informativeText()
    next(button for button in box.buttons() if button.text() == "Resume all the same").click()
    assert wait_for_the_end(window, qtbot) is StudyEnd.FINISHED
    assert progress_of(window.session).finished == [1, 2, 3, 4, 5]
    assert not progress_of(window.session).data_change
