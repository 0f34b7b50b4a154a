"""The table of parameters: a card of rows under one header, walked with the arrow keys."""

from collections.abc import Iterator
from itertools import chain

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QStatusTipEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from gui.setup.parameters.columns import HIGH, LOW, NAME, SCALE, columns_for
from gui.setup.parameters.numbers import NumberCell, StepField
from gui.setup.parameters.row import ParameterRow
from gui.widgets.fields import LOCKED
from gui.widgets.marks import painter_of
from gui.widgets.measures import SMALL, type_of
from gui.widgets.theme import LIGHT, Colours

KEYS = "Arrows move, type to change, Space ticks, Shift+F1 explains, F1 opens help"
_CORNER = 6.0
_SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_UP_AND_DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_HEADINGS = {NAME: "Parameter", LOW: "Low", HIGH: "High", SCALE: "Scale"}


class ParametersTable(QWidget):
    """The rows of parameters. It is one stop for Tab, which leads to the cell that was left last.

    Signal `explained` (a row): its help was opened.
    """

    explained = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, ParameterRow] = {}
        self._colours = LIGHT
        self._locked = False
        self._leaving = False
        self._last: QWidget | None = None
        self._x = 0  # where the focus last moved sideways, from the card's left
        self._keeps_x = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Parameters")
        self.setAccessibleDescription(KEYS)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._set_margins()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)

    def _set_margins(self) -> None:
        columns = columns_for(self)
        self._column.setContentsMargins(0, columns.header + 1, 0, 1)

    # Rows

    def set_rows(self, rows: dict[str, ParameterRow]) -> None:
        """Show these rows instead of those that are there; the focus stays in the table."""
        had_focus = self._holds_focus()
        if had_focus:
            self._take_focus()  # from a row that goes: it would wander from cell to cell
        self._last = None
        for row in self.rows.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = dict(rows)
        for row in self.rows.values():
            row.set_locked(self._locked)
            row.opened.connect(self._on_opened)
            self._column.addWidget(row)
            row.show()
        self.setVisible(bool(rows))
        if had_focus and rows:
            self._enter(Qt.FocusReason.OtherFocusReason)

    def _holds_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def show_row(self, name: str, *, shown: bool) -> None:
        """Show a row, or hide it: then it is at no place that can be walked to."""
        row = self.rows[name]
        if row.applies is not shown:
            row.applies = shown
            row.setVisible(shown)
            self.update()

    def set_locked(self, locked: bool) -> None:
        """Let the rows only be read, or be changed."""
        if locked is self._locked:
            return
        self._locked = locked
        self.setAccessibleDescription(LOCKED if locked else KEYS)
        for row in self.rows.values():
            row.set_locked(locked)
        self.update()
        if self._holds_focus():
            self._tell_keys(told=True)

    def set_colours(self, colours: Colours) -> None:
        self._colours = colours
        self.update()

    def _on_opened(self, opened: bool) -> None:
        """Close the row that was open before."""
        sender = self.sender()
        for row in self.rows.values():
            if opened and row is not sender and row.help.isChecked():
                row.help.setChecked(False)
        if opened:
            self.explained.emit(sender)

    # Walking

    def _shown_rows(self) -> Iterator[ParameterRow]:
        return (row for row in self.rows.values() if row.applies)

    def _lines(self) -> list[list[QWidget]]:
        return [line for row in self._shown_rows() for line in row.lines()]

    def _current(self) -> QWidget | None:
        """Return the cell that has, or last had, the focus; where it is gone, its row's first."""
        known = self.focusWidget()
        cell = self._last if known is None or known is self else known
        lines = self._lines()
        if cell is None or any(cell in line for line in lines):
            return cell
        row = self._row_of(cell)
        return row.vary if row.applies else None

    def _row_of(self, cell: QWidget) -> ParameterRow:
        return next(row for row in self.rows.values() if row is cell or row.isAncestorOf(cell))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._leaving:
            self._enter(event.reason())

    def _enter(self, reason: Qt.FocusReason) -> None:
        """Give the focus to the cell that was left last, or else to the first."""
        cell = self._current() or next(chain.from_iterable(self._lines()), None)
        if cell is not None:
            cell.setFocus(reason)

    def _take_focus(self) -> None:
        """Give the focus to the table itself, and to none of its cells."""
        self._leaving = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._leaving = False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Take what is edited and edit the next number; from where nothing is edited, leave the table."""
        cell = self._current()
        if cell is None or not cell.hasFocus():
            return super().focusNextPrevChild(forward)
        if isinstance(cell, NumberCell | StepField) and cell.editing:
            following = self._next_number(cell, forward=forward)
            if following is not None:
                following.setFocus(Qt.FocusReason.OtherFocusReason)
                following.edit()
                return True
        return self._leave(cell, forward=forward)

    def _leave(self, cell: QWidget, *, forward: bool) -> bool:
        """Let Tab go on from the table itself, wherever its cells are in the chain of the focus."""
        self._take_focus()
        moved = super().focusNextPrevChild(forward)
        if self.hasFocus():  # there is nowhere else to go
            cell.setFocus()
        return moved

    def _next_number(self, cell: QWidget, *, forward: bool) -> NumberCell | StepField | None:
        numbers = [each for line in self._lines() for each in line if isinstance(each, NumberCell | StepField)]
        place = numbers.index(cell) + (1 if forward else -1) if cell in numbers else -1
        return numbers[place] if 0 <= place < len(numbers) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cell, key = self._current(), event.key()
        lines = self._lines()
        place = next((at for at, line in enumerate(lines) if cell in line), None)
        if cell is None or place is None or not self._move(cell, key, event.modifiers(), lines, place):
            event.ignore()

    def _move(
        self, cell: QWidget, key: int, modifiers: Qt.KeyboardModifier, lines: list[list[QWidget]], place: int
    ) -> bool:
        """Do what a key means for the whole table; return whether it means something."""
        line = lines[place]
        if key in _SIDEWAYS:
            at = min(max(line.index(cell) + _SIDEWAYS[Qt.Key(key)], 0), len(line) - 1)
            line[at].setFocus(Qt.FocusReason.OtherFocusReason)
        elif key in _UP_AND_DOWN:
            at = place + _UP_AND_DOWN[Qt.Key(key)]
            if not 0 <= at < len(lines):
                return True
            self._keeps_x = True
            min(lines[at], key=self._distance).setFocus(Qt.FocusReason.OtherFocusReason)
            self._keeps_x = False
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                line = lines[0 if key == Qt.Key.Key_Home else -1]
            line[0 if key == Qt.Key.Key_Home else -1].setFocus(Qt.FocusReason.OtherFocusReason)
        elif key == Qt.Key.Key_Escape and self._row_of(cell).help.isChecked():
            self._row_of(cell).help.setChecked(False)
        else:
            return False
        return True

    def _distance(self, cell: QWidget) -> int:
        """Return how far a cell is from where the focus last moved sideways."""
        left = cell.mapTo(self, QPoint(0, 0)).x()
        return max(left - self._x, self._x - left - cell.width() + 1, 0)

    def _on_focus(self, old: QWidget | None, now: QWidget | None) -> None:
        """Remember the cell, bring it into view, and tell in the status bar which keys there are."""
        was_in, is_in = (widget is not None and self.isAncestorOf(widget) for widget in (old, now))
        if is_in and now is not None and now is not self:
            self._last = now
            if not self._keeps_x:
                self._x = now.mapTo(self, QPoint(now.width() // 2, 0)).x()
            self._scroll_to(now)
        if is_in is not was_in:
            self._tell_keys(told=is_in)

    def _tell_keys(self, *, told: bool) -> None:
        QApplication.sendEvent(self, QStatusTipEvent(KEYS if told and not self._locked else ""))

    def _scroll_to(self, cell: QWidget) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(cell, 0, columns_for(self).row)

    # Painting

    def minimumSizeHint(self) -> QSize:
        columns = columns_for(self)
        return QSize(columns.least_width, super().minimumSizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_margins()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, columns, colours = painter_of(self), columns_for(self), self._colours
        card = self.rect()
        painter.setPen(QColor(colours.border))
        painter.setBrush(QColor(colours.window if self._locked else colours.base))
        painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
        if event.rect().top() <= columns.header:
            self._draw_header(painter, card)

    def _draw_header(self, painter: QPainter, card: QRect) -> None:
        columns = columns_for(self)
        painter.setFont(type_of(self.font(), SMALL))
        painter.setPen(QColor(self._colours.faint_text))
        painter.drawText(QRect(card.left() + columns.pad, 1, columns.vary, columns.header), _MIDDLE, "Vary")
        for column, heading in _HEADINGS.items():
            left, room = columns.place(column, card.width())
            left += 0 if column == NAME else columns.pad
            painter.drawText(QRect(card.left() + left, 1, room, columns.header), _MIDDLE, heading)
