"""What a number would become: an outline around its cell, and "→ 64" beside it, while the act is pointed at."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from gui.setup.parameters.columns import columns_for
from gui.widgets.marks import ACCENT, painter_of


class Proposal(QWidget):
    """Lies over a cell and over what is beside it, at its left or right; the pointer goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._now = self._words = ""
        self._cell = QRect()
        self._flags = Qt.AlignmentFlag.AlignVCenter
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_over(self, cell: QWidget, now: str, words: str, beside: QWidget | None) -> None:
        """Show over its cell the number `now`, and `words` over the one at its right; without one, at its left."""
        self._now, self._words = now, words
        place = QRect(cell.geometry())
        if beside is not None:
            place = place.united(beside.geometry())
        else:
            place.setLeft(place.left() - self._wide() - 2 * columns_for(self).pad)
        self._cell = cell.geometry().translated(-place.topLeft())
        self._flags = Qt.AlignmentFlag.AlignVCenter
        self._flags |= Qt.AlignmentFlag.AlignRight if beside is None else Qt.AlignmentFlag.AlignLeft
        self.setGeometry(place)
        self.raise_()
        self.show()

    @property
    def words(self) -> str:
        """What it says while it is shown; empty while it is not."""
        return "" if self.isHidden() else self._words

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _wide(self) -> int:
        return QFontMetrics(self._bold()).horizontalAdvance(self._words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette, pad = painter_of(self), self.palette(), columns_for(self).pad
        painter.fillRect(self.rect().adjusted(1, 0, -1, 0), palette.color(QPalette.ColorRole.Window))
        painter.setPen(QPen(palette.color(ACCENT), 2))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRectF(self._cell).adjusted(1, 1, -1, -1), 3, 3)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(QRectF(self._cell).adjusted(pad, 0, -2, 0), Qt.AlignmentFlag.AlignVCenter, self._now)
        beside = QRectF(self.rect())
        if self._cell.left() > 0:
            beside.setRight(self._cell.left() - pad)
        else:
            beside.setLeft(self._cell.right() + pad)
        painter.setFont(self._bold())
        painter.setPen(palette.color(ACCENT))
        painter.drawText(beside, self._flags, self._words)
