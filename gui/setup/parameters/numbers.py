"""The cells of the table that hold a number: one is walked to, or a number is typed into it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from core.errors import InvalidSetting
from core.parameters import Parameter
from core.words.ranges import meaning_in_a_cell, number_in_a_cell, number_in_few_letters
from gui.setup.parameters.cells import draw_frame, draw_sign, draw_texts, inside, tell_whole
from gui.setup.parameters.columns import columns_for
from gui.widgets.marks import painter_of
from gui.widgets.number_fields import NumberField, OptionalField

_TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EDITING = (*_TAKING, Qt.Key.Key_F2)
_DELETING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_LEAVING = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_STAYING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_FRAME = 2  # pixels that a line edit without a frame keeps free before its text


class NumberCell(NumberField):
    """A number that the table shows; what is typed replaces it, and Escape brings it back.

    `read` turns a text into a number, or raises InvalidSetting. `parameter`, if given, tells what a fixed value means,
    which is shown behind it.
    """

    paints_focus = True

    def __init__(
        self, name: str, parent: QWidget, read: Callable[[str], float], parameter: Parameter | None = None
    ) -> None:
        super().__init__(name, parent)
        self.editing = False
        self._read = read
        self._before = ""
        self._is_entered = False  # by the click that is not at its end yet
        self._parameter = parameter
        self.setFrame(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumWidth(0)
        self._set_margins()

    def read(self, text: str) -> float:
        return self._read(text)

    def set_value(self, value: float) -> None:
        self.setText(number_in_a_cell(value))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def set_locked(self, locked: bool) -> None:
        self.take()
        self.setReadOnly(locked)

    @property
    def meaning(self) -> str:
        """What the number means: its unit, or what 0 stands for."""
        if self._parameter is None:
            return ""
        try:
            return meaning_in_a_cell(self._parameter, self.value())
        except InvalidSetting:
            return meaning_in_a_cell(self._parameter, None)

    # Editing

    def edit(self) -> None:
        """Let the number be typed anew, or changed."""
        if self.editing or self.isReadOnly():
            return
        self._before, self.editing = self.text(), True
        self.selectAll()
        self.update()

    def take(self) -> None:
        """Keep what is typed, in its shortest form."""
        if not self.editing:
            return
        self._normalise()
        self.editing = False
        self.deselect()
        self.update()

    def _normalise(self) -> None:
        if self.editing:  # who only walks by changes nothing
            super()._normalise()

    def give_up(self) -> None:
        """Bring back what was there before."""
        self.editing = False
        self.setText(self._before)
        self.setModified(True)  # by the user, who takes back what they have typed here
        self.deselect()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.editing:
            self._edit_by(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.text())
        elif self.isReadOnly():
            event.ignore()
        elif event.key() in _EDITING and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.edit()
        elif _types(event):
            self.edit()
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _edit_by(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        elif event.key() in _TAKING:
            self.take()
        elif event.key() in _LEAVING:
            self.take()
            event.ignore()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString() or event.preeditString():
            self.edit()
        super().inputMethodEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        begins = not self.editing and event.button() == Qt.MouseButton.LeftButton
        if begins:
            self.edit()
        super().mousePressEvent(event)
        self._is_entered = begins and self.editing

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._is_entered and not self.hasSelectedText():
            self.selectAll()  # what is typed after a click replaces the number; a second click places the cursor
        self._is_entered = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STAYING:
            self.take()

    # Painting

    def show_problem(self, sentence: str) -> None:
        if sentence != self.problem:
            super().show_problem(sentence)
            self._set_margins()

    def _set_margins(self) -> None:
        columns = columns_for(self)
        self.setTextMargins(columns.pad - _FRAME, 0, columns.sign if self.problem else 0, 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_margins()

    @property
    def _place(self) -> QRectF:
        """Where the number stands while it is not edited."""
        return inside(self, self.width() - 2 - (columns_for(self).sign if self.problem else 0))

    @property
    def shown(self) -> str:
        """The number as it is seen while it is not edited: shorter where it does not fit."""
        if self.fontMetrics().horizontalAdvance(self.text()) <= self._place.width():
            return self.text()
        try:
            return number_in_few_letters(self.value())
        except InvalidSetting:
            return self.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.editing:
            QLineEdit.paintEvent(self, event)
        painter = painter_of(self)
        if self.problem:
            draw_sign(painter, self, self.width() - 6)
        if not self.editing:
            shown = self.shown
            whole = draw_texts(painter, self._place, self.palette(), shown, self.meaning) and shown == self.text()
            tell_whole(self, "" if whole else f"{self.text()} {self.meaning}".strip())
        draw_frame(painter, self, self.problem)


class StepField(OptionalField):
    """The step of an opened row, in a frame of its own: it is typed as soon as it has the focus."""

    paints_focus = True

    editing = True

    def __init__(self, name: str, empty_text: str, read: Callable[[str], float]) -> None:
        super().__init__(name, empty_text, read)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._before = ""
        self.textChanged.connect(self._on_text)

    def _on_text(self, text: str) -> None:
        if not self.isModified():  # nobody typed it here
            self._before = text

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in _STAYING:
            self._before = self.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._before:
            self._give_up()
        elif event.key() in (*_LEAVING, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)
            if event.key() in _TAKING:
                self._before = self.text()
                event.accept()

    def _give_up(self) -> None:
        """Bring back what was there before."""
        self.setText(self._before)
        self.setModified(True)  # by the user, who takes back what they have typed here
        self.selectAll()

    def edit(self) -> None:
        self.selectAll()


def _types(event: QKeyEvent) -> bool:
    """Return whether a key changes the text of a field that has the focus."""
    if event.matches(QKeySequence.StandardKey.Paste) or event.key() in _DELETING:
        return True
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    text = event.text()
    return bool(text.strip()) and text.isprintable() and not event.modifiers() & commands
