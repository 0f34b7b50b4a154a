"""SettingsFiles: the form's settings come from a JSON file, go into one, or go back to the defaults."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.errors import AfinaError, InvalidSetting
from core.exported_trial import EarlierTrial, TrialValues
from core.files import write_file
from core.parameters import Value
from core.settings import StudySettings, files_in_use, tutorial_settings
from core.settings_file import read_settings_file
from core.words.settings_files import earlier_in_words, lacking_in_words, study_and_trial_in_words
from gui.program.folders import Folders
from gui.program.messages import offer, show_error, show_news
from gui.program.preferences import Preferences, Purpose
from gui.session.run_state import Command
from gui.session.session import Session
from gui.setup.form import SettingsForm
from gui.setup.model_files import ModelFiles

SETTINGS_FILES = "Settings (*.json)"


class SettingsFiles(QObject):
    """Fills the form, which `filled` tells, and keeps what is in it. `told` (a sentence) says what was done."""

    told = Signal(str)
    filled = Signal()

    def __init__(
        self, window: QWidget, session: Session, form: SettingsForm, model_files: ModelFiles, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._form = form
        self._model_files = model_files
        self._folders = Folders(preferences)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """What is done at which command."""
        return {
            Command.LOAD_SETTINGS: self.choose,
            Command.SAVE_SETTINGS: self.choose_target,
            Command.RESET_SETTINGS: self.reset,
        }

    def fill(self, settings: StudySettings) -> None:
        """Put the settings into the form, for a new study; no model file that is being read changes them."""
        self._session.clear()
        self._model_files.cancel()
        self._form.set_settings(settings)
        self.filled.emit()

    def reset(self) -> None:
        """Fill the form with the tutorial's experiment."""
        self.fill(tutorial_settings())

    def choose(self) -> None:
        """Ask for a file, and fill the form from it."""
        path = self._folders.ask_to_open(self._window, "Load settings", Purpose.SETTINGS, SETTINGS_FILES)
        if path is not None:
            self.load(path)

    def load(self, path: Path) -> None:
        """Fill the form from a JSON file, perhaps after a question; tell when that cannot be, or what is not in it."""
        try:
            file = read_settings_file(path)
            if file.earlier is not None and file.trial is not None:
                self._hold_earlier(path.name, file.earlier, file.trial)
            elif file.settings is not None and file.trial is not None:
                self._ask_for_which(path.name, file.settings, file.trial, file.lacking)
            elif file.settings is not None:
                self.fill(file.settings)
                self._tell_lacking(path.name, file.lacking)
        except AfinaError as error:
            show_error(self._window, "The settings cannot be loaded", str(error))
            return
        self._folders.note(Purpose.SETTINGS, path.parent)

    def _tell_lacking(self, name: str, lacking: tuple[str, ...]) -> None:
        if lacking:
            self._tell_part(name, lacking_in_words(lacking))

    def _tell_part(self, name: str, sentence: str) -> None:
        show_news(self._window, f"{name} was loaded as far as it goes", sentence)

    def _ask_for_which(self, name: str, settings: StudySettings, trial: TrialValues, lacking: tuple[str, ...]) -> None:
        """Ask whether the study of an exported trial is meant, or its values."""
        held = trial.held_in(settings.model)

        def load(fill: Callable[[], object]) -> None:
            fill()
            self._tell_lacking(name, lacking)

        offer(
            self._window,
            f"Load the study, or its trial {trial.number}?",
            study_and_trial_in_words(name, trial),
            {
                "The same study": lambda: load(lambda: self.fill(settings)),
                f"Trial {trial.number}'s values, held fixed": lambda: load(lambda: self._fill_and_hold(settings, held)),
            },
        )

    def _hold_earlier(self, name: str, earlier: EarlierTrial, trial: TrialValues) -> None:
        """Hold the values of a trial of which no ranges were exported, and say so."""
        kept = self._form.settings()
        try:
            settings = earlier.over(kept or tutorial_settings())
            held = trial.held_in(settings.model)
        except InvalidSetting as error:
            raise InvalidSetting(error.field, f"{name}: {error.message}") from None
        self._fill_and_hold(settings, held)
        self._tell_part(name, earlier_in_words(trial, form_kept=kept is not None))

    def _fill_and_hold(self, settings: StudySettings, held: Mapping[str, Value]) -> None:
        self.fill(settings)
        self._form.hold_values(held)

    def choose_target(self) -> None:
        """Ask for a file, and write the form to it."""
        if self._form.settings() is None:
            show_error(self._window, "The settings are not complete", self._form.problem())
            return
        path, _ = self._folders.ask_to_save(
            self._window, "Save settings", Purpose.SETTINGS, "settings.json", SETTINGS_FILES
        )
        if path is not None:
            self.save(path if path.suffix else path.with_suffix(".json"))

    def save(self, path: Path) -> None:
        """Write the form to a JSON file; tell when that cannot be."""
        settings = self._form.settings()
        if settings is None:
            return
        try:
            kept = (*self._session.files, *files_in_use(None, settings))
            write_file(path, settings.to_json().encode(), through_link=True, kept=kept)
        except OSError as error:
            show_error(self._window, "The settings cannot be saved", f"{path}: {error.strerror or error}")
            return
        self._folders.note(Purpose.SETTINGS, path.parent)
        self.told.emit(f"Settings saved to {path.name}")
