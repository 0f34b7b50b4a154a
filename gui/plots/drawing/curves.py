"""Curves of a plot: one that grows while it is watched, thousands of earlier ones, and one of steps."""

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.PlotCurveItem import arrayToLineSegments
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from core.figures.arrays import Floats, same
from gui.plots.drawing.cached import Cached

LONG = 200
"""Curves of more points are drawn as single segments: several times as fast, with corners that nobody sees there."""
_DASH, _GAP = 4, 2
"""Segments of a long dashed line: Qt's own dashes would make one path of it."""


class LiveCurve(pg.PlotCurveItem):  # type: ignore[misc]
    """A smooth line, broken where its data are NaN."""

    def __init__(self) -> None:
        super().__init__(connect="finite", antialias=True)
        self._wanted_pen = QPen()

    def set_style(self, pen: QPen) -> None:
        """Draw with this pen from now on."""
        self._wanted_pen = pen
        x, y = self.getData()
        self.clear()
        if x is not None:
            self.show(x, y)

    def show(self, x: Floats, y: Floats) -> None:
        """Draw these points, if they are others than are drawn."""
        old_x, old_y = self.getData()
        if old_x is not None and same(old_x, x) and same(old_y, y):
            return
        long = len(x) > LONG
        dashed = self._wanted_pen.style() is not Qt.PenStyle.SolidLine
        pen = QPen(self._wanted_pen)
        connect: object = "finite"
        if long and dashed:
            pen.setStyle(Qt.PenStyle.SolidLine)
            connect = np.isfinite(y) & (np.arange(len(y)) % (_DASH + _GAP) < _DASH)
        self.setSegmentedLineMode("on" if long else "off")
        self.setData(x, y, pen=pen, connect=connect)


class PastCurves(Cached, pg.PlotCurveItem):  # type: ignore[misc]
    """Many curves as one item. What is added to those that are drawn is drawn upon them.

    They are drawn as single segments: one path of thousands of lines, wider than a pixel, takes seconds. They are not
    smoothed: for 500 segments that takes 28 ms with each trial that ends.
    """

    def __init__(self) -> None:
        super().__init__(connect="finite", antialias=False)
        self.setSegmentedLineMode("on")

    def set_style(self, pen: QPen) -> None:
        """Draw with this pen from now on."""
        self.setPen(pen)

    def show(self, x: Floats, y: Floats) -> None:
        """Show these points; lines are broken where they are NaN, and end with one."""
        old_x, old_y = self.getData()
        drawn = 0 if old_x is None else len(old_x)
        if 0 < drawn < len(x) and same(old_x, x[:drawn]) and same(old_y, y[:drawn]):
            self.change_by(lambda: self.setData(x, y), lambda painter: self._draw_from(drawn, painter))
        else:
            self.setData(x, y)

    def _draw_from(self, first: int, painter: QPainter) -> None:
        x, y = self.getData()
        painter.setPen(self.opts["pen"])
        segments = arrayToLineSegments(x[first:], y[first:], connect="finite", finiteCheck=True)
        painter.drawLines(*segments.drawargs())


class SharpCurve(pg.PlotCurveItem):  # type: ignore[misc]
    """A line without smoothing, broken where its data are NaN: level and upright pieces stay sharp."""

    def __init__(self) -> None:
        super().__init__(connect="finite", antialias=False)

    def set_style(self, pen: QPen) -> None:
        """Draw with this pen from now on."""
        self.setPen(pen)

    def show(self, x: Floats, y: Floats) -> None:
        """Draw these points."""
        self.setData(x, y)


CurveItem = LiveCurve | PastCurves | SharpCurve
