"""The main window: places and connects; decides nothing."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow

from gui.data_import.importing import Importing
from gui.export.exporting import Exporting
from gui.program.messages import CrashReporter
from gui.program.preferences import Preferences
from gui.rehearsal.rehearsing import Rehearser, Rehearsing
from gui.session.run_state import Command
from gui.session.session import Session
from gui.setup.model_files import ModelFiles
from gui.setup.settings_files import SettingsFiles
from gui.widgets.theme import Theme
from gui.window.actions import Actions
from gui.window.closing import Closing
from gui.window.drafting import Drafting
from gui.window.dropping import Dropping
from gui.window.helping import Helping
from gui.window.layout import Layout
from gui.window.running import Running
from gui.window.study_files import StudyFiles
from gui.window.telling import Telling
from gui.window.view import View

_PASSING = 4000
"""Milliseconds for which the status bar shows a message."""


class MainWindow(QMainWindow):
    """Afina's one window on one session: its widgets, and an object for each subject that the user can act on."""

    def __init__(
        self, session: Session, theme: Theme, preferences: Preferences, crashes: CrashReporter, rehearser: Rehearser
    ) -> None:
        super().__init__()
        self.session, self.theme, self.preferences, self.crashes = session, theme, preferences, crashes
        self.closing = Closing(self, session, crashes)
        self.actions_ = Actions(session, theme, self)
        self.layout_ = Layout(self, session, theme, preferences, self.actions_)
        self.form, self.headline, self.table = self.layout_.form, self.layout_.headline, self.layout_.table
        self.loss_plot = self.layout_.plots.loss
        self.convergence_plot = self.layout_.plots.convergence
        self.points_plot = self.layout_.plots.points
        self.menus = self.layout_.menus

        self.rehearsing = Rehearsing(rehearser, self)
        self.model_files = ModelFiles(self, session, self.form, preferences)
        self.settings_files = SettingsFiles(self, session, self.form, self.model_files, preferences)
        self.study_files = StudyFiles(self, session, self.settings_files, preferences)
        self.importing = Importing(self, theme, preferences)
        self.exporting = Exporting(self, session, theme, preferences)
        plots = (self.loss_plot, self.convergence_plot, self.points_plot)
        self.helping = Helping(self, session, theme, self.layout_, preferences, crashes, plots)
        self.running = Running(
            self, session, self.form, self.model_files, self.study_files, self.rehearsing, theme, crashes
        )
        self.drafting = Drafting(session, self.form, self.model_files.cancel, self.actions_, preferences, self)
        self.telling = Telling(self, session, preferences)
        self.view = View(self, session, theme, preferences, self.layout_, self.study_files)
        self.welcoming = self.view.welcoming
        self.dropping = Dropping(self.actions_, self.study_files, self.importing, self.model_files)
        self._connect_actions()
        self._connect_subjects()
        self.layout_.restore()
        self.study_files.show()
        self._on_form_changed()

    def _connect_actions(self) -> None:
        self.actions_.connect({Command.QUIT: self.close})
        for subject in (
            self.study_files,
            self.settings_files,
            self.importing,
            self.model_files,
            self.exporting,
            self.running,
            self.drafting,
            self.helping,
            self.view,
        ):
            self.actions_.connect(subject.handlers)
        self.menus.recent.aboutToShow.connect(lambda: self.study_files.fill_recent(self.menus.recent))

    def _connect_subjects(self) -> None:
        self.form.settings_changed.connect(self._on_form_changed)
        self.form.note_requested.connect(self.helping.menu.show_note)
        self.form.import_requested.connect(self.importing.choose)
        self.form.edit_requested.connect(self.importing.change)
        self.form.renew_requested.connect(self.importing.renew)
        self.importing.imported.connect(self.drafting.use_table)
        self.importing.told.connect(self.form.data.tell)
        self.importing.file_changed.connect(self.form.data.show_change)
        self.importing.facts_changed.connect(self.form.show_facts)
        self.study_files.resume_asked.connect(self.running.resume)
        self.study_files.new_begun.connect(self.form.begin)
        self._connect_welcome()
        self.headline.more_requested.connect(self.running.more)
        for request, answer in (
            (self.headline.show_field_requested, self.form.show_problem_place),
            (self.headline.show_warning_requested, self.form.show_warning_place),
        ):
            request.connect(self.layout_.form_dock.show)
            request.connect(answer)
        self.study_files.told.connect(self._tell)
        self.settings_files.told.connect(self._tell)
        self.exporting.failed.connect(self.running.show_failure)
        self.form.copy_requested.connect(self.study_files.copy_settings)

    def _connect_welcome(self) -> None:
        self.welcoming.asked.connect(lambda command: self.actions_[command].trigger())
        self.welcoming.tutorial_asked.connect(self.running.start_tutorial)
        for filled in (self.settings_files.filled, self.importing.imported, self.model_files.chosen):
            filled.connect(self.welcoming.hide)
        for command in (Command.UNDO, Command.REDO):
            self.actions_[command].triggered.connect(self.welcoming.hide)
            self.actions_[command].triggered.connect(self.layout_.form_dock.show)
        self.welcoming.changed.connect(lambda: self.telling.show_list(self.welcoming.shown))
        self.welcoming.changed.connect(lambda: self.actions_.set_listed(listed=self.welcoming.shown))
        self.welcoming.changed.connect(self._on_form_changed)

    def _tell(self, sentence: str) -> None:
        self.statusBar().showMessage(sentence, _PASSING)

    def _on_form_changed(self) -> None:
        settings, progress = self.form.settings(), self.session.progress
        self.importing.look_at(self.form.data.file, None if settings is None else settings.data)
        form = self.form
        self.actions_.set_problem(self.welcoming.obstacle or ("" if settings is not None else form.problem()))
        self.headline.set_plan(
            settings, form.problem(), form.model.doubt, problems=form.problem_count, warnings=form.warning_count
        )
        self.rehearsing.expect(None if progress is not None and settings == progress.settings else settings)

    def start_with(self, study: Path | None) -> None:
        """Open the study or, without one, show the setup that was not started, or else the studies that there are."""
        if study is not None:
            self.study_files.open(study)
        elif self.drafting.draft.restored:
            self._tell("The setup that you had not started is here again")
        else:
            self.welcoming.begin()

    @Slot()
    def remember(self) -> None:
        """Keep sizes, switches and the draft for the next start."""
        self.layout_.remember()
        self.drafting.draft.close()

    # Qt's events

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.layout_.follow_font()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.layout_.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.helping.close():  # what has the focus had no use for it
            event.accept()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dropping.consider(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropping.drop(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.closing.may_close():
            event.ignore()
            return
        self.session.stop()  # watching
        self.rehearsing.cancel()
        self.model_files.close()
        self.importing.close()
        self.welcoming.close()
        self.telling.close()
        self.remember()
        self.layout_.close()
        event.accept()
