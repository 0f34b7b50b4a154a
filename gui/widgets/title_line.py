"""The title line of a part of the window: its name, a remark in faint letters, and buttons at the right."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.widgets.fields import plain_label
from gui.widgets.type_sizes import Type, type_sizes

_GAP = 8


class TitleLine(QWidget):
    """A dock's title bar, by which it can be moved: a click beside the buttons is the dock's."""

    def __init__(self, title: str, left: int, right: int, height: int = 32) -> None:
        super().__init__()
        self._height = height
        self.title = title
        label = plain_label(title)
        type_sizes().give(label, Type.TITLE, bold=True)
        self.remark = plain_label()
        self.remark.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(left, 0, right, 0)
        self._row.setSpacing(_GAP)
        self._row.addWidget(label)
        self._row.addWidget(self.remark)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), type_sizes().pixels(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), type_sizes().pixels(self._height))
