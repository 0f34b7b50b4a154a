"""An explanation that opens under what it explains: some sentences in a small frame."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.widgets.fields import PlainLabel
from gui.widgets.measures import scaled

_WIDTH = 420
_MARGIN = 12
_GAP = 4
"""Pixels between the frame and what it explains."""


class Explanation(QFrame):
    """Sentences over the window, until a key is pressed or something else is clicked.

    Its label has the focus, so that a screen reader reads it out; where the focus was before, it comes back.
    """

    def __init__(self, sentences: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.label = PlainLabel(sentences)
        self.label.setWordWrap(True)
        self.label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.addWidget(self.label)
        self.setFixedWidth(scaled(self, _WIDTH))

    def show_under(self, widget: QWidget) -> None:
        """Show the sentences under the widget, or over it where the screen ends."""
        height = self.heightForWidth(self.width())
        screen = widget.screen().availableGeometry()
        place = widget.mapToGlobal(QPoint(0, widget.height() + _GAP))
        if place.y() + height > screen.bottom():
            place = widget.mapToGlobal(QPoint(0, -_GAP - height))
        self.setGeometry(min(place.x(), screen.right() - self.width()), place.y(), self.width(), height)
        self.show()
        self.label.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        self.close()
