"""Words beside points of a plot."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from gui.widgets.theme import Colours

Label = tuple[str, float, float]
"""A word, and x and y of its point."""
_DISTANCE = 3.0
"""Pixels between a point and its word."""


class Labels:
    """Words above and to the right of points; below or to the left where the data area ends.

    Words that would lie on each other are joined into one: "3, 5".
    """

    def __init__(self, view: pg.ViewBox, z: int) -> None:
        self._view, self._z = view, z
        self._items: list[pg.TextItem] = []
        self._colour = ""

    @property
    def shown(self) -> list[Label]:
        """What can be seen."""
        seen = (item for item in self._items if item.isVisible())
        return [(item.toPlainText(), item.pos().x(), item.pos().y()) for item in seen]

    def apply_colours(self, colours: Colours) -> None:
        self._colour = colours.text
        for item in self._items:
            item.setColor(colours.text)

    def show(self, labels: Sequence[Label]) -> None:
        """Show these words and no others."""
        joined = self._joined(labels) if labels else []
        while len(self._items) < len(joined):
            self._items.append(self._new_item())
        for item, (word, x, y) in zip(self._items, joined, strict=False):
            item.setText(word)
            item.setPos(x, y)
            self._place(item)
            item.show()
        for item in self._items[len(joined) :]:
            item.hide()

    def _joined(self, labels: Sequence[Label]) -> list[Label]:
        """Join each word to the first one that it would lie on."""
        found: list[Label] = []
        places: list[QPointF] = []
        font = QFontMetricsF(QGuiApplication.font())
        for word, x, y in labels:
            place = self._view.mapFromView(QPointF(x, y))
            for index, (other, other_x, other_y) in enumerate(found):
                apart = place - places[index]
                if abs(apart.x()) < font.horizontalAdvance(f"{other}  ") and abs(apart.y()) < font.height():
                    found[index] = f"{other}, {word}", other_x, other_y
                    break
            else:
                found.append((word, x, y))
                places.append(place)
        return found

    def _new_item(self) -> pg.TextItem:
        item = pg.TextItem(color=self._colour)
        item.setZValue(self._z)
        self._view.addItem(item, ignoreBounds=True)
        return item

    def _place(self, item: pg.TextItem) -> None:
        size, point = item.textItem.boundingRect(), self._view.mapFromView(item.pos())
        across = _DISTANCE / size.width()
        fits_right = point.x() + _DISTANCE + size.width() <= self._view.width()
        fits_above = point.y() >= size.height()
        item.setAnchor((-across if fits_right else 1 + across, 1.0 if fits_above else 0.0))
