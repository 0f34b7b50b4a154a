"""A study that was not finished is offered at the next start, however the program ended."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.events import StudyEnd
from core.settings import BudgetSettings, tutorial_settings
from gui.rehearsal.dialog import RehearsalDialog
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_study, open_window, progress_of, until_opened

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
OFFER = "The last study did not come to its end"
Open = Callable[[], AbstractContextManager[MainWindow]]


@pytest.fixture
def start_again(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Give a way to start the program: each time with what the last one remembered."""
    return lambda: open_window(scripted_engine(ScriptedTrainer(seconds=0.02)), tmp_path, qtbot, monkeypatch)


def begin(window: MainWindow, qtbot: QtBot, trials: int = 200, **data: float) -> Path:
    settings = tutorial_settings()
    window.form.set_settings(
        msgspec.structs.replace(
            settings,
            data=msgspec.structs.replace(settings.data, **data),
            budget=BudgetSettings(trials=trials),
            search=msgspec.structs.replace(settings.search, initial_points=2),
        )
    )
    window.running.start()
    for dialog in window.findChildren(RehearsalDialog):  # the data are new
        dialog.start_button.click()
    qtbot.waitUntil(lambda: progress_of(window.session).best is not None, timeout=RUN)
    assert window.session.path is not None
    return window.session.path


def end(window: MainWindow, qtbot: QtBot, reason: StudyEnd | None = None) -> None:
    if reason is not None:
        window.session.stop(reason)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)


def test_that_a_study_that_was_paused_by_closing_is_offered_and_opened_by_the_link(
    start_again: Open, qtbot: QtBot
) -> None:
    with start_again() as window:
        assert OFFER not in window.headline.text
        study = begin(window, qtbot)
        end(window, qtbot, StudyEnd.PAUSED)
        assert OFFER not in window.headline.text  # it is open
    with start_again() as window:
        assert OFFER in window.headline.text
        assert study.stem in window.headline.text
        window.headline.facts.linkActivated.emit("study")
        until_opened(window, qtbot)
        assert window.session.path == study
        assert OFFER not in window.headline.text
        window.study_files.new()
        assert OFFER in window.headline.text


def test_that_a_study_that_fell_with_the_program_is_offered(start_again: Open, tmp_path: Path, qtbot: QtBot) -> None:
    memory = tmp_path / "preferences.ini"
    with start_again() as window:
        study = begin(window, qtbot)
        remembered = memory.read_bytes()  # what would be left now
    memory.write_bytes(remembered)
    with start_again() as window:
        assert study.stem in window.headline.text


def test_that_a_study_is_not_offered_while_another_window_runs_it(start_again: Open, qtbot: QtBot) -> None:
    with start_again() as window:
        begin(window, qtbot)
        with start_again() as other:
            assert OFFER not in other.headline.text


@pytest.mark.parametrize("stopped", [True, False])
def test_that_a_study_that_ended_or_was_stopped_is_not_offered(
    start_again: Open, qtbot: QtBot, *, stopped: bool
) -> None:
    with start_again() as window:
        begin(window, qtbot, trials=200 if stopped else 3)
        end(window, qtbot, StudyEnd.STOPPED if stopped else None)
        window.study_files.new()
        assert OFFER not in window.headline.text
    with start_again() as window:
        assert OFFER not in window.headline.text


def test_that_a_study_that_is_gone_is_not_offered(start_again: Open, qtbot: QtBot) -> None:
    with start_again() as window:
        study = begin(window, qtbot)
        end(window, qtbot, StudyEnd.PAUSED)
    study.unlink()
    with start_again() as window:
        assert OFFER not in window.headline.text


def test_that_another_study_that_is_opened_leaves_the_offer(start_again: Open, qtbot: QtBot) -> None:
    with start_again() as window:
        done = begin(window, qtbot, trials=3)
        end(window, qtbot)
        window.study_files.new()
        unfinished = begin(window, qtbot)
        end(window, qtbot, StudyEnd.PAUSED)
        open_study(window, done, qtbot)
        window.study_files.new()
        assert unfinished.stem in window.headline.text


def test_that_judging_another_study_leaves_the_offer(start_again: Open, qtbot: QtBot) -> None:
    with start_again() as window:
        done = begin(window, qtbot, trials=3, test_fraction=0.2)
        end(window, qtbot)
        unfinished = begin(window, qtbot)
        end(window, qtbot, StudyEnd.PAUSED)
        open_study(window, done, qtbot)
        window.session.evaluate()
        window.session.stop()
        end(window, qtbot)
        window.study_files.new()
        assert unfinished.stem in window.headline.text


def test_that_a_study_that_was_saved_as_another_file_is_offered_there(
    start_again: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    with start_again() as window:
        begin(window, qtbot)
        end(window, qtbot, StudyEnd.PAUSED)
        window.study_files.save_as(tmp_path / "moved <b>.afina")
    with start_again() as window:
        assert "moved &lt;b&gt;" in window.headline.text


def test_that_a_file_that_may_not_be_looked_at_stops_nothing(start_again: Open, tmp_path: Path, qtbot: QtBot) -> None:
    with start_again() as window:
        window.preferences.unfinished = tmp_path / ("x" * 5000)
    with start_again() as window:
        assert OFFER not in window.headline.text


def test_that_an_offer_that_fails_is_withdrawn(
    start_again: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.window.study_files.show_error", lambda *_words: None)
    with start_again() as window:
        study = begin(window, qtbot)
        end(window, qtbot, StudyEnd.PAUSED)
    with start_again() as window:
        study.unlink()
        window.headline.facts.linkActivated.emit("study")
        until_opened(window, qtbot)
        assert OFFER not in window.headline.text


def test_that_the_headline_takes_the_focus_only_when_there_is_something_to_follow(
    start_again: Open, qtbot: QtBot
) -> None:
    with start_again() as window:
        assert window.headline.facts.focusPolicy() is Qt.FocusPolicy.NoFocus
        begin(window, qtbot)
        end(window, qtbot, StudyEnd.PAUSED)
        window.study_files.new()
        assert window.headline.facts.focusPolicy() is not Qt.FocusPolicy.NoFocus
        window.settings_files.reset()
        begin(window, qtbot, trials=3)
        assert window.headline.facts.focusPolicy() is Qt.FocusPolicy.NoFocus
