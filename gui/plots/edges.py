"""A plot of values, whose marks that the view cuts off on the side of the worse stand at its edge."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import ClassVar

import numpy as np

from core.figures.arrays import Flags, Floats
from core.figures.figure import Figure, Kind, Label, Points, joined
from gui.plots.drawing.style import Style
from gui.plots.plot import Plot
from gui.plots.styles import DOWN
from gui.widgets.theme import Colours

EDGE = 9
"""How far from the view's edge these marks are put, in pixels."""


class EdgePlot(Plot):
    """A plot in which nothing is lost beyond the view.

    Marks of the kinds in `moved` are put at the edge themselves; for those of `beyond` a mark of another kind stands
    there, which points to where they are.
    """

    moved: ClassVar[Collection[Kind]] = ()
    beyond: ClassVar[Mapping[Kind, Kind]] = {}

    @property
    def _higher_is_better(self) -> bool:
        """Whether what is worse lies below the view."""
        return self._objective.higher_is_better

    def _make_styles(self, colours: Colours) -> dict[Kind, Style]:
        styles = super()._make_styles(colours)
        if self._higher_is_better:
            for kind in self.beyond.values():
                styles[kind] = replace(styles[kind], symbol=DOWN)
        return styles

    def _changing(self, figure: Figure) -> set[Kind]:
        """Return what moves with the view, too."""
        return super()._changing(figure) | {*self.moved, *self.beyond, *self.beyond.values()}

    def _places(self, figure: Figure, kind: Kind) -> tuple[Floats, Floats]:
        origins = [origin for origin, mark in self.beyond.items() if mark is kind]
        if origins:
            _trials, x, y = joined(figure.points(*origins))
            beyond = self._is_beyond(figure, y)
            return x[beyond], self._marked_y(figure, y[beyond])
        x, y = super()._places(figure, kind)
        if kind in self.beyond:
            return x, np.where(self._is_beyond(figure, y), np.nan, y)
        return x, self._marked_y(figure, y) if kind in self.moved else y

    def _labels(self, figure: Figure) -> tuple[Label, ...]:
        """Return the labels, those of what is beyond the view at its edge."""
        ends = np.array([y for _trial, _x, y in figure.labels], float)
        places = self._marked_y(figure, ends)
        return tuple((trial, x, float(y)) for (trial, x, _y), y in zip(figure.labels, places, strict=True))

    def selected_place(self, figure: Figure) -> tuple[float, float] | None:
        place = super().selected_place(figure)
        return None if place is None else (place[0], float(self._marked_y(figure, np.array(place[1:]))[0]))

    def _is_beyond(self, figure: Figure, y: Floats) -> Flags:
        """Tell which places are worse than what is to be seen: by the figure, or where the user has zoomed to."""
        return figure.y.is_beyond(y, figure.y.view if self.canvas.follows else self._y_view())

    def _y_view(self) -> tuple[float, float]:
        bottom, top = self.canvas.view.viewRange()[1]
        return bottom, top

    def _marked_y(self, figure: Figure, y: Floats) -> Floats:
        """Return where marks are: those that the view cuts off at its edge on the bad side."""
        return np.where(self._is_beyond(figure, y), self._edge(figure), y)

    def _edge(self, figure: Figure) -> float:
        bottom, top = self._y_view()
        inside = (top - bottom) * EDGE / max(self.canvas.view.rect().height(), 2 * EDGE)
        return float(bottom + inside if figure.y.higher_is_better else top - inside)

    def hit_points(self, figure: Figure) -> tuple[Floats, Floats, Floats]:
        others = [points for points in figure.points(*self.beyond) if self.kinds[points.kind].hit is not Points]
        hit = (super().hit_points(figure), joined(others))
        trials, x, y = (np.concatenate(columns) for columns in zip(*hit, strict=True))
        return trials, x, self._marked_y(figure, y)
