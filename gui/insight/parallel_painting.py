"""How all trials are painted on parallel axes: lines and shades, axes with their lanes and labels, and brushes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from core.figures.arrays import Floats
from core.figures.brushing import BEYOND, NO_RESULT, WITHOUT, Brush
from core.figures.parallel import Column, ParallelFigure, Span, span_of
from core.figures.parameter_axis import ParameterAxis
from core.figures.scales import NO_VALUE
from core.figures.seen_trials import ColourBy
from core.figures.trial_columns import ends_of
from core.formatting import format_number
from core.parameters import FloatRange
from core.words import all_trials as words
from gui.insight.painting.legend import Entry, draw_legend
from gui.insight.painting.look import Look
from gui.insight.painting.value_colours import STEPS, clear_colours, colour_of, step_of
from gui.widgets.theme import mixed

TITLE, TOP, BOTTOM = 26.0, 10.0, 14.0
"""Pixels of the design: for the names, from there to the axes, and below them."""
AXIS, BAR = 8.0, 9.0
"""How wide lanes and the bar of colours are."""
BRUSH, HANDLE = 16.0, 7.0
LEGEND = 18.0
MOST_SINGLE = 150
"""More trials without a result than this are drawn as a shade."""
_BESIDE = 6.0
_ROOM_FOR_LABELS, _AT_ENDS = 58.0, 110.0
"""Axes nearer than the first have no labels; about so much room as the second is beside the axes at both ends."""
_LABEL, _APART = 15.0, 24.0
"""How near labels may come to each other, and how near they should."""


@dataclass(frozen=True)
class Axes:
    """Where the axes are: `xs` from left to right, and heights from 0, at `bottom`, to 1, at `top`."""

    xs: tuple[float, ...]
    top: float
    bottom: float

    def y(self, height: float) -> float:
        """Return where a height is."""
        return self.bottom - height * (self.bottom - self.top)

    def ys(self, heights: Floats) -> Floats:
        """Return where heights are."""
        return self.bottom - heights * (self.bottom - self.top)

    def height(self, y: float) -> float:
        """Return the height of a place, from 0 to 1."""
        return min(1.0, max(0.0, (self.bottom - y) / max(self.bottom - self.top, 1.0)))

    @property
    def apart(self) -> float:
        """The pixels from axis to axis."""
        return self.xs[1] - self.xs[0] if len(self.xs) > 1 else 1000.0

    def nearest(self, x: float, reach: float) -> int | None:
        """Return the axis within reach."""
        index = int(np.argmin([abs(x - at) for at in self.xs]))
        return index if abs(x - self.xs[index]) <= min(reach, self.apart / 2) else None


def axes_in(area: QRectF, figure: ParallelFigure, look: Look) -> Axes:
    """Return where the axes are: with room for the labels of the first at its left, and of the last at its right."""
    metrics = QFontMetricsF(look.normal)
    top, bottom = area.top() + look.px(TITLE + TOP), area.bottom() - look.px(BOTTOM)
    names = [title_of(column, figure) for column in figure.columns]
    if _crowded(names, (area.width() - look.px(_AT_ENDS)) / max(len(names) - 1, 1), look):
        top += look.px(TITLE) / 2
    if has_legend(figure):
        bottom -= look.px(LEGEND)
    first, last = figure.columns[0], figure.columns[-1]
    labels = [text for _at, text in labels_of(first, figure, bottom - top)]
    left = max(map(metrics.horizontalAdvance, labels), default=0.0) + look.px(_BESIDE + BAR + 8)
    name = QFontMetricsF(look.bold).horizontalAdvance(title_of(first, figure)) / 2
    left = max(left, name + look.px(8))
    beside = max((metrics.horizontalAdvance(text) for _at, text in labels_of(last, figure, bottom - top)), default=0.0)
    name = min(QFontMetricsF(look.bold).horizontalAdvance(title_of(last, figure)) / 2 + look.px(6), look.px(70))
    right = max(min(beside, look.px(90)) + look.px(AXIS + 12), name)
    count = len(figure.columns)
    step = (area.width() - left - right) / max(count - 1, 1)
    left = max(left, _room_for_first(names, step, look)) if count > 1 else left
    step = (area.width() - left - right) / max(count - 1, 1)
    return Axes(tuple(area.left() + left + number * step for number in range(count)), top, bottom)


def _room_for_first(names: Sequence[str], step: float, look: Look) -> float:
    """Return how far from the left the first axis is for its name not to touch the second, up to its half twice."""
    first, second = (QFontMetricsF(look.bold).horizontalAdvance(name) for name in names[:2])
    return min(first + look.px(12) + second / 2 - step, first)


def title_of(column: Column, figure: ParallelFigure) -> str:
    """Return the name over an axis; that of the objective has its arrow."""
    if column.axis is not None:
        return column.axis.label
    return f"{figure.seen.scale.names[min(1, len(figure.seen.scale.names) - 1)]} {figure.seen.scale.arrow}"


def labels_of(column: Column, figure: ParallelFigure, pixels: float) -> list[tuple[float, str]]:
    """Return the heights of an axis's labels, with these."""
    found = [(sum(span) / 2, _lane_name(lane, column, figure)) for lane, span in column.lanes.items()]
    if column.numbers is None:
        return found
    low, high = column.numbers
    length = pixels * (high - low)
    if column.axis is None:
        near = _LABEL / max(pixels, 1.0)
        lanes = [height for height, _name in found]
        ticks = [(low + (high - low) * at, text) for at, text in figure.seen.scale.ticks(length) if text]
        found += [tick for tick in ticks if all(abs(tick[0] - height) >= near for height in lanes)]
    else:
        found += _numbers_of(column, column.axis, length)
    return found


def _numbers_of(column: Column, axis: ParameterAxis, length: float) -> list[tuple[float, str]]:
    """Return the labels of an axis of numbers: its ends, and what is far enough from them."""
    ends = [(at, axis.text(axis.value_at(at))) for at in ends_of(axis)]
    inside = [tick for tick in axis.ticks(length, _APART) if tick[1] and tick[0] >= axis.begin]
    marks = [*ends, *(tick for tick in inside if all(abs(tick[0] - at) * length >= _APART for at, _end in ends))]
    heights = column.height_of(np.array([at for at, _text in marks], float)).tolist()
    return [(height, text) for height, (_at, text) in zip(heights, marks, strict=True)]


def _lane_name(lane: int, column: Column, figure: ParallelFigure) -> str:
    special = {WITHOUT: NO_VALUE, BEYOND: figure.seen.scale.cut_label, NO_RESULT: "no result"}
    return special[lane] if column.axis is None or lane < 0 else column.axis.names[lane]


# Lines


def segments(figure: ParallelFigure, axes: Axes, row: int) -> list[QLineF]:
    """Return a trial's line from axis to axis; where it has no place it is broken.

    Lines that are painted one by one take a tenth of the time of a wide smooth polyline.
    """
    ys = axes.ys(figure.heights[row]).tolist()
    ends = zip(axes.xs, ys, axes.xs[1:], ys[1:], strict=False)
    return [QLineF(x, y, next_x, next_y) for x, y, next_x, next_y in ends if y == y and next_y == next_y]


def paint_line(painter: QPainter, figure: ParallelFigure, axes: Axes, row: int, pen: QPen) -> None:
    """Paint one trial's line."""
    painter.setPen(pen)
    painter.drawLines(segments(figure, axes, row))


def paint_lines(painter: QPainter, figure: ParallelFigure, axes: Axes, look: Look) -> None:
    """Paint all lines that are drawn one by one, the best last."""
    seen = figure.seen
    if not seen.are_many:
        faded = QPen(mixed(look.colours.base, look.colours.grid, 0.55), 1)
        for row in seen.others.tolist():
            paint_line(painter, figure, axes, row, faded)
    paint_without(painter, figure, axes, look)
    colours = clear_colours(look.colours.base)
    for row in seen.singled.tolist():
        colour = colours[step_of(float(seen.colours[row]))]
        width = 1.1 if seen.view.colour is ColourBy.ORIGIN and seen.colours[row] > 0.5 else 1.5
        paint_line(painter, figure, axes, row, QPen(colour, look.px(width)))


def paint_without(painter: QPainter, figure: ParallelFigure, axes: Axes, look: Look) -> None:
    """Paint the lines of failed trials, dashed, and of skipped ones, dotted; those that are not brushed are faint."""
    seen = figure.seen
    kinds = (seen.failed, "failed", Qt.PenStyle.DashLine), (seen.skipped, "text", Qt.PenStyle.DotLine)
    for which, colour, style in kinds:
        rows = np.flatnonzero(which)
        for row in rows.tolist() if len(rows) <= MOST_SINGLE else ():
            strength = 0.9 if seen.brushed[row] and seen.has_brush else 0.75 if not seen.has_brush else 0.45
            pen = QPen(mixed(look.colours.base, getattr(look.colours, colour), strength), look.px(1.1), style)
            paint_line(painter, figure, axes, row, pen)


# Axes


def paint_axes(painter: QPainter, figure: ParallelFigure, axes: Axes, look: Look) -> None:
    """Paint the axes with their lanes."""
    for column, x in zip(figure.columns, axes.xs, strict=True):
        if column.axis is None:
            _paint_bar(painter, figure, column, axes, x, look)
        elif column.numbers is not None:
            low, high = (axes.y(end) for end in column.numbers)
            painter.setPen(QPen(look.colour("past"), 1))
            painter.drawLine(QLineF(_sharp(x), low, _sharp(x), high))
        for lane, span in column.lanes.items():
            _paint_lane(painter, axes, x, span, look, alarming=lane == NO_RESULT)


def paint_texts(painter: QPainter, figure: ParallelFigure, axes: Axes, look: Look, right: float) -> None:
    """Paint the labels and the names of the axes, over all lines."""
    for number, column in enumerate(figure.columns):
        if column.axis is None or axes.apart >= look.px(_ROOM_FOR_LABELS):
            _paint_labels(painter, figure, column, axes, number, look, right)
    _paint_names(painter, figure, axes, look, right)


def _paint_bar(painter: QPainter, figure: ParallelFigure, column: Column, axes: Axes, x: float, look: Look) -> None:
    """Paint the axis of the objective: the bar of the colours, where these are those of results."""
    assert column.numbers is not None
    low, high = column.numbers
    top, bottom = axes.y(high), axes.y(low)
    wide = look.px(BAR)
    bar = QRectF(x - wide / 2, top, wide, bottom - top)
    if figure.seen.view.colour in (ColourBy.OBJECTIVE, ColourBy.RANK):
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for step in range(STEPS):
            share = step / (STEPS - 1)
            gradient.setColorAt(share, colour_of(_badness_at(figure, share), look.colours.base))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
    else:
        painter.setPen(QPen(look.colour("past"), 1))
        painter.setBrush(look.colour("window"))
    painter.drawRect(bar)


def _badness_at(figure: ParallelFigure, share: float) -> float:
    """Return how bad a result is, from 0 to 1, at a share of the way up the axis of the objective."""
    seen = figure.seen
    bad = 1 - share if seen.scale.higher_is_better else share
    if seen.view.colour is ColourBy.OBJECTIVE or not len(seen.order):
        return bad
    heights = seen.heights[seen.order]
    better = heights > share if seen.scale.higher_is_better else heights < share
    return float(better.sum()) / len(seen.order)


def _paint_lane(painter: QPainter, axes: Axes, x: float, span: Span, look: Look, *, alarming: bool) -> None:
    wide = look.px(AXIS)
    painter.setPen(QPen(look.colour("failed" if alarming else "past"), 1))
    fill = look.colour("window")
    fill.setAlphaF(0.85)
    painter.setBrush(fill)
    top, bottom = axes.y(span[1]), axes.y(span[0])
    painter.drawRect(QRectF(_sharp(x - wide / 2), _sharp(top), round(wide), round(bottom - top)))


def _paint_labels(
    painter: QPainter, figure: ParallelFigure, column: Column, axes: Axes, number: int, look: Look, right: float
) -> None:
    """Write the labels of an axis: those of the objective at its left, all others at the right, over the lines."""
    font = QFont(look.normal)
    metrics = QFontMetricsF(font)
    x, height, first = axes.xs[number], metrics.height(), column.axis is None
    free = look.px(200) if first else min(right, x + axes.apart - look.px(AXIS)) - x - look.px(AXIS / 2 + _BESIDE)
    painter.setFont(font)
    for at, text in labels_of(column, figure, axes.bottom - axes.top):
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, free)
        width = metrics.horizontalAdvance(shown)
        left = x - look.px(BAR / 2 + _BESIDE) - width if first else x + look.px(AXIS / 2 + 3)
        room = QRectF(left, axes.y(at) - height / 2, width + 1, height)
        if not first:
            painter.fillRect(room.adjusted(-2, 1, 2, -1), look.colour("base", 0.86))
        painter.setPen(look.colour("faint_text"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextSingleLine), shown)


def _paint_names(painter: QPainter, figure: ParallelFigure, axes: Axes, look: Look, right: float) -> None:
    """Write the names over the axes: each as wide as its neighbours leave, those at the ends also beyond their axis."""
    metrics = QFontMetricsF(look.bold)
    names = [title_of(column, figure) for column in figure.columns]
    crowded, rows = _crowded(names, axes.apart, look), 1
    if crowded:
        rows = 2
    apart = axes.apart * rows
    widths = [min(metrics.horizontalAdvance(name), 1.7 * apart) + 1 for name in names]
    painter.setFont(look.bold)
    painter.setPen(look.colour("text"))
    ends = [-math.inf] * rows
    for number, (name, x) in enumerate(zip(names, axes.xs, strict=True)):
        after = number + rows
        limit = right if after >= len(names) else axes.xs[after] - widths[after] / 2 - look.px(6)
        row = number % rows
        left = max(min(x - widths[number] / 2, limit - widths[number]), ends[row] + look.px(6), 0.0)
        room = max(min(widths[number], limit - left), look.px(20))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        ends[row] = left + min(metrics.horizontalAdvance(shown), room)
        top = axes.top - look.px(TITLE + TOP) - (look.px(TITLE) / 2 if crowded else 0) + row * look.px(TITLE) / 2
        place = QRectF(left, top + look.px(4), room + 1, metrics.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextSingleLine), shown)


def _crowded(names: Sequence[str], apart: float, look: Look) -> bool:
    """Return whether the names need two rows: where three beside each other have no room."""
    metrics = QFontMetricsF(look.bold)
    widths = [metrics.horizontalAdvance(name) + look.px(6) for name in names]
    return any(sum(three) > 3.3 * apart for three in zip(widths, widths[1:], widths[2:], strict=False))


def has_legend(figure: ParallelFigure) -> bool:
    """Return whether the colours need a legend: those of results have the bar."""
    return figure.seen.view.colour in (ColourBy.TRIAL, ColourBy.ORIGIN)


def paint_legend(painter: QPainter, figure: ParallelFigure, axes: Axes, area: QRectF, look: Look) -> None:
    """Write below the axes what the colours stand for."""
    if has_legend(figure):
        trials = figure.seen.trials
        ends = (int(trials.min()), int(trials.max())) if len(trials) else (1, 1)
        by_trial = figure.seen.view.colour is ColourBy.TRIAL
        texts = words.colours_of_trials(*ends) if by_trial else words.COLOURS_OF_ORIGINS
        room = QRectF(axes.xs[0], area.bottom() - look.px(LEGEND + 2), area.width() - axes.xs[0], look.px(LEGEND))
        entries = [
            Entry(text, partial(_sample, badness), width=20.0) for text, badness in zip(texts, (0.0, 1.0), strict=True)
        ]
        draw_legend(painter, room, entries, look)


def _sample(badness: float, painter: QPainter, at: QPointF, look: Look) -> None:
    painter.setPen(QPen(colour_of(badness, look.colours.base), look.px(2.4)))
    painter.drawLine(QLineF(at.x() - look.px(9), at.y(), at.x() + look.px(9), at.y()))


# Marks and brushes


def paint_trial(painter: QPainter, figure: ParallelFigure, axes: Axes, row: int, colour: QColor, look: Look) -> None:
    """Paint a trial that stands out: its line with a rim, and a mark on each axis."""
    paint_line(painter, figure, axes, row, QPen(look.colour("base"), look.px(5)))
    paint_line(painter, figure, axes, row, QPen(colour, look.px(2.6)))
    for x, y in zip(axes.xs, axes.ys(figure.heights[row]).tolist(), strict=True):
        if y == y:
            painter.setPen(QPen(colour, 2))
            painter.setBrush(look.colour("base"))
            painter.drawEllipse(QPointF(x, y), look.px(3.6), look.px(3.6))


def paint_brush(painter: QPainter, figure: ParallelFigure, axes: Axes, number: int, brush: Brush, look: Look) -> None:
    """Paint what a brush covers of an axis, with handles and the values at its ends."""
    column, x, wide = figure.columns[number], axes.xs[number], look.px(BRUSH)
    fill = look.colour("accent", 0.28)
    for low, high in span_of(brush, column, figure.seen):
        painter.setPen(QPen(look.colour("accent"), 1))
        painter.setBrush(fill)
        painter.drawRect(QRectF(x - wide / 2, axes.y(high), wide, axes.y(low) - axes.y(high)))
        for end in (low, high):
            _paint_handle(painter, QPointF(x, axes.y(end)), look)
    if brush.has_interval:
        _paint_ends(painter, figure, axes, number, brush, look)


def _paint_handle(painter: QPainter, at: QPointF, look: Look) -> None:
    side = look.px(HANDLE)
    painter.setPen(QPen(look.colour("accent"), 1.6))
    painter.setBrush(look.colour("base"))
    painter.drawRect(QRectF(at.x() - side / 2, at.y() - side / 2, side, side))


def _paint_ends(painter: QPainter, figure: ParallelFigure, axes: Axes, number: int, brush: Brush, look: Look) -> None:
    column, x = figure.columns[number], axes.xs[number]
    metrics = QFontMetricsF(look.bold)
    brushed = Brush(brush.low, brush.high)
    (low, high), *_others = span_of(brushed, column, figure.seen)
    texts = [end_in_words(column, end) for end in (brush.low, brush.high)]
    painter.setFont(look.bold)
    for height, text, down in ((low, texts[0], True), (high, texts[1], False)):
        width = metrics.horizontalAdvance(text)
        at_right = number == 0 or (number == 1 and axes.apart < width + look.px(40))
        left = x + look.px(BRUSH / 2 + 4) if at_right else x - look.px(BRUSH / 2 + 4) - width
        top = axes.y(height) + (2 if down else -metrics.height() - 2)
        room = QRectF(left, top, width + 1, metrics.height())
        painter.fillRect(room.adjusted(-2, 0, 2, 0), look.colour("base", 0.82))
        painter.setPen(look.colour("accent"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)


def end_in_words(column: Column, end: float) -> str:
    """Return the value at an end of a brush."""
    if column.axis is None:
        return format_number(end)
    value = column.axis.value_at(end)
    return (
        format_number(value, 2)
        if isinstance(column.axis.given, FloatRange) and not isinstance(value, str)
        else column.axis.text(value)
    )


def place_in_words(figure: ParallelFigure, number: int, height: float | None) -> str:
    """Return the name of an axis and, at a height, what is there: "Learning rate: 0.012"; its labels may be cut."""
    column, seen = figure.columns[number], figure.seen
    name = title_of(column, figure)
    if height is None:
        return name
    lane = column.lane_at(height)
    if lane is not None:
        return f"{name}: {_lane_name(lane, column, figure)}"
    if column.numbers is None or not column.numbers[0] <= height <= column.numbers[1]:
        return name
    if column.axis is None:
        return f"{name}: {format_number(float(seen.scale.values(np.array([column.within_numbers(height)]))[0]), 3)}"
    return f"{name}: {end_in_words(column, column.place_of(height))}"


def _sharp(pixels: float) -> float:
    return round(pixels - 0.5) + 0.5
