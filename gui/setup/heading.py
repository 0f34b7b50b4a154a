"""The heading of a section that is always open."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.widgets.fields import ChoiceField, plain_label
from gui.widgets.measures import TITLE, scaled, type_of

_HEIGHT = 22


class Heading(QWidget):
    """A title, whose marked letter leads to a field, and perhaps something at its right."""

    def __init__(self, title: str, buddy: QWidget, beside: QWidget | None = None) -> None:
        super().__init__()
        self._label: QLabel = plain_label()
        self._label.setBuddy(buddy)
        self._label.setText(title)
        if isinstance(buddy, ChoiceField):
            buddy.set_labelled(title.replace("&", ""))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._label)
        line.addStretch()
        if beside is not None:
            line.addWidget(beside, 0, Qt.AlignmentFlag.AlignBottom)
        self._measure()

    def _measure(self) -> None:
        self._label.setFont(type_of(self.font(), TITLE, bold=True))
        self.setFixedHeight(scaled(self, _HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
