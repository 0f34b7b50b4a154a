"""Pale sketches of what will be seen in a place that is still empty: no numbers, and colours as the real ones."""

import math
from abc import ABC, abstractmethod

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.widgets.theme import Colours

_PALE = 0.7
_CLEAR = 10.0
"""Pixels between a text and what is drawn."""


class Sketch(ABC):
    """Draws into any area. `free` is where in it a text stands on nothing that is drawn."""

    least = 40.0
    """The height below which it shows nothing that could be recognised."""

    @abstractmethod
    def draw(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        """Draw the whole."""

    @abstractmethod
    def free(self, area: QRectF) -> QRectF:
        """Return where a text may stand."""


def _draw_axes(painter: QPainter, area: QRectF, colours: Colours) -> None:
    painter.setPen(QPen(QColor(colours.border), 1.5))
    painter.drawLine(area.topLeft(), area.bottomLeft())
    painter.drawLine(area.bottomLeft(), area.bottomRight())


def _at(area: QRectF, across: float, down: float) -> QPointF:
    return QPointF(area.left() + across * area.width(), area.top() + down * area.height())


def pale(colour: str, opacity: float = _PALE) -> QColor:
    """Return the colour as it is drawn in a sketch."""
    made = QColor(colour)
    made.setAlphaF(opacity)
    return made


# Curves

_BEGIN, _END, _NOW = 0.013, 0.987, 0.353
"""Where the curves begin and end, and where the running one is, as shares of the width."""
_PAST = (
    (0.05, 0.59, 3.0),
    (0.08, 0.66, 3.0),
    (0.06, 0.72, 3.3),
    (0.12, 0.76, 4.2),
    (0.17, 0.79, 4.8),
    (0.22, 0.83, 5.6),
)
"""Where each earlier curve begins and ends, as shares of the height from above, and how fast it falls."""
_BEST, _RUNNING = (0.12, 0.88, 7.5), (0.06, 0.90, 6.0)


def draw_curves(painter: QPainter, area: QRectF, colours: Colours) -> None:
    """Draw the curves of earlier trials, of the best and of the running one."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.border), 1.3))
    for curve in _PAST:
        painter.drawPath(_path(area, curve, _END))
    painter.setPen(QPen(pale(colours.best), 2.2))
    painter.drawPath(_path(area, _BEST, _END))
    painter.setPen(QPen(pale(colours.validation), 3))
    painter.drawPath(_path(area, _RUNNING, _NOW))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.validation))
    painter.drawEllipse(_on(area, _RUNNING, _NOW), 4, 4)
    painter.setPen(QPen(QColor(colours.best), 2))
    painter.setBrush(QColor(colours.base))
    painter.drawEllipse(_on(area, _BEST, _END), 4, 4)


def _path(area: QRectF, curve: tuple[float, float, float], end: float) -> QPainterPath:
    path, steps = QPainterPath(_on(area, curve, _BEGIN)), 48
    for step in range(1, steps + 1):
        path.lineTo(_on(area, curve, _BEGIN + (end - _BEGIN) * step / steps))
    return path


def _on(area: QRectF, curve: tuple[float, float, float], across: float) -> QPointF:
    first, last, speed = curve
    fallen = (1 - math.exp(-speed * (across - _BEGIN))) / (1 - math.exp(-speed))
    return _at(area, across, first + (last - first) * fallen)


class CurvesSketch(Sketch):
    """The curves of a study's trials, and room above them at the right."""

    _FROM = 0.53

    def draw(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        _draw_axes(painter, area, colours)
        draw_curves(painter, area, colours)

    def free(self, area: QRectF) -> QRectF:
        highest = min(_on(area, curve, self._FROM).y() for curve in _PAST)
        return QRectF(_at(area, self._FROM, 0.0), QPointF(area.right(), highest - _CLEAR))


# Steps

_CORNERS = (0.034, 0.136), (0.084, 0.39), (0.23, 0.5), (0.33, 0.552), (0.427, 0.656), (0.573, 0.74), (0.72, 0.816)
"""Where each level of the best so far begins; the last one follows."""
_LAST = (0.87, 0.84)
_SPREAD = (0.034, 0.136), (0.084, 0.39), (0.132, 0.227), (0.18, 0.084), (0.23, 0.5), (0.278, 0.318), (0.33, 0.56)
_CHOSEN = (
    (0.427, 0.656),
    (0.475, 0.63),
    (0.525, 0.578),
    (0.573, 0.72),
    (0.624, 0.74),
    (0.67, 0.675),
    (0.72, 0.812),
    (0.77, 0.76),
    (0.817, 0.714),
    (0.87, 0.838),
    (0.916, 0.786),
    (0.966, 0.805),
)


class StepsSketch(Sketch):
    """The objectives of a study's trials with the best so far, and room above them at the right."""

    def draw(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        _draw_axes(painter, area, colours)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(pale(colours.best), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        line = QPainterPath(_at(area, *_CORNERS[0]))
        for across, down in (*_CORNERS[1:], _LAST):
            line.lineTo(QPointF(_at(area, across, 0).x(), line.currentPosition().y()))
            line.lineTo(_at(area, across, down))
        line.lineTo(_at(area, 0.966, _LAST[1]))
        painter.drawPath(line)
        painter.setPen(QPen(pale(colours.training), 1.5))
        for points, fill in ((_SPREAD, pale(colours.training)), (_CHOSEN, QColor(colours.base))):
            painter.setBrush(fill)
            for point in points:
                painter.drawEllipse(_at(area, *point), 3.3, 3.3)

    def free(self, area: QRectF) -> QRectF:
        return QRectF(_at(area, 0.318, 0.0), QPointF(area.right(), _at(area, 0, 0.56).y() - _CLEAR))


# Points

_FAR = (0.787, 0.117), (0.862, 0.3), (0.21, 0.5), (0.157, 0.65), (0.087, 0.76)
_NEARER = (0.93, 0.43), (0.46, 0.5), (0.663, 0.462), (0.366, 0.85), (0.548, 0.91)
_NEAR = (
    (0.64, 0.67),
    (0.607, 0.747),
    (0.612, 0.825),
    (0.69, 0.727),
    (0.697, 0.747),
    (0.716, 0.708),
    (0.736, 0.682),
    (0.764, 0.662),
    (0.781, 0.74),
    (0.68, 0.91),
    (0.736, 0.916),
)
_FOUND = (0.691, 0.682)


class PointsSketch(Sketch):
    """Points that close in on one place, and room above them at the left."""

    def draw(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        _draw_axes(painter, area, colours)
        for points, size, opacity in ((_FAR, 3.0, 0.3), (_NEARER, 4.3, 0.5), (_NEAR, 5.0, _PALE)):
            painter.setPen(QPen(pale(colours.faint_text, 0.4), 1))
            painter.setBrush(pale(colours.training, opacity))
            for point in points:
                painter.drawEllipse(_at(area, *point), size, size)
        painter.setPen(QPen(QColor(colours.best), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(_at(area, *_FOUND), 9, 9)

    def free(self, area: QRectF) -> QRectF:
        top_left, bottom_right = _at(area, 0.06, 0.0), _at(area, 0.75, 0.5)
        return QRectF(top_left, QPointF(bottom_right.x() - _CLEAR, bottom_right.y() - _CLEAR))
