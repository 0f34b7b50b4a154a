"""What can be chosen in the cells of a table: one of several values, or what a click asks for."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.widgets.fields import ChoiceField

Index = QModelIndex | QPersistentModelIndex
_ARROW = 9
_MARGIN = 6
_ROOM = "\u00a0" * 5
"""Keeps texts on the right clear of the arrow."""


class _WithArrow(QStyledItemDelegate):
    """Draws an arrow in the cells that can be changed."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable and option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += _ROOM

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            arrow = QStyleOptionViewItem(option)
            rect = option.rect
            place = QRect(rect.right() - _ARROW - _MARGIN, rect.center().y() - _ARROW // 2, _ARROW, _ARROW)
            arrow.rect = place
            style = option.widget.style()
            style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, arrow, painter)


class CellChoice(_WithArrow):
    """Offers the choice of a cell as a list of `options`, pairs of value and label; `name` says what is chosen."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._options = options

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        editor = ChoiceField(self._name, self._options, parent)
        view = editor.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * _MARGIN)  # the cell is narrower than its choices
        editor.activated.connect(lambda: self._finish(editor))
        QTimer.singleShot(0, editor, editor.showPopup)  # after Qt has placed it
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, ChoiceField)
        editor.set_value(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, ChoiceField)
        model.setData(index, editor.value())

    def _finish(self, editor: ChoiceField) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


class CellQuestion(_WithArrow):
    """Asks elsewhere for what is to be in the cell. Signal `asked` (its row)."""

    asked = Signal(int)

    def createEditor(self, _parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget | None:  # type: ignore[override]
        row = index.row()
        QTimer.singleShot(0, self, lambda: self.asked.emit(row))  # after Qt has dealt with the click or the key
        return None
