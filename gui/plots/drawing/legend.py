"""The legend of a plot: a row of samples above the axes that wraps when it is narrow and never covers data."""

from collections.abc import Sequence

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget

from gui.plots.drawing.style import LegendEntry, Style

GAP = 5.0
BETWEEN = 14.0


class Legend(pg.GraphicsWidget):  # type: ignore[misc]
    """Paints the entries that it was last given; as high as they need."""

    def __init__(self) -> None:
        super().__init__()
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)  # its texts take longer than a curve
        self._entries: tuple[LegendEntry, ...] = ()
        self._places: list[QPointF] = []
        self._colour = QColor()
        self._arrange()

    @property
    def labels(self) -> list[str]:
        return [entry.label for entry in self._entries]

    def show_entries(self, entries: Sequence[LegendEntry]) -> None:
        if self._entries != tuple(entries):
            self._entries = tuple(entries)
            self._arrange()
            self.update()

    def set_colour(self, colour: str) -> None:
        self._colour = QColor(colour)
        self.update()

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()
            self.update()

    def _arrange(self) -> None:
        metrics = QFontMetricsF(self.font())
        line_height = metrics.height() + 3
        x = y = 0.0
        self._places = []
        for entry in self._entries:
            width = entry.style.sample_width + GAP + metrics.horizontalAdvance(entry.label)
            if x > 0 and x + width > self.size().width():
                x, y = 0.0, y + line_height
            self._places.append(QPointF(x, y))
            x += width + BETWEEN
        height = y + line_height + 2 if self._entries else 0.0
        if height != self.maximumHeight():
            self.setMinimumHeight(height)
            self.setMaximumHeight(height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        metrics = QFontMetricsF(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for entry, place in zip(self._entries, self._places, strict=True):
            self._paint_sample(painter, entry.style, QPointF(place.x(), place.y() + metrics.height() / 2 + 1))
            left = place.x() + entry.style.sample_width + GAP
            width = metrics.horizontalAdvance(entry.label) + 2
            painter.setPen(self._colour)
            painter.drawText(
                QRectF(left, place.y(), width, metrics.height() + 2), Qt.AlignmentFlag.AlignVCenter, entry.label
            )

    @staticmethod
    def _paint_sample(painter: QPainter, style: Style, left: QPointF) -> None:
        if style.line is not None:
            painter.setPen(style.line)
            painter.drawLine(left, left + QPointF(style.sample_width, 0))
        if style.symbol:
            painter.save()
            painter.translate(left + QPointF(style.sample_width / 2, 0))
            drawSymbol(
                painter,
                style.symbol,
                style.sample_size,
                style.outline or QPen(Qt.PenStyle.NoPen),
                style.fill or QBrush(),
            )
            painter.restore()
