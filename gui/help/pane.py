"""The pane of help beside the form: a page on a card, and the buttons of its title."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.help.view import HelpView
from gui.widgets.card import Card
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton

_BELOW = 8


class HelpPane(QWidget):
    """A page of help, which Esc closes. Signal `close_asked`: the user has read enough."""

    close_asked = Signal()

    def __init__(self, theme: Theme, view: HelpView) -> None:
        super().__init__()
        self.view = view
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, _BELOW)
        column.addWidget(Card(theme, view))
        self.setFocusProxy(view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_asked.emit()
        else:
            super().keyPressEvent(event)


class HelpButtons(QWidget):
    """The way back to the page before, and the button that closes the pane. By keyboard: Alt+← and Esc."""

    def __init__(self, theme: Theme, view: HelpView) -> None:
        super().__init__()
        self._view = view
        self.back = _button(theme, "back", "The page before (Alt+←)")
        self.close_button = _button(theme, "close", "Close the help (Esc)")
        self.back.clicked.connect(view.go_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.back)
        row.addWidget(self.close_button)
        view.turned.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.back.setEnabled(self._view.can_go_back)


def _button(theme: Theme, drawing: str, tip: str) -> TitleButton:
    return TitleButton(theme, drawing, tip, tip)
