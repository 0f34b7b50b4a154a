"""What the user changes about the window itself: its layout, the size of its letters, the part that has the focus."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QMainWindow

from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.widgets.font_size import NORMAL, STEP, font_size
from gui.window.layout import Layout
from gui.window.parts import Parts


class View:
    """Handles the commands of the menu View."""

    def __init__(self, window: QMainWindow, layout: Layout, preferences: Preferences) -> None:
        self._layout = layout
        self._preferences = preferences
        self._parts = Parts(window, layout.parts)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return {
            Command.RESET_LAYOUT: self._layout.reset,
            Command.LARGER_FONT: lambda: self._set_font(font_size().percent + STEP),
            Command.SMALLER_FONT: lambda: self._set_font(font_size().percent - STEP),
            Command.NORMAL_FONT: lambda: self._set_font(NORMAL),
            Command.NEXT_PART: lambda: self._parts.go(1),
            Command.PREVIOUS_PART: lambda: self._parts.go(-1),
        }

    def _set_font(self, percent: int) -> None:
        font_size().percent = percent
        self._preferences.font_size = font_size().percent
