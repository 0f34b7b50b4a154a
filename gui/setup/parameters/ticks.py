"""The cell of a choice that is varied: the ticked values in a line, and a list in which they are ticked."""

from collections.abc import Mapping, Set
from itertools import compress
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.formatting import some
from gui.setup.field_row import SMALL_TARGET
from gui.setup.parameters.cells import draw_list, press
from gui.widgets.fields import LOCKED
from gui.widgets.measures import scaled

_ROWS_SHOWN = 12
_MEASURED = 100
"""Labels that are measured for the width of the list: of thousands, it would take too long."""
_Index = QModelIndex | QPersistentModelIndex
_CLOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
Check = Qt.ItemDataRole.CheckStateRole


class TicksCell(QAbstractButton):
    """The ticked values, given as names with their labels. Signal `changed`: a tick was set or taken away."""

    changed = Signal()

    def __init__(self, caption: str, labels: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._caption = caption
        self._locked = False
        self.problem = ""
        self.model = TickModel(labels, self)
        self.model.ticks_changed.connect(self._on_change)
        self.clicked.connect(self.open)
        self._popup: _Popup | None = None
        self._describe()

    def ticked(self) -> list[str]:
        """Return the names of the ticked values, in their order."""
        return self.model.ticked()

    def tick(self, names: Set[str]) -> None:
        """Tick these values, and no others."""
        self.model.tick(names)

    def set_locked(self, locked: bool) -> None:
        self._locked = locked
        self._describe()
        if locked and self._popup is not None:
            self._popup.close()
        self.update()

    def show_problem(self, sentence: str) -> None:
        """Mark the cell as wrong, or as right when the sentence is empty."""
        if sentence != self.problem:
            self.problem = sentence
            self.update()

    def open(self) -> None:
        """Show the list of ticks below the cell."""
        if self._locked:
            return
        if self._popup is None:
            self._popup = _Popup(self._caption, self.model, self)
        self._popup.show_below(self)

    @property
    def popup(self) -> QListView | None:
        """The list of ticks while it is open."""
        return self._popup.view if self._popup is not None and self._popup.isVisible() else None

    def shown_text(self) -> str:
        """Return what stands in the cell."""
        return self.model.in_words() or "none"

    def _on_change(self) -> None:
        self._describe()
        self.update()
        self.changed.emit()

    def _describe(self) -> None:
        name = f"{self._caption}, values: {self.shown_text()}"
        self.setAccessibleName(f"{name}. {LOCKED}" if self._locked else name)

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        press(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_list(self, self.shown_text(), self.problem, locked=self._locked)


class TickModel(QAbstractListModel):
    """The values with their ticks. Only those in view cost anything."""

    ticks_changed = Signal()

    def __init__(self, labels: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._names, self._labels = list(labels), list(labels.values())
        self._ticked: set[str] = set()
        self._in_words: str | None = None

    def ticked(self) -> list[str]:
        return [name for name in self._names if name in self._ticked]

    def in_words(self) -> str:
        """Return the labels of the ticked values, of many the first dozen."""
        if self._in_words is None:
            self._in_words = some(compress(self._labels, (name in self._ticked for name in self._names)))
        return self._in_words

    def tick(self, names: Set[str]) -> None:
        if names != self._ticked:
            self._ticked = set(names)
            self._tell(self.index(0), self.index(len(self._names) - 1))

    def _tell(self, first: _Index, last: _Index) -> None:
        self._in_words = None
        self.dataChanged.emit(first, last)
        self.ticks_changed.emit()

    def longest(self) -> str:
        """Return the longest of the first labels."""
        return max(self._labels[:_MEASURED], key=len)

    def rowCount(self, parent: _Index | None = None) -> int:
        return len(self._names) if parent is None or not parent.isValid() else 0

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._labels[index.row()]
        if role == Check:
            ticked = self._names[index.row()] in self._ticked
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Check:
            return False
        self._ticked ^= {self._names[index.row()]}
        self._tell(index, index)
        return True


class _WholeRow(QStyledItemDelegate):
    """Ticks wherever the row is clicked, not at its box alone, and by Space."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        hint, view = super().sizeHint(option, index), self.parent()
        assert isinstance(view, QListView)
        return QSize(hint.width(), scaled(view, SMALL_TARGET))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        match event:
            case QMouseEvent() if event.type() == QEvent.Type.MouseButtonRelease:
                ticks = event.button() == Qt.MouseButton.LeftButton
            case QKeyEvent():
                ticks = event.key() == Qt.Key.Key_Space
            case _:
                ticks = False
        return ticks and model.setData(index, None, Check)


class _Popup(QFrame):
    """The list of ticks. Escape, Enter and a click beside it close it."""

    def __init__(self, caption: str, model: TickModel, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.view = QListView()
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setModel(model)
        self.view.setItemDelegate(_WholeRow(self.view))
        self.view.setAccessibleName(f"{caption}, values to vary")
        self.setFocusProxy(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.view)
        self._model = model

    def show_below(self, cell: QWidget) -> None:
        rows = min(self._model.rowCount(), _ROWS_SHOWN)
        height = rows * max(self.view.sizeHintForRow(0), 1) + 4
        words = self.view.fontMetrics().horizontalAdvance(self._model.longest()) + 60
        screen = cell.screen().availableGeometry()
        width = min(max(cell.width(), words), screen.width() // 2)
        below = cell.mapToGlobal(QPoint(0, cell.height()))
        if below.y() + height > screen.bottom():
            below = cell.mapToGlobal(QPoint(0, -height))
        self.setGeometry(min(below.x(), screen.right() - width), below.y(), width, height)
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._model.index(0))
        self.show()
        self.view.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _CLOSING:
            self.close()
        else:
            super().keyPressEvent(event)
