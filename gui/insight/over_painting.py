"""How results over each parameter are painted: a panel a parameter, with points, shades and the lane of the worse."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from core.figures.arrays import Floats
from core.figures.figure import Axis
from core.figures.over_parameters import OverFigure
from core.figures.over_parameters import Panel as PanelFigure
from core.figures.scales import AxisScale
from core.figures.seen_trials import Rows, SeenTrials
from core.figures.shades import opacity, shade_of_points
from gui.insight.painting.axes import Pane
from gui.insight.painting.look import Look
from gui.insight.painting.marks import best_ring, failed_cross, observed, skipped_circle, worse_triangle
from gui.insight.painting.ticks import AxisTicks
from gui.insight.painting.value_colours import clear_colours, step_of
from gui.insight.shading import Piece
from gui.widgets.theme import mixed

LEFT, RIGHT, BETWEEN = 64.0, 12.0, 13.0
"""Pixels of the design beside all panels, and from one to the next."""
NAME, TICKS, LANE, GAP = 26.0, 26.0, 16.0, 2.0
"""For the name above a panel, the values below, and the lane of what is worse than the axis shows."""
LEAST, MOST = 108.0, 620.0
"""How wide a panel is."""
MOST_SINGLE = 150
"""More marks than this in a lane are drawn as a shade."""
_IN_COLOUR, _BEHIND = 7.0, 5.0
_FEW_IN_COLOUR = 500
_TITLE_AT = 14.0
_LABEL = 15.0
"""How near labels may come to each other."""


@dataclass(frozen=True)
class Placed:
    """A panel and where it is; `lane` is null where nothing is worse than the axis shows."""

    panel: PanelFigure
    pane: Pane
    lane: QRectF


def place(figure: OverFigure, area: QRectF, look: Look) -> list[Placed]:
    """Return as many panels as have room, with their places."""
    count = how_many(len(figure.panels), area.width(), look)
    room = area.width() - look.px(LEFT + RIGHT) - look.px(BETWEEN) * (count - 1)
    width = min(room / count, look.px(MOST))
    has_lane = bool(figure.seen.scale.cut_label or figure.seen.failed.any() or figure.seen.skipped.any())
    return [
        _placed(
            panel,
            area.left() + look.px(LEFT) + number * (width + look.px(BETWEEN)),
            width,
            area,
            look,
            figure,
            has_lane,
        )
        for number, panel in enumerate(figure.panels[:count])
    ]


def how_many(panels: int, width: float, look: Look) -> int:
    """Return for how many panels there is room."""
    fitting = int((width - look.px(LEFT + RIGHT - BETWEEN)) / look.px(LEAST + BETWEEN))
    return max(1, min(panels, fitting))


def _placed(
    panel: PanelFigure, left: float, width: float, area: QRectF, look: Look, figure: OverFigure, has_lane: bool
) -> Placed:
    top, bottom = area.top() + look.px(NAME), area.bottom() - look.px(TICKS)
    below, size = figure.seen.scale.higher_is_better, look.px(LANE + GAP) if has_lane else 0.0
    rect = QRectF(left, top + (0 if below else size), width, max(bottom - top - size, 1.0))
    lane = QRectF()
    if has_lane:
        lane = QRectF(left, rect.bottom() + look.px(GAP) if below else top, width, look.px(LANE))
    scale = AxisScale(panel.axis.label, names=panel.axis.names)
    return Placed(panel, Pane(rect, Axis(scale, (0.0, 1.0)), Axis(AxisScale(""), (0.0, 1.0))), lane)


# Panels


def paint_panels(painter: QPainter, figure: OverFigure, placed: Sequence[Placed], look: Look) -> None:
    """Paint the ground of all panels, with names and values."""
    scale = figure.seen.scale
    for number, each in enumerate(placed):
        pane, labelled = each.pane, _labelled(figure, each)
        ticks = [tick for tick in each.panel.axis.ticks(pane.rect.width()) if tick[1]]
        pane.draw_grid(painter, look, _lines_of(each), AxisTicks(labelled))
        _paint_lanes(painter, each, look)
        pane.draw_frame(painter, look)
        below = look.px(LANE + GAP) if not each.lane.isNull() and scale.higher_is_better else 0.0
        pane.draw_ticks_x(painter, look, ticks, below=below)
        if not each.lane.isNull():
            label = (scale.cut_label or "no result") if number == 0 else ""
            pane.draw_lane(painter, look, look.px(LANE), label, below=scale.higher_is_better, gap=look.px(GAP))
        if number == 0:
            name = f"{scale.names[min(1, len(scale.names) - 1)]} {scale.arrow}"
            pane.draw_ticks_y(painter, look, labelled, title=name, title_at=look.px(_TITLE_AT))
        _paint_name(painter, each, look)


def _lines_of(each: Placed) -> AxisTicks:
    """Return the grid's lines over a parameter, of which lanes have none."""
    if each.panel.axis.lanes:
        return AxisTicks([])
    ticks = each.panel.axis.ticks(each.pane.rect.width())
    return AxisTicks([tick for tick in ticks if tick[1]], tuple(at for at, text in ticks if not text))


def _labelled(figure: OverFigure, each: Placed) -> list[tuple[float, str]]:
    """Return the labels of the axis of results without those that would touch the one of the lane."""
    height = each.pane.rect.height()
    ticks = [tick for tick in figure.seen.scale.ticks(height) if tick[1]]
    if each.lane.isNull():
        return ticks
    lane = 1 + (GAP + LANE / 2) / height
    lane = 1 - lane if figure.seen.scale.higher_is_better else lane
    return [(at, text) for at, text in ticks if abs(at - lane) * height >= _LABEL]


def _paint_lanes(painter: QPainter, each: Placed, look: Look) -> None:
    """Tint the lane of trials to which the parameter does not apply."""
    if each.panel.axis.can_lack:
        right = each.pane.across(each.panel.axis.begin)
        rect = each.pane.rect
        painter.fillRect(QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()), look.colour("window"))
        painter.setPen(QPen(look.colour("border"), 1))
        painter.drawLine(QLineF(right, rect.top(), right, rect.bottom()))


def _paint_name(painter: QPainter, each: Placed, look: Look) -> None:
    metrics, rect = QFontMetricsF(look.bold), each.pane.rect
    top = min(rect.top(), each.lane.top() if not each.lane.isNull() else rect.top())
    painter.setFont(look.bold)
    painter.setPen(look.colour("text"))
    room = QRectF(rect.left(), top - metrics.height() - look.px(4), rect.width(), metrics.height())
    shown = metrics.elidedText(each.panel.axis.label, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextSingleLine), shown)


# Results


def pixels(seen: SeenTrials, each: Placed) -> tuple[Floats, Floats]:
    """Return where each trial is in a panel; those without a place on the axis stand in the lane."""
    x, y = each.pane.in_pixels(each.panel.across, seen.heights)
    if not each.lane.isNull():
        y = np.where(seen.beyond | seen.failed | seen.skipped, each.lane.center().y(), y)
    return x, y


def paint_points(painter: QPainter, seen: SeenTrials, placed: Sequence[Placed], best: int | None, look: Look) -> None:
    """Paint all results that are drawn one by one, and those without one."""
    points = _points(seen, best, look)
    for each in placed:
        x, y = pixels(seen, each)
        for row, colour, size, rim in points:
            if x[row] == x[row]:
                observed(painter, QPointF(x[row], y[row]), size, colour, rim)
        _paint_lane_marks(painter, seen, x, y, look)
        if best is not None and x[best] == x[best]:
            best_ring(painter, QPointF(x[best], y[best]), look)


def _points(seen: SeenTrials, best: int | None, look: Look) -> list[tuple[int, QColor, float, QColor | None]]:
    """Return rows, colours, sizes and rims of what is painted one by one, the best last; it is so in any case."""
    grey = mixed(look.colours.base, look.colours.past, 0.62)
    rim, colours = look.colour("base"), clear_colours(look.colours.base)
    size = look.px(_IN_COLOUR if len(seen.singled) <= _FEW_IN_COLOUR else _BEHIND)
    behind = [] if seen.are_many else seen.others.tolist()
    if best is not None and best not in behind and best not in seen.singled:
        behind.append(best)
    greys = [(row, grey, look.px(_BEHIND), None) for row in behind if not seen.beyond[row]]
    rows = [row for row in seen.singled.tolist() if not seen.beyond[row]]
    return [*greys, *((row, colours[step_of(float(seen.colours[row]))], size, rim) for row in rows)]


def _paint_lane_marks(painter: QPainter, seen: SeenTrials, x: Floats, y: Floats, look: Look) -> None:
    """Paint what has no place on the axis, where it is not so much that it is a shade."""
    down = seen.scale.higher_is_better

    def triangle(painter: QPainter, at: QPointF, look: Look, row: int) -> None:
        strength = 1.0 if seen.brushed[row] and seen.has_brush else 0.65
        worse_triangle(painter, at, look, down=down, shade=look.on_base("text", strength))

    for which, draw in ((seen.beyond, triangle), (seen.skipped, _skipped), (seen.failed, _failed)):
        rows = np.flatnonzero(which & np.isfinite(x))
        for row in rows.tolist() if len(rows) <= MOST_SINGLE else ():
            draw(painter, QPointF(x[row], y[row]), look, row)


def _skipped(painter: QPainter, at: QPointF, look: Look, _row: int) -> None:
    skipped_circle(painter, at, look)


def _failed(painter: QPainter, at: QPointF, look: Look, _row: int) -> None:
    failed_cross(painter, at, look)


def shades(figure: OverFigure, placed: Sequence[Placed], look: Look) -> list[Piece]:
    """Return the shades of all results that are not drawn one by one, and of full lanes."""
    seen, pieces = figure.seen, []
    groups = _behind(seen, look)
    lanes = [
        (np.flatnonzero(which), look.colour(name))
        for which, name in ((seen.beyond, "past"), (seen.failed, "failed"), (seen.skipped, "faint_text"))
        if which.sum() > MOST_SINGLE
    ]
    for each in placed:
        for rows, colour in groups:
            make = partial(_opacity, each.panel.across[rows], seen.heights[rows], each.pane.rect, look.ratio)
            pieces.append(Piece(each.pane.rect, colour, make))
        for rows, colour in lanes if not each.lane.isNull() else ():
            make = partial(_opacity, each.panel.across[rows], np.full(len(rows), 0.5), each.lane, look.ratio)
            pieces.append(Piece(each.lane, colour, make))
    return pieces


def _behind(seen: SeenTrials, look: Look) -> list[tuple[Rows, QColor]]:
    """Return the trials that are drawn as shades, and in which colours: those that are brushed over the others."""
    if not seen.are_many:
        return []
    rows = seen.others[~seen.beyond[seen.others]]
    kept = seen.brushed[rows] & seen.has_brush
    grounds = (
        (rows[~kept], look.on_base("past", 0.55 if seen.has_brush else 0.9)),
        (rows[kept], look.on_base("text", 0.6)),
    )
    return [(some, colour) for some, colour in grounds if len(some)]


def _opacity(x: Floats, y: Floats, area: QRectF, ratio: float) -> Floats:
    width, height = max(1, round(area.width() * ratio)), max(1, round(area.height() * ratio))
    counts = shade_of_points(x, y, width, height, blur=max(1, round(2 * ratio)))
    return opacity(counts, max(2.0, float(np.percentile(counts, 97))))


def rows_of_panels(seen: SeenTrials, placed: Sequence[Placed]) -> tuple[Floats, Floats, Floats, Rows]:
    """Return the numbers of trials, x and y of all marks, and the panel of each, for pointer and keys."""
    places = [pixels(seen, each) for each in placed]
    trials = np.tile(seen.trials, len(placed))
    panels = np.repeat(np.arange(len(placed)), len(seen))
    x = np.concatenate([x for x, _y in places]) if places else np.empty(0)
    y = np.concatenate([y for _x, y in places]) if places else np.empty(0)
    return trials, x, y, panels
