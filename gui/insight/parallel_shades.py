"""The shades of many trials on parallel axes, made in parts that each take little time."""

import math
from functools import partial
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from core.figures.arrays import Floats
from core.figures.parallel import ParallelFigure
from core.figures.seen_trials import Rows
from core.figures.shades import opacity, shade_of_lines
from gui.insight.painting.look import Look
from gui.insight.parallel_painting import MOST_SINGLE, Axes
from gui.insight.shading import Piece, Shading

_AT_ONCE = 1e6
"""So many pixels of lines are counted in one go: about 15 ms."""
_FULL = 3.0
"""As many lines in a pixel as hide two thirds of the ground at least."""


class LineShading(Shading):
    """Keeps the shade of the lines of one plot."""

    def draw_lines(self, painter: QPainter, figure: ParallelFigure, axes: Axes, area: QRectF, look: Look) -> None:
        """Draw the shade of all trials that are not drawn one by one, as far as it is made."""
        frame = figure.frame, area.size().toTuple(), look.colours, look.ratio
        self.draw(painter, (figure, frame), frame, lambda: shades(figure, axes, look), at_once=look.is_picture)


def shades(figure: ParallelFigure, axes: Axes, look: Look) -> list[Piece]:
    """Return the shade of all trials that are not drawn one by one, a piece or some from each axis to the next."""
    seen = figure.seen
    layers: list[tuple[Rows, QColor]] = []
    if seen.are_many:
        kept = seen.brushed[seen.others]
        groups = (seen.others[~kept], 0.75), (seen.others[kept], 1.0) if seen.has_brush else (seen.others[kept], 0.75)
        layers += [(rows, look.on_base("grid", share)) for rows, share in groups]
    layers += [
        (np.flatnonzero(which), look.colour(name))
        for which, name in ((seen.failed, "failed"), (seen.skipped, "faint_text"))
        if which.sum() > MOST_SINGLE
    ]
    return [
        Piece(part, colour, partial(_opacity, figure, rows, gap, axes, part, look.ratio))
        for rows, colour in layers
        if len(rows)
        for gap in range(len(axes.xs) - 1)
        for part in _parts(_between(axes, gap), len(rows), look.ratio)
    ]


def _between(axes: Axes, gap: int) -> QRectF:
    left, right = round(axes.xs[gap]), round(axes.xs[gap + 1])
    return QRectF(left, axes.top, max(right - left, 1), axes.bottom - axes.top)


def _parts(area: QRectF, lines: int, ratio: float) -> list[QRectF]:
    """Return the area in parts side by side, each of which is made in little time."""
    count = min(math.ceil(area.width() * ratio * lines / _AT_ONCE), int(area.width()))
    ends = [area.left() + round(area.width() * place / count) for place in range(count + 1)]
    return [QRectF(left, area.top(), right - left, area.height()) for left, right in pairwise(ends)]


def _opacity(figure: ParallelFigure, rows: Rows, gap: int, axes: Axes, part: QRectF, ratio: float) -> Floats:
    area = _between(axes, gap)
    size = max(1, round(part.width() * ratio)), max(2, round(part.height() * ratio))
    first, last = figure.heights[rows, gap], figure.heights[rows, gap + 1]
    begin, end = ((x - area.left()) / area.width() for x in (part.left(), part.right()))
    counts = shade_of_lines(first + (last - first) * begin, first + (last - first) * end, *size)
    return opacity(counts, max(_FULL, len(rows) / 150))
