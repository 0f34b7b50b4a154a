"""The line above a form that can only be read: whose settings these are, and how to make another study of them."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gui.widgets.fields import give_tip, plain_label
from gui.widgets.marks import BORDER, painter_of
from gui.widgets.measures import scaled
from gui.widgets.theme import LIGHT, Colours

_HEIGHT, _GAP, _TINT = 36, 6, 28


class LockLine(QWidget):
    """Says that the settings are in force, or were. Signal `copy_requested`: the user wants a new study from them."""

    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tint = QColor(LIGHT.accent)
        self._text = plain_label()
        self.copy = QPushButton("New study from these")
        self.copy.setAutoDefault(False)
        self.copy.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.copy.clicked.connect(self.copy_requested)
        self._line = QHBoxLayout(self)
        self._line.addWidget(self._text, 1)
        self._line.addWidget(self.copy)
        self._measure()
        self.hide()

    def _measure(self) -> None:
        self._line.setContentsMargins(scaled(self, 36), 0, 14, _GAP)
        self.setFixedHeight(scaled(self, _HEIGHT) + _GAP)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def show_lock(self, *, running: bool, can_copy: bool) -> None:
        """Show the line: the settings are in force while the study runs, and were once it has ended."""
        self._text.setText("These settings are in force" if running else "These settings were in force")
        self.copy.setEnabled(can_copy)
        give_tip(self.copy, "" if can_copy else "Stop the study first", wrapped=False)
        self.show()

    def set_colours(self, colours: Colours) -> None:
        self._tint = QColor(colours.accent)
        self._tint.setAlpha(_TINT)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_of(self)
        height = self.height() - _GAP
        painter.fillRect(0, 0, self.width(), height, self._tint)
        painter.setPen(QPen(self.palette().color(BORDER), 1))
        painter.drawLine(QPointF(0, height - 0.5), QPointF(self.width(), height - 0.5))
        painter.setPen(QPen(self.palette().color(self.foregroundRole()), 1.4))
        x, y = scaled(self, 18), height / 2
        painter.drawRoundedRect(QRectF(x - 5, y - 1, 10, 7), 1, 1)
        painter.drawArc(QRectF(x - 3, y - 6, 6, 9), 0, 180 * 16)
        painter.setBrush(Qt.BrushStyle.NoBrush)
