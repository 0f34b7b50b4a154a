"""The table of parameters: what keys and clicks do in it, what it remembers, and what it tells."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QFont, QStatusTipEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core.errors import InvalidSetting
from core.models.declarations import (
    BATCH_NORMALISATION,
    BATCH_SIZE,
    EPOCHS,
    LEARNING_RATE,
    MOMENTUM,
    OPTIMISER,
    PATIENCE,
)
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, OffOrOn, Scale
from gui.setup.parameters.columns import columns_for
from gui.setup.parameters.row import ParameterRow
from gui.setup.parameters.rows import BooleanRow, ChoiceRow, NumberRow, row_for
from gui.setup.parameters.table import KEYS, ParametersTable

PARAMETERS = (LEARNING_RATE, BATCH_SIZE, EPOCHS, OPTIMISER, BATCH_NORMALISATION)
Key = Qt.Key
POPUPS = pytest.mark.qt_log_ignore("does not support grabbing the keyboard", r"does not support raise\(\)", extend=True)


class Place(QWidget):
    """A table between two other fields, in a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.after = QPushButton("Before"), QPushButton("After")
        self.table = ParametersTable()
        column = QVBoxLayout(self)
        for widget in (self.before, self.table, self.after):
            column.addWidget(widget)
        self.tips: list[str] = []
        self.table.set_rows({parameter.name: row_for(parameter) for parameter in PARAMETERS})
        self.resize(436, 400)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QStatusTipEvent):
            self.tips.append(event.tip())
        return super().event(event)

    def row(self, name: str) -> ParameterRow:
        return self.table.rows[name]

    def number(self, name: str) -> NumberRow:
        row = self.row(name)
        assert isinstance(row, NumberRow)
        return row

    def choice(self, name: str) -> ChoiceRow:
        row = self.row(name)
        assert isinstance(row, ChoiceRow)
        return row


@pytest.fixture
def place(qtbot: QtBot) -> Place:
    made = Place()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(qtbot: QtBot, *keys: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys in the widget that has the focus."""
    for key in keys:
        qtbot.keyClick(focused(), key, modifier)


def said(row: ParameterRow) -> list[str]:
    return [label.text() for label in row.findChildren(QLabel) if label.isVisibleTo(row)]


# Walking


def test_that_the_table_is_one_stop_for_tab_in_both_directions(place: Place, qtbot: QtBot) -> None:
    place.before.setFocus()
    press(qtbot, Key.Key_Tab)
    assert focused() is place.row("learning_rate").vary
    press(qtbot, Key.Key_Tab)
    assert focused() is place.after
    press(qtbot, Key.Key_Backtab)
    assert focused() is place.row("learning_rate").vary
    press(qtbot, Key.Key_Backtab)
    assert focused() is place.before


def test_that_the_table_is_entered_where_it_was_left(place: Place, qtbot: QtBot) -> None:
    place.before.setFocus()
    press(qtbot, Key.Key_Tab, Key.Key_Down, Key.Key_Right, Key.Key_Right)
    left = place.number("batch_size").high
    assert focused() is left
    press(qtbot, Key.Key_Tab)
    assert focused() is place.after
    press(qtbot, Key.Key_Backtab)
    assert focused() is left
    press(qtbot, Key.Key_Backtab, Key.Key_Tab)
    assert focused() is left
    place.after.setFocus()
    place.row("batch_size").set_range(Fixed(8))
    press(qtbot, Key.Key_Backtab)
    assert focused() is place.row("batch_size").vary
    place.after.setFocus()
    place.table.show_row("batch_size", shown=False)
    press(qtbot, Key.Key_Backtab)
    assert focused() is place.row("learning_rate").vary


def test_that_arrows_move_between_cells_and_stop_at_the_edges(place: Place, qtbot: QtBot) -> None:
    rate, size, epochs = place.number("learning_rate"), place.number("batch_size"), place.number("epochs")
    rate.vary.setFocus()
    seen = []
    for _step in range(5):
        press(qtbot, Key.Key_Right)
        seen.append(focused())
    assert seen == [rate.low, rate.high, rate.scale, rate.help, rate.help]
    press(qtbot, Key.Key_Left)
    assert focused() is rate.scale
    press(qtbot, Key.Key_Up)
    assert focused() is rate.scale
    press(qtbot, Key.Key_Down)
    assert focused() is size.scale
    press(qtbot, Key.Key_Down)
    assert focused() is epochs.value_field
    press(qtbot, Key.Key_Up)
    assert focused() is size.scale, "the column is kept over rows that have but one cell there"
    press(qtbot, Key.Key_Home)
    assert focused() is size.vary
    press(qtbot, Key.Key_End)
    assert focused() is size.help
    press(qtbot, Key.Key_Home, modifier=Qt.KeyboardModifier.ControlModifier)
    assert focused() is rate.vary
    press(qtbot, Key.Key_End, modifier=Qt.KeyboardModifier.ControlModifier)
    assert focused() is place.row("batch_normalisation").help
    press(qtbot, Key.Key_Down)
    assert focused() is place.row("batch_normalisation").help


def test_that_walking_passes_rows_that_apply_to_no_trial(place: Place, qtbot: QtBot) -> None:
    place.table.show_row("batch_size", shown=False)
    place.number("learning_rate").low.setFocus()
    press(qtbot, Key.Key_Down)
    assert focused() is place.number("epochs").value_field
    assert not place.row("batch_size").isVisible()


def test_that_walking_changes_nothing(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    row.low.setText("8.0")
    heard: list[None] = []
    row.changed.connect(lambda: heard.append(None))
    row.vary.setFocus()
    press(qtbot, *[Key.Key_Right] * 4, *[Key.Key_Left] * 4, Key.Key_Down, Key.Key_Up)
    assert row.low.text() == "8.0"
    assert heard == []


# Editing


def test_that_typing_replaces_and_enter_takes(place: Place, qtbot: QtBot) -> None:
    row = place.number("learning_rate")
    row.high.setFocus()
    qtbot.keyClicks(row.high, "0,30")
    assert row.high.text() == "0,30"
    assert row.range() == FloatRange(1e-4, 0.3, Scale.LOG), "problems are told while one types"
    press(qtbot, Key.Key_Return)
    assert row.high.text() == "0.3"
    assert focused() is row.high
    press(qtbot, Key.Key_Left)
    assert focused() is row.low


@pytest.mark.parametrize("key", [Key.Key_F2, Key.Key_Return, Key.Key_Enter])
def test_that_a_key_edits_and_escape_brings_the_number_back(place: Place, qtbot: QtBot, key: Key) -> None:
    row = place.number("batch_size")
    row.high.setFocus()
    press(qtbot, key)
    assert [row.low.editing, row.high.editing] == [False, True]
    press(qtbot, Key.Key_End, Key.Key_Left)
    qtbot.keyClicks(row.high, "5")
    assert row.high.text() == "1050"
    press(qtbot, Key.Key_Escape)
    assert row.high.text() == "100"
    assert not row.high.editing
    assert focused() is row.high
    press(qtbot, Key.Key_Left)
    assert focused() is row.low


def test_that_one_click_edits_and_what_is_typed_replaces(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    qtbot.mouseClick(row.low, Qt.MouseButton.LeftButton)
    assert row.low.editing
    qtbot.keyClicks(row.low, "16")
    qtbot.mouseClick(row.high, Qt.MouseButton.LeftButton)
    assert (row.low.text(), row.low.editing, row.high.editing) == ("16", False, True)


def test_that_up_and_down_take_what_is_typed(place: Place, qtbot: QtBot) -> None:
    rate, size = place.number("learning_rate"), place.number("batch_size")
    rate.low.setFocus()
    qtbot.keyClicks(rate.low, ".010")
    press(qtbot, Key.Key_Down)
    assert focused() is size.low
    assert rate.low.text() == "0.01"
    assert not size.low.editing


@pytest.mark.parametrize(("key", "text"), [(Key.Key_Delete, ""), (Key.Key_Backspace, "")])
def test_that_a_number_is_deleted(place: Place, qtbot: QtBot, key: Key, text: str) -> None:
    row = place.number("batch_size")
    row.low.setFocus()
    press(qtbot, key)
    assert row.low.text() == text
    press(qtbot, Key.Key_Escape)
    assert row.low.text() == "1"


def test_that_numbers_are_copied_and_pasted_without_editing_first(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    row.high.setFocus()
    press(qtbot, Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    assert not row.high.editing
    row.low.setFocus()
    press(qtbot, Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier)
    assert row.low.text() == "100"


def test_that_tab_takes_and_edits_the_next_number_and_leaves_after_the_last(place: Place, qtbot: QtBot) -> None:
    rate, size, epochs = place.number("learning_rate"), place.number("batch_size"), place.number("epochs")
    rate.low.setFocus()
    qtbot.keyClicks(rate.low, "0.001")
    for cell in (rate.high, size.low, size.high, epochs.value_field):
        press(qtbot, Key.Key_Tab)
        assert focused() is cell
        assert cell.editing
    assert rate.low.text() == "0.001"
    qtbot.keyClicks(focused(), "20")
    press(qtbot, Key.Key_Tab)
    assert focused() is place.after
    assert epochs.range() == Fixed(20)
    place.number("batch_size").low.setFocus()
    press(qtbot, Key.Key_F2, Key.Key_Backtab)
    assert focused() is rate.high
    assert rate.high.editing
    press(qtbot, Key.Key_Backtab, Key.Key_Backtab)
    assert focused() is place.before


# Ticks and lists


def test_that_space_ticks_and_range_and_value_survive_there_and_back(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    row.set_range(IntegerRange(8, 64, Scale.LOG, 2))
    row.vary.setFocus()
    press(qtbot, Key.Key_Space)
    assert row.range() == Fixed(BATCH_SIZE.default)
    row.value_field.setText("7")
    press(qtbot, Key.Key_Space)
    assert row.range() == IntegerRange(8, 64, Scale.LOG, 2)
    press(qtbot, Key.Key_Space)
    assert row.range() == Fixed(7)


@POPUPS
@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Key.Key_Space, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Down, Qt.KeyboardModifier.AltModifier),
    ],
)
def test_that_keys_open_a_list_and_only_the_open_list_changes_the_value(
    place: Place, qtbot: QtBot, key: Key, modifier: Qt.KeyboardModifier
) -> None:
    row = place.choice("optimizer")
    row.choice.setFocus()
    qtbot.keyClick(row.choice, Key.Key_A)
    assert row.choice.value() == "sgd"
    qtbot.keyClick(row.choice, key, modifier)
    opened = row.choice.view()
    assert opened.isVisible()
    qtbot.keyClick(opened, Key.Key_Down)
    qtbot.keyClick(opened, Key.Key_Return)
    assert row.range() == Fixed("adam")
    assert not opened.isVisible()


def test_that_up_and_down_leave_a_list_as_it_is(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    row.scale.setFocus()
    press(qtbot, Key.Key_Down, Key.Key_Up, Key.Key_Up)
    assert row.range() == BATCH_SIZE.first_range()
    assert focused() is place.number("learning_rate").scale


@POPUPS
def test_that_values_are_ticked_in_a_list_that_escape_closes(place: Place, qtbot: QtBot) -> None:
    row = place.choice("optimizer")
    row.vary.setFocus()
    press(qtbot, Key.Key_Space, Key.Key_Right)
    assert focused() is row.ticks
    assert row.ticks.shown_text() == "SGD, Adam, AdamW, Nadam, RMSprop, Adagrad"
    press(qtbot, Key.Key_Space)
    opened = row.ticks.popup
    assert opened is not None
    qtbot.keyClick(opened, Key.Key_Down)
    qtbot.keyClick(opened, Key.Key_Space)
    qtbot.keyClick(opened, Key.Key_End)
    qtbot.keyClick(opened, Key.Key_Space)
    assert row.range() == Choices(("sgd", "adamw", "nadam", "rmsprop"))
    assert row.ticks.accessibleName() == "Optimiser, values: SGD, AdamW, Nadam, RMSprop"
    qtbot.keyClick(opened, Key.Key_Escape)
    assert row.ticks.popup is None


def test_that_off_and_on_are_a_list_while_fixed_and_words_while_varied(place: Place, qtbot: QtBot) -> None:
    row = place.row("batch_normalisation")
    assert isinstance(row, BooleanRow)
    row.choice.set_value("on")
    assert row.range() == Fixed(True)
    row.vary.setFocus()
    press(qtbot, Key.Key_Space, Key.Key_Right)
    assert row.range() == OffOrOn()
    assert focused().accessibleName() == "Batch normalisation: off and on"
    row.vary.click()
    assert row.range() == Fixed(True)


def test_that_the_wheel_changes_nothing(place: Place) -> None:
    before = place.table.rows["learning_rate"].state()
    for cell in [*place.findChildren(QComboBox), *place.findChildren(QLineEdit)]:
        cell.setFocus()
        middle = QPointF(cell.rect().center())
        event = QWheelEvent(
            middle,
            cell.mapToGlobal(middle),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(cell, event)
    assert place.table.rows["learning_rate"].state() == before
    assert place.row("optimizer").range() == Fixed("sgd")


# Steps


def test_that_in_steps_opens_the_row_at_its_field_and_tells_the_values(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    row.set_range(IntegerRange(8, 64, Scale.LOG))
    row.scale.set_value("steps")
    assert row.help.isChecked()
    assert focused() is row.step
    assert row.scale.value() == Scale.LOG
    qtbot.keyClicks(row.step, "2")
    assert row.range() == IntegerRange(8, 64, Scale.LOG, 2)
    assert row.scale.currentText() == "log ×2"
    assert "8, 16, 32, 64" in said(row)
    row.scale.set_value(Scale.LINEAR)
    assert row.range() == IntegerRange(8, 64), "a step belongs to its scale"
    row.step.setText("20")
    assert row.scale.currentText() == "lin +20"
    assert "8, 28, 48" in said(row)
    row.step.clear()
    assert row.scale.currentText() == "linear"


def test_that_a_wrong_step_is_told_at_the_scale_too(place: Place) -> None:
    row = place.number("batch_size")
    row.step.setText("x")
    row.show_problem("“x” is not a number", "step")
    assert row.step.problem
    assert row.focus_place is row.scale
    assert row.scale.currentText() == "linear"


def test_that_escape_brings_the_step_back_before_it_closes_the_row(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    row.set_range(IntegerRange(8, 64, Scale.LOG, 2))
    row.scale.set_value("steps")
    qtbot.keyClicks(row.step, "16")
    assert row.scale.currentText() == "log ×16"
    press(qtbot, Key.Key_Escape)
    assert row.range() == IntegerRange(8, 64, Scale.LOG, 2)
    assert focused() is row.step
    qtbot.keyClicks(row.step, "4")
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_Escape)
    assert row.range() == IntegerRange(8, 64, Scale.LOG, 4), "what was taken stays"
    assert not row.help.isChecked()


# Help, one row at a time


def test_that_help_opens_one_row_at_a_time_and_escape_closes_it(place: Place, qtbot: QtBot) -> None:
    rate, size = place.number("learning_rate"), place.number("batch_size")
    height = rate.height()
    rate.low.setFocus()
    rate.toggle_help()
    assert LEARNING_RATE.help in said(rate)
    qtbot.waitUntil(lambda: rate.height() > height)
    size.low.setFocus()
    size.toggle_help()
    assert BATCH_SIZE.help in said(size)
    assert LEARNING_RATE.help not in said(rate)
    press(qtbot, Key.Key_Down)
    assert focused() is size.step
    size.help.setFocus()
    press(qtbot, Key.Key_Tab)
    assert focused() is place.after, "an opened row adds no stop for Tab"
    size.step.setFocus()
    press(qtbot, Key.Key_Escape)
    assert BATCH_SIZE.help not in said(size)
    assert focused() is size.help
    qtbot.waitUntil(lambda: size.height() == height)


def test_that_an_opened_row_grows_with_what_it_offers(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    row.help.click()
    QApplication.processEvents()
    height = row.height()
    row.low.setFocus()
    qtbot.keyClicks(row.low, "8")
    qtbot.waitUntil(lambda: row.height() > height)
    row.go_back()
    qtbot.waitUntil(lambda: row.height() == height)


def test_that_the_way_back_in_words_is_a_cell_of_the_opened_row(place: Place, qtbot: QtBot) -> None:
    size = place.number("batch_size")
    size.set_range(IntegerRange(8, 64, Scale.LOG, 2))
    size.help.click()
    size.low.setFocus()
    press(qtbot, Key.Key_Down, Key.Key_Down)
    assert focused().accessibleName() == "Back to 1 to 100, linear"
    press(qtbot, Key.Key_Space)
    assert size.range() == BATCH_SIZE.first_range()


# Marks


def test_that_a_row_that_differs_goes_back_in_one_step(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    row.low.setFocus()
    qtbot.keyClicks(row.low, "8")
    assert place.row("batch_size").differs
    heard: list[None] = []
    row.changed.connect(lambda: heard.append(None))
    press(qtbot, Key.Key_Return, *[Key.Key_Right] * 3)
    assert focused().accessibleName() == "Batch size, back to 1 to 100, linear"
    press(qtbot, Key.Key_Space)
    assert row.range() == BATCH_SIZE.first_range()
    assert heard == [None]
    assert not row.differs
    assert place.table.isAncestorOf(focused())


def test_that_what_is_wrong_differs_and_what_is_hidden_does_not(place: Place) -> None:
    row = place.number("batch_size")
    row.low.setText("x")
    assert row.differs
    row.go_back()
    row.value_field.setText("77")
    assert not row.differs


# Conditions, problems, warnings


def test_that_a_varied_row_says_below_its_name_where_it_applies(place: Place) -> None:
    row = place.row("learning_rate")
    height = row.sizeHint().height()
    row.say_when("where hidden layers ≥ 2")
    assert row.sizeHint().height() == height * 42 // 28
    row.vary.setChecked(False)
    assert row.sizeHint().height() == height


def test_that_problem_and_warning_stand_below_the_row(place: Place, qtbot: QtBot) -> None:
    row = place.number("batch_size")
    height = row.sizeHint().height()
    row.show_warning("All sizes above 405 are the same")
    assert "All sizes above 405 are the same" in said(row)
    assert row.sizeHint().height() > height
    row.show_problem("Low is wrong", "low")
    assert "Low is wrong" in said(row)
    assert row.focus_place is row.low
    row.show_problem("")
    row.show_warning("")
    assert said(row) == []
    assert row.sizeHint().height() == height


def test_that_typing_moves_no_row(place: Place, qtbot: QtBot) -> None:
    class Layouts(QObject):
        seen = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.seen += event.type() == QEvent.Type.LayoutRequest
            return False

    layouts = Layouts()
    place.table.installEventFilter(layouts)
    place.installEventFilter(layouts)
    row = place.number("batch_size")
    row.low.setFocus()
    QApplication.processEvents()
    layouts.seen = 0
    qtbot.keyClicks(row.low, "12")
    QApplication.processEvents()
    assert row.range() == IntegerRange(12, 100)
    assert layouts.seen == 0


# Locked


def test_that_a_locked_table_is_walked_and_explained_but_not_changed(place: Place, qtbot: QtBot) -> None:
    place.number("epochs").set_range(Fixed(7))
    before = {name: row.state() for name, row in place.table.rows.items()}
    place.table.set_locked(True)
    place.row("learning_rate").vary.setFocus()
    for _row in PARAMETERS:
        for _cell in range(5):
            press(qtbot, Key.Key_Space, Key.Key_Return, Key.Key_Delete, Key.Key_7, Key.Key_Right)
        press(qtbot, Key.Key_Home, Key.Key_Down)
    for cell in (place.number("batch_size").low, place.choice("optimizer").choice, place.row("epochs").vary):
        qtbot.mouseClick(cell, Qt.MouseButton.LeftButton)
    after = {name: row.state() for name, row in place.table.rows.items()}
    assert after == before
    assert all(cell.isEnabled() for cell in place.table.findChildren(QWidget))
    place.row("epochs").help.click()
    assert EPOCHS.help in said(place.row("epochs"))
    assert not any("Back" in widget.accessibleName() for widget in walked(place.row("epochs")))
    place.table.set_locked(False)
    place.number("epochs").value_field.setFocus()
    press(qtbot, Key.Key_8)
    assert place.row("epochs").range() == Fixed(8)


def walked(row: ParameterRow) -> list[QWidget]:
    return [cell for line in row.lines() for cell in line]


# State


def test_that_the_state_of_rows_comes_back_wrong_and_hidden_texts_too(place: Place) -> None:
    number, choice = place.number("batch_size"), place.choice("optimizer")
    number.low.setText("x")
    number.scale.set_value(Scale.LOG)
    number.step.setText("2")
    number.value_field.setText("9")
    number.vary.setChecked(False)
    choice.set_range(Choices(("sgd", "adam")))
    kept = number.state(), choice.state()
    assert kept[0] == {"vary": False, "value": "9", "low": "x", "high": "100", "step": "2", "scale": "log"}
    assert kept[1] == {"vary": True, "choice": "sgd", "ticks": ["sgd", "adam"]}
    number.go_back()
    choice.go_back()
    heard: list[str] = []
    number.changed.connect(lambda: heard.append("number"))
    choice.changed.connect(lambda: heard.append("choice"))
    number.set_state(kept[0])
    choice.set_state(kept[1])
    assert (number.state(), choice.state()) == kept
    assert heard == ["number", "choice"]


@pytest.mark.parametrize(
    "state", [{}, {"vary": 1, "low": 3, "scale": "cubic"}, {"scale": ["log"], "choice": "lion", "ticks": "sgd"}]
)
def test_that_a_state_of_another_kind_changes_nothing(place: Place, state: dict[str, object]) -> None:
    for row in place.table.rows.values():
        before = row.state()
        row.set_state(state)
        assert row.state() == before


def test_that_a_value_is_held_and_the_range_kept(place: Place) -> None:
    row = place.number("batch_size")
    row.set_range(IntegerRange(8, 64))
    row.hold(48)
    assert row.range() == Fixed(48)
    row.vary.setChecked(True)
    assert row.range() == IntegerRange(8, 64)
    row.hold("adam")
    assert row.range() == Fixed(BATCH_SIZE.default)


# Told to everybody


def test_that_the_keys_are_told_while_the_table_has_the_focus(place: Place, qtbot: QtBot) -> None:
    place.before.setFocus()
    place.tips.clear()
    press(qtbot, Key.Key_Tab, Key.Key_Right, Key.Key_Down)
    assert place.tips == [KEYS]
    press(qtbot, Key.Key_Tab)
    assert place.tips == [KEYS, ""]
    press(qtbot, Key.Key_Backtab)
    place.table.set_locked(True)
    assert place.tips[2:] == [KEYS, ""], "there is nothing to change then"
    place.table.set_locked(False)
    assert place.tips[4:] == [KEYS]


def test_that_cells_are_read_out_with_parameter_and_value(place: Place) -> None:
    row = place.number("learning_rate")

    def read(cell: QWidget) -> tuple[str, str]:
        interface = QAccessible.queryAccessibleInterface(cell)
        return interface.text(QAccessible.Text.Name), interface.text(QAccessible.Text.Value)

    assert read(row.low) == ("Learning rate, low", "0.0001")
    assert read(row.scale)[1] == "log"
    assert row.scale.accessibleDescription().startswith("Learning rate, scale. ")
    assert read(row.vary)[0] == "Learning rate, varied"
    assert read(place.choice("optimizer").choice)[1] == "SGD"
    for cell in place.table.findChildren(QLineEdit):
        assert cell.accessibleName()


def test_that_a_long_name_is_cut_and_told_whole(qtbot: QtBot) -> None:
    long = replace(PATIENCE, label="Patience of the early stopping that ends a trial & more")
    row = row_for(long)
    qtbot.addWidget(row)
    row.resize(410, 28)
    row.grab()
    assert row.toolTip() == long.label
    assert long.label in row.vary.accessibleName()
    short = row_for(MOMENTUM)
    qtbot.addWidget(short)
    short.resize(410, 28)
    short.grab()
    assert short.toolTip() == ""


def test_that_the_tutorials_table_is_as_high_as_designed(qtbot: QtBot) -> None:
    table = ParametersTable()
    qtbot.addWidget(table)
    font = table.font()
    font.setPixelSize(12)
    table.setFont(font)
    table.set_rows({parameter.name: row_for(parameter) for parameter in PARAMETERS[:4]})
    assert table.sizeHint().height() == 134
    font.setPixelSize(24)
    table.setFont(font)
    assert table.sizeHint().height() == 266


@pytest.mark.parametrize("pixels", [10, 12, 19])
def test_that_names_numbers_and_steps_are_read_whole_in_the_form_as_it_opens(qtbot: QtBot, pixels: int) -> None:
    for step, scale in ((16, "lin +16"), (0.1, "lin +0.1"), (0.01, "lin +0.01"), (0, "linear"), (1.5, "log ×1.5")):
        row = row_for(replace(LEARNING_RATE, label=PATIENCE.label))
        assert isinstance(row, NumberRow)
        qtbot.addWidget(row)
        font = QFont("DejaVu Sans")
        font.setPixelSize(pixels)
        row.setFont(font)
        row.resize(410 * pixels // 12, row.sizeHint().height())
        row.set_range(FloatRange(0.0001, 100, Scale.LOG if "log" in scale else Scale.LINEAR, step))
        row.grab()
        assert row.scale.currentText() == scale
        assert [cell.toolTip() for cell in (row, row.low, row.high, row.scale)] == [""] * 4


def test_that_a_small_number_stands_as_far_from_one_edge_of_its_cell_as_from_the_other(qtbot: QtBot) -> None:
    row = row_for(LEARNING_RATE)
    assert isinstance(row, NumberRow)
    qtbot.addWidget(row)
    font = QFont("DejaVu Sans")
    font.setPixelSize(12)
    row.setFont(font)
    columns = columns_for(row)
    assert columns.number - columns.pad - row.fontMetrics().horizontalAdvance("0.0001") >= columns.pad - 1


def test_that_a_long_number_is_shown_short_and_told_whole(place: Place) -> None:
    row = place.number("batch_size")
    row.high.setText("1000000000")
    row.low.setText("100")
    place.grab()
    assert (row.low.shown, row.high.shown, row.high.text()) == ("100", "1e9", "1000000000")
    assert row.high.toolTip() == "1000000000"
    row.high.setText("no number at all")
    assert row.high.shown == "no number at all"


@pytest.mark.parametrize(
    ("pasted", "shown", "problem"),
    [("0.7\n", "0.7", ""), ("0,5\n0.7", "0,5 0.7", "“0,5 0.7” is not a number")],
)
def test_that_what_is_pasted_into_a_number_has_no_line_ends(
    place: Place, qtbot: QtBot, pasted: str, shown: str, problem: str
) -> None:
    cell = place.number("learning_rate").low
    cell.setFocus()
    QApplication.clipboard().setText(pasted)
    qtbot.keyClick(cell, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(cell, Key.Key_Return)
    assert cell.text() == shown
    if problem:
        with pytest.raises(InvalidSetting, match=problem):
            cell.value()
