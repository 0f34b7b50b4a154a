"""What the user changes about the window itself: page, layout, size of letters, focus, and list of studies."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QMainWindow

from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.session.session import Session
from gui.widgets.font_size import NORMAL, STEP, font_size
from gui.widgets.theme import Theme
from gui.window.acting import Acting
from gui.window.focus_cycle import FocusCycle
from gui.window.layout import Layout
from gui.window.pages import COMMANDS
from gui.window.study_files import StudyFiles
from gui.window.welcoming import Welcoming


class View:
    """Handles the commands of the menu View.

    `welcoming` lists the studies in place of all other parts; `acting` has the line of findings.
    """

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        theme: Theme,
        preferences: Preferences,
        layout: Layout,
        study_files: StudyFiles,
    ) -> None:
        self.welcoming = Welcoming(window, session, theme, preferences, layout, study_files)
        self.acting = Acting(window, session, theme, preferences, layout, study_files)
        self._layout = layout
        self._preferences = preferences
        self._focus_cycle = FocusCycle(window, layout.parts, layout.first_stops)
        self.welcoming.made.connect(lambda page: self._focus_cycle.add(page.parts))

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return {
            **self.welcoming.handlers,
            **{command: partial(self._layout.pages.choose, name) for name, command in COMMANDS.items()},
            Command.RESET_LAYOUT: self._layout.reset,
            Command.LARGER_FONT: lambda: self._set_font(font_size().percent + STEP),
            Command.SMALLER_FONT: lambda: self._set_font(font_size().percent - STEP),
            Command.NORMAL_FONT: lambda: self._set_font(NORMAL),
            Command.NEXT_PART: lambda: self._focus_cycle.go(1),
            Command.PREVIOUS_PART: lambda: self._focus_cycle.go(-1),
        }

    def _set_font(self, percent: int) -> None:
        font_size().percent = percent
        self._preferences.font_size = font_size().percent
