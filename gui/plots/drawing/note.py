"""A note in the corner of a plot's data area."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from gui.widgets.theme import Colours

_INSIDE = 4.0
"""Pixels from the corner."""


class Note:
    """A line of small words in the corner to the right: the upper one, or the lower one where that is meant."""

    def __init__(self, view: pg.ViewBox, z: int) -> None:
        self._view = view
        self._at_top = True
        self._item = pg.TextItem()
        self._item.setZValue(z)
        self._item.setParentItem(view)  # whose pixels it stands in, whatever is zoomed to
        self._item.hide()
        view.sigResized.connect(self._place)

    @property
    def text(self) -> str:
        """What can be read."""
        text: str = self._item.toPlainText()
        return text if self._item.isVisible() else ""

    def apply_colours(self, colours: Colours) -> None:
        """Write in these colours, legible over lines."""
        self._item.setColor(colours.faint_text)
        self._item.fill = pg.mkBrush(colours.base)
        self._item.update()

    def show(self, text: str, *, at_top: bool) -> None:
        """Show this note; an empty one is none."""
        self._item.setVisible(bool(text))
        if text != self._item.toPlainText() or at_top is not self._at_top:
            self._at_top = at_top
            self._item.setText(text)
            self._item.setAnchor((1.0, 0.0 if at_top else 1.0))
            self._place()

    def _place(self) -> None:
        area = self._view.rect()
        height = _INSIDE if self._at_top else area.height() - _INSIDE
        self._item.setPos(QPointF(area.width() - _INSIDE, height))
