"""A plot and the pointer: which trial is under it, and the mark of the trial that is pointed at anywhere."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt

from core.figures.arrays import Floats, nearest_trial
from core.figures.figure import Curve, Figure
from core.words.trials import trial_tip
from gui.plots.drawing.style import NO_BRUSH, Line, Style
from gui.widgets.turns import turns

if TYPE_CHECKING:
    from gui.plots.drawing.curves import LiveCurve
    from gui.plots.drawing.scatter import Points
    from gui.plots.plot import Plot

REACH = 8.0
"""How near the pointer must be to a mark, in pixels."""
_RING, _WIDTH = 15, 2.0
_LINE_Z, _RING_Z = 25, 150


class Pointing(QObject):
    """Acts on the pointer over a plot's canvas, and rings the trial that `session.linking` points at."""

    def __init__(self, plot: "Plot") -> None:
        super().__init__(plot)
        self._plot = plot
        self.hovered: int | None = None
        """The trial that is pointed at in this plot."""
        self._ring: Points | None = None
        self._line: LiveCurve | None = None
        plot.session.linking.hover_changed.connect(self._on_pointed)

    # The pointer here

    def on_click(self, place: QPointF | None) -> None:
        """Select the trial that is there, or none."""
        if place is not None:
            self._plot.session.select(self.trial_at(place))

    def trial_at(self, place: QPointF) -> int | None:
        """Return the trial that is drawn there; none while trials are taken in that are not drawn yet."""
        plot, figure, at = self._plot, self._plot.figure, (place.x(), place.y())
        if figure is None:
            return None
        hit = plot.hit_points(figure), plot.hit_lines(figure)
        points, lines = ((trials, *plot.canvas.in_pixels(x, y)) for trials, x, y in hit)
        return nearest_trial(points, lines, at, REACH)

    def on_hover(self, place: QPointF | None) -> None:
        """Point at the trial that is there, or at none; a tip tells of it where no line of the window does."""
        plot = self._plot
        number = None if place is None else self.trial_at(place)
        before, self.hovered = self.hovered, number
        if number is not None or before is not None:
            plot.session.linking.hover(number)
        if number is not None and place is not None and plot.progress is not None:
            if not plot.session.linking.told_in_line:
                plot.canvas.show_tip(place, trial_tip(plot.progress.trials[number], plot.progress.settings))
            plot.canvas.setCursor(Qt.CursorShape.PointingHandCursor)
        elif before is not None:
            plot.canvas.hide_tip()

    # The mark

    def _on_pointed(self, _number: int | None) -> None:
        if self._plot.isVisible() and self._plot.figure is not None:
            turns().ask(self, self.mark)

    def mark(self) -> None:
        """Ring the trial that is pointed at, and draw its curve above all others."""
        plot, figure = self._plot, self._plot.figure
        number = None if plot.is_picture else plot.session.linking.hovered
        if figure is None or (number is None and self._ring is None):
            return
        ring, line = self._items()
        nothing = np.empty(0)
        curve = (nothing, nothing) if number is None else _curve_of(plot, figure, number)
        line.show(*curve)
        ring.show_places(*((nothing, nothing) if number is None else _places_of(plot, figure, number, curve)))

    def _items(self) -> "tuple[Points, LiveCurve]":
        """Return ring and line, in the colours of now."""
        plot = self._plot
        if self._ring is None or self._line is None:
            self._ring = plot.canvas.add_scatter(_RING_Z)
            self._line = plot.canvas.add_curve(Line.LIVE, _LINE_Z)
        pen = plot.pen(plot.theme.colours.text, _WIDTH)
        Style(None, "o", pen, NO_BRUSH, _RING).apply_to(self._ring)
        self._line.set_style(pen)
        return self._ring, self._line


def _curve_of(plot: "Plot", figure: Figure, number: int) -> tuple[Floats, Floats]:
    """Return the curve of a trial, the first of those that can be pointed at."""
    for curve in figure.curves():
        own = curve.trials == number
        if plot.kinds[curve.kind].hit is Curve and own.any():
            return curve.x[own], curve.y[own]
    return np.empty(0), np.empty(0)


def _places_of(plot: "Plot", figure: Figure, number: int, curve: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return where a trial's ring is: around its point, or else around the end of its curve."""
    trials, x, y = plot.hit_points(figure)
    own = np.flatnonzero(trials == number)[:1]
    if len(own):
        return x[own], y[own]
    ends = np.flatnonzero(np.isfinite(curve[1]))[-1:]
    return curve[0][ends], curve[1][ends]
