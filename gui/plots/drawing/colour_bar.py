"""The colour bar of the points plot: which objective has which colour."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from core.figures.arrays import nearly_same
from core.objective import Direction, ObjectiveSettings
from gui.plots.drawing.canvas import Canvas, colour_axis
from gui.widgets.theme import LIGHT, Colours

COLOUR_STEPS = 64
"""Into so many colours the objectives are sorted."""


class ColourBar(pg.ColorBarItem):  # type: ignore[misc]
    """Stands to the right of the canvas. `brushes` holds the colours from the best objective to the worst."""

    def __init__(self, canvas: Canvas) -> None:
        colour_map = best_stands_out(LIGHT)
        super().__init__(width=12, colorMap=colour_map, interactive=False, colorMapMenu=False, label="Objective")
        self.brushes = _brushes_of(colour_map)
        self.getAxis("left").setWidth(22)
        canvas.plotItem.layout.addItem(self, 2, 5)
        canvas.plotItem.layout.setColumnFixedWidth(4, 8)

    def setMenuEnabled(self, enableMenu: bool = False, enableViewBoxMenu: object = None) -> None:  # noqa: N803
        """Never show pyqtgraph's menu, but keep it: its destruction there has crashed the process."""
        super().setMenuEnabled(False, None)
        self.vb.state["enableMenu"] = False

    def show_levels(self, levels: tuple[float, float]) -> tuple[float, float]:
        """Let the colours reach about from the lower level to the higher; return from where to where they do."""
        if not nearly_same(self.levels(), levels):
            self.setLevels(levels)
        low, high = self.levels()
        return float(low), float(high)

    def apply_colours(self, colours: Colours, objective: ObjectiveSettings) -> None:
        """Show the colours of these looks, those of good objectives at the end where these are."""
        colour_map = best_stands_out(colours)
        self.brushes = _brushes_of(colour_map)
        highest = objective.direction is Direction.MAXIMISE
        if highest:
            colour_map.reverse()
        self.setColorMap(colour_map)
        self.getAxis("left").setLabel(f"Objective {objective.arrow}")  # where better is
        for side in ("left", "right", "top", "bottom"):
            colour_axis(self.getAxis(side), colours)


def best_stands_out(colours: Colours) -> pg.ColorMap:
    """Return the colours from the best objective to the worst: the best far from the plot's ground."""
    colour_map = pg.colormap.get("viridis", skipCache=True)
    if QColor(colours.base).lightness() < QColor(colours.text).lightness():
        colour_map.reverse()
    return colour_map


def _brushes_of(colour_map: pg.ColorMap) -> NDArray[np.object_]:
    return np.array([pg.mkBrush(colour) for colour in colour_map.getLookupTable(nPts=COLOUR_STEPS)], dtype=object)
