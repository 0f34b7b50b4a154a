"""Exporting: the export dialog on the study that is open."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.export.dialog import ExportDialog
from gui.program.folders import Folders
from gui.program.preferences import Preferences, Purpose
from gui.session.run_state import Command
from gui.session.session import Session
from gui.widgets.theme import Theme


class Exporting(QObject):
    """Shows the export dialog. `failed` (a Failure): a bug of ours came up while saving."""

    failed = Signal(object)

    def __init__(self, window: QWidget, session: Session, theme: Theme, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._theme = theme
        self._preferences, self._folders = preferences, Folders(preferences)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """What is done at which command."""
        return {
            Command.EXPORT: self.show,
        }

    def show(self) -> None:
        session = self._session
        if session.progress is None:
            return
        name, folder = session.study_name, self._folders.last(Purpose.EXPORTS, session.folder)
        dialog = ExportDialog(
            session.progress,
            name,
            folder,
            self._theme,
            self._window,
            session.selected,
            session.path,
            self._preferences.export_formats,
        )
        dialog.saved.connect(lambda: self._note(dialog, folder))
        dialog.failed.connect(self.failed)
        dialog.exec()
        dialog.deleteLater()

    def _note(self, dialog: ExportDialog, before: Path) -> None:
        """Remember for the next time where and what was saved; what is the same as before need not be chosen."""
        if dialog.folder != before:
            self._folders.note(Purpose.EXPORTS, dialog.folder)
        self._preferences.export_formats = dialog.formats
