"""Acting on findings: their line in the headline's frame, and what its buttons do with form and pages."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from core.analysis.findings.finding import Widened
from core.words.findings import arrow_to, done_in_words
from gui.insight.findings_line import FindingsLine
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.widgets.measures import scaled
from gui.widgets.theme import Theme
from gui.window.layout import Layout
from gui.window.study_files import StudyFiles

_HIGH = 950
"""A window of so many pixels of the design has room for an open finding, plots and trials."""


class Acting(QObject):
    """Makes the line of findings, and connects it."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        theme: Theme,
        preferences: Preferences,
        layout: Layout,
        study_files: StudyFiles,
    ) -> None:
        super().__init__(window)
        self._session, self._layout, self._study_files = session, layout, study_files
        self.line = FindingsLine(session, theme, layout.analyst, preferences)
        layout.centre.findings.hold(self.line)
        self.line.act_wanted.connect(self.act)
        self.line.act_pointed.connect(self.point)
        self.line.page_wanted.connect(self.show_page)
        self.line.opened.connect(self.make_room)

    @Slot(object)
    def act(self, change: Widened) -> None:
        """Set up a new study from the open one, with the change; nothing is started."""
        progress = self._session.progress
        if progress is None or self._session.busy:
            return
        settings = change.applied(progress.settings_in_force)
        self._study_files.begin_with(settings)
        self._layout.form_dock.show()
        self._layout.form.lead_to_number(change.parameter, change.part)
        self._study_files.told.emit(done_in_words(change, settings))

    @Slot(object)
    def point(self, change: Widened | None) -> None:
        """Show in the form what the act would change; None ends that."""
        form = self._layout.form
        if change is None:
            form.show_proposal("", "", "")
        else:
            form.show_proposal(change.parameter, change.part, arrow_to(change))

    @Slot(bool)
    def make_room(self, is_open: bool) -> None:
        """Lend the room of the trials to the pages while a finding is open in a low window."""
        window, high = self._layout.centre.window(), scaled(self._layout.centre, _HIGH)
        if not is_open or window.height() < high:
            self._layout.folding.lend_room(lent=is_open)

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show the page, if there is one of that name."""
        if name in self._layout.pages.names:
            self._layout.pages.choose(name)
