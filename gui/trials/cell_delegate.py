"""How the cells of the trials table are drawn: one text each, laid out once.

Qt's own delegate asks a model for eight roles per cell and draws through the style sheet, and each call between Qt and
Python takes about 1 µs: a table that fills a screen would block the window at each update.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QStaticText
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.widgets.marks import PAUSE, draw_pause

Index = QModelIndex | QPersistentModelIndex

LEFT, RIGHT = 6, 16
"""Pixels beside a text. Numbers end where their header does."""
MARK = 16
"""Pixels for the mark before a text: a star, or the symbol of a state."""
_LAID_OUT = 8192
"""The maximum number of laid-out texts that are kept."""
# Plain numbers: a test of one of Python's flags takes longer than to draw a text.
_ACTIVE = QStyle.StateFlag.State_Active.value
_SELECTED = QStyle.StateFlag.State_Selected.value
_FOCUSED = QStyle.StateFlag.State_HasFocus.value


class Cell(NamedTuple):
    """The content of a cell. `colour` is None for the palette's colour; `numeric`: the text is aligned to the right.

    `mark` stands before the text, in a colour of its own. `tint` is the colour of the ground, None for the row's.
    """

    text: str
    numeric: bool
    colour: QColor | None = None
    bold: bool = False
    mark: str = ""
    mark_colour: QColor | None = None
    tint: QColor | None = None


class CellDelegate(QStyledItemDelegate):
    """Draws the cell that `cell_at` returns for a row and a column."""

    def __init__(self, cell_at: Callable[[int, int], Cell], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cell_at = cell_at
        self._lay_out = lru_cache(_LAID_OUT)(self._laid_out)
        self._take_font(QFont())

    def _take_font(self, font: QFont) -> None:
        plain, bold = QFont(font), QFont(font)  # copies: an option's font is deleted with the option
        bold.setBold(True)
        self._fonts = plain, bold
        self._metrics = QFontMetrics(plain), QFontMetrics(bold)
        self._lay_out.cache_clear()

    def _laid_out(self, text: str, width: int, bold: bool) -> tuple[QStaticText, int]:
        """Return the text, elided to fit into `width`, and the width that it then has; widths in pixels."""
        static = _static(text, self._fonts[bold])
        if (advance := math.ceil(static.size().width())) > width:
            static = _static(
                self._metrics[bold].elidedText(text, Qt.TextElideMode.ElideRight, width), self._fonts[bold]
            )
            advance = math.ceil(static.size().width())
        return static, advance

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # Each attribute of `option` is a call into Qt, so each is read only once.
        font, state, rect, palette = option.font, option.state.value, option.rect, option.palette
        if font != self._fonts[0]:
            self._take_font(font)
        text, numeric, colour, bold, mark, mark_colour, tint = self._cell_at(index.row(), index.column())
        group = QPalette.ColorGroup.Active if state & _ACTIVE else QPalette.ColorGroup.Inactive
        if state & _SELECTED:
            painter.fillRect(rect, palette.brush(group, QPalette.ColorRole.Highlight))
            colour = mark_colour = palette.color(group, QPalette.ColorRole.HighlightedText)
        elif tint is not None:
            painter.fillRect(rect, tint)
        if colour is None:
            colour = palette.color(group, QPalette.ColorRole.Text)
        left, top, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        if mark:
            self._draw_mark(painter, mark, left + LEFT, top, width - LEFT, height, mark_colour or colour)
        if text:
            indent = LEFT + MARK if mark else LEFT
            static, advance = self._lay_out(text, width - indent - RIGHT, bold)
            x = left + width - RIGHT - advance if numeric else left + indent
            self._write(painter, static, x, top, height, colour, bold=bold)
        if state & _FOCUSED:
            painter.setPen(colour)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _draw_mark(
        self, painter: QPainter, mark: str, x: int, top: int, width: int, height: int, colour: QColor
    ) -> None:
        if mark == PAUSE:
            painter.setFont(self._fonts[0])
            draw_pause(painter, x, top + height / 2, colour)
        else:
            static, _advance = self._lay_out(mark, width, False)
            self._write(painter, static, x, top, height, colour, bold=False)

    def _write(
        self, painter: QPainter, text: QStaticText, x: int, top: int, height: int, colour: QColor, *, bold: bool
    ) -> None:
        painter.setFont(self._fonts[bold])
        painter.setPen(colour)
        painter.drawStaticText(QPoint(x, top + (height - self._metrics[bold].height()) // 2), text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cell = self._cell_at(index.row(), index.column())
        metrics = self._metrics[cell.bold]
        mark = MARK if cell.mark else 0
        return QSize(metrics.horizontalAdvance(cell.text) + LEFT + mark + RIGHT, metrics.height() + 8)


def _static(text: str, font: QFont) -> QStaticText:
    static = QStaticText(text)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.prepare(font=font)
    return static
