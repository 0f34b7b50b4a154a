"""How a belief is painted: its colours, its bands and its lines; and how results fade that say little of it."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from core.figures.arrays import Floats
from gui.insight.painting.look import Look
from gui.widgets.theme import mixed

_BAND, INNER = 0.16, 0.34
"""How much `accent` the 95 % and ±1 deviation have."""
_EDGE = 0.75
_ROOMY, _SMALLEST = 150, 0.4
"""Up to so many points have their full size, and the least share of it: more of them would hide the belief."""


@dataclass(frozen=True)
class Shades:
    """The colours of a belief; one that explains little is `weak`: grey and dashed."""

    look: Look
    weak: bool = False

    @property
    def _colour(self) -> str:
        return "grid" if self.weak else "accent"

    @property
    def _dash(self) -> Qt.PenStyle:
        return Qt.PenStyle.DashLine if self.weak else Qt.PenStyle.SolidLine

    @property
    def band(self) -> QColor:
        """The colour of the 95 %."""
        return self.look.colour(self._colour, _BAND)

    @property
    def inner(self) -> QColor:
        """The colour over that of the 95 % that makes the one of ±1 deviation."""
        return self.look.colour(self._colour, 1 - (1 - INNER) / (1 - _BAND))

    @property
    def edge(self) -> QPen:
        """The pen of the ends of the 95 %."""
        return QPen(self.look.on_base(self._colour, _EDGE), 1, self._dash)

    def mean(self, width: float = 1.6) -> QPen:
        """Return the pen of the mean."""
        return QPen(self.look.colour(self._colour), width, self._dash)

    def interval(self, share: float = 1.0) -> QPen:
        """Return the pen of the interval of one prediction; those of many are fainter."""
        return QPen(self.look.colour(self._colour, 0.55 * share), 1.2 * share, self._dash)

    @property
    def point(self) -> QColor:
        """The colour of one prediction."""
        return self.look.colour("faint_text" if self.weak else "accent")

    @property
    def here(self) -> QPen:
        """The pen of what is believed at the slice."""
        return QPen(self.look.colour(self._colour), 1, Qt.PenStyle.DotLine)

    @property
    def next(self) -> QPen:
        """The pen of the next point's line."""
        return QPen(self.look.colour("accent"), 1, Qt.PenStyle.DotLine)

    def result(self, near: float) -> QColor:
        """Return the colour of a result that says so much of the slice, from 0 to 1."""
        return mixed(self.look.colours.past, self.look.colours.text, near)


def crowded(count: int) -> float:
    """Return the share of their size that so many points have."""
    return min(1.0, max(_SMALLEST, math.sqrt(_ROOMY / max(1, count))))


def draw_area(painter: QPainter, x: Floats, low: Floats, high: Floats) -> None:
    """Fill the area between two lines, as many pieces as there are between places where x is NaN."""
    known = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    painter.setPen(Qt.PenStyle.NoPen)
    for piece in np.split(np.arange(len(x)), np.flatnonzero(np.diff(known)) + 1):
        if len(piece) and known[piece[0]]:
            there, back = piece.tolist(), piece[::-1].tolist()
            points = [QPointF(x[at], low[at]) for at in there] + [QPointF(x[at], high[at]) for at in back]
            painter.drawPolygon(QPolygonF(points))


def draw_line(painter: QPainter, x: Floats, y: Floats) -> None:
    """Draw a line that is broken where y is NaN."""
    path, is_down = QPainterPath(), False
    for at, up in zip(x.tolist(), y.tolist(), strict=True):
        if not (np.isfinite(up) and np.isfinite(at)):
            is_down = False
        elif is_down:
            path.lineTo(at, up)
        else:
            path.moveTo(at, up)
            is_down = True
    painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
    painter.drawPath(path)


def upright(left: float, right: float, one: float, other: float) -> QRectF:
    """Return the area from left to right between two heights."""
    return QRectF(left, min(one, other), right - left, abs(one - other))
