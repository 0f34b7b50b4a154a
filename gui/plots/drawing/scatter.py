"""Points of a plot: many of them, in a few styles, changed often."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QBrush

from core.figures.arrays import Floats, same
from gui.plots.drawing.cached import Cached

MANY = 300
"""More points than this take longer to paint than a picture of them."""
Indices = NDArray[np.int_]


class Points(Cached, pg.ScatterPlotItem):  # type: ignore[misc]
    """A scatter of points that are given as arrays; those without a place are left out.

    pyqtgraph finds each point's symbol by all that it looks like, which takes 20 ms and more for 10,000 points. Here
    points differ by their brush, and a size for each brush, and the symbol of each brush is found once.
    """

    data: Any
    """The points as pyqtgraph's records."""

    def __init__(self) -> None:
        self._brushes: NDArray[np.object_] = np.array([None])
        self._sizes: Floats = np.array([-1.0])
        self._chosen: Indices | None = None
        super().__init__(antialias=True)
        self._room = self.data

    def show_places(
        self,
        x: Floats,
        y: Floats,
        brushes: NDArray[np.object_] | None = None,
        chosen: Indices | None = None,
        sizes: Floats | None = None,
    ) -> None:
        """Show points here, all alike, or point i with the brush and the size numbered `chosen[i]`."""
        known = np.isfinite(x) & np.isfinite(y)
        x, y = x[known], y[known]
        if brushes is None and self._brushes[0] is None and same(x, self.data["x"]) and same(y, self.data["y"]):
            return  # most marks stay where they are from one paint to the next
        self._brushes = np.array([None]) if brushes is None else brushes
        self._sizes = np.full(len(self._brushes), -1.0) if sizes is None else sizes  # the style has one
        self._chosen = np.zeros(len(x), int) if chosen is None else chosen[known]
        data = self._room_for(len(x))
        for name, value in (("x", x), ("y", y), ("visible", True), ("hovered", False)):
            data[name] = value
        data["brush"], data["size"] = self._brushes[self._chosen], self._sizes[self._chosen]
        self.data = data
        self.bounds = [None, None]
        self.prepareGeometryChange()
        self.updateSpots()

    def _room_for(self, count: int) -> Any:
        """Return that many of pyqtgraph's records; making them anew each time would take half of all the time."""
        if count > len(self._room):
            self._room = np.empty(max(count, 2 * len(self._room)), self.data.dtype)
        return self._room[:count]

    @property
    def worth_caching(self) -> bool:
        return len(self.data) > MANY

    def updateSpots(self, dataSet: object = None) -> None:  # noqa: N803  pyqtgraph's name
        """Find the symbol of each point; pyqtgraph calls this after each change of style."""
        if self._chosen is None or len(self._chosen) != len(self.data):
            super().updateSpots(dataSet)
            return
        used = np.flatnonzero(np.bincount(self._chosen, minlength=len(self._brushes)))
        places = np.zeros(len(self._brushes), self.data.dtype["sourceRect"])
        places[used] = self.fragmentAtlas[
            [self._style_with(self._brushes[number], float(self._sizes[number])) for number in used]
        ]
        self.data["sourceRect"] = places[self._chosen]
        self._updateMaxSpotSizes()
        self.invalidate()

    def _style_with(self, brush: QBrush | None, size: float) -> tuple[object, ...]:
        own = self.opts
        return (
            own["symbol"],
            own["size"] if size < 0 else size,
            own["pen"],
            own["brush"] if brush is None else brush,
        )
