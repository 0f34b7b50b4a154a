"""An explanation that opens under what it explains: some sentences on a small card."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.card import Card
from gui.widgets.fields import PlainLabel
from gui.widgets.measures import scaled
from gui.widgets.theme import Theme

_WIDTH = 420
_MARGIN = 12
_GAP = 4
"""Pixels between the card and what it explains."""
_CLOSING = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class Explanation(Card):
    """Sentences over the window, until Esc, Enter or Space is pressed or something else is clicked.

    Its label has the focus, so that a screen reader reads it out, and other keys are that reader's; the text can be
    selected and copied. Where the focus was before, it comes back.
    """

    def __init__(self, sentences: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent=parent)
        self.setWindowFlag(Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.label = PlainLabel(sentences)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(_SELECTABLE)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _CLOSING:
            self.close()
        else:
            super().keyPressEvent(event)
