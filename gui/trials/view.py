"""The view of the trials: the keys of the table, its menu, and where it scrolls to by itself."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QWidget

from gui.trials.cell_delegate import CellDelegate
from gui.trials.header import Header
from gui.trials.model import TrialsModel
from gui.widgets.measures import scaled
from gui.widgets.slim_scroll import SlimBar
from gui.widgets.theme import Colours, mixed

_ROW, _BESIDE = 24, 7
"""The height of a row, and what is left at least above and below its letters, in pixels."""
_STRIPE = 0.03
"""The share of the letters' colour in the ground of every other row."""
_RING = 2.0
"""The width of the ring around the row of the trial that is pointed at."""
_Move = QAbstractItemView.CursorAction
_KEY = Qt.Key
_TO_FIRST = (_KEY.Key_Down, _KEY.Key_Up, _KEY.Key_PageDown, _KEY.Key_PageUp, _KEY.Key_Home)
"""Keys that begin at the first row while none is selected."""
_BY_KEY = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason
"""Reasons of a focus that a key has given."""


class TrialsView(QTableView):
    """Rows of trials. `resized`: it has another size. `pointed`: the pointer is over another row, or over none (-1).

    `fill_menu` puts what can be done with a column into a menu.

    The first ↑ or ↓ selects the first row, Home and End the first and the last; Left and Right go along a row; Menu and
    Shift+F10 open the menu at the current cell, and Esc selects nothing. A key that leads to the table leads to the
    selected row or, without one, to the best; while `shows_newest` says that the newest rows are kept in sight, to the
    place that is seen.
    """

    resized = Signal()
    pointed = Signal(int)

    def __init__(self, model: TrialsModel) -> None:
        super().__init__()
        self.fill_menu: Callable[[QMenu, int], None] = lambda _menu, _column: None
        self.shows_newest: Callable[[], bool] = lambda: False
        self.setAccessibleName("Trials")
        self._trials = model
        self._pointed = self._ringed = -1
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBar(SlimBar(self))
        self.setHorizontalScrollBar(SlimBar(self, Qt.Orientation.Horizontal))
        self.setCornerWidget(QWidget())  # Qt draws a frame where there is none
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self._header = Header()
        self.setHorizontalHeader(self._header)
        self.setSortingEnabled(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.take_font(self.font())
        self.setItemDelegate(CellDelegate(model.cell, self))
        self.setMouseTracking(True)

    def take_font(self, font: QFont) -> None:
        """Write with digits of one width, so that those of numbers line up, in rows of a suitable height."""
        even = QFont(font)
        even.setFeature(QFont.Tag("tnum"), 1)
        self.setFont(even)
        self.horizontalHeader().setFont(even)  # a header with a style sheet keeps the font that it had
        height = max(scaled(self, _ROW), self.fontMetrics().height() + _BESIDE)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)

    def polish(self, colours: Colours) -> None:
        """Take the colours: Qt keeps the old ones in a widget that has a style sheet."""
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, QColor(colours.base))
        palette.setColor(QPalette.ColorRole.AlternateBase, mixed(colours.base, colours.text, _STRIPE))
        self.setPalette(palette)
        self._header.polish(colours)

    # Places

    def show_row(
        self, row: int, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Scroll up or down to a row, and never sideways."""
        self.executeDelayedItemsLayout()
        across = self.horizontalScrollBar().value()
        self.scrollTo(self.model().index(row, max(0, self.columnAt(0))), hint)
        self.horizontalScrollBar().setValue(across)

    def show_with(self, row: int, other: int | None) -> None:
        """Show a row, in the middle if it is out of sight; and the other one too, if there is room for both."""
        self.executeDelayedItemsLayout()
        height, room = self.verticalHeader().defaultSectionSize(), self.viewport().height()
        if not 0 <= self.rowViewportPosition(row) <= room - height:
            self.show_row(row, QAbstractItemView.ScrollHint.PositionAtCenter)
        if other is not None and (abs(other - row) + 1) * height <= room:
            self.show_row(other)

    def show_last(self) -> None:
        """Scroll to the end."""
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    @property
    def at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() == bar.maximum()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    # What is pointed at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(-1)

    def _point(self, row: int) -> None:
        if row != self._pointed:
            self._pointed = row
            self.pointed.emit(row)

    def ring(self, row: int | None) -> None:
        """Put a ring around a row, or around none."""
        self._ringed, before = -1 if row is None else row, self._ringed
        for changed in {before, self._ringed} - {-1}:
            self.viewport().update(self._place_of(changed))

    def _place_of(self, row: int) -> QRect:
        """Return where a row is seen, and one pixel around it."""
        height = self.rowHeight(row)
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), height).adjusted(0, -1, 0, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if 0 <= self._ringed < self._trials.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), _RING))
            painter.drawRect(QRectF(self._place_of(self._ringed)).adjusted(1, 2, -1, -2))
            painter.end()

    # Keys and menu

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in _BY_KEY and self.model().rowCount() and not self._is_in_sight(self.currentIndex()):
            if not self.shows_newest():
                self._go_to_place()
            elif not self.currentIndex().isValid():
                newest = self.model().index(self.model().rowCount() - 1, max(0, self.columnAt(0)))
                self.selectionModel().setCurrentIndex(newest, QItemSelectionModel.SelectionFlag.NoUpdate)
        super().focusInEvent(event)

    def _is_in_sight(self, index: QModelIndex) -> bool:
        return index.isValid() and self.viewport().rect().intersects(self.visualRect(index))

    def _go_to_place(self) -> QModelIndex:
        """Make the selected row the current one or, without one, the best, and show it; nothing else is selected."""
        current = self.currentIndex()
        if not (current.isValid() and self.selectionModel().isRowSelected(current.row(), QModelIndex())):
            current = self._in_column(self._trials.best_row or 0)
            self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.show_row(current.row())
        return current

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return where a key leads: a row is what can be selected, so Home and End go to the first and last one."""
        rows = self.model().rowCount()
        if action is _Move.MoveHome:
            return self._in_column(0) if rows else QModelIndex()
        if action is _Move.MoveEnd:
            return self._in_column(rows - 1) if rows else QModelIndex()
        return super().moveCursor(action, modifiers)

    def _in_column(self, row: int) -> QModelIndex:
        return self.model().index(row, max(0, self.currentIndex().column()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.selectionModel().hasSelection()
        match event.key():
            case key if key in (*_TO_FIRST, _KEY.Key_End) and not chosen and self.model().rowCount():
                self._choose(0 if key in _TO_FIRST else self.model().rowCount() - 1)
            case _KEY.Key_F10 if event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
                self._open_menu_at_row()
            case _KEY.Key_Escape if chosen:
                self.clearSelection()
            case _:
                super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        """Select a row; the key that leads to it may find it as the current one already."""
        mode = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._in_column(row), mode)
        self.show_row(row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._open_menu_at_row()
        else:
            self._open_menu(self.columnAt(event.pos().x()), event.globalPos())

    def _open_menu_at_row(self) -> None:
        if self.model().rowCount():
            current = self.currentIndex() if self.currentIndex().isValid() else self._go_to_place()
            self.show_row(current.row())
            at = self.visualRect(current).bottomLeft()
            at.setX(min(max(at.x(), 0), self.viewport().width()))
            self._open_menu(current.column(), self.viewport().mapToGlobal(at))

    def _open_menu(self, column: int, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(self.accessibleName())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu, max(0, column))
        menu.popup(at)
