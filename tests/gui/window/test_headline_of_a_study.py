"""The headline as a part of the window: its buttons, links, room, and what it does with a text that is too long."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.events import EpochEnded, StudyEnd
from core.phases import Job, Phase, Stage
from core.progress import StudyProgress
from core.settings import tutorial_settings
from gui.session.changes import Changes
from gui.session.run_state import Command
from gui.widgets.theme import LIGHT
from gui.window.headline_buttons import wanted
from gui.window.main_window import MainWindow
from tests.core.told_studies import progress_with
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, lay_out, open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
FINISHED = [15.0 + number for number in range(20)]


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(ScriptedTrainer(seconds=0.01)), tmp_path, qtbot, monkeypatch) as opened:
        yield opened


def shown(window: MainWindow) -> list[Command]:
    buttons = window.headline.buttons
    assert all(buttons[command].isVisible() for command in buttons.shown)
    return list(buttons.shown)


@pytest.mark.parametrize(
    ("job", "phase", "progress", "commands"),
    [
        (None, None, None, (Command.REHEARSE, Command.START)),
        (Job.STUDY, Phase.STARTING, None, (Command.STOP,)),
        (Job.STUDY, Phase.RUNNING, progress_with(1.0), (Command.PAUSE,)),
        (Job.STUDY, Phase.PAUSED, progress_with(1.0), (Command.STOP, Command.RESUME)),
        (Job.STUDY, Phase.HELD, progress_with(1.0), (Command.STOP, Command.RESUME)),
        (Job.STUDY, Phase.BLOCKED, progress_with(1.0), (Command.SAVE_AS, Command.RESUME)),
        (Job.EVALUATION, Phase.RUNNING, progress_with(1.0), (Command.STOP,)),
        (Job.WATCH, Phase.RUNNING, progress_with(1.0), ()),
        (None, None, progress_with(1.0, end=StudyEnd.STOPPED), (Command.EXPORT, Command.RESUME)),
        (None, None, progress_with(*FINISHED, end=StudyEnd.FINISHED), (Command.MORE, Command.EXPORT)),
        (None, None, progress_with(1.0, end=StudyEnd.EXHAUSTED), (Command.EXPORT,)),
    ],
)
def test_that_each_moment_has_its_buttons(
    job: Job | None, phase: Phase | None, progress: StudyProgress | None, commands: tuple[Command, ...]
) -> None:
    assert wanted(job, phase, progress) == commands


def test_that_the_buttons_lead_through_a_study_and_the_focus_follows_them(window: MainWindow, qtbot: QtBot) -> None:
    window.form.set_settings(LONG_STUDY)
    buttons = window.headline.buttons
    assert shown(window) == [Command.REHEARSE, Command.START]
    assert buttons[Command.START].filled
    buttons[Command.START].setFocus()
    qtbot.keyClick(buttons[Command.START], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: shown(window) == [Command.PAUSE], timeout=RUN)
    qtbot.waitUntil(lambda: buttons[Command.PAUSE].isEnabled(), timeout=RUN)
    buttons[Command.PAUSE].setFocus()
    qtbot.keyClick(buttons[Command.PAUSE], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.phase is Phase.PAUSED, timeout=RUN)
    assert shown(window) == [Command.STOP, Command.RESUME]
    assert [command for command in shown(window) if buttons[command].filled] == [Command.RESUME]
    assert QApplication.focusWidget() is buttons[Command.RESUME]
    qtbot.mouseClick(buttons[Command.STOP], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    assert shown(window) == [Command.EXPORT, Command.RESUME]


def test_that_the_focus_stays_at_the_headline_when_its_button_goes(window: MainWindow, qtbot: QtBot) -> None:
    buttons, session = window.headline.buttons, window.session
    window.form.set_settings(LONG_STUDY)
    lay_out(window)

    def click(command: Command, reached: Callable[[], bool]) -> None:
        qtbot.mouseClick(buttons[command], Qt.MouseButton.LeftButton)

        def kept() -> bool:
            now = QApplication.focusWidget()
            assert now is not None
            assert now is buttons or buttons.isAncestorOf(now)
            return reached()

        qtbot.waitUntil(kept, timeout=RUN)

    click(Command.START, lambda: session.progress is not None and session.progress.best is not None)
    assert QApplication.focusWidget() is buttons[Command.PAUSE]
    click(Command.PAUSE, lambda: session.phase is Phase.PAUSED)
    click(Command.RESUME, lambda: session.phase is Phase.RUNNING)
    click(Command.PAUSE, lambda: session.phase is Phase.PAUSED)
    click(Command.STOP, lambda: session.job is None)
    assert QApplication.focusWidget() is buttons[Command.RESUME]


def test_that_a_button_is_off_as_long_as_its_action_is_and_says_why(window: MainWindow) -> None:
    start = window.headline.buttons[Command.START]
    window.form.budget.trials.setText("0")
    assert not start.isEnabled()
    assert start.toolTip() == window.actions_[Command.START].toolTip()
    window.form.budget.trials.setText("20")
    assert start.isEnabled()


def test_that_the_headline_has_one_height_in_all_states(window: MainWindow, qtbot: QtBot) -> None:
    window.form.set_settings(LONG_STUDY)
    lay_out(window)
    heights = {window.headline.height()}
    window.headline.buttons[Command.START].click()
    qtbot.waitUntil(lambda: progress_of(window.session).best is not None, timeout=RUN)
    lay_out(window)
    heights.add(window.headline.height())
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    lay_out(window)
    assert heights | {window.headline.height()} == {72}


def test_that_a_trial_in_the_headline_is_selected_by_a_click(window: MainWindow, qtbot: QtBot) -> None:
    window.form.set_settings(LONG_STUDY)
    window.headline.buttons[Command.START].click()
    qtbot.waitUntil(lambda: progress_of(window.session).best is not None, timeout=RUN)
    window.session.pause()
    qtbot.waitUntil(lambda: window.session.phase is Phase.PAUSED, timeout=RUN)
    best = progress_of(window.session).best
    assert best is not None
    assert f'<a href="trial:{best.number}">' in window.headline.text
    window.headline.facts.linkActivated.emit(f"trial:{best.number}")
    assert window.session.selected == best.number


def test_that_mistakes_and_warnings_lead_to_the_form(window: MainWindow, qtbot: QtBot) -> None:
    headline = window.headline
    headline.set_plan(None, "500 MB is too little memory. Give 1,000 MB.", problems=2)
    assert "and 1 more" in headline.text
    with qtbot.waitSignal(headline.show_field_requested):
        headline.facts.linkActivated.emit("field")
    headline.set_plan(tutorial_settings(), "", warnings=2)
    assert "2 warnings" in headline.text
    with qtbot.waitSignal(headline.show_warning_requested):
        headline.title.linkActivated.emit("warnings")


def test_that_a_text_that_is_too_long_is_whole_in_the_tip_and_read_out(window: MainWindow) -> None:
    problem = " ".join(f"word{number}" for number in range(90))
    window.headline.set_plan(None, f"Too <long>. {problem}")
    lay_out(window)
    facts = window.headline.facts
    assert facts.text().count("…") == 1
    assert "word89" not in facts.text()
    assert "word89" in facts.toolTip()
    assert "word89" in facts.accessibleName()
    assert "Too <long>" in window.headline.title.accessibleName()
    assert facts.heightForWidth(facts.width()) <= 2.5 * facts.fontMetrics().lineSpacing()
    window.headline.set_plan(None, "Too long")
    assert not facts.toolTip()


def test_that_only_what_has_to_be_dealt_with_is_in_the_colour_of_warnings(window: MainWindow) -> None:
    title = window.headline.title
    assert title.palette().windowText().color().name() == LIGHT.text
    window.headline.set_plan(tutorial_settings(), "", "its outputs do not suit")
    assert title.palette().windowText().color().name() == LIGHT.warning


def test_that_buttons_lose_their_words_only_where_the_headline_has_no_room_for_its_own(window: MainWindow) -> None:
    start = window.headline.buttons[Command.START]
    for width, square in ((1280, False), (window.minimumSizeHint().width(), True)):
        window.resize(width, 800)
        lay_out(window)
        assert start.compact is square
        assert (start.width() == start.height()) is square
    assert start.text() == "Start"  # which is read out


def test_that_the_epochs_of_a_paused_trial_are_the_last_that_came(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = ScriptedTrainer()
    trainer.stage = Stage.COMPILING  # no trial ends, and no epoch comes but that of the test
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as window:
        window.session.start(LONG_STUDY, tmp_path / "long.afina")
        session = window.session
        qtbot.waitUntil(lambda: session.progress is not None and bool(session.progress.under_way), timeout=RUN)
        window.session.pause()
        qtbot.waitUntil(lambda: window.session.phase is Phase.PAUSED, timeout=RUN)
        ((number, trial),) = progress_of(window.session).under_way.items()
        trial.epoch = trial.epochs - 1
        trial.fits[-1].add((1.0,), (1.0,), {})
        window.session.changed.emit(Changes(what=EpochEnded.changes, trials=(number,)))
        said = f"epoch {trial.epoch} of {trial.epochs}"
        qtbot.waitUntil(lambda: said in window.headline.title.accessibleName(), timeout=RUN)
