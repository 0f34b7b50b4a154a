"""Words beside points of a plot."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from gui.plots.arrays import Floats
from gui.theme import Colours

_DISTANCE = 3.0
"""Pixels between a point and its word."""


class Labels:
    """Words above and to the right of points, to the left where the data area ends."""

    def __init__(self, view: pg.ViewBox, z: int) -> None:
        self._view, self._z = view, z
        self._items: list[pg.TextItem] = []
        self._colour = ""

    @property
    def shown(self) -> list[tuple[str, float, float]]:
        """The words that can be seen, each with x and y of its point."""
        seen = (item for item in self._items if item.isVisible())
        return [(item.toPlainText(), item.pos().x(), item.pos().y()) for item in seen]

    def apply_colours(self, colours: Colours) -> None:
        self._colour = colours.text
        for item in self._items:
            item.setColor(colours.text)

    def show(self, words: Sequence[str], x: Floats, y: Floats) -> None:
        """Show these words and no others; one whose point has no place is left out."""
        for item in self._items:
            item.hide()
        known = np.isfinite(x) & np.isfinite(y)
        for index in np.flatnonzero(known).tolist():
            item = self._item(index)
            item.setText(words[index])
            item.setPos(x[index], y[index])
            self._place(item)
            item.show()

    def _item(self, index: int) -> pg.TextItem:
        while len(self._items) <= index:
            item = pg.TextItem(color=self._colour)
            item.setZValue(self._z)
            item.hide()
            self._view.addItem(item, ignoreBounds=True)
            self._items.append(item)
        return self._items[index]

    def _place(self, item: pg.TextItem) -> None:
        size = item.textItem.boundingRect()
        right = self._view.mapFromView(item.pos()).x() + _DISTANCE + size.width()
        across = _DISTANCE / size.width()
        item.setAnchor((-across if right <= self._view.width() else 1 + across, 1.0))
