"""The colour bar of a plot: which objective has which colour."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from core.figures.arrays import Floats, nearly_same
from core.figures.figure import Axis
from gui.plots.drawing.canvas import Canvas, colour_axis
from gui.plots.drawing.scatter import Indices
from gui.widgets.theme import LIGHT, Colours

COLOUR_STEPS = 64
"""The number of colours into which the objectives are sorted."""


class ColourBar(pg.ColorBarItem):  # type: ignore[misc]
    """Stands to the right of the canvas. `brushes` holds the colours from the best objective to the worst."""

    def __init__(self, canvas: Canvas) -> None:
        colour_map = best_stands_out(LIGHT)
        super().__init__(width=12, colorMap=colour_map, interactive=False, colorMapMenu=False, label="Objective")
        self.brushes = _brushes_of(colour_map)
        self._colours = LIGHT
        self._higher_is_better = False
        self.getAxis("left").setWidth(22)
        canvas.plotItem.layout.addItem(self, 2, 5)
        canvas.plotItem.layout.setColumnFixedWidth(4, 8)

    def setMenuEnabled(self, enableMenu: bool = False, enableViewBoxMenu: object = None) -> None:  # noqa: N803
        """Never show pyqtgraph's menu, but keep it: its destruction there has crashed the process."""
        super().setMenuEnabled(False, None)
        self.vb.state["enableMenu"] = False

    def show_scale(self, scale: Axis | None) -> None:
        """Let the colours reach about from one end of a scale to the other; without one nothing is seen."""
        self.setOpacity(0.0 if scale is None else 1.0)  # hidden, it would be laid out wrongly when shown
        if scale is None:
            return
        if not nearly_same(self.levels(), scale.view):
            self.setLevels(scale.view)
        if self.getAxis("left").labelText != scale.scale.label:
            self.getAxis("left").setLabel(scale.scale.label)
        if self._higher_is_better != scale.higher_is_better:
            self._higher_is_better = scale.higher_is_better
            self._show_colour_map()

    def colours_of(self, objectives: Floats, scale: Axis | None) -> Indices:
        """Return the number of each objective's brush on the scale that is shown; the last without one."""
        if scale is None:
            return np.full(len(objectives), len(self.brushes) - 1)
        low, high = self.levels()
        shares = (np.clip(objectives, low, high) - low) / (high - low)
        shares = 1 - shares if scale.higher_is_better else shares
        numbers: Indices = (shares * (len(self.brushes) - 1)).astype(int)
        return numbers

    def apply_colours(self, colours: Colours) -> None:
        """Show the colours of this theme."""
        self._colours = colours
        self._show_colour_map()
        for side in ("left", "right", "top", "bottom"):
            colour_axis(self.getAxis(side), colours)

    def _show_colour_map(self) -> None:
        """Show the colours, those of good objectives at the end where these are."""
        colour_map = best_stands_out(self._colours)
        self.brushes = _brushes_of(colour_map)
        if self._higher_is_better:
            colour_map.reverse()
        self.setColorMap(colour_map)


def best_stands_out(colours: Colours) -> pg.ColorMap:
    """Return the colours from the best objective to the worst: the best far from the plot's ground."""
    colour_map = pg.colormap.get("viridis", skipCache=True)
    if QColor(colours.base).lightness() < QColor(colours.text).lightness():
        colour_map.reverse()
    return colour_map


def _brushes_of(colour_map: pg.ColorMap) -> NDArray[np.object_]:
    return np.array([pg.mkBrush(colour) for colour in colour_map.getLookupTable(nPts=COLOUR_STEPS)], dtype=object)
