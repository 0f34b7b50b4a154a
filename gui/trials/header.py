"""The header of the trials, with a triangle at the edge of the column by which they are sorted."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView

from gui.trials.cell_delegate import LEFT, RIGHT
from gui.widgets.theme import Colours

_HALF, _HEIGHT, _BELOW_EDGE = 4.5, 4.5, 1.0
"""Pixels of the triangle and above it."""


class Header(QHeaderView):
    """Titles of columns. The triangle that tells the order, its tip up where the lowest comes first, stands above them.

    Beside a title it would be taken for a part of it: that of the objective ends with an arrow to the better side.
    """

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._mark = QColor()
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def polish(self, colours: Colours) -> None:
        """Take the colours: Qt keeps the old ones in a widget that has a style sheet."""
        self._mark = QColor(colours.accent)
        self.setStyleSheet(
            f"QHeaderView::section {{ padding: 4px {RIGHT}px 4px {LEFT}px; border: none; color: {colours.faint_text};"
            f" border-bottom: 1px solid {colours.border}; background: {colours.base}; }}"
            "QHeaderView::up-arrow, QHeaderView::down-arrow { width: 0; height: 0; }"
        )

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        painter.save()
        super().paintSection(painter, rect, logical)
        painter.restore()
        if self.isSortIndicatorShown() and logical == self.sortIndicatorSection():
            painter.save()
            self._draw_mark(painter, rect)
            painter.restore()

    def _draw_mark(self, painter: QPainter, rect: QRect) -> None:
        upper = rect.top() + _BELOW_EDGE
        ends = upper, upper + _HEIGHT
        tip, base = ends if self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder else ends[::-1]
        x = rect.x() + rect.width() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._mark)
        painter.drawPolygon(QPolygonF([QPointF(x, tip), QPointF(x + _HALF, base), QPointF(x - _HALF, base)]))
