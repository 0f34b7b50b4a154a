"""A pane of a plot: an area with two axes, what lies where in it, and its grid, ticks and lanes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from core.figures.arrays import Floats
from core.figures.figure import Axis
from gui.insight.painting.look import Look
from gui.insight.painting.ticks import AxisTicks, Labelled, axis_ticks, without_touching

Place = TypeVar("Place", float, Floats)

_GRID, _FAINT_GRID = 0.30, 0.12
"""How much of the grid's colour its lines have, and the fainter ones between them."""
_TICK, _GAP = 4.0, 3.0
"""Pixels: the length of a tick, and from there to its label."""
_LEAST_LANE = 50.0
"""Lanes with names that are narrower have smaller letters, and names that end in "…"."""
_SMALLEST = 10


@dataclass(frozen=True)
class Pane:
    """An area with axes. Places are axis positions: logarithms where an axis is logarithmic."""

    rect: QRectF
    x: Axis
    y: Axis

    # What lies where

    def at(self, x: float, y: float) -> QPointF:
        """Return where axis positions are, in pixels."""
        return QPointF(_along(x, self.x.view, self.rect.left(), self.rect.right()), self.up(y))

    def across(self, x: float) -> float:
        """Return where a position of the x axis is, in pixels."""
        return float(_along(x, self.x.view, self.rect.left(), self.rect.right()))

    def up(self, y: float) -> float:
        """Return where a position of the y axis is, in pixels."""
        return float(_along(y, self.y.view, self.rect.bottom(), self.rect.top()))

    def in_pixels(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where many axis positions are, in pixels."""
        across = _along(x, self.x.view, self.rect.left(), self.rect.right())
        return np.asarray(across), np.asarray(_along(y, self.y.view, self.rect.bottom(), self.rect.top()))

    def position(self, at: QPointF) -> tuple[float, float]:
        """Return the axis positions of a place in pixels."""
        x = (at.x() - self.rect.left()) / max(self.rect.width(), 1.0)
        y = (self.rect.bottom() - at.y()) / max(self.rect.height(), 1.0)
        return _between(self.x.view, x), _between(self.y.view, y)

    def with_views(self, x: tuple[float, float], y: tuple[float, float]) -> "Pane":
        """Return the pane with other parts of its axes in view."""
        return replace(self, x=replace(self.x, view=x), y=replace(self.y, view=y))

    # What is painted of it

    @property
    def ticks_of_x(self) -> AxisTicks:
        """The ticks of the x axis."""
        return axis_ticks(self.x.scale, self.x.view, self.rect.width())

    @property
    def ticks_of_y(self) -> AxisTicks:
        """The ticks of the y axis."""
        return axis_ticks(self.y.scale, self.y.view, self.rect.height())

    @contextmanager
    def clipped(self, painter: QPainter, beyond: float = 0.0) -> Iterator[None]:
        """Paint nothing outside, or only so many pixels beyond."""
        painter.save()
        painter.setClipRect(self.rect.adjusted(-beyond, -beyond, beyond, beyond), Qt.ClipOperation.IntersectClip)
        try:
            yield
        finally:
            painter.restore()

    def draw_grid(
        self,
        painter: QPainter,
        look: Look,
        x_ticks: AxisTicks | None = None,
        y_ticks: AxisTicks | None = None,
    ) -> None:
        """Draw the ground and the lines of the ticks; other ticks than the axes' own can be given."""
        across, upwards = x_ticks or self.ticks_of_x, y_ticks or self.ticks_of_y
        rect = self.rect
        painter.fillRect(rect, look.colour("base"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # they lie on whole pixels, and it takes most
        for shade, xs, ys in (
            (_FAINT_GRID, across.between, upwards.between),
            (_GRID, across.places, upwards.places),
        ):
            painter.setPen(QPen(look.on_base("grid", shade), 1))
            inside = (x for x in map(self.across, xs) if rect.left() < x < rect.right())
            painter.drawLines([QLineF(_sharp(x), rect.top(), _sharp(x), rect.bottom()) for x in inside])
            inside = (y for y in map(self.up, ys) if rect.top() < y < rect.bottom())
            painter.drawLines([QLineF(rect.left(), _sharp(y), rect.right(), _sharp(y)) for y in inside])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def draw_frame(self, painter: QPainter, look: Look) -> None:
        """Draw the hairline around it, over what was painted in it."""
        draw_frame(painter, self.rect, look)

    def draw_ticks_x(
        self, painter: QPainter, look: Look, ticks: Labelled | None = None, *, title: str = "", below: float = 0.0
    ) -> None:
        """Write the labels below it, `below` pixels further down if something stands between, and the axis's title."""
        shown = self.ticks_of_x.labelled if ticks is None else ticks
        font = look.normal
        if self.x.scale.names:
            font, shown = _names_in_lanes(shown, self.rect.width(), look)
        top = self.rect.bottom() + below
        at_pixels = without_touching(((self.across(place), label) for place, label in shown), font, look.px(6))
        painter.setPen(QPen(look.colour("grid"), 1))
        for x, _label in at_pixels:
            painter.drawLine(QLineF(_sharp(x), top, _sharp(x), top + _TICK))
        height = QFontMetricsF(font).height()
        for x, label in at_pixels:
            _write(painter, QRectF(x - 200, top + _TICK + _GAP, 400, height), label, look, font)
        if title:
            below_labels = QRectF(self.rect.left() - 200, top + _TICK + _GAP + height, self.rect.width() + 400, height)
            _write(painter, below_labels, title, look, look.normal)

    def draw_ticks_y(
        self, painter: QPainter, look: Look, ticks: Labelled | None = None, *, title: str = "", title_at: float = 0.0
    ) -> None:
        """Write the labels at its left; the title stands upright, its middle `title_at` pixels from the left."""
        shown = self.ticks_of_y.labelled if ticks is None else ticks
        height, left = QFontMetricsF(look.normal).height(), self.rect.left()
        lowest = self.rect.bottom() + height
        painter.setPen(QPen(look.colour("grid"), 1))
        for place, label in sorted(shown):
            y = self.up(place)
            if y > lowest - height * 0.9:
                continue
            lowest = y
            draw_tick_y(painter, left, y, label, look)
        if title:
            draw_upright(painter, QPointF(title_at, self.rect.center().y()), title, look, self.rect.height())

    def draw_lane(
        self, painter: QPainter, look: Look, size: float, label: str = "", *, below: bool = False, gap: float = 0.0
    ) -> QRectF:
        """Draw the lane of what is worse than the axis shows, above the pane or below it, and return its area.

        `label` stands beside it, as ticks do: "≥ 25.1".
        """
        top = self.rect.bottom() + gap if below else self.rect.top() - gap - size
        lane = QRectF(self.rect.left(), top, self.rect.width(), size)
        painter.fillRect(lane, look.colour("window"))
        draw_frame(painter, lane, look)
        if label:
            draw_tick_y(painter, lane.left(), lane.center().y(), label, look)
        return lane


def draw_frame(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Draw a hairline around an area, on whole pixels."""
    painter.setPen(QPen(look.colour("border"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    sharp = QRectF(_sharp(rect.left()), _sharp(rect.top()), round(rect.width()), round(rect.height()))
    painter.drawRect(sharp)


def draw_tick_y(painter: QPainter, left: float, y: float, label: str, look: Look) -> None:
    """Write a label at the left of an axis, with its tick."""
    painter.setPen(QPen(look.colour("grid"), 1))
    painter.drawLine(QLineF(left - _TICK, _sharp(y), left, _sharp(y)))
    height = QFontMetricsF(look.normal).height()
    room = QRectF(left - _TICK - _GAP - 200, y - height / 2, 200, height)
    _write(painter, room, label, look, look.normal, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def draw_upright(painter: QPainter, middle: QPointF, text: str, look: Look, room: float) -> None:
    """Write a title upwards around its middle; arrows in it still point up or down. Too long, it ends in "…"."""
    metrics = QFontMetricsF(look.normal)
    shown = metrics.elidedText(text.translate(_UPRIGHT), Qt.TextElideMode.ElideRight, room)
    painter.save()
    painter.translate(middle)
    painter.rotate(-90)
    _write(painter, QRectF(-room / 2, -metrics.height() / 2, room, metrics.height()), shown, look, look.normal)
    painter.restore()


_UPRIGHT = str.maketrans("↑↓", "→←")
"""Arrows that point up and down where text is written upwards."""


def _names_in_lanes(names: Labelled, width: float, look: Look) -> tuple[QFont, Labelled]:
    """Return type and names for lanes of that width in all: narrow ones have smaller letters and shorter names."""
    lane = width / max(1, len(names))
    font = QFont(look.normal)
    if lane < look.px(_LEAST_LANE):
        font.setPixelSize(max(_SMALLEST, round(look.px(_SMALLEST))))
    metrics = QFontMetricsF(font)
    room = lane - look.px(4)
    return font, [(place, metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)) for place, name in names]


def _write(
    painter: QPainter,
    room: QRectF,
    text: str,
    look: Look,
    font: QFont,
    where: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> None:
    painter.setFont(font)
    painter.setPen(look.colour("faint_text"))
    painter.drawText(room, int(where) | int(Qt.TextFlag.TextSingleLine), text)


def _along(place: Place, view: tuple[float, float], first: float, last: float) -> Place:
    low, high = view
    return first + (place - low) * ((last - first) / ((high - low) or 1.0))


def _between(view: tuple[float, float], share: float) -> float:
    return view[0] + (view[1] - view[0]) * share


def _sharp(pixels: float) -> float:
    """Return the middle of the pixel, where a hairline is one pixel wide."""
    return round(pixels - 0.5) + 0.5


def polyline(xs: Sequence[float] | Floats, ys: Sequence[float] | Floats) -> list[QPointF]:
    """Return points in pixels for a painter, without those that are not finite."""
    return [QPointF(float(x), float(y)) for x, y in zip(xs, ys, strict=True) if np.isfinite(x) and np.isfinite(y)]
