"""Asking for files: a dialog begins in the folder that was last used for the same purpose."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.program.preferences import Preferences, Purpose


class Folders:
    """Asks for files, and remembers their folders among the preferences."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def last(self, purpose: Purpose, first: Path | None = None) -> Path:
        """Return the folder that was last used for a purpose; before that `first`, or where studies are."""
        return self._preferences.folder_for(purpose, first)

    def note(self, purpose: Purpose, folder: Path) -> None:
        """Remember the folder for a purpose."""
        self._preferences.set_folder_for(purpose, folder)

    def ask_to_open(
        self, parent: QWidget, title: str, purpose: Purpose, kinds: str, first: Path | None = None
    ) -> Path | None:
        """Ask for a file that there is; None if the user wants none."""
        name, _kind = QFileDialog.getOpenFileName(parent, title, str(self.last(purpose, first)), kinds)
        return self._noted(purpose, name)

    def ask_to_save(
        self, parent: QWidget, title: str, purpose: Purpose, name: str, kinds: str, first: Path | None = None
    ) -> tuple[Path | None, str]:
        """Ask for a file to write, and return it with the kind that was chosen; a name is proposed."""
        proposal = self.last(purpose, first) / name
        chosen, kind = QFileDialog.getSaveFileName(parent, title, str(proposal), kinds)
        return self._noted(purpose, chosen), kind

    def _noted(self, purpose: Purpose, name: str) -> Path | None:
        if not name:
            return None
        self.note(purpose, Path(name).parent)
        return Path(name)
