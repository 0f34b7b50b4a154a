"""The choice of a column's role, made in its row of the table."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.tables.description import ColumnRole
from gui.widgets.fields import ChoiceField

Index = QModelIndex | QPersistentModelIndex
_ARROW = 9
_MARGIN = 6


class RoleDelegate(QStyledItemDelegate):
    """Draws an arrow in the cells that have a choice, and offers the choice as a list."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            arrow = QStyleOptionViewItem(option)
            rect = option.rect
            place = QRect(rect.right() - _ARROW - _MARGIN, rect.center().y() - _ARROW // 2, _ARROW, _ARROW)
            arrow.rect = place
            style = option.widget.style()
            style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, arrow, painter)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        editor = ChoiceField("Use as", ((role.value, role.value) for role in ColumnRole), parent)
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
