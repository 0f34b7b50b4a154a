"""How a map is painted: steps of colour with light lines between them, marks with a rim, and the bar of colours."""

import math
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from core.analysis.questions import Quantity
from core.events import TrialState
from core.figures.belief_map import EXCLUDED, MapFigure
from core.figures.figure import Axis
from core.figures.map_colours import Steps
from core.figures.scales import AxisScale
from gui.insight.believing import crowded
from gui.insight.kept import Kept
from gui.insight.painting import marks
from gui.insight.painting.axes import Pane, draw_upright
from gui.insight.painting.look import Look
from gui.insight.painting.viridis import steps_from_best
from gui.insight.spots import Spot
from gui.widgets.theme import mixed

_TOP, _BOTTOM, _BAR, _BAR_GAP, _TITLE = 8.0, 42.0, 13.0, 9.0, 24.0
_LONGEST = 90.0
"""The most pixels of a value's name beside the map."""
_FINENESS, _MOST_POINTS = 2, 250_000
"""The map is computed for so many points a pixel, so that its edges are smooth, but for no more in all."""
_RIM, _CONTOUR = 1.4, 0.45
"""The width of the marks' rims, and how light the lines between steps are."""
_PALEST, _STRONGEST = 0.06, 0.9
"""The shares of `accent` in the first and the last step of what is no mean."""
_CROSS = QColor(255, 255, 255, 190)


class MapPainter:
    """Paints one figure. `light` is the look of the marks, which is the same in the dark: the map is no ground."""

    def __init__(self, figure: MapFigure, look: Look, light: Look, image: Kept[QImage]) -> None:
        self._figure, self._look, self._light, self._image = figure, look, light, image
        self._rim = QColor(light.colours.base)
        self._colours = self._make_colours()

    def _make_colours(self) -> list[QColor]:
        """Return the colour of each step: the better, the farther from the ground; a spread is the belief's colour."""
        count, colours = self._figure.colours.count, self._look.colours
        if self._figure.quantity is Quantity.MEAN:
            return steps_from_best(count, dark=QColor(colours.base).lightnessF() < 0.5)
        shares = (step / max(1, count - 1) for step in range(count))
        return [mixed(colours.base, colours.accent, _PALEST + (_STRONGEST - _PALEST) * share) for share in shares]

    def paint(self, painter: QPainter, area: QRectF) -> list[Spot]:
        """Paint everything, and return where the trials are."""
        look, drawn = self._look, self._figure
        metrics = QFontMetricsF(look.normal)
        on_bar = max((metrics.horizontalAdvance(text) for _, text in drawn.colours.ticks), default=0.0)
        beside = max((metrics.horizontalAdvance(text) for _, text in drawn.up.ticks(200, 22)), default=0.0)
        left = area.left() + look.px(_TITLE + 9) + min(beside, look.px(_LONGEST))
        right = area.right() - look.px(_BAR + _BAR_GAP + 12) - on_bar
        rect = QRectF(left, area.top() + look.px(_TOP), right - left, area.height() - look.px(_TOP + _BOTTOM))
        x = Axis(AxisScale(drawn.across.caption, names=drawn.across.names), (0.0, 1.0))
        pane = Pane(rect, x, Axis(AxisScale(drawn.up.caption), (0.0, 1.0)))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, self._make_image(rect))
        self._paint_cross(painter, pane)
        spots = self._paint_trials(painter, pane)
        self._paint_others(painter, pane)
        pane.draw_frame(painter, look)
        self._paint_axes(painter, area, pane)
        self._paint_bar(painter, QRectF(rect.right() + look.px(_BAR_GAP), rect.top(), look.px(_BAR), rect.height()))
        return spots

    def _make_image(self, rect: QRectF) -> QImage:
        look, drawn = self._look, self._figure
        finest = _FINENESS * (1 if look.is_picture else look.ratio)
        fineness = min(finest, math.sqrt(_MOST_POINTS / max(1.0, rect.width() * rect.height())))
        width, height = (max(2, round(side * fineness)) for side in (rect.width(), rect.height()))
        return self._image.get(
            (drawn, look.colours),
            (width, height),
            lambda: _image_of(drawn.steps(width, height), self._colours, QColor(look.colours.base)),
        )

    # Marks

    def _paint_cross(self, painter: QPainter, pane: Pane) -> None:
        """Draw where the slices are, as lines over the whole map."""
        drawn, rect = self._figure, pane.rect
        if drawn.through is None:
            return
        x, y = pane.across(drawn.through[0]), pane.up(drawn.through[1])
        painter.setPen(QPen(_CROSS, 1))
        if not drawn.across.lanes:
            painter.drawLine(QLineF(x, rect.top(), x, rect.bottom()))
        if not drawn.up.lanes:
            painter.drawLine(QLineF(rect.left(), y, rect.right(), y))

    def _paint_trials(self, painter: QPainter, pane: Pane) -> list[Spot]:
        light, px, spots = self._light, self._look.px, []
        ink = QColor(light.colours.text)
        of_means = self._figure.quantity is Quantity.MEAN
        size = px(crowded(len(self._figure.points)))
        for point in self._figure.points:
            at = pane.at(point.x, point.y)
            spots.append(Spot(point.trial, at, 5.0))
            if point.step != EXCLUDED:
                marks.observed(painter, at, 9.6 * size, ink)
                marks.observed(
                    painter, at, 7.4 * size, self._colours[point.step] if of_means else ink, self._rim, _RIM * size
                )
            elif point.state is TrialState.FAILED:
                self._paint_failed(painter, at)
            else:
                marks.skipped_circle(painter, at, light)
        return spots

    def _paint_failed(self, painter: QPainter, at: QPointF) -> None:
        arm = self._look.px(4.2)
        painter.setPen(QPen(self._rim, self._look.px(4), Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm))
        painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm))
        marks.failed_cross(painter, at, self._light, 8)

    def _paint_others(self, painter: QPainter, pane: Pane) -> None:
        """Mark the best trial, those in training, and the next point."""
        drawn, px = self._figure, self._look.px
        for _number, place in drawn.running:
            self._paint_diamond(painter, pane.at(*place), filled=False)
        best = next((point for point in drawn.points if point.trial == drawn.best), None)
        if best is not None:
            at = pane.at(best.x, best.y)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._rim, px(4)))
            painter.drawEllipse(at, px(8.2), px(8.2))
            marks.best_ring(painter, at, self._light, 16.4)
        if drawn.next is not None:
            self._paint_diamond(painter, pane.at(*drawn.next), filled=True)

    def _paint_diamond(self, painter: QPainter, at: QPointF, *, filled: bool) -> None:
        half = self._look.px(7)
        corners = QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._rim)
        painter.drawPolygon([at + corner for corner in corners])
        marks.diamond(painter, at, self._light, filled=filled, size=10)

    # Axes and bar

    def _paint_axes(self, painter: QPainter, area: QRectF, pane: Pane) -> None:
        look, drawn = self._look, self._figure
        across = [tick for tick in drawn.across.ticks(pane.rect.width()) if tick[1]]
        pane.draw_ticks_x(painter, look, across, title=drawn.across.caption)
        room, metrics = look.px(_LONGEST), QFontMetricsF(look.normal)
        up = [
            (at, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
            for at, text in drawn.up.ticks(pane.rect.height(), 22)
            if text
        ]
        pane.draw_ticks_y(painter, look, up)
        middle = QPointF(area.left() + look.px(13), pane.rect.center().y())
        draw_upright(painter, middle, drawn.up.caption, look, pane.rect.height())

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        look, colours = self._look, self._figure.colours
        heights: list[float] = [bar.bottom() - bound * bar.height() for bound in colours.bounds.tolist()]
        for index, (lower, upper) in enumerate(pairwise(heights)):
            step = index if colours.rises else colours.count - 1 - index
            painter.fillRect(QRectF(bar.left(), upper, bar.width(), lower - upper + 0.5), self._colours[step])
        painter.setPen(QPen(look.colour("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        metrics = QFontMetricsF(look.normal)
        painter.setFont(look.normal)
        for place, text in self._labels_of_bar(metrics.height() / max(bar.height(), 1.0)):
            y = bar.bottom() - place * bar.height()
            painter.setPen(QPen(look.colour("grid"), 1))
            painter.drawLine(QLineF(bar.right(), y, bar.right() + 4, y))
            painter.setPen(look.colour("faint_text"))
            room = QRectF(bar.right() + look.px(6), y - metrics.height() / 2, look.px(120), metrics.height())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)

    def _labels_of_bar(self, apart: float) -> list[tuple[float, str]]:
        """Return the labels that do not touch; those of the ends of the bar stay."""
        ticks = sorted(self._figure.colours.ticks)
        ends = [place for place, _ in ticks if place in (0.0, 1.0)]
        kept: list[tuple[float, str]] = []
        for place, text in ticks:
            near = [at for at in (*ends, *(at for at, _ in kept)) if at != place and abs(at - place) < 0.95 * apart]
            if place in ends or not near:
                kept.append((place, text))
        return kept


def _image_of(steps: Steps, colours: list[QColor], ground: QColor) -> QImage:
    """Return the steps as an image, with light lines between them."""
    table = np.array([[colour.red(), colour.green(), colour.blue()] for colour in (*colours, ground)], float)
    pixels, known = table[steps], steps != EXCLUDED
    edge = np.zeros(steps.shape, bool)
    edge[:-1] |= (steps[:-1] != steps[1:]) & known[:-1] & known[1:]
    edge[:, :-1] |= (steps[:, :-1] != steps[:, 1:]) & known[:, :-1] & known[:, 1:]
    pixels[edge] += (255 - pixels[edge]) * _CONTOUR
    whole = np.ascontiguousarray(np.dstack([pixels.round().astype(np.uint8), np.full(steps.shape, 255, np.uint8)]))
    height, width = steps.shape
    return QImage(whole.data, width, height, 4 * width, QImage.Format.Format_RGBX8888).copy()
