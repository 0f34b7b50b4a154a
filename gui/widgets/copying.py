"""Copying a cell of a table to the clipboard: as safe as a cell of an export."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView

from core.export.cells import copied_cell


def copy_safely(view: QAbstractItemView) -> None:
    """Let Copy take the view's current cell in a form that no spreadsheet runs; Qt would take it as it is."""

    def copy() -> None:
        if view.currentIndex().isValid():
            QGuiApplication.clipboard().setText(copied_cell(str(view.currentIndex().data())))

    action = QAction("Copy", view)
    action.setShortcut(QKeySequence.StandardKey.Copy)
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(copy)
    view.addAction(action)
