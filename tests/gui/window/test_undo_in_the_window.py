"""Undo and redo in the window: keys, buttons and menu, and what a study that is open has to do with them."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.settings import tutorial_settings
from gui.session.run_state import Command
from gui.window.form_buttons import FormButtons
from gui.window.main_window import MainWindow
from tests.gui.window.conftest import RUN
from tests.model_files import custom_file
from tests.windows import LONG_STUDY, open_study, progress_of

UNDO = Qt.KeyboardModifier.ControlModifier
REDO = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


def buttons(window: MainWindow) -> FormButtons:
    return window.layout_.form_title.findChildren(FormButtons)[0]


def press_z(widget: QWidget, modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Z, modifiers)
    QApplication.processEvents()


def enter(window: MainWindow, field: QWidget, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)


def can(window: MainWindow) -> tuple[bool, bool]:
    QApplication.processEvents()
    return window.actions_[Command.UNDO].isEnabled(), window.actions_[Command.REDO].isEnabled()


def test_that_the_keys_undo_in_the_form_what_is_typed_in_a_field(window: MainWindow, qtbot: QtBot) -> None:
    form = window.form
    form.model.family.set_value("mlp")
    QApplication.processEvents()
    enter(window, form.budget.trials, qtbot)
    QTest.keyClicks(form.budget.trials, "05")
    press_z(form.budget.trials, UNDO)
    assert form.budget.trials.text() == "20"
    press_z(form.budget.trials, UNDO)
    assert form.settings() == tutorial_settings()
    press_z(form.budget.trials, UNDO)  # there is no more, and the field does not begin with a way back of its own
    assert form.settings() == tutorial_settings()
    press_z(form.budget.trials, REDO)
    press_z(form.budget.trials, REDO)
    assert form.budget.trials.text() == "2005"
    assert form.model.family.value() == "mlp"


def test_that_the_keys_undo_in_the_form_what_is_typed_as_the_name_of_a_metric(window: MainWindow, qtbot: QtBot) -> None:
    form = window.form
    form.card.set_open([form.objective.title])
    form.model.choose_own()
    form.set_model_file(custom_file())
    QApplication.processEvents()
    before, field = form.settings(), form.objective.metric_field
    enter(window, field, qtbot)
    line = field.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(field, "val_auc")
    assert field.value() == "val_auc"
    press_z(field, UNDO)
    assert form.settings() == before
    press_z(field, REDO)
    assert field.value() == "val_auc"


def test_that_a_field_elsewhere_keeps_its_own_way_back(window: MainWindow, qtbot: QtBot) -> None:
    other = QLineEdit(window)
    other.show()
    enter(window, other, qtbot)
    QTest.keyClicks(other, "note")
    press_z(other, UNDO)
    assert other.text() == ""
    assert window.form.settings() == tutorial_settings()


def test_that_the_buttons_and_the_menu_do_the_same(window: MainWindow) -> None:
    assert can(window) == (False, False)
    assert not buttons(window).undo.isEnabled()
    window.form.set_settings(LONG_STUDY)
    assert can(window) == (True, False)
    buttons(window).undo.click()
    assert window.form.settings() == tutorial_settings()
    assert can(window) == (False, True)
    buttons(window).redo.click()
    assert window.form.settings() == LONG_STUDY
    assert "Ctrl+Z" in buttons(window).undo.toolTip()
    assert [action.text() for action in buttons(window).menu.actions()] == [
        window.actions_[command].text()
        for command in (Command.LOAD_SETTINGS, Command.SAVE_SETTINGS, Command.RESET_SETTINGS)
    ]


def test_that_the_keys_are_those_that_all_programs_have(window: MainWindow) -> None:
    assert window.actions_[Command.UNDO].shortcut() == QKeySequence("Ctrl+Z")
    assert window.actions_[Command.REDO].shortcut() == QKeySequence("Ctrl+Shift+Z")


def test_that_the_defaults_come_without_a_question_and_can_be_undone(window: MainWindow) -> None:
    window.form.set_settings(LONG_STUDY)
    QApplication.processEvents()
    window.actions_[Command.RESET_SETTINGS].trigger()
    assert window.form.settings() == tutorial_settings()
    window.actions_[Command.UNDO].trigger()
    assert window.form.settings() == LONG_STUDY


def test_that_loaded_settings_can_be_undone(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(LONG_STUDY.to_json())
    window.settings_files.load(path)
    assert window.form.settings() == LONG_STUDY
    assert can(window) == (True, False)
    window.actions_[Command.UNDO].trigger()
    assert window.form.settings() == tutorial_settings()


def test_that_nothing_is_undone_while_a_study_is_open(running: MainWindow, qtbot: QtBot) -> None:
    assert can(running) == (False, False)
    assert "Stop the study first" in running.actions_[Command.UNDO].toolTip()
    running.session.stop()
    qtbot.waitUntil(lambda: running.session.job is None, timeout=RUN)
    assert can(running) == (False, False)
    assert "New study" in running.actions_[Command.UNDO].toolTip()
    running.drafting.undoing.undo()
    assert running.form.settings() == LONG_STUDY


def test_that_after_a_study_one_can_undo_to_its_setup(running: MainWindow, qtbot: QtBot) -> None:
    running.session.stop()
    qtbot.waitUntil(lambda: running.session.job is None, timeout=RUN)
    running.actions_[Command.NEW].trigger()
    assert running.form.settings() == tutorial_settings()
    assert can(running) == (True, False)
    running.actions_[Command.UNDO].trigger()
    assert running.form.settings() == LONG_STUDY


def test_that_a_copied_study_and_the_reset_after_one_can_be_undone(running: MainWindow, qtbot: QtBot) -> None:
    running.session.stop()
    qtbot.waitUntil(lambda: running.session.job is None, timeout=RUN)
    path = running.session.path
    assert path is not None
    running.actions_[Command.NEW].trigger()
    running.form.budget.trials.setText("31")
    QApplication.processEvents()
    open_study(running, path, qtbot)
    assert running.form.settings() == progress_of(running.session).settings
    running.actions_[Command.COPY].trigger()
    assert running.form.settings() == LONG_STUDY
    running.actions_[Command.UNDO].trigger()
    assert running.form.budget.trials.text() == "31"
    open_study(running, path, qtbot)
    running.actions_[Command.RESET_SETTINGS].trigger()
    assert running.form.settings() == tutorial_settings()
    running.actions_[Command.UNDO].trigger()
    assert running.form.budget.trials.text() == "31"
