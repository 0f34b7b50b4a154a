"""A pale sketch of what the tutorial will look like: the curves of trials, the running one and the best one."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.widgets.marks import painter_of
from gui.widgets.measures import scaled
from gui.widgets.sketches import draw_curves
from gui.widgets.theme import Theme

_INSIDE = 4.0


class Sketch(QWidget):
    """Curves without axes or numbers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(lambda _colours: self.update())

    def sizeHint(self) -> QSize:
        return QSize(0, scaled(self, 62))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = self._theme.colours, painter_of(self)
        base = self.height() - 1.5
        painter.setPen(QPen(QColor(colours.border), 1.3))
        painter.drawLine(QPointF(0, base), QPointF(self.width(), base))
        inside = QRectF(self.rect()).adjusted(_INSIDE, 0, -_INSIDE, -_INSIDE)
        draw_curves(painter, inside, colours)
