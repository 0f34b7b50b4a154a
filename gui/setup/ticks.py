"""The values of a choice that are ticked to vary: boxes side by side or, where there are many, one list."""

from collections.abc import Mapping, Set
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QListView, QVBoxLayout, QWidget

from gui.widgets.fields import literal

MANY = 100
"""More values than this are a list: each box costs a fifth of a millisecond, and as much whenever it is laid out."""
_BOXES_WIDTH = 30  # characters; the maximum width of tick boxes side by side
_ROWS_SHOWN = 8
_Index = QModelIndex | QPersistentModelIndex


class Ticks(QWidget):
    """Values that can be ticked, given as names and their labels. Signal `changed`: a tick was set or taken away."""

    changed = Signal()

    def ticked(self) -> list[str]:
        """Return the names of the ticked values, in their order."""
        raise NotImplementedError

    def tick(self, names: Set[str]) -> None:
        """Tick these values, and no others."""
        raise NotImplementedError

    def describe(self, text: str) -> None:
        """Set the description for a screen reader."""
        raise NotImplementedError


class TickBoxes(Ticks):
    """A box for each value."""

    def __init__(self, caption: str, labels: Mapping[str, str]) -> None:
        super().__init__()
        self.boxes = {name: QCheckBox(literal(label)) for name, label in labels.items()}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        columns = max(1, _BOXES_WIDTH // (max(map(len, labels.values())) + 3))
        for place, (name, box) in enumerate(self.boxes.items()):
            box.setAccessibleName(f"{caption}, vary {labels[name]}")
            box.toggled.connect(self.changed)
            grid.addWidget(box, *divmod(place, columns))
        grid.setColumnStretch(columns, 1)

    def ticked(self) -> list[str]:
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def tick(self, names: Set[str]) -> None:
        for name, box in self.boxes.items():
            box.setChecked(name in names)

    def describe(self, text: str) -> None:
        for box in self.boxes.values():
            box.setAccessibleDescription(text)


class TickList(Ticks):
    """A list in which each value has a tick. Only the rows in view cost anything."""

    def __init__(self, caption: str, labels: Mapping[str, str]) -> None:
        super().__init__()
        self.model = _TickModel(labels)
        self.model.ticks_changed.connect(self.changed)
        self._view = QListView()
        self._view.setUniformItemSizes(True)
        self._view.setModel(self.model)
        self._view.setAccessibleName(f"{caption}, values to vary")
        self._view.setFixedHeight(_ROWS_SHOWN * (self._view.fontMetrics().height() + 4))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)

    def ticked(self) -> list[str]:
        return self.model.ticked()

    def tick(self, names: Set[str]) -> None:
        self.model.tick(names)

    def describe(self, text: str) -> None:
        self._view.setAccessibleDescription(text)


class _TickModel(QAbstractListModel):
    """The rows of a TickList."""

    ticks_changed = Signal()

    def __init__(self, labels: Mapping[str, str]) -> None:
        super().__init__()
        self._names, self._labels = list(labels), list(labels.values())
        self._ticked: set[str] = set()

    def ticked(self) -> list[str]:
        return [name for name in self._names if name in self._ticked]

    def tick(self, names: Set[str]) -> None:
        if names != self._ticked:
            self._ticked = set(names)
            self.dataChanged.emit(self.index(0), self.index(len(self._names) - 1))
            self.ticks_changed.emit()

    def rowCount(self, parent: _Index | None = None) -> int:
        return len(self._names) if parent is None or not parent.isValid() else 0

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._labels[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            ticked = self._names[index.row()] in self._ticked
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self._ticked ^= {self._names[index.row()]}
        self.dataChanged.emit(index, index)
        self.ticks_changed.emit()
        return True


def ticks_for(caption: str, labels: Mapping[str, str]) -> Ticks:
    """Return what suits the number of values."""
    return TickBoxes(caption, labels) if len(labels) <= MANY else TickList(caption, labels)
