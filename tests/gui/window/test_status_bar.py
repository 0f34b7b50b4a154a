"""The status bar: what passes, and what stays."""

from pytestqt.qtbot import QtBot

from gui.session.session import Session
from gui.window.status_bar import StatusBar
from tests.scripted import ScriptedTrainer, scripted_engine


def test_that_a_message_is_seen_and_takes_the_place_of_the_progress_bar_only(qtbot: QtBot) -> None:
    status = StatusBar(Session(scripted_engine(ScriptedTrainer())))
    qtbot.addWidget(status)
    status.resize(1200, 30)
    status.show()
    before = [status.bar.isVisible(), status.message.isVisible(), status.state.isVisible()]
    status.showMessage("The settings were saved")
    said = status.message
    assert [status.bar.isVisible(), said.isVisible(), status.state.isVisible()] == [False, True, True]
    assert said.text() == "The settings were saved"
    qtbot.waitUntil(lambda: said.width() > said.fontMetrics().horizontalAdvance(said.text()))
    status.clearMessage()
    assert [status.bar.isVisible(), status.message.isVisible(), status.state.isVisible()] == before
