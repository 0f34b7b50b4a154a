"""Where the focus of the setup form goes when what has it goes away, and keys that stand for what is clicked."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.datasets.imported_table import ImportedTable
from core.settings import tutorial_settings
from core.tables.description import ColumnRole, MissingValues, Task
from gui.setup.form import SettingsForm
from gui.setup.parameters.rows import NumberRow
from gui.setup.undoing import Undoing
from gui.widgets.theme import Theme
from tests.tables import imported
from tests.windows import lay_out, lock


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path, theme: Theme) -> SettingsForm:
    made = SettingsForm(theme, tmp_path)
    made.resize(436, 693)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


class Clicks(QObject):
    """Notes the clicks that a widget gets, and keeps them from it."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        is_click = event.type() == QEvent.Type.MouseButtonPress
        self.count += is_click
        return is_click


def click_soon(widget: QWidget) -> None:
    """Let the event loop click in its next turn."""
    at, button = QPointF(5, 5), Qt.MouseButton.LeftButton
    press = QMouseEvent(QEvent.Type.MouseButtonPress, at, at, button, button, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.postEvent(widget, press)


def focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert widget.hasFocus()


def cell(form: SettingsForm) -> QWidget:
    row = form.space.rows["learning_rate"]
    assert isinstance(row, NumberRow)
    return row.high


@pytest.mark.parametrize("typed", ["", "0.3"])
def test_that_the_focus_stays_in_the_table_when_its_rows_are_replaced(form: SettingsForm, typed: str) -> None:
    undoing = Undoing(form, lambda: None, form)
    form.model.family.set_value("mlp")
    QApplication.processEvents()
    focus(cell(form))
    if typed:
        QTest.keyClicks(cell(form), typed)
        undoing.undo()
    undoing.undo()
    assert form.settings() == tutorial_settings()
    focused = QApplication.focusWidget()
    lay_out(form)
    assert focused is QApplication.focusWidget() is form.space.rows["learning_rate"].vary


def test_that_the_focus_leaves_a_table_that_has_no_rows_any_more(form: SettingsForm) -> None:
    focus(cell(form))
    form.model.choose_own()
    lay_out(form)
    assert form.space.table.isHidden()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()


@pytest.mark.parametrize("by", ["way back", "lock"])
def test_that_the_focus_of_a_way_back_that_goes_is_the_editors(form: SettingsForm, by: str) -> None:
    form.budget.trials.setText("30")
    lay_out(form)
    focus(form.budget.trials)
    QTest.keyClick(form.budget.trials, Qt.Key.Key_Tab)
    back = QApplication.focusWidget()
    assert back is not None
    assert back.accessibleName() == "Back to 20"
    if by == "way back":
        QTest.keyClick(back, Qt.Key.Key_Space)
        assert form.settings() == tutorial_settings()
    else:
        lock(form)
    assert not back.isVisible()
    assert form.budget.trials.hasFocus()


def test_that_the_focus_of_a_button_that_goes_when_it_has_done_its_work_goes_to_the_data(
    form: SettingsForm, tmp_path: Path
) -> None:
    path = tmp_path / "houses.csv"
    path.write_text("a,y\n" + "1,2\n" * 40)
    table = ImportedTable(imported(path, 40, "y", Task.REGRESSION, {"a": ColumnRole.NUMBER}), MissingValues.IMPUTE)
    form.set_data_file(table)
    form.data.show_change("It has other rows now", True)
    lay_out(form)
    focus(form.data.renew_button)
    form.set_data_file(table)
    assert not form.data.renew_button.isVisible()
    assert form.data.dataset.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_that_a_key_on_a_folded_line_brings_back_its_defaults(form: SettingsForm, key: Qt.Key) -> None:
    line = form.card.folded[form.execution].line
    assert "Delete" not in line.accessibleDescription() + line.toolTip()
    form.execution.seed.setText("5")
    for told in (line.accessibleDescription(), line.toolTip()):
        assert "Delete brings back the defaults of this section" in told
    focus(line)
    QTest.keyClick(line, key)
    assert form.settings() == tutorial_settings()
    assert line.hasFocus()
    assert not line.is_open
    assert "Delete" not in line.accessibleDescription() + line.toolTip()
    QTest.keyClick(line, key)  # there is nothing to bring back
    assert form.settings() == tutorial_settings()


def test_that_a_key_changes_nothing_while_the_form_is_locked(form: SettingsForm) -> None:
    form.execution.seed.setText("5")
    lock(form)
    line = form.card.folded[form.execution].line
    focus(line)
    QTest.keyClick(line, Qt.Key.Key_Delete)
    assert form.execution.seed.text() == "5"
    assert "Delete" not in line.accessibleDescription()


@pytest.mark.parametrize("told", ["problem", "warning", "undo"])
def test_that_no_click_is_taken_while_the_form_leads_to_a_field(form: SettingsForm, told: str) -> None:
    form.preparation.standardise.setChecked(False)
    if told == "problem":
        form.limits.trial_megabytes.setText("5")
    lay_out(form)
    clicks = Clicks()
    form.model.family.installEventFilter(clicks)
    click_soon(form.model.family)
    if told == "problem":
        form.show_problem_place()
        place: QWidget = form.limits.trial_megabytes
    elif told == "warning":
        form.show_warning_place()
        place = form.preparation.standardise
    else:
        form.reveal(["limits.trial_megabytes"])
        place = form.limits.trial_megabytes
    assert clicks.count == 0
    assert not place.visibleRegion().isEmpty()
    QApplication.processEvents()
    assert clicks.count == 1
