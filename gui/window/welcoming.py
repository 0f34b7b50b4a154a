"""Welcoming: the welcome page takes the place of form, plots and table while no study is open and the user wants it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from core.phases import Job
from core.study.catalogue import has_studies
from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.session.session import Session
from gui.widgets.theme import Theme
from gui.window.layout import Layout
from gui.window.study_files import StudyFiles

if TYPE_CHECKING:
    from gui.welcome.page import WelcomePage

_IN_THE_WAY = "New study shows the form first"


class Welcoming(QObject):
    """Shows and hides the welcome page, which is made when it is first needed.

    It goes when a study is opened or begins, and `hide` is for whatever fills the form, as an imported table does.
    Signals: `made` (the page); `changed` when it has come or gone; `asked` (a Command) when the user wants to begin
    otherwise; `tutorial_asked`: to start the tutorial.
    """

    made = Signal(object)
    changed = Signal()
    asked = Signal(object)
    tutorial_asked = Signal()

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        theme: Theme,
        preferences: Preferences,
        layout: Layout,
        study_files: StudyFiles,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._theme = theme
        self._preferences = preferences
        self._layout = layout
        self._study_files = study_files
        self._page: WelcomePage | None = None
        session.opened.connect(self.hide)
        session.run_state_changed.connect(self._on_run_state_changed)
        session.open_failed.connect(self._refresh)
        study_files.new_begun.connect(self.hide)
        study_files.listed.changed.connect(self._refresh)
        study_files.naming.called.connect(self._refresh)

    @property
    def page(self) -> "WelcomePage":
        """The page."""
        if self._page is None:
            self._page = self._make_page()
            self._layout.add_cover(self._page)
            self.made.emit(self._page)
        return self._page

    def _make_page(self) -> "WelcomePage":
        from gui.welcome.page import WelcomePage  # a first start shows no page
        from gui.welcome.study_menu import StudyActions

        study_files, preferences = self._study_files, self._preferences
        listed = study_files.listed
        actions = StudyActions(
            open=study_files.open,
            resume=study_files.resume,
            name=study_files.naming.ask,
            copy=listed.choose_copy,
            forget=listed.forget,
            bin=listed.ask_to_bin,
            is_own=listed.is_own,
        )
        page = WelcomePage(self._theme, preferences.studies_folder, lambda: preferences.recent, actions)
        page.beginnings.asked.connect(self.asked)
        page.beginnings.tutorial_asked.connect(self.tutorial_asked)
        page.reading.failed.connect(self._session.failed)
        return page

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return {Command.STUDIES: self.close_study}

    @property
    def shown(self) -> bool:
        """Whether the page is shown."""
        return self._layout.covered

    @property
    def obstacle(self) -> str:
        """A sentence on why the form cannot be used now; empty when it can."""
        return _IN_THE_WAY if self.shown else ""

    def begin(self) -> None:
        """Show the page at the start of the program, if there is a study; else the form is the best beginning."""
        if has_studies(self._preferences.studies_folder, self._preferences.recent):
            self.show()

    def close_study(self) -> None:
        """Close the study, even one that runs elsewhere, and show the page."""
        if not self._session.busy:
            self._session.clear()
            self.show()

    def show(self) -> None:
        """Show the page, with what there is now."""
        self.page.refresh()
        if not self.shown:
            self._layout.cover(covered=True)
            self.changed.emit()

    def hide(self, *_what: object) -> None:
        """Show form, plots and table again."""
        if self.shown:
            self._layout.cover(covered=False)
            self.changed.emit()

    def close(self) -> None:
        """Let the reading of studies end: the window closes."""
        if self._page is not None:
            self._page.close_reading()

    def _on_run_state_changed(self, job: Job | None, _phase: object) -> None:
        if job is not None:
            self.hide()

    def _refresh(self, *_what: object) -> None:
        if self.shown:
            self.page.refresh()
