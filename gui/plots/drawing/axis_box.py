"""The choice of what stands on an axis of the points plot: as wide as its name, up to a limit."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from core.figures.dimensions import OBJECTIVE, PlotDimension
from gui.widgets.fields import show_whole_names
from gui.widgets.flat_list import FlatList

MAX_WIDTH = 24
"""In characters: how wide a long name makes the list."""


class AxisBox(FlatList):
    """Offers dimensions. A name that is wider than the list ends in "…", and is whole in the choice and the tip."""

    def __init__(self, letter: str, axis: str, parent: QWidget | None = None) -> None:
        super().__init__(letter, f"What stands on the {axis} axis", parent)

    def offer(self, dimensions: list[PlotDimension]) -> None:
        """Offer these instead."""
        self.clear()
        for dimension in dimensions:
            named = dimension.label if dimension.name == OBJECTIVE else dimension.scale.label  # which has its unit
            self.addItem(named, dimension.name)
        show_whole_names(self)

    def sizeHint(self) -> QSize:
        hint, most = super().sizeHint(), self.fontMetrics().averageCharWidth() * MAX_WIDTH
        return QSize(min(hint.width(), most + self._beside + self._width_of(self.caption)), hint.height())
