"""What is done with a study of the list without opening it: copied, taken off the list, moved to the bin."""

from pathlib import Path

from PySide6.QtCore import QFile, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.errors import StoreError
from core.files import free_path, shortened
from core.store.lock import in_use
from core.store.writer import copy_study
from core.targets import SUFFIX, logs_of
from gui.program.messages import ask, show_error
from gui.program.preferences import Preferences
from gui.window.naming import NUMBERED

STUDY_FILES = f"Afina studies (*{SUFFIX})"


class ListedStudies(QObject):
    """Works on the files of studies. `changed`: there are others now. `told` (a sentence) says what was done."""

    changed = Signal()
    told = Signal(str)

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences

    def is_own(self, path: Path) -> bool:
        """Return whether the file lies in the folder of studies."""
        return path.parent == self._preferences.studies_folder

    def choose_copy(self, path: Path) -> None:
        """Ask for another name, and copy the study there."""
        proposal = free_path(path.with_name(f"{shortened(path.stem)} copy{SUFFIX}"), NUMBERED)
        name, _ = QFileDialog.getSaveFileName(self._window, "Copy study", str(proposal), STUDY_FILES)
        if name:
            self.copy(path, with_suffix(Path(name)))

    def copy(self, path: Path, target: Path) -> None:
        """Copy the study to another file."""
        try:
            copy_study(path, target)
        except StoreError as error:
            show_error(self._window, "The study cannot be copied", str(error))
            return
        if not self.is_own(target):
            self._preferences.add_recent(target)
        self.told.emit(f"Saved a copy as {target.name}")
        self.changed.emit()

    def forget(self, path: Path) -> None:
        """Take the study off the list; its file stays where it is."""
        self._preferences.forget_recent(path)
        self.changed.emit()

    def ask_to_bin(self, path: Path) -> None:
        """Move the study to the bin, after a question."""
        where = f"{path.name} is moved from {path.parent} to the bin of this computer, and can be put back from there."
        ask(self._window, "Move this study to the bin?", where, "Move to the bin", lambda: self.bin(path))

    def bin(self, path: Path) -> None:
        """Move the study, and what SQLite left beside it, to the bin."""
        if in_use(path):
            show_error(self._window, "The study is in use", f"Stop {path.name} before you move it to the bin.")
            return
        if not to_bin(path):
            sentence = f"{path.name} stays where it is: its drive has no bin, or the file may not be moved."
            show_error(self._window, "The study cannot be moved to the bin", sentence)
            return
        for log in logs_of(path):
            to_bin(log)
        self._preferences.forget_recent(path)
        self.told.emit(f"Moved {path.name} to the bin")
        self.changed.emit()


def to_bin(path: Path) -> bool:
    """Move a file to the bin; return whether it is there."""
    return QFile(str(path)).moveToTrash()


def with_suffix(path: Path) -> Path:
    """Return the path with a study's suffix."""
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
