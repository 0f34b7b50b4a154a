"""The plots' axes: linear, whole numbers, logarithms of base ten, or names, all with Afina's way to write numbers."""

import html
import math
import sys
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget

from core.figures.scales import MANY_NAMES, AxisScale, Ticks, log_ticks, with_lane, within
from core.formatting import format_number

OVERHANG = 15
"""So far may the labels at an axis's ends reach beyond it, in pixels."""

_TICK, _OFFSET = 4, 4
"""Pixels: the length of a tick, and from there to its label."""
_LEAST, _MOST = math.ulp(0.0), sys.float_info.max
_MOST_OF_ZERO = 3
"""The most digits after the point of a zero: more stand beside numbers with exponents."""
_MAX_PLACES = 15
"""The most digits after a tick's point."""

UPRIGHT = str.maketrans("↑↓", "→←")
"""Arrows that point up and down where text is written upwards."""


class PlotAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis that shows an AxisScale. It has the longest of its names for which it is long enough."""

    _shown = AxisScale("")
    _named = True

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=_TICK, tickTextOffset=_OFFSET, maxTickLevel=1, maxTextLevel=1)
        # Drawn anew only when it changes: its grid takes longer than all curves over it.
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)

    def show_scale(self, scale: AxisScale) -> None:
        if scale != self._shown:
            self._shown = scale
            self._say_name()
            self._show_names()

    def take_font(self, font: QFont) -> None:
        """Write in this font."""
        self.setTickFont(font)
        self.label.setFont(font)
        self.textHeight = math.ceil(QFontMetricsF(font).height())
        (self._updateHeight if self.orientation == "bottom" else self._updateWidth)()
        self.resizeEvent()  # which places the label

    def set_named(self, *, named: bool) -> None:
        """Write the axis's name beside it, or leave that to others."""
        self._named = named
        self._say_name()

    def _say_name(self) -> None:
        name = self.name_shown
        if html.escape(name) != self.labelText or bool(name) is not self.label.isVisible():
            self.setLabel(html.escape(name))
            self.showLabel(bool(name))

    @property
    def name_shown(self) -> str:
        """The name for which there is room; none of them is ever cut."""
        if not self._named:
            return ""
        names = (self._shown.label, *self._shown.short_labels)
        length = self.size().width() if self.orientation == "bottom" else self.size().height()
        metrics = QFontMetricsF(self.label.font())
        return next((name for name in names if metrics.horizontalAdvance(name) <= length), "")

    def resizeEvent(self, ev: QGraphicsSceneResizeEvent | None = None) -> None:
        """Take the name that suits the new length."""
        if self.label is not None:
            self._say_name()
        super().resizeEvent(ev)

    def _show_names(self) -> None:
        shown = self._shown
        ticks = shown.some_named_ticks(*self.range) if self._has_many_names else shown.named_ticks
        self.setTicks([ticks] if shown.names else None)

    @property
    def _has_many_names(self) -> bool:
        return len(self._shown.names) > MANY_NAMES

    def setRange(self, mn: float, mx: float) -> None:
        """Show another range, of which many names show only some."""
        super().setRange(mn, mx)
        if self._has_many_names:
            self._show_names()

    def labelString(self) -> str:
        """Return the label as it is drawn, with arrows that still point up once it is turned."""
        label: str = super().labelString()
        return label.translate(UPRIGHT) if self.orientation in ("left", "right") else label

    @property
    def scale_shown(self) -> AxisScale:
        return self._shown

    def boundingRect(self) -> QRectF:
        """Leave the labels at the ends room to stand over; with a grid, pyqtgraph drops them."""
        across, along = (OVERHANG, 0) if self.orientation == "bottom" else (0, OVERHANG)
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-across, -along, across, along)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        levels: list[tuple[float, float]] = super().tickSpacing(low, high, size)
        if not self._shown.whole:
            return levels
        return [level for level in levels if level[0] >= 1] or [(1.0, 0.0)]

    def tickValues(self, low: float, high: float, size: float) -> Ticks:
        ticks: Ticks = log_ticks(low, high, size) if self._shown.log else super().tickValues(low, high, size)
        if any(map(math.isfinite, self._shown.bounds)):
            ticks = within(ticks, *self._shown.bounding_places)
        return ticks if self._shown.lane is None else with_lane(ticks, *self._shown.lane)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        if spacing is None:
            return []
        if self._shown.lane is not None and self._shown.lane[0] in values[:1]:
            return [self._shown.lane_name, *self.tickStrings(values[1:], scale, spacing)]
        if self._shown.log:
            return [format_number(10.0**value, 3) for value in values]
        scale *= self._shown.unit
        apart = min(max(spacing * scale, _LEAST), _MOST)
        places = min(max(0, math.ceil(-math.log10(apart) - 1e-9)), _MAX_PLACES)
        return [self._write(value * scale, places) for value in values]

    @staticmethod
    def _write(value: float, places: int) -> str:
        if (value and not 1e-3 <= abs(value) < 1e6) or (not value and places > _MOST_OF_ZERO):
            return format_number(value)
        return f"{value:.{places}f}".replace("-", "−")


class CornerName(pg.GraphicsWidget):  # type: ignore[misc]
    """The name of the x axis, in the corner before its first number."""

    def __init__(self) -> None:
        super().__init__()
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)
        self.text = ""
        self._colour = QColor()
        self._measure()

    def show_text(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self._measure()

    def set_colour(self, colour: str) -> None:
        self._colour = QColor(colour)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        metrics = QFontMetricsF(self.font())
        height = _TICK + _OFFSET + metrics.height() if self.text else 0.0
        self.setMinimumSize(metrics.horizontalAdvance(self.text) + _OFFSET if self.text else 0.0, height)
        self.setMaximumHeight(height)  # or it would take room from the data
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        room = QRectF(0, _TICK + _OFFSET, self.size().width() - _OFFSET, QFontMetricsF(self.font()).height())
        painter.setPen(self._colour)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.text)
