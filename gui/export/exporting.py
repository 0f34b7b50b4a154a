"""Exporting: the export dialog on the study that is open."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.export.dialog import ExportDialog
from gui.program.preferences import Preferences
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
        self._preferences = preferences

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """What is done at which command."""
        return {
            Command.EXPORT: self.show,
        }

    def show(self) -> None:
        session, folder = self._session, self._preferences.folder
        if session.progress is None:
            return
        name = session.progress.name or (session.path.stem if session.path is not None else "study")
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
        dialog.failed.connect(self.failed)
        dialog.exec()
        self._preferences.folder = dialog.folder
        self._preferences.export_formats = dialog.formats
        dialog.deleteLater()
