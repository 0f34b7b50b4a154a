"""A pale sketch of what the tutorial will look like: the curves of trials, the running one and the best one."""

import math

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.widgets.measures import scaled
from gui.widgets.theme import Theme

_PALE = 0.75
_PAST = ((0.52, 3.2), (0.60, 3.6), (0.68, 4.0), (0.72, 4.6), (0.76, 5.2), (0.80, 5.6))
"""How far each earlier curve falls, as a share of the height, and how fast."""
_BEST, _RUNNING = (0.82, 9.0), (0.80, 4.6)
_BEGIN, _END, _NOW = 0.04, 0.96, 0.36
"""Where the curves begin and end, and where the running one is, as shares of the width."""


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
        colours, painter = self._theme.colours, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base = self.height() - 1.5
        painter.setPen(QPen(QColor(colours.past), 1.3))
        painter.drawLine(QPointF(0, base), QPointF(self.width(), base))
        for fall, speed in _PAST:
            painter.drawPath(self._curve(fall, speed, _END))
        painter.setOpacity(_PALE)
        painter.setPen(QPen(QColor(colours.best), 2.2))
        painter.drawPath(self._curve(*_BEST, _END))
        painter.setPen(QPen(QColor(colours.validation), 3))
        painter.drawPath(self._curve(*_RUNNING, _NOW))
        painter.setBrush(QColor(colours.validation))
        painter.drawEllipse(self._point(*_RUNNING, _NOW), 2.5, 2.5)
        painter.setOpacity(1)
        painter.setPen(QPen(QColor(colours.best), 2))
        painter.setBrush(QColor(colours.base))
        painter.drawEllipse(self._point(*_BEST, _END), 4, 4)

    def _curve(self, fall: float, speed: float, end: float) -> QPainterPath:
        path = QPainterPath(self._point(fall, speed, _BEGIN))
        steps = 32
        for step in range(1, steps + 1):
            path.lineTo(self._point(fall, speed, _BEGIN + (end - _BEGIN) * step / steps))
        return path

    def _point(self, fall: float, speed: float, share: float) -> QPointF:
        height = self.height() - 8.0
        return QPointF(share * self.width(), 4 + height * fall * (1 - math.exp(-speed * (share - _BEGIN))))
