"""The buttons at the right of the form's title: undo, redo, and a menu of what concerns the whole form."""

from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from gui.session.run_state import Command
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton
from gui.window.actions import Actions


class FormButtons(QWidget):
    """Undo, redo, and a menu with what loads, saves and resets the settings."""

    def __init__(self, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.undo, self.redo = (TitleButton.of(theme, actions[command]) for command in (Command.UNDO, Command.REDO))
        self.more = TitleButton(theme, "options", "More on the setup", "Load, save or reset the settings")
        self.menu = QMenu(self)
        self.menu.setAccessibleName(self.more.accessibleName())
        whole = (Command.LOAD_SETTINGS, Command.SAVE_SETTINGS, Command.RESET_SETTINGS)
        self.menu.addActions([actions[command] for command in whole])
        self.more.clicked.connect(lambda: self.more.open_below(self.menu))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (self.undo, self.redo, self.more):
            row.addWidget(button)
