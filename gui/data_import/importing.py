"""Importing: a table of the user's own is chosen, and the import dialog asks how it is to be used."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.children.process import ChildLost
from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.datasets.settings import DataSettings
from core.files import is_text
from core.tables.facts import TableFacts
from core.tables.table_format import FIRST_RULES
from gui.data_import.fact_finding import FactFinding
from gui.data_import.file_watch import FileWatch
from gui.data_import.renewing import Renewal
from gui.program.folders import Folders
from gui.program.messages import show_error
from gui.program.preferences import Preferences, Purpose
from gui.session.run_state import Command
from gui.widgets.theme import Theme


class Importing(QObject):
    """Shows the import dialog, whose drawing the window's first picture does not wait for: it is imported late.

    Signals: `imported` (an ImportedTable): the user imported a table, or its file as it is now; `told` (a sentence)
    says then what has changed; `file_changed` (a sentence, a bool): how the file in use differs from the imported one,
    empty if it does not, and whether it can be read; `facts_changed` (a DataFile or None, TableFacts or None): another
    table is in use, or more is known of its columns; the facts are None while nothing is known.
    """

    imported = Signal(object)
    told = Signal(str)
    file_changed = Signal(str, bool)
    facts_changed = Signal(object, object)

    def __init__(self, window: QWidget, theme: Theme, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._folders = Folders(preferences)
        self._held_out = DataSettings().held_out
        self._renewal: Renewal | None = None
        self.watch = FileWatch(self)
        self.watch.found.connect(self._on_watched)
        self.facts = FactFinding(self)
        self.facts.changed.connect(self.facts_changed)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """What is done at which command."""
        return {
            Command.IMPORT_DATA: self.choose,
        }

    def look_at(self, file: DataFile | None, data: DataSettings | None) -> None:
        """Watch the imported file in use, if there is one; `data` are the form's settings, unless they are wrong."""
        self.facts.use(file)
        self.watch.watch(file)
        if data is not None:
            self._held_out = data.held_out

    def choose(self) -> None:
        """Ask for a table, and open it."""
        from gui.data_import.dialog import DATA_FILES

        path = self._folders.ask_to_open(self._window, "Import data", Purpose.TABLES, DATA_FILES)
        if path is not None:
            self.open(path)

    def open(self, path: Path, before: ImportedTable | None = None) -> None:
        """Ask how the table in the file is to be used; tell when that cannot be. What was chosen `before` stays."""
        from gui.data_import.dialog import ImportDialog

        if not is_text(path):
            why = f"The path of {path.name} is not text in UTF-8, so that no study can name it."
            show_error(self._window, "The file cannot be imported", f"{why} Rename the file or its folder.")
            return
        try:
            dialog = ImportDialog(path, path.parent, self._theme, self._window, None, before, self._held_out)
        except ChildLost as error:
            self._tell_of_loss(error)
            return
        dialog.imported.connect(lambda imported: self._take(imported, dialog.facts))
        dialog.finished.connect(lambda _result: self._folders.note(Purpose.TABLES, dialog.folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def change(self, before: ImportedTable) -> None:
        """Ask how an imported table is to be used from now on."""
        self.open(before.file.file_path, before)

    def renew(self, before: ImportedTable) -> None:
        """Use the file as it is now; ask where its columns are not those of the import."""
        if before.file.layout.rules == FIRST_RULES:
            self.change(before)
            return
        if self._renewal is not None:
            return
        try:
            renewal = self._renewal = Renewal(before, self._window)
        except ChildLost as error:
            self._tell_of_loss(error)
            return
        renewal.renewed.connect(self._on_renewed)
        renewal.unsuited.connect(lambda: self.change(before))
        renewal.ended.connect(self._on_renewal_ended)

    def close(self) -> None:
        """End what is still going on."""
        self.watch.close()
        self.facts.close()
        if self._renewal is not None:
            self._renewal.close()

    def _on_watched(self, change: str, readable: bool) -> None:
        self.file_changed.emit(change, readable)
        if readable and not change:
            self.facts.look()

    def _take(self, imported: ImportedTable, facts: TableFacts | None) -> None:
        """Keep what is known of a table that was just read, and tell of it."""
        if facts is not None:
            self.facts.keep(imported.file, facts)
        self.imported.emit(imported)

    def _on_renewed(self, imported: ImportedTable, facts: TableFacts, news: str) -> None:
        self._take(imported, facts)
        self.told.emit(news)

    def _on_renewal_ended(self) -> None:
        if self._renewal is not None:
            self._renewal.deleteLater()
            self._renewal = None

    def _tell_of_loss(self, error: ChildLost) -> None:
        show_error(self._window, "The file cannot be imported", f"No process can be started to read it: {error}")
