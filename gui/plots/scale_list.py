"""The choice of how the axis of values is divided, which says what was chosen by itself."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.figures.view import ScaleChoice
from gui.widgets.flat_list import FlatList

_NAMES = {ScaleChoice.LINEAR: "Linear", ScaleChoice.LOG: "Log"}
_NO_LOG = "Linear (no value above 0)"
"""What a logarithmic axis is that cannot be."""


class ScaleList(FlatList):
    """Automatic, linear or logarithmic. `changed`: another one holds."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Scale:", "Scale of the values", parent)
        for choice in (ScaleChoice.AUTOMATIC, ScaleChoice.LINEAR, ScaleChoice.LOG):
            self.addItem("", choice)
        self.show_drawn(log=False)
        self.currentIndexChanged.connect(self.changed)

    @property
    def choice(self) -> ScaleChoice:
        """How the axis is to be divided."""
        return ScaleChoice(self.currentData())

    @choice.setter
    def choice(self, choice: ScaleChoice) -> None:
        self.setCurrentIndex(self.findData(choice))

    def show_drawn(self, *, log: bool) -> None:
        """Say how the axis is drawn."""
        drawn = _NAMES[ScaleChoice.LOG if log else ScaleChoice.LINEAR]
        impossible = self.choice is ScaleChoice.LOG and not log
        texts = f"{drawn} (automatic)", _NAMES[ScaleChoice.LINEAR], _NO_LOG if impossible else _NAMES[ScaleChoice.LOG]
        for place, text in enumerate(texts):
            if self.itemText(place) != text:
                self.setItemText(place, text)
