"""The steps to come: from which result on the page says what, as stations on a line."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.marks import painter_of
from gui.widgets.measures import BODY, scaled, type_of
from gui.widgets.theme import Theme

_HEIGHT, _RADIUS, _LEFT = 52, 5.5, 16.0
Step = tuple[int, str, str]
"""The number of results from which on something is told, when that is in words, and what."""


class Steps(QWidget):
    """Draws a station for each step; those that are reached are filled."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: list[Step] = []
        self._results = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_other_colours)
        self._measure()

    def show_steps(self, steps: list[Step], results: int) -> None:
        """Show these, of which those up to so many results are reached."""
        if (steps, results) != (self._steps, self._results):
            self._steps, self._results = steps, results
            self.setAccessibleName("; ".join(f"{when}: {what}" for _, when, what in steps))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, self.height())

    def _on_other_colours(self) -> None:
        self.update()

    def _measure(self) -> None:
        self.setFixedHeight(scaled(self, _HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter, colours = painter_of(self), self._theme.colours
        left, y = scaled(self, _LEFT), scaled(self, 10)
        apart = (self.width() - left) / len(self._steps)
        painter.setPen(QPen(QColor(colours.border), 2))
        painter.drawLine(QPointF(left, y), QPointF(left + apart * (len(self._steps) - 1), y))
        for place, step in enumerate(self._steps):
            self._paint_step(painter, QPointF(left + apart * place, y), apart, step)

    def _paint_step(self, painter: QPainter, at: QPointF, apart: float, step: Step) -> None:
        colours, (first, when, what) = self._theme.colours, step
        reached = first <= self._results
        painter.setPen(QPen(QColor(colours.accent if reached else colours.past), 2))
        painter.setBrush(QColor(colours.accent if reached else colours.base))
        radius = scaled(self, 10) * _RADIUS / 10
        painter.drawEllipse(at, radius, radius)
        top, left = at.y() + scaled(self, 10), at.x() - radius
        for text, bold in ((when, True), (what, False)):
            font = type_of(self.font(), BODY, bold=bold)
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(colours.text if bold or reached else colours.faint_text))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, apart - 8)
            room = QRectF(left, top, apart, metrics.height())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
            top += scaled(self, 15)
