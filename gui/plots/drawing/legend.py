"""The legend of a plot: a row of samples above the axes, and in pictures a title above it; it never covers data."""

from collections.abc import Sequence

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget

from gui.plots.drawing.style import LegendEntry, Style
from gui.widgets.measures import TITLE, type_of

GAP = 5.0
BETWEEN, CLOSE = 14.0, 8.0
"""Pixels between two entries, and where there is too little room for that."""


class Legend(pg.GraphicsWidget):  # type: ignore[misc]
    """Paints the entries that it was last given, in one row; in more only where they do not fit close together.

    An entry that is wider than the legend ends in "…".
    """

    def __init__(self) -> None:
        super().__init__()
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)  # its texts take longer than a curve
        self._entries: tuple[LegendEntry, ...] = ()
        self._places: list[QPointF] = []
        self._title = self._study = ""
        self._colour, self._faint = QColor(), QColor()
        self._arrange()

    @property
    def labels(self) -> list[str]:
        return [entry.label for entry in self._entries]

    @property
    def rows(self) -> int:
        """The number of rows in which the entries stand."""
        return len({place.y() for place in self._places})

    def show_entries(self, entries: Sequence[LegendEntry]) -> None:
        if self._entries != tuple(entries):
            self._entries = tuple(entries)
            self._arrange()
            self.update()

    def show_heading(self, title: str, study: str) -> None:
        """Write a title and a study's name above the entries; empty: none."""
        self._title, self._study = title, study
        self._arrange()
        self.update()

    def set_colours(self, colour: str, faint: str) -> None:
        self._colour, self._faint = QColor(colour), QColor(faint)
        self.update()

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()
            self.update()

    # Where the entries stand

    @property
    def _bold(self) -> QFont:
        return type_of(self.font(), TITLE, bold=True)

    def _heading_height(self) -> float:
        return QFontMetricsF(self._bold).height() + 6 if self._title else 0.0

    def _width_of(self, entry: LegendEntry) -> float:
        return entry.style.sample_width + GAP + QFontMetricsF(self.font()).horizontalAdvance(entry.label)

    def _arrange(self) -> None:
        line_height = QFontMetricsF(self.font()).height() + 3
        widths = list(map(self._width_of, self._entries))
        wide = sum(widths) + BETWEEN * (len(widths) - 1) <= self.size().width()
        between, x, y = BETWEEN if wide else CLOSE, 0.0, self._heading_height()
        self._places = []
        for width in widths:
            if x > 0 and x + width > self.size().width():
                x, y = 0.0, y + line_height
            self._places.append(QPointF(x, y))
            x += width + between
        height = y + line_height + 2 if self._entries else y
        if height != self.maximumHeight():
            self.setMinimumHeight(height)
            self.setMaximumHeight(height)

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        metrics = QFontMetricsF(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_heading(painter)
        painter.setFont(self.font())
        for entry, place in zip(self._entries, self._places, strict=True):
            self._paint_sample(painter, entry.style, QPointF(place.x(), place.y() + metrics.height() / 2 + 1))
            left = place.x() + entry.style.sample_width + GAP
            room = max(0.0, self.size().width() - left)
            width = min(metrics.horizontalAdvance(entry.label), room)
            painter.setPen(self._colour)
            painter.drawText(
                QRectF(left, place.y(), width + 2, metrics.height() + 2),
                Qt.AlignmentFlag.AlignVCenter,
                metrics.elidedText(entry.label, Qt.TextElideMode.ElideRight, width + 1),
            )

    def _paint_heading(self, painter: QPainter) -> None:
        if not self._title:
            return
        bold, metrics = QFontMetricsF(self._bold), QFontMetricsF(self.font())
        row = QRectF(0, 0, self.size().width(), bold.height())
        painter.setFont(self._bold)
        painter.setPen(self._colour)
        title = bold.elidedText(self._title, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, title)
        row.setLeft(bold.horizontalAdvance(title) + BETWEEN)
        painter.setFont(self.font())
        painter.setPen(self._faint)
        study = metrics.elidedText(self._study, Qt.TextElideMode.ElideRight, max(0.0, row.width()))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, study)

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
