"""The cells of the table that hold no number: ticks, lists, buttons. Keys that a cell does not take move in the table.

A cell has no frame of its own but while it has the focus, or a problem. It covers the hairlines at both its sides.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QStyle, QStyleOptionButton, QWidget

from gui.setup.field_row import HelpButton, WayBack
from gui.setup.parameters.columns import columns_for
from gui.widgets.fields import ChoiceField, TickField, plain_tip, show_whole_names
from gui.widgets.marks import (
    ACCENT,
    FAILED,
    FAINT,
    MARK_SIZE,
    draw_chevron,
    draw_error,
    draw_tick,
    painter_of,
)

GAP = 6
_OPENING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_F4)
_TEXT = QPalette.ColorRole.WindowText


def opens(event: QKeyEvent) -> bool:
    """Return whether a key opens a list, or ticks."""
    down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
    return bool(down) or (event.key() in _OPENING and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)


def draw_frame(painter: QPainter, cell: QWidget, problem: str) -> None:
    """Draw the frame of a cell that has a problem, or else the focus."""
    if not problem and not cell.hasFocus():
        return
    width = 1.5 if problem else 2.0
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(cell.palette().color(FAILED if problem else ACCENT), width))
    inset = width / 2
    painter.drawRoundedRect(QRectF(cell.rect()).adjusted(inset, inset, -inset, -inset), 2, 2)
    if problem and cell.hasFocus():
        painter.setPen(QPen(cell.palette().color(ACCENT), 1))
        painter.drawRoundedRect(QRectF(cell.rect()).adjusted(2, 2, -2, -2), 2, 2)


def draw_texts(painter: QPainter, place: QRectF, palette: QPalette, text: str, faint: str = "") -> bool:
    """Draw a text, and a faint one behind it, as far as there is room; return whether all of it could be drawn."""
    metrics, place, whole = painter.fontMetrics(), QRectF(place), True
    for words, role in ((text, _TEXT), (faint, FAINT)):
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, int(place.width())))
        painter.setPen(palette.color(role))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
        whole = whole and shown == words
        place.setLeft(place.left() + metrics.horizontalAdvance(words) + (GAP if words else 0))
    return whole


def inside(cell: QWidget, right: int) -> QRectF:
    """Return the place of a cell's text, which ends so far from the cell's left."""
    pad = columns_for(cell).pad
    return QRectF(pad, 0, right - pad, cell.height())


def tell_whole(widget: QWidget, text: str) -> None:
    """Give a widget the tool tip with all of a text of which it shows a part; an empty text takes it away."""
    if plain_tip(text) != widget.toolTip():
        widget.setToolTip(plain_tip(text))


def draw_sign(painter: QPainter, cell: QWidget, right: float) -> None:
    """Draw the sign of an error so far from the cell's left."""
    painter.save()
    draw_error(painter, QPointF(right - MARK_SIZE / 2, cell.height() / 2), cell.palette())
    painter.restore()


class TickCell(TickField):
    """The tick of a row that is varied."""

    paints_focus = True

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__("", parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def hitButton(self, pos: object) -> bool:
        return True

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not opens(event):
            event.ignore()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            self.click()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option, style = painter_of(self), QStyleOptionButton(), self.style()
        self.initStyleOption(option)
        side = style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, option, self)
        option.rect.setSize(QSize(side, side))
        option.rect.moveCenter(self.rect().center())
        if not self._locked:
            style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, option, painter, self)
        elif self.isChecked():
            draw_tick(painter, QRectF(option.rect).center(), self.palette().color(_TEXT))
        draw_frame(painter, self, "")


class ListCell(ChoiceField):
    """One value of several. Only its list, once it is open, changes it: neither arrows nor letters nor the wheel do."""

    paints_focus = True

    def __init__(self, name: str, options: Iterable[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(name, options, parent)
        self.problem = ""
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def show_problem(self, sentence: str) -> None:
        """Mark the cell as wrong, or as right when the sentence is empty."""
        if sentence != self.problem:
            self.problem = sentence
            self.update()

    def showPopup(self) -> None:
        if not self._locked:
            show_whole_names(self)
            super().showPopup()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if opens(event):
            self.showPopup()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_list(self, self.currentText(), self.problem, locked=self._locked)


def draw_list(cell: QWidget, text: str, problem: str, *, locked: bool) -> None:
    """Draw a cell with a list: its text and, where it can be opened, an arrow."""
    painter, columns, room = painter_of(cell), columns_for(cell), cell.width() - 2
    if not locked:
        centre = QPointF(cell.width() - columns.arrow / 2, cell.height() / 2 + 0.5)
        draw_chevron(painter, centre, cell.palette().color(FAINT), down=True)
        room = cell.width() - columns.arrow
    if problem:
        draw_sign(painter, cell, room)
        room -= columns.sign
    whole = draw_texts(painter, inside(cell, room), cell.palette(), text)
    tell_whole(cell, "" if whole else text)
    draw_frame(painter, cell, problem)


class TextCell(QWidget):
    """Words that cannot be changed, but walked to and read out."""

    def __init__(self, name: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = text
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_of(self)
        draw_texts(painter, inside(self, self.width()), self.palette(), self._text)
        draw_frame(painter, self, "")


def press(button: QAbstractButton, event: QKeyEvent) -> None:
    """Let a key press a button; Qt would let the arrow keys move as Tab does."""
    if opens(event):
        button.click()
    else:
        event.ignore()


class BackCell(WayBack):
    """The way back to what the parameter declares: an arrow and, in an opened row, words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__()
        self.setParent(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        press(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_frame(painter_of(self), self, "")


class HelpCell(HelpButton):
    """The question mark that opens a row and closes it."""

    def __init__(self, caption: str, parent: QWidget) -> None:
        super().__init__(caption)
        self.setParent(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        press(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_frame(painter_of(self), self, "")
