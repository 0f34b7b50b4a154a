"""The title line of a part of the window: its name, a remark in faint letters, and buttons at the right."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.widgets.fields import plain_label
from gui.widgets.measures import TITLE, scaled, type_of

_GAP = 8


class TitleLine(QWidget):
    """A dock's title bar, by which it can be moved: a click beside the buttons is the dock's."""

    def __init__(self, title: str, left: int, right: int, height: int = 32) -> None:
        super().__init__()
        self.title = title
        self._height = height
        self._label = plain_label(title)
        self.remark = plain_label()
        self.remark.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(left, 0, right, 0)
        self._row.setSpacing(_GAP)
        self._row.addWidget(self._label)
        self._row.addWidget(self.remark)
        self._row.addStretch(1)
        self._measure()

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)

    def _measure(self) -> None:
        self._label.setFont(type_of(self.font(), TITLE, bold=True))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the height that the dock gives it: it asks for no other."""
        return QSize(super().sizeHint().width(), scaled(self, self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), scaled(self, self._height))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
