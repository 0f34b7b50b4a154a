"""The marks of trials: one mark has one meaning, in every plot."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.insight.painting.look import Look

OBSERVED, RING, SQUARE, CROSS, TRIANGLE, DIAMOND, STAR = 8.0, 14.5, 14.0, 7.0, 8.5, 9.0, 11.0
"""The sizes of the marks across, in pixels of the design."""


def observed(
    painter: QPainter, at: QPointF, size: float, shade: QColor, rim: QColor | None = None, width: float = 1.0
) -> None:
    """Draw an observed result: a filled circle, perhaps with a rim in the colour of the ground."""
    painter.setPen(Qt.PenStyle.NoPen if rim is None else QPen(rim, width))
    painter.setBrush(shade)
    painter.drawEllipse(at, size / 2, size / 2)


def best_ring(painter: QPainter, at: QPointF, look: Look, size: float = RING) -> None:
    """Draw the ring around the best observed result."""
    _ring(painter, at, look.px(size), look.colour("best"))


def hover_ring(painter: QPainter, at: QPointF, look: Look, size: float = RING) -> None:
    """Draw the ring around the trial that is pointed at."""
    _ring(painter, at, look.px(size), look.colour("text"))


def _ring(painter: QPainter, at: QPointF, size: float, colour: QColor) -> None:
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, size / 2, size / 2)


def selected_square(painter: QPainter, at: QPointF, look: Look, size: float = SQUARE) -> None:
    """Draw the square around the selected trial."""
    half = look.px(size) / 2
    pen = QPen(look.colour("selected"), 2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))


def failed_cross(painter: QPainter, at: QPointF, look: Look, size: float = CROSS) -> None:
    """Draw a trial that failed."""
    arm = look.px(size) / 2
    painter.setPen(QPen(look.colour("failed"), look.px(1.8), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm))
    painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm))


def skipped_circle(painter: QPainter, at: QPointF, look: Look, size: float = CROSS) -> None:
    """Draw a trial that ended without a result and did not fail: one that was skipped or pruned."""
    painter.setPen(QPen(look.colour("faint_text"), 1.2, Qt.PenStyle.DotLine))
    painter.setBrush(look.colour("base"))
    painter.drawEllipse(at, look.px(size) / 2, look.px(size) / 2)


def worse_triangle(
    painter: QPainter,
    at: QPointF,
    look: Look,
    *,
    down: bool = False,
    size: float = TRIANGLE,
    shade: QColor | None = None,
) -> None:
    """Draw a result beyond the view: a hollow triangle that points to the bad side, down if higher is better."""
    half = look.px(size) / 2
    tip = half if down else -half
    painter.setPen(QPen(shade or look.colour("text"), 1.2))
    painter.setBrush(look.colour("base"))
    corners = [QPointF(0, tip), QPointF(half, -tip), QPointF(-half, -tip)]
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))


def diamond(painter: QPainter, at: QPointF, look: Look, *, filled: bool, size: float = DIAMOND) -> None:
    """Draw a point that has no result: filled the next one, hollow one in training."""
    half = look.px(size) / 2
    painter.setPen(QPen(look.colour("accent"), 1.2))
    painter.setBrush(look.colour("accent" if filled else "base"))
    corners = [QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0)]
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))


def star(painter: QPainter, at: QPointF, look: Look, size: float = STAR) -> None:
    """Draw the star that says that a slice stands at the best."""
    outer = look.px(size) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("best"))
    turns = ((math.pi * (k / 5 - 0.5), outer if k % 2 == 0 else outer * 0.42) for k in range(10))
    painter.drawPolygon(
        QPolygonF([at + QPointF(math.cos(turn) * radius, math.sin(turn) * radius) for turn, radius in turns])
    )


def slice_grip(painter: QPainter, at: QPointF, look: Look, size: float = CROSS) -> None:
    """Draw the grip at the top of a line that can be dragged; `at` is its lower tip."""
    half = look.px(size) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("text"))
    painter.drawPolygon(QPolygonF([at, at + QPointF(half, -2 * half), at + QPointF(-half, -2 * half)]))
