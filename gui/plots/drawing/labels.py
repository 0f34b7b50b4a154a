"""Names of trials beside points of a plot."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from core.figures.figure import Label
from gui.widgets.theme import Colours

Words = tuple[str, float, float]
"""Numbers of trials, and x and y of their point."""
_DISTANCE = 6.0
"""Pixels between a point and its name."""


class Labels:
    """Names of trials, "trial 3", above and to the right of points; below or to the left where the data area ends.

    Names that would lie on each other are joined into one: "trials 3, 5".
    """

    def __init__(self, view: pg.ViewBox, z: int) -> None:
        self._view, self._z = view, z
        self._items: list[pg.TextItem] = []
        self._colour = ""

    @property
    def shown(self) -> list[Words]:
        """What can be seen."""
        seen = (item for item in self._items if item.isVisible())
        return [(item.toPlainText(), item.pos().x(), item.pos().y()) for item in seen]

    def apply_colours(self, colours: Colours) -> None:
        self._colour = colours.text
        for item in self._items:
            item.setColor(colours.text)

    def show(self, labels: Sequence[Label]) -> None:
        """Name these trials and no others."""
        joined = self._joined(labels) if labels else []
        while len(self._items) < len(joined):
            self._items.append(self._new_item())
        for item, (numbers, x, y) in zip(self._items, joined, strict=False):
            item.setHtml(f"<b>{'trials' if ', ' in numbers else 'trial'} {numbers}</b>")
            item.setPos(x, y)
            self._place(item)
            item.show()
        for item in self._items[len(joined) :]:
            item.hide()

    def _joined(self, labels: Sequence[Label]) -> list[Words]:
        """Join each number to the first one that its name would lie on."""
        found: list[Words] = []
        places: list[QPointF] = []
        bold = QGuiApplication.font()
        bold.setBold(True)
        font = QFontMetricsF(bold)
        for number, x, y in labels:
            place = self._view.mapFromView(QPointF(x, y))
            for index, (other, other_x, other_y) in enumerate(found):
                apart = place - places[index]
                if abs(apart.x()) < font.horizontalAdvance(f"trials {other}  ") and abs(apart.y()) < font.height():
                    found[index] = f"{other}, {number}", other_x, other_y
                    break
            else:
                found.append((str(number), x, y))
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
