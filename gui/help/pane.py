"""The pane of help beside the form: a page on a card, and the buttons of its title."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gui.help.view import HelpView
from gui.widgets.card import Card
from gui.widgets.fields import plain_tip
from gui.widgets.icons import icon
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme

_BELOW = 8
_SIDE, _ICON = 26, 16


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
        self.back, self.close_button = _button("The page before (Alt+←)"), _button("Close the help (Esc)")
        self.back.clicked.connect(view.go_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.back)
        row.addWidget(self.close_button)
        view.turned.connect(self._follow)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self._measure()
        self._follow()

    def _follow(self) -> None:
        self.back.setEnabled(self._view.can_go_back)

    def _set_colours(self, colours: Colours) -> None:
        self.back.setIcon(icon("back", colours))
        self.close_button.setIcon(icon("close", colours))

    def _measure(self) -> None:
        side, drawn = scaled(self, _SIDE), scaled(self, _ICON)
        for button in (self.back, self.close_button):
            button.setFixedSize(side, side)
            button.setIconSize(QSize(drawn, drawn))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()


def _button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setToolTip(plain_tip(tip))
    button.setAccessibleName(tip)
    return button
