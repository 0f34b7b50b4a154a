"""Looks, in a thread, whether the file of an import is still as it was: its disk may be slow to answer."""

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from core.datasets.changes import change_of
from core.datasets.data_file import DataFile
from gui.session.thread import Runner

_PATIENCE = 2000
"""Milliseconds that the end waits for a disk that does not answer."""


@dataclass
class _Look:
    file: DataFile
    change: str = ""
    readable: bool = False
    runner: Runner | None = field(default=None, repr=False)

    def look(self) -> None:
        self.change = change_of(self.file, quickly=True)
        self.readable = self.file.file_path.is_file()


class FileWatch(QObject):
    """Looks at a file when it is told of it, and whenever the user comes back from another program.

    Signal `found` (a sentence, a bool): how the file has changed, empty if it has not, and whether it can be read.
    """

    found = Signal(str, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._file: DataFile | None = None
        self._look: _Look | None = None
        self._again = False
        """Whether to look again after the look under way, which may have seen the file before its change."""
        QGuiApplication.instance().applicationStateChanged.connect(self._on_state)  # type: ignore[union-attr]

    def watch(self, file: DataFile | None) -> None:
        """Look at this file from now on; at none if it is None."""
        if file is not self._file:
            self._file = file
            self.look()

    def look(self) -> None:
        """Look now or, while another look takes its time, after it."""
        self._again = self._look is not None
        if self._again:
            return
        if self._file is None:
            self.found.emit("", False)
            return
        look = self._look = _Look(self._file)
        look.runner = Runner(look.look, self)
        look.runner.finished.connect(self._on_looked)
        look.runner.start()

    def close(self) -> None:
        """Wait for the thread, but not for ever, and look no more."""
        self._file = None
        if self._look is not None and self._look.runner is not None:
            self._look.runner.wait(_PATIENCE)

    def _on_looked(self) -> None:
        look, self._look = self._look, None
        if look is None or look.runner is None:
            return
        look.runner.deleteLater()
        if look.file is self._file:
            self.found.emit(look.change, look.readable)
        if self._again and self._file is not None:
            self.look()

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive and self._file is not None:
            self.look()
