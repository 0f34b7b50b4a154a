"""Files dropped on the window: a study is opened, a table imported, a model file read."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QDropEvent

from core.tables.table_format import SUFFIXES
from core.targets import SUFFIX
from gui.data_import.importing import Importing
from gui.session.run_state import Command
from gui.setup.model_files import ModelFiles
from gui.window.actions import Actions
from gui.window.study_files import StudyFiles

Receiver = Callable[[Path], object]


class Dropping:
    """Finds the receiver of a file. A file cannot be dropped while the command for it is not possible."""

    def __init__(
        self, actions: Actions, study_files: StudyFiles, importing: Importing, model_files: ModelFiles
    ) -> None:
        self._actions = actions
        self._receivers: dict[str, tuple[Command, Receiver]] = {
            **dict.fromkeys(SUFFIXES, (Command.IMPORT_DATA, importing.open)),
            ".py": (Command.CHOOSE_MODEL, model_files.load),
            SUFFIX: (Command.OPEN, study_files.open),
        }

    def receiver(self, path: Path) -> Receiver | None:
        """Return the receiver of the file; None when there is none now."""
        command, receive = self._receivers.get(path.suffix.lower(), (None, None))
        return receive if command is not None and self._actions.can(command) else None

    def consider(self, event: QDropEvent) -> None:
        """Accept the file that is dragged over the window if it can be dropped."""
        path = _file_of(event)
        if path is not None and self.receiver(path) is not None:
            event.acceptProposedAction()

    def drop(self, event: QDropEvent) -> None:
        """Hand the dropped file to its receiver."""
        path = _file_of(event)
        receive = None if path is None else self.receiver(path)
        if path is not None and receive is not None:
            event.acceptProposedAction()
            receive(path)


def _file_of(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
