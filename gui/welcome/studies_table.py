"""The table of studies: rows that Enter or a double click opens, each with a menu."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from core.study.catalogue import Listed
from gui.welcome.studies_model import BEST, COLUMNS, DATA, NAME, PARTS, STATE, WHEN, FoundStudies, StudiesModel
from gui.welcome.study_menu import StudyActions, can_be_named, name_of, study_menu
from gui.widgets.marks import PAUSE, draw_pause
from gui.widgets.measures import BODY, SMALL, scaled, type_of
from gui.widgets.theme import Colours, Theme

_ROW, _HEADER, _PAD, _RIGHT = 32, 30, 16, 6
_LEAST_ROWS = 4
_TINT = 24
"""The opacity, of 255, of the selected row's tint."""
_DATA_SHARE = 0.4
"""The share of the data in the room that the other columns leave; the name gets the rest."""
_LEAST, _MOST = 90, 260
"""The widths of a column that is as wide as what it holds."""
_ROOM = 280
"""The width that name and data need at least."""


class StudiesTable(QTableView):
    """The list of studies. `filtered`: other rows are shown now."""

    filtered = Signal()

    def __init__(self, theme: Theme, actions: StudyActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._model = StudiesModel(self)
        self.found = FoundStudies(self._model, self)
        self.setModel(self.found)
        self.setItemDelegate(_Delegate(theme, self))
        self.setAccessibleName("Recent studies")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalHeader(_Header(theme, self))
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self._size()

    def show_studies(self, studies: Sequence[Listed], now: datetime) -> None:
        """Show these studies; the selected one stays selected."""
        selected = self.selected
        self._model.set_studies(studies, now)
        self._select(None if selected is None else selected.path)
        self._share_width()
        self.updateGeometry()

    def show_found(self, text: str) -> None:
        """Show only the studies with all words of the text."""
        selected = self.selected
        self.found.find(text)
        self._select(None if selected is None else selected.path)
        self.updateGeometry()
        self.filtered.emit()

    @property
    def selected(self) -> Listed | None:
        """The study of the selected row."""
        index = self.currentIndex()
        return self.found.study(index) if index.isValid() else None

    @property
    def count(self) -> int:
        """How many studies are shown."""
        return self.found.rowCount()

    def _select(self, path: Path | None) -> None:
        index = QModelIndex() if path is None else self.found.index_of(path)
        if index.isValid():
            self.setCurrentIndex(index)

    # Opening, and the menu

    def _open(self, index: QModelIndex) -> None:
        self._actions.open(self.found.study(index).path)

    def open_selected(self) -> None:
        """Open the selected study or, if none is, the first."""
        index = self.currentIndex() if self.currentIndex().isValid() else self.found.index(0, NAME)
        if index.isValid():
            self._open(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        listed = self.selected
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.open_selected()
            case Qt.Key.Key_F2 if listed is not None and can_be_named(listed):
                self._actions.name(listed.path, name_of(listed))
            case Qt.Key.Key_F10 if event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
                self._open_menu_at_row()
            case Qt.Key.Key_Delete if listed is not None and not listed.running:
                self._actions.bin(listed.path)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.selectionModel().hasSelection() and self.count:
            self.selectRow(max(0, self.currentIndex().row()))

    def menu(self, index: QModelIndex) -> QMenu | None:
        """Return the menu of the study in that row."""
        return study_menu(self.found.study(index), self._actions, self) if index.isValid() else None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._open_menu_at_row()
            return
        menu = self.menu(self.indexAt(event.pos()))
        if menu is not None:
            menu.popup(event.globalPos())

    def _open_menu_at_row(self) -> None:
        index = self.currentIndex()
        menu = self.menu(index)
        if menu is not None:
            self.scrollTo(index)
            menu.popup(self.viewport().mapToGlobal(self.visualRect(index).bottomLeft() + QPoint(_PAD, 0)))

    # Sizes and colours

    def _size(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(scaled(self, _ROW))
        self.horizontalHeader().setFixedHeight(scaled(self, _HEADER))
        self._share_width()
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()

    def _height(self, rows: int) -> int:
        return scaled(self, _HEADER) + max(1, rows) * scaled(self, _ROW)

    def sizeHint(self) -> QSize:
        return QSize(600, self._height(self.count))

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self._height(min(self.count, _LEAST_ROWS)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Let best, state and time have what they need, and the name and the data share the rest.

        What the data do not need the name gets. Where little is left for names, the best number goes without its
        metric.
        """
        least, most = scaled(self, _LEAST), scaled(self, _MOST)
        wide = {column: min(max(self.sizeHintForColumn(column), least), most) for column in (BEST, STATE, WHEN)}
        left = self.viewport().width() - sum(wide.values())
        lacking = min(max(0, scaled(self, _ROOM) - left), wide[BEST] - least)
        wide[BEST] -= lacking
        for column, width in wide.items():
            self.setColumnWidth(column, width)
        room, name = left + lacking, self.sizeHintForColumn(NAME)
        data = min(self.sizeHintForColumn(DATA), max(int(room * _DATA_SHARE), room - name))
        for column, width in ((NAME, room - data), (DATA, data)):
            self.setColumnWidth(column, max(40, width))

    def _set_colours(self, colours: Colours) -> None:
        for widget in (self, self.viewport()):
            palette = widget.palette()
            palette.setColor(palette.ColorRole.Base, QColor(colours.base))
            widget.setPalette(palette)


class _Header(QHeaderView):
    """Names of columns in faint text, over a hairline."""

    def __init__(self, theme: Theme, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._theme = theme
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  Qt's own name
        colours = self._theme.colours
        painter.fillRect(rect, QColor(colours.base))
        painter.setPen(QColor(colours.faint_text))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(_PAD, 0, 0, 0), int(flags), COLUMNS[logicalIndex])
        painter.setPen(QColor(colours.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


class _Delegate(QStyledItemDelegate):
    """Draws the two parts of a cell, the tint of the selected row, and hairlines between rows."""

    def __init__(self, theme: Theme, table: StudiesTable) -> None:
        super().__init__(table)
        self._theme = theme
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        column, (first, second) = index.column(), index.data(PARTS)
        before, after = (QFontMetrics(font) for font in self._fonts(column, second))
        used = self._second_at(column, before.horizontalAdvance(first)) if second else before.horizontalAdvance(first)
        return QSize(_PAD + used + after.horizontalAdvance(second) + _RIGHT + 2, scaled(self._table, _ROW))

    def _fonts(self, column: int, second: str) -> tuple[QFont, QFont]:
        """Return the fonts of the two parts."""
        font, bold = self._table.font(), column == NAME or (column == BEST and bool(second))
        return type_of(font, BODY, bold=bold), type_of(font, SMALL if column == BEST else BODY)

    def _second_at(self, column: int, used: int) -> int:
        """Return where the second part begins, after a first one of that width: words after a mark stand in line."""
        return scaled(self._table, 18) if column == STATE else used + scaled(self._table, 6)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours, rect = self._theme.colours, option.rect
        painter.save()
        painter.fillRect(rect, QColor(colours.base))
        if option.state & QStyle.StateFlag.State_Selected:
            tint = QColor(colours.accent)
            tint.setAlpha(_TINT)
            painter.fillRect(rect, tint)
        if index.row() < self._table.count - 1:
            painter.setPen(QColor(colours.border))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        self._draw_parts(painter, rect.adjusted(_PAD, 0, -_RIGHT, 0), index)
        painter.restore()

    def _draw_parts(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        colours, column = self._theme.colours, index.column()
        first, second = index.data(PARTS)
        before, after = self._fonts(column, second)
        painter.setFont(before)
        painter.setPen(QColor(colours.faint_text if column in (STATE, WHEN) else colours.text))
        if first == PAUSE:
            draw_pause(painter, rect.left(), rect.center().y() + 0.5, QColor(colours.faint_text))
            used = 0
        else:
            used = _draw(painter, rect, first)
        if second:
            place = rect.adjusted(self._second_at(column, used), 0, 0, 0)
            painter.setFont(after)
            painter.setPen(QColor(colours.faint_text if column == BEST else colours.text))
            _draw(painter, place, second)


def _draw(painter: QPainter, rect: QRect, text: str) -> int:
    """Draw as much of the text as there is room for; return its width."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
    return metrics.horizontalAdvance(shown)
