"""A "?" in the header of a part, and the sentence that it opens below the header, in place."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from gui.widgets.announce import announce
from gui.widgets.fields import PlainLabel
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton

_LEFT, _BELOW = 12, 4


class HelpLine(PlainLabel):
    """The sentence, which is hidden until its `button` is pressed, and again when that is pressed once more.

    `action` does the same from a menu.
    """

    def __init__(self, theme: Theme, part: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(sentence, parent)
        self.setWordWrap(True)
        self.setContentsMargins(_LEFT, 0, _LEFT, _BELOW)
        self.hide()
        self.button = TitleButton(theme, "help", f"{part}: help", "What this shows")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setCheckable(True)
        self.action = QAction("What this shows", self, checkable=True)
        self.action.toggled.connect(self.button.setChecked)
        self.button.toggled.connect(self._show)

    def name_part(self, part: str) -> None:
        """Take in that the part is called otherwise."""
        self.button.setAccessibleName(f"{part}: help")

    def close_line(self) -> bool:
        """Hide the sentence; return whether it was to be seen."""
        was_open = self.button.isChecked()
        self.button.setChecked(False)
        return was_open

    def _show(self, shown: bool) -> None:
        self.action.setChecked(shown)
        self.setVisible(shown)
        if shown:
            announce(self.button, self.text())
