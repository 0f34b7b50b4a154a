"""The legend of a plot: a row of samples above the axes, and in pictures a title above it; it never covers data."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget

from gui.plots.drawing.style import LegendEntry, Style
from gui.widgets.fields import plain_tip
from gui.widgets.measures import TITLE, type_of

GAP = 5.0
BETWEEN, CLOSE = 14.0, 8.0
"""Pixels between two entries, and where there is too little room for that."""
MORE = "…"
"""What stands for the entries for which there is no room."""


@dataclass(frozen=True)
class _Placed:
    """An entry, where it stands, and how wide its label can be."""

    entry: LegendEntry
    at: QPointF
    width: float


class Legend(pg.GraphicsWidget):  # type: ignore[misc]
    """Paints the entries that it was last given in one row, and a note in small words at the row's right end.

    Entries for which there is no room, the less important first, are behind a "…", whose tip names them. A picture,
    which has a heading and no tips, has as many rows as it needs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)  # its texts take longer than a curve
        self._entries: tuple[LegendEntry, ...] = ()
        self._placed: list[_Placed] = []
        self._note = ""
        self._note_at: QPointF | None = None
        self._more_at: QPointF | None = None
        self._title = self._study = ""
        self._colour, self._faint = QColor(), QColor()
        self._arrange()

    @property
    def labels(self) -> list[str]:
        return [entry.label for entry in self._entries]

    @property
    def labels_shown(self) -> list[str]:
        """The labels that can be read; the others are in the tip."""
        return [placed.entry.label for placed in self._placed]

    @property
    def note(self) -> str:
        """The note, which can be read, or is in the tip."""
        return self._note

    @property
    def rows(self) -> int:
        """The number of rows in which the entries stand."""
        return len({placed.at.y() for placed in self._placed})

    def show_entries(self, entries: Sequence[LegendEntry], note: str = "") -> None:
        """Show these, and a note; an empty one is none."""
        if (self._entries, self._note) != (tuple(entries), note):
            self._entries, self._note = tuple(entries), note
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

    def _text_width(self, text: str) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance(text)

    @property
    def _note_width(self) -> float:
        return self._text_width(self._note) + BETWEEN if self._note else 0.0

    def _width_of(self, entry: LegendEntry) -> float:
        return entry.style.sample_width + GAP + self._text_width(entry.label)

    @property
    def _wraps(self) -> bool:
        return bool(self._title)

    @property
    def _line_height(self) -> float:
        return QFontMetricsF(self.font()).height() + 3

    def _arrange(self) -> None:
        shown, noted = (self._entries, bool(self._note)) if self._wraps else self._fitting()
        end = self._place_entries(shown, noted=noted)
        left = self.size().width() - self._text_width(self._note)
        row = end.y() + (self._line_height if noted and left < end.x() else 0.0)  # in a picture alone
        self._note_at = QPointF(left, row) if noted else None
        self._set_height(row + self._line_height + 2)
        hidden = [entry.label for entry in self._entries if entry not in shown]
        hidden += [self._note] if self._note and not noted else []
        self.setToolTip(plain_tip("\n".join(hidden)))

    def _place_entries(self, shown: Sequence[LegendEntry], *, noted: bool) -> QPointF:
        """Give the entries their places, and what stands for the others; return where there is room again."""
        room = self.size().width() - (self._note_width if noted and not self._wraps else 0.0)
        between = BETWEEN if self._length(shown, BETWEEN) <= room else CLOSE
        hides = len(shown) < len(self._entries)
        room -= self._text_width(MORE) + CLOSE if hides else 0.0
        x, y = 0.0, self._heading_height()
        self._placed = []
        for entry in shown:
            width = self._width_of(entry)
            if self._wraps and x > 0 and x + width > room:
                x, y = 0.0, y + self._line_height
            before_label = entry.style.sample_width + GAP
            self._placed.append(_Placed(entry, QPointF(x, y), max(0.0, min(width, room - x) - before_label)))
            x = min(x + width, room) + between
        self._more_at = QPointF(x, y) if hides else None
        return QPointF(x, y)

    def _set_height(self, height: float) -> None:
        if height != self.maximumHeight():
            self.setMinimumHeight(height)
            self.setMaximumHeight(height)

    def _length(self, entries: Sequence[LegendEntry], between: float) -> float:
        more = self._text_width(MORE) + between if len(entries) < len(self._entries) else 0.0
        return sum(map(self._width_of, entries)) + between * max(len(entries) - 1, 0) + more

    def _fitting(self) -> tuple[tuple[LegendEntry, ...], bool]:
        """Return the entries that fit into one row, and whether the note does, which two of them go before."""
        ranked = sorted(self._entries, key=lambda entry: not entry.is_important)
        for taken, fewest in ((self._note_width, min(2, len(ranked))), (0.0, 1)):
            for count in range(len(ranked), fewest - 1, -1):
                shown = tuple(entry for entry in self._entries if entry in ranked[:count])
                if self._length(shown, CLOSE) + taken <= self.size().width():
                    return shown, bool(self._note) and taken > 0
        return tuple(ranked[:1]), False

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        metrics = QFontMetricsF(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_heading(painter)
        painter.setFont(self.font())
        for placed in self._placed:
            entry, at = placed.entry, placed.at
            self._paint_sample(painter, entry.style, QPointF(at.x(), at.y() + metrics.height() / 2 + 1))
            label = metrics.elidedText(entry.label, Qt.TextElideMode.ElideRight, placed.width + 1)
            self._write(painter, QPointF(at.x() + entry.style.sample_width + GAP, at.y()), label, self._colour)
        if self._more_at is not None:
            self._write(painter, self._more_at, MORE, self._faint)
        if self._note_at is not None:
            self._write(painter, self._note_at, self._note, self._faint)

    @staticmethod
    def _write(painter: QPainter, at: QPointF, text: str, colour: QColor) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(colour)
        area = QRectF(at.x(), at.y(), metrics.horizontalAdvance(text) + 2, metrics.height() + 2)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

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
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # or thin ones look paler
            painter.setPen(style.line)
            painter.drawLine(left, left + QPointF(style.sample_width, 0))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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
