"""Importing: a table of the user's own is chosen, and the import dialog asks how it is to be used."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.children.process import ChildLost
from core.files import is_text
from gui.program.messages import show_error
from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.widgets.theme import Theme


class Importing(QObject):
    """Shows the import dialog, whose drawing the window's first picture does not wait for: it is imported late.

    `imported` (a DataFile, a MissingValues): the user imported a table.
    """

    imported = Signal(object, object)

    def __init__(self, window: QWidget, theme: Theme, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._preferences = preferences

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """What is done at which command."""
        return {
            Command.IMPORT_DATA: self.choose,
        }

    def choose(self) -> None:
        """Ask for a table, and open it."""
        from gui.data_import.dialog import DATA_FILES

        name, _ = QFileDialog.getOpenFileName(self._window, "Import data", str(self._preferences.folder), DATA_FILES)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Ask how the table in the file is to be used; tell when that cannot be."""
        from gui.data_import.dialog import ImportDialog

        if not is_text(path):
            why = f"The path of {path.name} is not text in UTF-8, so that no study can name it."
            show_error(self._window, "The file cannot be imported", f"{why} Rename the file or its folder.")
            return
        try:
            dialog = ImportDialog(path, path.parent, self._theme, self._window)
        except ChildLost as error:
            show_error(self._window, "The file cannot be imported", f"No process can be started to read it: {error}")
            return
        dialog.imported.connect(self.imported)
        dialog.finished.connect(lambda _result: self._note_folder(dialog.folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _note_folder(self, folder: Path) -> None:
        self._preferences.folder = folder
