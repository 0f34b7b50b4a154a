"""The headline and the status bar, in the words of each end and of each plan."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.events import FailureReason, StudyEnd, StudyEnded, StudyStarted, TrialState, TrialTested
from core.objective import EpochChoice, ObjectiveSettings
from core.phases import Phase
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, LimitSettings, StudySettings, tutorial_settings
from core.store.writer import Store
from core.study.control import StudyPhase
from core.trial_progress import TrialProgress
from core.words.form import trials_in_short
from core.words.noise import noise_explained, noise_in_words
from core.words.plan import describe_plan
from gui.rehearsal.dialog import RehearsalDialog
from gui.session.run_state import Command
from gui.trials.columns import make_columns
from gui.widgets.explanation import Explanation
from gui.window.main_window import MainWindow
from tests.core.repeated_studies import events, near
from tests.gui.plots.plot_studies import settings_with
from tests.scripted import ScriptedTrainer, bowl, scripted_engine, turn_clocks_by_hand
from tests.windows import lay_out, open_study, open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine


def with_limits(budget: BudgetSettings, limits: LimitSettings | None = None) -> StudySettings:
    settings = tutorial_settings()
    search = msgspec.structs.replace(settings.search, initial_points=2)
    return msgspec.structs.replace(settings, budget=budget, limits=limits or LimitSettings(), search=search)


def state_text(window: MainWindow) -> str:
    return str(window.statusBar().state.text())  # type: ignore[attr-defined]


def run(window: MainWindow, qtbot: QtBot, settings: StudySettings) -> None:
    window.form.set_settings(settings)
    window.running.start()
    for dialog in window.findChildren(RehearsalDialog):  # the data are new
        dialog.start_button.click()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(ScriptedTrainer(seconds=0.01)), tmp_path, qtbot, monkeypatch) as opened:
        yield opened


def test_that_the_plan_tells_what_may_end_it_early() -> None:
    assert "Ends early" not in describe_plan(tutorial_settings()).facts
    plan = describe_plan(with_limits(BudgetSettings(seconds=5400, target=12.5)))
    assert plan.facts.endswith(" Ends early after 1 h 30 min or at 12.5 or below.")


def test_that_of_several_trainings_each_ones_own_best_epoch_is_told_of(window: MainWindow, qtbot: QtBot) -> None:
    settings = with_limits(BudgetSettings(trials=2))
    settings = msgspec.structs.replace(settings, data=DataSettings(repeats=2))
    run(window, qtbot, settings)
    assert "own best epoch" not in window.headline.text
    assert window.form.objective.epoch.itemText(1) == "In each training's best epoch"
    run(window, qtbot, msgspec.structs.replace(settings, objective=ObjectiveSettings(epoch=EpochChoice.BEST)))
    assert "Each of its trainings counts by its own best epoch." in window.headline.text


def test_that_a_target_that_is_reached_is_told(window: MainWindow, qtbot: QtBot) -> None:
    run(window, qtbot, with_limits(BudgetSettings(trials=50, target=1000.0)))
    assert "Target reached after 1 of 50: " in window.headline.text
    assert state_text(window) == "Target reached"


def test_that_time_that_is_up_is_told_and_bounds_the_time_left(window: MainWindow, qtbot: QtBot) -> None:
    window.form.set_settings(with_limits(BudgetSettings(trials=100_000, seconds=2)))
    window.running.start()
    left = window.statusBar().left  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bool(left.text()), timeout=RUN)
    seconds = window.session.seconds_left()
    assert seconds is not None
    assert seconds <= 2
    assert "min" not in left.text()
    assert " h" not in left.text()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    assert "Time is up after" in window.headline.text
    assert state_text(window) == "Time is up"
    assert window.actions_[Command.RESUME].isEnabled()


def test_that_a_pause_does_not_count_as_running(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = turn_clocks_by_hand(monkeypatch)
    window.form.set_settings(with_limits(BudgetSettings(trials=100_000, seconds=60)))
    window.running.start()
    qtbot.waitUntil(lambda: window.session.phase is Phase.RUNNING, timeout=RUN)
    window.session.pause()
    qtbot.waitUntil(lambda: window.session.phase is Phase.PAUSED, timeout=RUN)
    run = window.session._run
    assert run is not None
    clock.now += 20
    qtbot.waitUntil(lambda: run.under_way.clock._last == clock.now, timeout=RUN)
    assert run.under_way.clock.seconds == 0
    window.session.resume()
    qtbot.waitUntil(lambda: run._control.phase is StudyPhase.TRAINING, timeout=RUN)
    clock.now += 20
    qtbot.waitUntil(lambda: run.under_way.clock.seconds == 20, timeout=RUN)


def test_that_a_study_that_paused_itself_says_why_and_what_is_best(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = ScriptedTrainer(lambda request: bowl(request) if request.trial < 3 else "It broke in <module>")
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as window:
        run(window, qtbot, with_limits(BudgetSettings(trials=20), LimitSettings(failures_in_a_row=3)))
        text = window.headline.text
        assert text.startswith("Paused: 3 trials failed in a row<br>The last one said: It broke in &lt;module&gt;.")
        assert "is the best of 5 so far: learning rate <b>" in text
        assert "Resume goes on." in text
        assert window.headline.buttons[Command.EXPORT].isVisible()
        assert state_text(window) == "Paused"
        assert window.actions_[Command.RESUME].isEnabled()


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", r"does not support raise\(\)", extend=True)
def test_that_headline_and_status_bar_say_what_is_noise_and_a_link_says_why(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    first, *others = events(near(15.2))
    assert isinstance(first, StudyStarted)
    with Store.create(tmp_path / "a.afina", first) as store:
        store.record(others)
    open_study(window, tmp_path / "a.afina", qtbot)
    progress, bar, facts = progress_of(window.session), window.statusBar(), window.headline.facts
    said = noise_in_words(progress)
    assert said == "Differences below about 0.23 are noise: trial 2 is as good."
    assert said in facts.accessibleName()
    qtbot.waitUntil(lambda: bar.best.toolTip().endswith(said), timeout=RUN)  # type: ignore[attr-defined]
    facts.linkActivated.emit("why")
    explanation = window.headline.findChild(Explanation)
    assert explanation is not None
    assert explanation.isVisible()
    assert explanation.label.text() == noise_explained(progress)
    assert explanation.focusWidget() is explanation.label
    for key in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_CapsLock, Qt.Key.Key_Insert, Qt.Key.Key_Right):
        qtbot.keyClick(explanation.label, key)
        assert explanation.isVisible(), key
    qtbot.keyClick(explanation.label, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert explanation.label.selectedText() == noise_explained(progress)
    qtbot.keyClick(explanation.label, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.headline.findChild(Explanation) is None)


def test_that_a_narrow_headline_has_noise_and_test_score_and_its_tip_all(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    data = DataSettings(repeats=2, test_fraction=0.2)
    first, *others = events(near(15.0, 15.2), data)
    assert isinstance(first, StudyStarted)
    score = TrialTested(
        trial=1,
        metrics={"loss": (16.2, 15.8), "mae": (3.1, 3.0)},
        rows=102,
        intervals={"loss": (11.2, 20.9), "mae": (2.35, 3.47)},
        time=3.0,
    )
    with Store.create(tmp_path / "a.afina", first) as store:
        store.record([*others, StudyEnded(reason=StudyEnd.FINISHED, message="", time=2.0), score])
    open_study(window, tmp_path / "a.afina", qtbot)
    lay_out(window)
    facts = window.headline.facts
    assert "are as good" in facts.text()
    assert "Why?" in facts.text()
    assert "On 102 test rows: loss" in facts.text()
    assert "…" not in facts.text()
    assert "MAE" not in facts.text()
    assert "MAE" in facts.toolTip()


def test_that_the_headline_tells_of_ties(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = ScriptedTrainer(lambda _request: [3.0, 2.0])
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as window:
        run(window, qtbot, with_limits(BudgetSettings(trials=3)))
        assert window.headline.result.number.text() == "2"
        assert " 3 trials tie for the best." in window.headline.text


def test_that_a_problem_with_signs_in_it_is_shown_as_it_was_typed(window: MainWindow) -> None:
    window.form.budget.trials.setText("<b>9")
    assert "&lt;b&gt;9" in window.headline.text


@pytest.mark.parametrize("reason", list(FailureReason))
def test_that_every_reason_of_a_failure_reads_as_a_note(reason: FailureReason) -> None:
    (note,) = [column for column in make_columns(settings_with()) if column.header == "Note"]
    trial = TrialProgress(1, {}, 1, PointOrigin.INITIAL, state=TrialState.FAILED, reason=reason)
    value = note.value(trial)
    assert isinstance(value, str)
    assert value[0].isupper()


def test_that_a_study_that_starts_at_once_is_never_called_interrupted(window: MainWindow, qtbot: QtBot) -> None:
    said: list[str] = []
    window.session.run_state_changed.connect(lambda _state: said.append(window.headline.text))
    window.session.changed.connect(lambda _changes: said.append(window.headline.text))
    window.running.start()
    qtbot.waitUntil(lambda: progress_of(window.session).best is not None)
    assert said
    assert not [text for text in said if "Interrupted" in text]


def test_that_the_plots_keep_their_size_when_the_headline_s_button_goes(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1900, 900)  # so wide that every sentence takes one line
    lay_out(window)
    before = window.loss_plot.height()
    window.running.start()
    qtbot.waitUntil(lambda: progress_of(window.session).best is not None, timeout=RUN)
    assert not window.headline.buttons[Command.START].isVisible()
    assert window.loss_plot.height() == before


def test_that_the_headline_before_start_is_the_plan(window: MainWindow) -> None:
    title, facts = describe_plan(tutorial_settings())
    assert window.headline.text == f"Ready: {title}<br>{facts}"


def test_that_a_study_shorter_than_its_initial_points_is_told_and_runs(window: MainWindow, qtbot: QtBot) -> None:
    settings = msgspec.structs.replace(tutorial_settings(), budget=BudgetSettings(trials=3))
    assert trials_in_short(settings) == "all spread over the ranges, none chosen"
    run(window, qtbot, settings)
    origins = [trial.origin for trial in progress_of(window.session).trials.values()]
    assert origins == [PointOrigin.INITIAL] * 3
