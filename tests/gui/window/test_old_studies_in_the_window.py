"""What the window says of a study of an earlier Afina that cannot go on identically."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from core.events import StudyEnd
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.old_studies import old_study
from tests.windows import open_study, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
BEGINNING = "<b>The study cannot go on identically:</b> its class “nan” reads as a number without a value"


def test_that_the_headline_says_that_an_old_study_cannot_go_on_identically(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = old_study(tmp_path, "2.0", "nan", "0.0")
    open_study(window, path, qtbot)
    assert BEGINNING not in window.headline.text
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: progress_of(window.session).end is not None, timeout=RUN)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    end = progress_of(window.session).end
    assert end is not None
    assert end.reason is StudyEnd.FINISHED
    assert BEGINNING in window.headline.text
    assert "Finished: " in window.headline.text

    window.study_files.new()
    open_study(window, path, qtbot)
    assert BEGINNING in window.headline.text, "so long as the study has trials of both orders"
