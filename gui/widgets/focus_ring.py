"""In high contrast: a ring around the field or button that has the focus, which Fusion hardly shows."""

from PySide6.QtCore import QObject, QRectF, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from gui.widgets.theme import Theme

_WIDTH = 2.0
_RINGED = QLineEdit, QComboBox, QCheckBox, QRadioButton, QPushButton, QToolButton


class FocusRing(QObject):
    """Moves the ring with the focus. Buttons and cells that paint their own have none."""

    def __init__(self, app: QApplication, theme: Theme) -> None:
        super().__init__(app)
        self._theme = theme
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._show)
        theme.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        now, colours, self._ring = QApplication.focusWidget(), self._theme.colours, None
        if now is not None and colours.high_contrast and needs_ring(now):
            self._ring = _Ring(QColor(colours.accent))
            self._ring.setWidget(now)


def needs_ring(widget: QWidget) -> bool:
    """Return whether the focus of the widget would hardly be seen: it is as Qt draws it."""
    return isinstance(widget, _RINGED) and not getattr(widget, "paints_focus", False)


class _Ring(QFocusFrame):
    def __init__(self, colour: QColor) -> None:
        super().__init__()
        self._colour = colour

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, _WIDTH))
        inset = _WIDTH / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
