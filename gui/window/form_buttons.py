"""The buttons at the right of the form's title: undo, redo, and a menu of what concerns the whole form."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from gui.session.run_state import Command
from gui.widgets.icons import icon
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme
from gui.window.actions import Actions

_SIDE, _ICON = 26, 16


class FormButtons(QWidget):
    """Undo, redo, and a menu with what loads, saves and resets the settings."""

    def __init__(self, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.undo, self.redo = _button(actions[Command.UNDO]), _button(actions[Command.REDO])
        self.more = _button()
        self.more.setAccessibleName("More on the setup")
        self.more.setToolTip("Load, save or reset the settings")
        self.more.clicked.connect(self._show_menu)
        self.menu = QMenu(self)
        self.menu.setAccessibleName(self.more.accessibleName())
        whole = (Command.LOAD_SETTINGS, Command.SAVE_SETTINGS, Command.RESET_SETTINGS)
        self.menu.addActions([actions[command] for command in whole])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (self.undo, self.redo, self.more):
            row.addWidget(button)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self._measure()

    def _show_menu(self) -> None:
        """Show the menu below the button, so that it does not leave the form."""
        corner = self.more.mapToGlobal(QPoint(self.more.width(), self.more.height()))
        self.menu.popup(corner - QPoint(self.menu.sizeHint().width(), 0))

    def _set_colours(self, colours: Colours) -> None:
        self.more.setIcon(icon("options", colours))

    def _measure(self) -> None:
        side, drawn = scaled(self, _SIDE), scaled(self, _ICON)
        for button in (self.undo, self.redo, self.more):
            button.setFixedSize(side, side)
            button.setIconSize(QSize(drawn, drawn))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()


def _button(action: QAction | None = None) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # as in a toolbar: the keyboard has the menu File
    if action is not None:
        button.setDefaultAction(action)
    return button
