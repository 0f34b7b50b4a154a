"""The rehearsal before a study, as a person sees it; the rehearser is a script."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.children.process import ChildBug, ChildLost
from core.datasets.settings import DataSettings
from core.models.catalogue import family_named
from core.models.settings import ModelSettings
from core.phases import Phase
from core.rehearsal.configurations import Measured, Part, Rehearsal
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from gui.rehearsal.dialog import RehearsalDialog
from gui.rehearsal.rehearsing import Rehearsing
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedRehearser, ScriptedTrainer, scripted_engine
from tests.windows import lay_out, open_study, open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
FAILED = Measured(problem="ValueError: Negative dimension size", over=True)


@pytest.fixture
def rehearser() -> ScriptedRehearser:
    return ScriptedRehearser()


@pytest.fixture
def window(
    rehearser: ScriptedRehearser, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    engine = scripted_engine(ScriptedTrainer())
    with open_window(engine, tmp_path, qtbot, monkeypatch, rehearser=rehearser) as opened:
        yield opened


def perceptron(**changes: object) -> StudySettings:
    ranges = {parameter.name: parameter.first_range() for parameter in family_named("mlp").parameters}
    return msgspec.structs.replace(
        StudySettings(
            data=DataSettings(dataset="wine"),
            model=ModelSettings(family_name="mlp", ranges=ranges),
            budget=BudgetSettings(trials=4),
            search=SearchSettings(initial_points=2),
        ),
        **changes,
    )


def dialog_of(window: MainWindow) -> RehearsalDialog | None:
    dialog = QApplication.activeModalWidget()
    return dialog if isinstance(dialog, RehearsalDialog) else None


def shown(window: MainWindow, qtbot: QtBot) -> RehearsalDialog:
    """Return the dialog with a rehearsal that is over."""
    qtbot.waitUntil(lambda: dialog_of(window) is not None)
    dialog = dialog_of(window)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.bar.isHidden())
    return dialog


def texts(dialog: RehearsalDialog, what: str) -> list[str]:
    model = dialog.table.model()
    heads = [str(model.headerData(row, Qt.Orientation.Vertical)) for row in range(model.rowCount())]
    return [str(model.index(heads.index(what), column).data()) for column in range(model.columnCount())]


def heads(dialog: RehearsalDialog, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> list[str]:
    model = dialog.table.model()
    return [str(model.headerData(column, Qt.Orientation.Horizontal, role)) for column in range(model.columnCount())]


def until_trained(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(progress_of(window.session).finished) == 4, timeout=RUN)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)


def test_that_the_tutorial_starts_without_a_rehearsal(window: MainWindow, rehearser: ScriptedRehearser) -> None:
    window.actions_[Command.START].trigger()
    assert window.session.phase is Phase.STARTING
    assert rehearser.asked == []


def test_that_a_study_that_is_new_is_rehearsed_and_then_starts_by_itself(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    window.form.set_settings(perceptron())
    window.actions_[Command.START].trigger()
    assert dialog_of(window) is not None
    assert window.session.job is None
    until_trained(window, qtbot)
    assert dialog_of(window) is None
    assert rehearser.asked == [perceptron()]
    assert progress_of(window.session).settings == perceptron()


def test_that_what_was_rehearsed_or_trained_is_not_rehearsed_again(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    window.form.set_settings(perceptron())
    window.actions_[Command.START].trigger()
    until_trained(window, qtbot)
    window.study_files.new()
    window.form.set_settings(perceptron(seed=3, budget=BudgetSettings(trials=4, target=-1.0)))
    window.actions_[Command.START].trigger()
    assert window.session.phase is Phase.STARTING
    until_trained(window, qtbot)
    path = window.session.path
    assert path is not None
    window.rehearsing._done.clear()  # as in a window that only opens the study
    window.rehearsing._trained.clear()
    open_study(window, path, qtbot)
    window.actions_[Command.COPY].trigger()
    window.actions_[Command.START].trigger()
    assert window.session.phase is Phase.STARTING
    assert len(rehearser.asked) == 1
    until_trained(window, qtbot)


def test_that_a_configuration_that_fails_holds_the_study_back(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    rehearser.answer = FAILED
    window.form.set_settings(perceptron())
    window.actions_[Command.START].trigger()
    dialog = shown(window, qtbot)
    assert dialog.heading.text() == "None of 4 can be trained."
    assert dialog.remedy.text().startswith("A study would fail, too: mend first what is wrong")
    assert dialog.worries.text() == "Every configuration that was tried failed: ValueError: Negative dimension size."
    assert texts(dialog, "A trial") == ["failed"] * 4
    assert heads(dialog)[0] == "✗ Smallest"
    assert heads(dialog, Qt.ItemDataRole.ToolTipRole)[0] == "<p>ValueError: Negative dimension size</p>"
    assert dialog.close_button.isDefault()
    lay_out(dialog)
    assert dialog.table.verticalScrollBar().maximum() == 0  # the warning takes no room of the table's
    dialog.close_button.click()
    assert window.session.job is None
    assert window.session.progress is None


def test_that_the_user_may_start_all_the_same(window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot) -> None:
    rehearser.answer = FAILED
    window.form.set_settings(perceptron())
    window.actions_[Command.START].trigger()
    dialog = shown(window, qtbot)
    assert dialog.start_button.text() == "&Start anyway"
    dialog.start_button.click()
    assert window.session.phase is Phase.STARTING
    until_trained(window, qtbot)


def test_that_what_failed_is_tried_again_the_next_time(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    rehearser.answer = FAILED
    window.form.set_settings(perceptron())
    window.actions_[Command.START].trigger()
    shown(window, qtbot).reject()
    rehearser.answer = ScriptedRehearser().answer
    window.actions_[Command.START].trigger()
    until_trained(window, qtbot)
    assert len(rehearser.asked) == 2


def test_that_a_study_of_hours_asks_first_each_time(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    rehearser.answer = msgspec.structs.replace(rehearser.answer, epoch_seconds=500.0)
    window.form.set_settings(perceptron())
    for _ in range(2):
        window.actions_[Command.START].trigger()
        dialog = shown(window, qtbot)
        assert "longer than an hour" in dialog.worries.text()
        assert "The study of 4 trials: about 6 hours" in dialog.summary.text()
        dialog.reject()
    assert len(rehearser.asked) == 1
    window.form.set_settings(perceptron(budget=BudgetSettings(trials=4, seconds=600)))
    window.actions_[Command.START].trigger()
    assert "by then about 0 of its 4 trials" in shown(window, qtbot).worries.text()


def test_that_the_user_need_not_wait(window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot) -> None:
    rehearser.waits = True
    window.form.set_settings(perceptron())
    window.actions_[Command.START].trigger()
    dialog = dialog_of(window)
    assert dialog is not None
    assert not dialog.bar.isHidden()
    qtbot.waitUntil(lambda: dialog.heading.text() == "Loading TensorFlow…")
    closed = rehearser.closed
    dialog.start_button.click()
    assert rehearser.closed > closed
    until_trained(window, qtbot)


@pytest.mark.parametrize("starting", [True, False])
def test_that_it_says_what_it_does_and_how_far_it_is(
    starting: bool, window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    rehearser.waits = True
    window.form.set_settings(perceptron())
    (window.actions_[Command.START] if starting else window.actions_[Command.REHEARSE]).trigger()
    dialog = dialog_of(window)
    assert dialog is not None
    known = rehearser.rehearsal
    assert known is not None
    first, second, *others = known.results
    done = msgspec.structs.replace(first, measured=msgspec.structs.replace(rehearser.answer, over=True))
    built = msgspec.structs.replace(second, measured=Measured(weights=14, trace_seconds=0.1))
    window.rehearsing.changed.emit(msgspec.structs.replace(known, results=(done, built, *others)))
    assert dialog.heading.text() == "Trying the middle, 2 of 4: training…"
    assert (dialog.bar.value(), dialog.bar.maximum()) == (25, 100)
    dialog.reject()


def test_that_the_table_is_whole_and_stays_where_it_is_when_the_bar_goes(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    rehearser.waits = True
    window.actions_[Command.REHEARSE].trigger()
    dialog = dialog_of(window)
    assert dialog is not None
    lay_out(dialog)
    place = dialog.table.geometry()
    assert dialog.bar.is_busy
    assert dialog.start_button.text() == "&Start now"
    assert dialog.table.verticalScrollBar().maximum() == 0
    rehearser.waits = False
    shown(window, qtbot)
    lay_out(dialog)
    assert dialog.table.geometry() == place
    above, below = dialog.table.horizontalHeaderItem(0), dialog.table.item(0, 0)
    assert above is not None
    assert below is not None
    assert above.textAlignment() == below.textAlignment()
    (about,) = re.findall(r"About (.+)\.", dialog.heading.text())
    assert f"about {about}" in dialog.summary.text()
    dialog.reject()


@pytest.mark.parametrize("starting", [True, False])
def test_that_cancelling_ends_the_process_and_starts_nothing(
    starting: bool, window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    rehearser.waits = True
    window.form.set_settings(perceptron())
    (window.actions_[Command.START] if starting else window.actions_[Command.REHEARSE]).trigger()
    dialog = dialog_of(window)
    assert dialog is not None
    closed = rehearser.closed
    dialog.close_button.click()
    assert rehearser.closed > closed
    assert window.session.job is None
    assert not window.rehearsing._asking.active


def test_that_rehearse_shows_what_the_study_will_take_and_starts_nothing(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot
) -> None:
    rehearser.answer = msgspec.structs.replace(rehearser.answer, memory=600 * 2**20)
    for _ in range(2):  # it is tried anew each time: other programs may have gone
        window.actions_[Command.REHEARSE].trigger()
        dialog = shown(window, qtbot)
        assert heads(dialog) == [f"✓ {part.capitalize()}" for part in (*Part,)[:4]]
        assert texts(dialog, "Learning rate") == ["1e-4", "0.003162", "0.1", "0.1"]
        assert texts(dialog, "Batch size") == ["100", "50", "100", "1"]
        assert texts(dialog, "Weights") == ["14"] * 4
        assert dialog.heading.text() == "All 4 can be trained. About a second."
        assert dialog.heading.y() < dialog.table.y()
        assert dialog.remedy.isHidden()
        assert dialog.summary.text().splitlines()[-1] == "Memory: up to 600 MB; 8.0 GB are free."
        assert dialog.worries.isHidden()
        assert window.session.job is None
        dialog.reject()
    assert rehearser.asked == [tutorial_settings()] * 2
    window.actions_[Command.REHEARSE].trigger()
    shown(window, qtbot).start_button.click()
    assert window.session.phase is Phase.STARTING


def test_that_rehearse_goes_with_start(window: MainWindow, qtbot: QtBot) -> None:
    window.form.space.rows["batch_size"].low.setText("500")  # type: ignore[attr-defined]
    assert not window.actions_[Command.REHEARSE].isEnabled()
    assert "Low (500)" in window.actions_[Command.REHEARSE].toolTip()
    window.actions_[Command.RESET_SETTINGS].trigger()
    assert window.actions_[Command.REHEARSE].isEnabled()
    window.actions_[Command.START].trigger()
    assert not window.actions_[Command.REHEARSE].isEnabled()


def test_that_no_process_to_rehearse_in_is_a_sentence(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(_settings: StudySettings, _seconds: float) -> None:
        raise ChildLost("the system gives no more processes")

    monkeypatch.setattr(rehearser, "begin", begin)
    said: list[str] = []
    monkeypatch.setattr("gui.window.running.show_error", lambda _parent, _title, sentence: said.append(sentence))
    window.actions_[Command.REHEARSE].trigger()
    assert said == ["No process can be started for that: the system gives no more processes"]


def test_that_a_fault_of_ours_ends_the_rehearsal_and_reaches_the_crash_box(
    rehearser: ScriptedRehearser, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsing = Rehearsing(rehearser)
    told: list[Rehearsal] = []
    rehearsing.changed.connect(told.append)

    def look() -> bool:
        assert rehearser.rehearsal is not None
        rehearser.rehearsal = msgspec.structs.replace(rehearser.rehearsal, over=True)
        raise ChildBug("Traceback: a fault of ours")

    monkeypatch.setattr(rehearser, "look", look)
    with qtbot.captureExceptions() as raised:
        rehearsing.begin(tutorial_settings(), 1.0)
        qtbot.waitUntil(lambda: bool(told))
    assert [kind for kind, _error, _trace in raised] == [ChildBug]
    assert told[0].over
    assert not rehearsing._asking.active


def test_that_tensorflow_is_loaded_while_the_form_is_filled_in(
    window: MainWindow, rehearser: ScriptedRehearser, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.rehearsing._warm_timer.setInterval(1)
    window.form.set_settings(perceptron(seed=2))
    qtbot.waitUntil(lambda: rehearser.warmed == [1])
    closed = rehearser.closed
    window.form.reset()
    assert rehearser.closed > closed
    would_warm = QTimer(interval=1)
    would_warm.start()
    with qtbot.waitSignals([would_warm.timeout] * 5):
        pass
    assert rehearser.warmed == [1]
