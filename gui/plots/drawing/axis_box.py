"""The choice of what stands on an axis of the points plot: as wide as its name, up to a limit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from core.figures.dimensions import OBJECTIVE, PlotDimension
from gui.widgets.fields import show_whole_names
from gui.widgets.flat_list import FlatList

_BARE = Qt.ItemDataRole.UserRole + 1
"""Under which the name without its unit is kept."""
MIN_WIDTH, MAX_WIDTH = 8, 24
"""In characters: from which width on a name can be told from others, and how wide a long one makes the list."""


class AxisBox(FlatList):
    """Offers dimensions. A name that is wider than the list ends in "…"; all of it is in the choice and in the tip."""

    keeps_caption = True
    _with_unit = True

    def __init__(self, letter: str, axis: str, parent: QWidget | None = None) -> None:
        super().__init__(letter, f"What stands on the {axis} axis", parent)

    def offer(self, dimensions: list[PlotDimension]) -> None:
        """Offer these instead."""
        self.clear()
        for dimension in dimensions:
            named = dimension.label if dimension.name == OBJECTIVE else dimension.scale.label  # which has its unit
            self.addItem(named, dimension.name)
            self.setItemData(self.count() - 1, dimension.label, _BARE)
        show_whole_names(self)

    @property
    def whole(self) -> str:
        """The name, with its unit if there is room for that."""
        return self.currentText() if self._with_unit else self.currentData(_BARE) or self.currentText()

    def show_unit(self, *, shown: bool) -> None:
        """Show names with their units, or without."""
        if shown is not self._with_unit:
            self._with_unit = shown
            self.updateGeometry()
            self.update()

    @property
    def width_with_unit(self) -> int:
        """The width of the list with the unit of what is chosen."""
        return self._width_of(self.caption + self.currentText()) + self._beside

    @property
    def width_without_unit(self) -> int:
        """The width of the list with the name of what is chosen, up to the limit."""
        bare = self._width_of(self.currentData(_BARE) or self.currentText())
        most = self.fontMetrics().averageCharWidth() * MAX_WIDTH
        return min(bare, most) + self._width_of(self.caption) + self._beside

    @property
    def least_width(self) -> int:
        """The width of the list with so much of a name that it can be told from others."""
        some = self.fontMetrics().averageCharWidth() * MIN_WIDTH + self._width_of(self.caption) + self._beside
        return min(some, self.sizeHint().width())

    def sizeHint(self) -> QSize:
        hint, most = super().sizeHint(), self.fontMetrics().averageCharWidth() * MAX_WIDTH
        return QSize(min(hint.width(), most + self._beside + self._width_of(self.caption)), hint.height())
