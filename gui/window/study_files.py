"""StudyFiles: opens, rescues and remembers studies, and saves them under another name."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu

from core.datasets.changes import change_of
from core.errors import AfinaError, DamagedStudy, StoreError
from core.files import free_path, proper_stem, shortened
from core.letters import revealed
from core.phases import Phase
from core.settings import StudySettings
from core.store.salvage import salvage
from core.store.writer import copy_study
from core.targets import SUFFIX
from core.words.going_on import log_missing_in_words
from gui.program.folders import Folders
from gui.program.messages import offer_remedy, show_error, show_news
from gui.program.preferences import Preferences, Purpose
from gui.session.run_state import Command
from gui.session.session import Session
from gui.setup.settings_files import SettingsFiles
from gui.widgets.fields import literal, plain_tip
from gui.window.listed_studies import STUDY_FILES, ListedStudies, with_suffix
from gui.window.naming import NUMBERED, Naming

_IN_MENU = 8
"""The most studies in the menu of recent ones."""
_CHANGED = "The data are not the same any more"


class StudyFiles(QObject):
    """Opens studies, and puts the settings of the opened study into the form.

    `listed` works on studies that are not open. Signals: `told` (a sentence) says what was done; `new_begun` when a new
    study is to be set up; `resume_asked` when a study is open that was to be resumed.
    """

    told = Signal(str)
    new_begun = Signal()
    resume_asked = Signal()

    def __init__(
        self, window: QMainWindow, session: Session, settings_files: SettingsFiles, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._settings_files = settings_files
        self._preferences, self._folders = preferences, Folders(preferences)
        self._chosen: Path | None = None
        """The file that the user chose for the open study."""
        self._to_resume: Path | None = None
        """The study that is to be resumed as soon as it is open."""
        self.naming = Naming(window, session)
        self.listed = ListedStudies(window, preferences)
        self.naming.called.connect(self._on_called)
        self.listed.told.connect(self.told)
        session.run_state_changed.connect(self._note_recent)  # a new study has no file before it runs
        session.path_changed.connect(self._on_path_changed)
        session.moved.connect(self._on_moved)
        session.opening_changed.connect(self._on_opening_changed)
        session.opened.connect(self._on_opened)
        session.open_failed.connect(self._on_open_failed)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return {
            Command.NEW: self.new,
            Command.COPY: self.copy_settings,
            Command.OPEN: self.choose,
            Command.SAVE_AS: self.choose_target,
            **self.naming.handlers,
        }

    def show(self) -> None:
        """Show which study is open."""
        path = self._session.path
        self._window.setWindowFilePath("" if path is None else str(path))

    # Another study

    def new(self) -> None:
        """Close the study; the form shows the setup of a new one."""
        if self._session.progress is None:
            self.told.emit("This is the setup of a new study; Reset to defaults begins it afresh")
        self._session.clear()
        self.new_begun.emit()

    def copy_settings(self) -> None:
        """Close the study, even one that runs elsewhere; the form gets all its settings, for a new study."""
        progress = self._session.progress
        if progress is None or self._session.busy:
            return
        self.begin_with(progress.settings_in_force)

    def begin_with(self, settings: StudySettings) -> None:
        """Close the study; the form gets these settings, for a new study, as one step."""
        self._settings_files.fill(settings)
        change = _change_of_data(settings)
        if change:
            show_news(self._window, _CHANGED, f"{change}. Import the file anew before you start.")

    def new_path(self, settings: StudySettings) -> Path:
        """Return the path of a file that does not exist yet, named for the data set and the time."""
        stem = f"{proper_stem(settings.data.source.label)} {datetime.now():%Y-%m-%d %H.%M.%S}"
        return free_path(self._preferences.studies_folder / f"{stem}{SUFFIX}", NUMBERED)

    # Opening

    def choose(self) -> None:
        """Ask for a study, and open it."""
        path = self._folders.ask_to_open(
            self._window, "Open study", Purpose.STUDIES, STUDY_FILES, self._preferences.study_folder
        )
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Show the study in the file, and its settings in the form; show a message when that is not possible."""
        with suppress(FileNotFoundError):  # the current folder is gone: reading says that there is no such file
            path = path.absolute()
        self._to_resume = None
        if self._session.busy:
            show_error(self._window, "A study is under way", "Stop it before you open another one.")
            return
        self._session.open(path)

    def resume(self, path: Path) -> None:
        """Open the study, and let it go on."""
        self.open(path)
        self._to_resume = self._session.opening

    def _on_open_failed(self, path: Path, error: AfinaError) -> None:
        why = revealed(str(error), kept="")
        if isinstance(error, DamagedStudy):
            offer_remedy(
                self._window,
                "The study is damaged",
                f"{why.rstrip('.')}. Afina does not change the file.",
                "Save what can be read…",
                lambda: self.choose_rescue(path),
            )
        else:
            show_error(self._window, "The study cannot be opened", why)

    def _on_opened(self, path: Path) -> None:
        self._folders.note(Purpose.STUDIES, path.parent)
        if self._session.log_missing:
            show_news(self._window, "There may be more in the study", f"{log_missing_in_words(path.name)}.")
        assert self._session.progress is not None
        settings = self._session.progress.settings
        if path == self._to_resume:
            self._to_resume = None
            self.resume_asked.emit()  # which asks about changed data
            return
        change = _change_of_data(settings)
        if change:
            recorded = "All that was recorded can be seen and exported, but for the script; Resume will ask."
            show_news(self._window, _CHANGED, f"{change}. {recorded}")

    def _on_opening_changed(self, path: Path | None) -> None:
        """Show with the cursor, too, that it takes a while to read a study."""
        if path is None:
            self._window.unsetCursor()
        else:
            self._window.setCursor(Qt.CursorShape.BusyCursor)

    # Rescuing

    def choose_rescue(self, damaged: Path) -> None:
        """Ask where to save the readable part of a damaged study."""
        proposal = free_path(damaged.with_name(f"{shortened(damaged.stem)} saved{SUFFIX}"), NUMBERED)
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            "Save what can be read",
            str(proposal),
            STUDY_FILES,
            options=QFileDialog.Option.DontConfirmOverwrite,  # nothing is overwritten
        )
        if name:
            self.rescue(damaged, with_suffix(Path(name)))

    def rescue(self, damaged: Path, target: Path) -> None:
        """Save the readable part of a damaged study as another study, and open that one."""
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            saved = salvage(damaged, target)
        except StoreError as error:
            show_error(self._window, "Nothing was saved", str(error))
            return
        finally:
            QGuiApplication.restoreOverrideCursor()
        self.open(target)
        trials = "1 trial was" if saved.trials == 1 else f"{saved.trials} trials were"
        show_news(
            self._window,
            f"{trials} saved",
            f"What could be read of {damaged.name} is in {target.name} now. The damaged file is as it was.",
        )

    # Saving

    def choose_target(self) -> None:
        """Ask for another name, and save the study under it."""
        if self._session.path is None:
            return
        now = self._session.path
        path, _ = self._folders.ask_to_save(
            self._window, "Save study as", Purpose.STUDIES, now.name, STUDY_FILES, first=now.parent
        )
        if path is not None:
            self.save_as(with_suffix(path))

    def save_as(self, path: Path) -> None:
        """Copy the open study to another file and go on with the copy; a running study goes on in its own file.

        A study that waits for its file goes on in the other file.
        """
        session, self._chosen = self._session, path
        if session.phase is Phase.BLOCKED:
            self._folders.note(Purpose.STUDIES, path.parent)
            session.move_to(path)
            return
        if session.path is None or path == session.path:
            return
        try:
            copy_study(session.path, path)
        except StoreError as error:
            show_error(self._window, "The study cannot be saved", str(error))
            return
        self._folders.note(Purpose.STUDIES, path.parent)
        if session.job is None:
            session.moved_to(path)
            self.told.emit(f"Saved as {path.name}")
        else:
            self.told.emit(f"Saved a copy as {path.name}")

    def _on_called(self, before: Path, path: Path) -> None:
        """Go on with a study whose file was renamed at the user's wish."""
        self._preferences.rename_recent(before, path)
        if before == self._session.path and path != before:
            self._chosen = path
            self._session.moved_to(path)
        self.told.emit(f"The study is in {path.name} now" if path != before else "The study has its new name")

    def _on_moved(self, before: Path, path: Path) -> None:
        """Tell of a file that the user did not choose."""
        if path != self._chosen:
            sentence = f"{before.name} could not be written. All that was recorded is in {path}."
            show_news(self._window, "The study was saved in another file", sentence)

    # Remembering

    def _on_path_changed(self) -> None:
        self._note_recent()
        self.show()

    def _note_recent(self) -> None:
        path = self._session.path
        if path is not None and path.exists():
            self._preferences.add_recent(path)

    def fill_recent(self, menu: QMenu) -> None:
        """Offer the studies that were opened last."""
        menu.clear()
        for path in self._preferences.recent[:_IN_MENU]:
            action = menu.addAction(literal(revealed(path.stem, kept="")))
            action.setToolTip(plain_tip(str(path)))
            action.setEnabled(path.exists() and not self._session.busy)
            action.triggered.connect(lambda _checked=False, path=path: self.open(path))
        if menu.isEmpty():
            menu.addAction("No studies yet").setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction("Clear this list").triggered.connect(self._preferences.clear_recent)


def _change_of_data(settings: StudySettings) -> str:
    """Return a sentence, after a quick look, on how the data file has changed; empty if it has not or there is none."""
    return "" if settings.data.file is None else change_of(settings.data.file, quickly=True)
