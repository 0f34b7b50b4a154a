"""A pale sketch of the table of trials: bars in rows, and a star before the best one."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.trials.columns import STAR
from gui.widgets.sketches import Sketch, pale
from gui.widgets.theme import Colours

_PITCH, _BAR, _FIRST = 24.0, 8.0, 8.0
"""From row to row, the height of a bar, and where the middle of the first row is, in pixels."""
_LEFT, _STAR = -9.0, 12.0
"""Where the bars begin, from the area's left, and how far before them the star's middle stands."""
_COLUMNS = (0, 18), (42, 53), (136, 50), (230, 51), (326, 31)
"""Where each column begins, and how wide its bars are."""
_SHORTER = (0, 0, 4, 0, 1), (1, 7, -1, 5, 3), (-6, 1, -1, 1, 0), (-1, -3, -1, 0, -2), (-4, 6, 0, -1, 2)
"""By how much the bars of each row are shorter."""
_BEST, _MARKED = 2, (0, 2)
"""The row of the best trial, and its columns that stand out."""
_TEXT, _USUAL, _MOST = 407.0, 778.0, 1.6
"""Where a text begins at the usual width of the area, and by how much a wider one widens the columns at most."""
_TEXT_HEIGHT = 56.0


class RowsSketch(Sketch):
    """As many rows as there is room for, and room for a text at their right."""

    least = 16.0

    def draw(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        """Draw the rows."""
        painter.setPen(Qt.PenStyle.NoPen)
        rows = max(1, 1 + int((area.height() - _FIRST) // _PITCH))
        best, wider = min(_BEST, rows - 1), _wider(area)
        for row in range(rows):
            y = area.top() + _FIRST + row * _PITCH
            for place, (left, width) in enumerate(_COLUMNS):
                stands_out = row == best and place in _MARKED
                painter.setBrush(pale(colours.best, 0.5) if stands_out else pale(colours.border, 0.8))
                shorter = _SHORTER[row % len(_SHORTER)][place]
                bar = QRectF(area.left() + _LEFT + wider * left, y - _BAR / 2, wider * (width - shorter), _BAR)
                if bar.right() <= area.right():
                    painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        star = QRectF(0, 0, 16, 16)
        star.moveCenter(QPointF(area.left() + _LEFT - _STAR + 2, area.top() + _FIRST + best * _PITCH))
        painter.setPen(pale(colours.best))
        painter.drawText(star, Qt.AlignmentFlag.AlignCenter, STAR)

    def free(self, area: QRectF) -> QRectF:
        """Return the room at the right, from where a text begins that stands in the middle."""
        below = 24.0
        above = max(0.0, (area.height() + below - _TEXT_HEIGHT) / 2 - 0.07 * area.height() - 3)
        return area.adjusted(_wider(area) * _TEXT, above, 0, below)


def _wider(area: QRectF) -> float:
    return max(1.0, min(_MOST, area.width() / _USUAL))
