"""What the help menu leads to: notes on the data, folders, and what Afina is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from core import APP_NAME, VERSION
from core.datasets.builtin import dataset_named
from core.errors import AfinaError
from core.settings import StudySettings
from gui.help.note_dialog import NoteDialog
from gui.program.log import log_folder
from gui.program.messages import show_error, show_news
from gui.session.run_state import Command
from gui.session.session import Session


class HelpMenu(QObject):
    """Answers what is asked for in the help menu. `form_settings` returns what the form holds; None: a mistake."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        form_settings: Callable[[], StudySettings | None],
        studies_folder: Path,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._form_settings = form_settings
        self._studies_folder = studies_folder

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """What is done at which command."""
        return {
            Command.NOTE: self.show_note_on_data,
            Command.STUDIES_FOLDER: self.open_studies_folder,
            Command.LOG_FOLDER: self.open_log_folder,
            Command.ABOUT: self.show_about,
        }

    def show_note_on_data(self) -> None:
        """Show the note on the data of the form or, while that has a mistake, of the study that is open."""
        progress = self._session.progress
        studied = StudySettings() if progress is None else progress.settings
        data = (self._form_settings() or studied).data
        if data.file is None:
            self.show_note(data.dataset)
            return
        name = data.file.file_path.name
        sentence = f"{name} is a file of your own, on which Afina has no note. Change columns… shows what is in it."
        show_news(self._window, "About this data", sentence)

    def show_note(self, dataset: str) -> None:
        """Show where a data set comes from and what to think of before using it."""
        try:
            dialog = NoteDialog(dataset_named(dataset), self._window)
        except AfinaError as error:
            show_error(self._window, "The note cannot be shown", str(error))
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_studies_folder(self) -> None:
        self._open_folder(self._studies_folder)

    def open_log_folder(self) -> None:
        self._open_folder(log_folder())

    def _open_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            show_error(self._window, "The folder cannot be opened", f"{folder}: {error.strerror or error}")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def show_about(self) -> None:
        QMessageBox.about(
            self._window,
            f"About {APP_NAME}",
            f"<h3>{APP_NAME} {VERSION}</h3><p>Tunes the hyperparameters of Keras models by Bayesian optimisation.</p>"
            "<p>MIT licence. Made with Keras, TensorFlow, scikit-optimize, Qt for Python and pyqtgraph.</p>",
        )
