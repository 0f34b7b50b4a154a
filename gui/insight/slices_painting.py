"""How the slices are painted: a row of panels over one axis of objectives, each with its strip of improvement."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from core.events import TrialState
from core.figures.arrays import Flags, Floats
from core.figures.parameter_axis import BOX
from core.figures.slices import Drawn, Panel, SlicesFigure
from gui.insight.believing import Shades, crowded, draw_area, draw_line, upright
from gui.insight.kept import GroundLayer
from gui.insight.painting import marks
from gui.insight.painting.axes import Pane, draw_upright
from gui.insight.painting.legend import HEIGHT, draw_legend
from gui.insight.painting.look import Look
from gui.insight.painting.ticks import AxisTicks
from gui.insight.slices_layout import LEGEND, Layout, PanelPlace, arrange
from gui.insight.slices_legend import legend_of
from gui.insight.slices_strip import StripPainter, paint_no_value
from gui.insight.spots import Spots

_FEW, _MANY = 60, 400
"""Of more than a few points all of a shade are drawn at once, and from many on without rims."""
_GRAIN = 1.5
"""Of so many, those nearer to each other than so many pixels are one."""
_SHADES = 8
_NUMBERED = 8
"""Up to so many results have their numbers beside them while nothing is believed."""


class SlicesPainter:
    """Paints one figure; `focused` is the panel whose line the arrows move, `lines` where lines are dragged to.

    `ground` keeps grids and labels from one painting to the next.
    """

    def __init__(
        self,
        figure: SlicesFigure,
        look: Look,
        *,
        enlarged: int | None = None,
        focused: int | None = None,
        lines: Mapping[str, tuple[float | None, str]] | None = None,
        ground: GroundLayer | None = None,
    ) -> None:
        self._figure, self._look = _with_lines(figure, lines or {}), look
        self._enlarged, self._focused = enlarged, focused
        self._ground = ground or GroundLayer()
        self._shades = Shades(look, figure.weak)
        self._strips = StripPainter(self._figure, look)

    def paint(self, painter: QPainter, area: QRectF) -> Layout:
        """Paint everything."""
        look, px, figure = self._look, self._look.px, self._figure
        places = arrange(figure, area, look, self._enlarged)
        frame = _frame(figure, places)
        self._ground.draw(painter, area, frame, look, lambda layer: self._paint_grounds(layer, area, places))
        row = QRectF(area.left() + px(8), area.top() + px(LEGEND) / 2, area.width() - px(16), px(HEIGHT))
        draw_legend(painter, row, legend_of(figure), look)
        columns: list[tuple[Floats, Floats, Floats, Floats, int]] = []
        for index, (place, panel) in enumerate(zip(places, figure.panels, strict=True)):
            self._paint_heading(painter, place, panel, focused=index == self._focused)
            if panel.drawn is not None:
                self._paint_belief(painter, place, panel, panel.drawn)
            self._paint_next(painter, place, panel)
            self._paint_line(painter, place, panel)
            columns.append((*self._paint_trials(painter, place, panel), index))
            if panel.drawn is not None and len(panel.observed.trials) > _MANY and not panel.axis.lanes:
                with place.pane.clipped(painter):  # or so many points would hide it
                    self._paint_mean(painter, place.pane, panel.drawn)
            self._strips.paint(painter, place.strip, panel, first=place.first)
            place.pane.draw_frame(painter, look)
        return Layout(places, _joined(columns))

    def _paint_grounds(self, painter: QPainter, area: QRectF, places: Sequence[PanelPlace]) -> None:
        """Paint what stays as long as the axes do: grids, lanes and labels."""
        for place, panel in zip(places, self._figure.panels, strict=True):
            self._paint_ground(painter, place, panel)
            ticks = self._x_ticks(place, panel)
            self._strips.paint_ground(painter, place.strip, panel, ticks, first=place.first)
            if place.first:
                self._paint_axis(painter, area, place)

    def paint_alone(
        self, painter: QPainter, place: PanelPlace, panel: Panel, on_ground: Callable[[], object] = lambda: None
    ) -> None:
        """Paint one panel with its axes, without heading and strip, and without lines of the slice and the next point.

        `on_ground` paints what lies below all but the ground.
        """
        self._paint_ground(painter, place, panel)
        on_ground()
        if panel.drawn is not None:
            self._paint_belief(painter, place, panel, panel.drawn)
        self._paint_trials(painter, place, panel)
        place.pane.draw_frame(painter, self._look)
        ticks = panel.axis.ticks(place.pane.rect.width())
        place.pane.draw_ticks_x(painter, self._look, [tick for tick in ticks if tick[1]])
        place.pane.draw_ticks_y(painter, self._look, self._labels_beside(place))

    def _labels_beside(self, place: PanelPlace) -> list[tuple[float, str]]:
        """Return the labels of the axis of objectives that do not touch that of the lane."""
        lane = place.lane.center().y() if place.lane.height() else math.inf
        ticks = self._y_ticks(place.pane).labelled
        return [tick for tick in ticks if abs(place.pane.up(tick[0]) - lane) > self._look.px(15)]

    # A panel

    def _paint_heading(self, painter: QPainter, place: PanelPlace, panel: Panel, *, focused: bool) -> None:
        look, heading = self._look, place.heading
        metrics, height = QFontMetricsF(look.bold), QFontMetricsF(look.bold).height()
        left = heading.left() + look.px(4)
        room = heading.right() - left
        painter.setFont(look.bold)
        painter.setPen(look.colour("text"))
        name = metrics.elidedText(panel.axis.label, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, heading.top(), room, height), int(Qt.AlignmentFlag.AlignVCenter), name)
        if focused and not look.is_picture:
            painter.fillRect(
                QRectF(left, heading.top() + height, metrics.horizontalAdvance(name), 2), look.colour("accent")
            )
        self._paint_values(painter, QRectF(left, heading.top() + height + look.px(1), room, height), panel)

    def _paint_values(self, painter: QPainter, room: QRectF, panel: Panel) -> None:
        """Write where the slice is, and where the next point; or what is to be said instead."""
        look, metrics = self._look, QFontMetricsF(self._look.normal)
        painter.setFont(look.normal)
        left, vertical = room.left(), int(Qt.AlignmentFlag.AlignVCenter)

        def write(text: str, colour: str) -> None:
            nonlocal left
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room.right() - left))
            painter.setFont(look.normal)
            painter.setPen(look.colour(colour))
            painter.drawText(QRectF(left, room.top(), room.right() - left + 1, room.height()), vertical, shown)
            left += metrics.horizontalAdvance(shown) + look.px(4)

        if panel.note:
            write(panel.note, "faint_text")
        elif panel.at_text:
            write(panel.at_text, "text")
            if self._figure.at_best and left < room.right() - look.px(12):
                marks.star(painter, QPointF(left + look.px(6), room.center().y()), look)
                left += look.px(17)
        if panel.next_text and left < room.right() - look.px(28):
            marks.diamond(painter, QPointF(left + look.px(5), room.center().y()), look, filled=True)
            left += look.px(13)
            write(panel.next_text, "accent")

    def _paint_ground(self, painter: QPainter, place: PanelPlace, panel: Panel) -> None:
        look, scale = self._look, self._figure.scale
        place.pane.draw_grid(painter, look, self._x_ticks(place, panel), self._y_ticks(place.pane))
        if place.lane.height():
            label = scale.cut_label if place.first else ""
            size = place.lane.height()
            place.pane.draw_lane(painter, look, size, label, below=scale.higher_is_better)
        if panel.axis.can_lack:
            paint_no_value(painter, place.pane.rect, panel, look)

    def _x_ticks(self, place: PanelPlace, panel: Panel) -> AxisTicks:
        width = place.pane.rect.width()
        ticks = panel.axis.ticks(width)
        lines = () if panel.axis.lanes else panel.axis.lines(width)
        named = [] if panel.axis.lanes else [(at, text) for at, text in ticks if text]
        return AxisTicks(named, [*lines, *(at for at, text in ticks if not text)])

    def _y_ticks(self, pane: Pane) -> AxisTicks:
        ticks = self._figure.scale.ticks(pane.rect.height(), self._look.px(24))
        return AxisTicks([tick for tick in ticks if tick[1]], [at for at, text in ticks if not text])

    # The belief

    def _paint_belief(self, painter: QPainter, place: PanelPlace, panel: Panel, drawn: Drawn) -> None:
        look = self._look
        with place.pane.clipped(painter):
            if panel.axis.lanes:
                self._paint_boxes(painter, place.pane, panel, drawn)
            else:
                self._paint_band(painter, place.pane, drawn)
            here = self._figure.here
            if here is not None:
                painter.setPen(self._shades.here)
                y = place.pane.up(here)
                painter.drawLine(QLineF(place.pane.rect.left(), y, place.pane.rect.right(), y))
        rect, thick = place.pane.rect, look.px(3)
        top = rect.top() + 1 if self._figure.scale.higher_is_better else rect.bottom() - thick - 0.5
        for begin, end in drawn.good:
            left, right = place.pane.across(begin), place.pane.across(end)
            painter.fillRect(QRectF(left, top, max(look.px(2), right - left), thick), look.colour("best"))

    def _paint_band(self, painter: QPainter, pane: Pane, drawn: Drawn) -> None:
        x, low = pane.in_pixels(drawn.x, drawn.low)
        _, high = pane.in_pixels(drawn.x, drawn.high)
        painter.setBrush(self._shades.band)
        draw_area(painter, x, low, high)
        if len(drawn.below):
            _, below = pane.in_pixels(drawn.x, drawn.below)
            _, above = pane.in_pixels(drawn.x, drawn.above)
            painter.setBrush(self._shades.inner)
            draw_area(painter, x, below, above)
        for places, ends in ((drawn.low, low), (drawn.high, high)):
            painter.setPen(self._shades.edge)
            draw_line(painter, x, np.where(self._is_cut(places), np.nan, ends))
        self._paint_mean(painter, pane, drawn)

    def _paint_mean(self, painter: QPainter, pane: Pane, drawn: Drawn) -> None:
        x, mean = pane.in_pixels(drawn.x, drawn.mean)
        painter.setPen(self._shades.mean())
        draw_line(painter, x, np.where(self._is_cut(drawn.mean), np.nan, mean))

    def _is_cut(self, places: Floats) -> Flags:
        """Tell which places are at an end of the axis, where a band stops without an edge."""
        return np.asarray((places <= 0.0) | (places >= 1.0))

    def _paint_boxes(self, painter: QPainter, pane: Pane, panel: Panel, drawn: Drawn) -> None:
        half = BOX * panel.axis.lane_width / 2
        inner = len(drawn.below) > 0
        for place, middle in enumerate(drawn.x.tolist()):
            if not np.isfinite(middle):
                continue
            left, right = pane.across(middle - half), pane.across(middle + half)
            painter.fillRect(upright(left, right, pane.up(drawn.low[place]), pane.up(drawn.high[place])),
                             self._shades.band)  # fmt: skip
            if inner:
                painter.fillRect(upright(left, right, pane.up(drawn.below[place]), pane.up(drawn.above[place])),
                                 self._shades.inner)  # fmt: skip
            painter.setPen(self._shades.edge)
            for end in (drawn.low[place], drawn.high[place]):
                if 0 < end < 1:
                    painter.drawLine(QLineF(left, pane.up(end), right, pane.up(end)))
            painter.setPen(self._shades.mean(2.4))
            y = pane.up(drawn.mean[place])
            painter.drawLine(QLineF(left, y, right, y))

    # Trials

    def _paint_trials(
        self, painter: QPainter, place: PanelPlace, panel: Panel
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Paint the trials, and return their numbers, x, y and radii."""
        look, seen, beyond = self._look, panel.observed, panel.beyond
        x, y = place.pane.in_pixels(seen.x, seen.y)
        size = look.px(4) * crowded(len(x))
        sizes = size + size * seen.near
        if not self._figure.has_belief:
            sizes = np.full(len(x), 2 * size)
        self._paint_dots(painter, x, y, sizes, seen.near)
        if not self._figure.has_belief and len(x) <= _NUMBERED:
            self._paint_numbers(painter, place.pane, seen.trials, x, y)
        lane_x = place.pane.rect.left() + beyond.x * place.pane.rect.width()
        lane_y = np.full(len(lane_x), place.lane.center().y())
        self._paint_beyond(painter, panel, lane_x, lane_y)
        if self._figure.best in seen.trials:
            at = seen.trials.index(self._figure.best)
            marks.best_ring(painter, QPointF(float(x[at]), float(y[at])), look)
        numbers = np.array([*seen.trials, *beyond.trials], float)
        radii = np.concatenate([sizes / 2, np.full(len(lane_x), look.px(4))])
        return numbers, np.concatenate([x, lane_x]), np.concatenate([y, lane_y]), radii

    def _paint_dots(self, painter: QPainter, x: Floats, y: Floats, sizes: Floats, near: Floats) -> None:
        look = self._look
        rim = None if len(x) > _MANY else look.colour("base")
        steps = np.rint(near * (_SHADES - 1)).astype(int)
        if len(x) <= _FEW or look.is_picture:
            for at, (size, step) in enumerate(zip(sizes.tolist(), steps.tolist(), strict=True)):
                middle = QPointF(float(x[at]), float(y[at]))
                marks.observed(
                    painter, middle, size + (1 if rim else 0), self._shades.result(step / (_SHADES - 1)), rim
                )
            return
        for step in np.unique(steps).tolist():
            rows = np.flatnonzero(steps == step)
            places = np.stack([x[rows], y[rows]], 1)
            if rim is None:
                places = _apart(places)
            points = QPolygonF([QPointF(*place) for place in places.tolist()])
            size, shade = float(sizes[rows].max()), self._shades.result(step / (_SHADES - 1))
            for colour, width in ((rim, size + 2), (shade, size)):
                if colour is not None:
                    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                    painter.drawPoints(points)

    def _paint_numbers(self, painter: QPainter, pane: Pane, trials: Sequence[int], x: Floats, y: Floats) -> None:
        look = self._look
        painter.setFont(look.small)
        painter.setPen(look.colour("faint_text"))
        for number, left, top in zip(trials, x.tolist(), y.tolist(), strict=True):
            right = min(left + look.px(8), pane.rect.right() - look.px(16))
            painter.drawText(QPointF(right, max(pane.rect.top() + look.px(12), top - look.px(10))), str(number))

    def _paint_beyond(self, painter: QPainter, panel: Panel, x: Floats, y: Floats) -> None:
        look, down = self._look, self._figure.scale.higher_is_better
        for at, (state, near) in enumerate(zip(panel.beyond.states, panel.beyond.near.tolist(), strict=True)):
            middle = QPointF(float(x[at]), float(y[at]))
            if state is TrialState.COMPLETE:
                marks.worse_triangle(painter, middle, look, down=down, shade=self._shades.result(near))
            elif state is TrialState.FAILED:
                marks.failed_cross(painter, middle, look)
            else:
                marks.skipped_circle(painter, middle, look)

    # Lines

    def _paint_next(self, painter: QPainter, place: PanelPlace, panel: Panel) -> None:
        """Draw the dotted line of the next point."""
        if panel.next is not None:
            x, rect = place.pane.across(panel.next), place.pane.rect
            painter.setPen(self._shades.next)
            painter.drawLine(QLineF(x, rect.top(), x, rect.bottom()))

    def _paint_line(self, painter: QPainter, place: PanelPlace, panel: Panel) -> None:
        """Draw the line of the slice, with its grip."""
        if panel.at is None:
            return
        look, x, whole = self._look, place.pane.across(panel.at), place.whole
        painter.setPen(QPen(look.colour("text"), 1.4))
        painter.drawLine(QLineF(x, whole.top(), x, whole.bottom()))
        if panel.drawn is not None:
            marks.slice_grip(painter, QPointF(x, whole.top() + look.px(7)), look, 8)

    def _paint_axis(self, painter: QPainter, area: QRectF, first: PanelPlace) -> None:
        look, scale, pane = self._look, self._figure.scale, first.pane
        pane.draw_ticks_y(painter, look, self._labels_beside(first))
        whole = first.whole
        metrics = QFontMetricsF(look.normal)
        names = [f"{name} {scale.arrow}" for name in scale.names]
        name = next((name for name in names if metrics.horizontalAdvance(name) <= whole.height()), names[-1])
        draw_upright(painter, QPointF(area.left() + look.px(13), whole.center().y()), name, look, whole.height())


def _frame(figure: SlicesFigure, places: Sequence[PanelPlace]) -> tuple[object, ...]:
    """Return what paintings have in common whose grounds are the same."""
    rects = [(place.lane, place.pane.rect, place.strip.rect, place.first) for place in places]
    return figure.scale, [panel.axis for panel in figure.panels], rects


def _with_lines(figure: SlicesFigure, lines: Mapping[str, tuple[float | None, str]]) -> SlicesFigure:
    """Return the figure with its lines elsewhere."""
    panels = []
    for panel in figure.panels:
        at, text = lines.get(panel.axis.name, (panel.at, panel.at_text))
        panels.append(panel if at == panel.at else replace(panel, at=at, at_text=text))
    moved = any(one is not other for one, other in zip(panels, figure.panels, strict=True))
    return replace(figure, panels=tuple(panels), at_best=figure.at_best and not moved)


def _apart(places: Floats) -> Floats:
    """Return the places (n × 2) without those that a grain of the picture has already."""
    grains = np.rint(places / _GRAIN)
    _, first = np.unique(grains[:, 0] + 1j * grains[:, 1], return_index=True)  # by rows it takes ten times as long
    return np.asarray(grains[first] * _GRAIN)


def _joined(columns: Sequence[tuple[Floats, Floats, Floats, Floats, int]]) -> Spots:
    if not columns:
        return Spots()
    trials, x, y, radii = (np.concatenate([column[part] for column in columns]) for part in range(4))
    panels = np.concatenate([np.full(len(column[0]), column[4], float) for column in columns])
    return Spots(trials, x, y, radii, panels)
