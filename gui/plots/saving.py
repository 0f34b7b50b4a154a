"""Saving what a plot shows: which name and folder are proposed, what is never written over, and what is said then."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.files import proper_stem, write_file
from gui.program.folders import Folders
from gui.program.messages import ask
from gui.program.preferences import Purpose
from gui.session.session import Session

PNG_FILTER = "PNG image (*.png)"
SVG_FILTER = "SVG drawing (*.svg)"
CSV_FILTER = "CSV table of what is drawn (*.csv)"
_FAMILY = re.compile(rb'font-family="([^"]*)"')
_SUFFIXES = {PNG_FILTER: ".png", SVG_FILTER: ".svg", CSV_FILTER: ".csv"}

Make = Callable[[str], bytes]
"""Returns the content of a file with this suffix: ".png", ".svg" or ".csv"."""


class Saving(QObject):
    """Writes the files of a plot; `saved` and `failed` (a sentence) tell that one was written, or could not be."""

    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, plot: QWidget, session: Session, title: Callable[[], str], make: Make) -> None:
        super().__init__(plot)
        self._plot, self._session, self._title, self._make = plot, session, title, make

    def write(self, path: Path) -> None:
        """Write what the suffix says; raises OSError. No file of the study is replaced."""
        write_file(path, self._make(path.suffix.lower()), through_link=True, kept=self._session.files)

    @property
    def proposed_name(self) -> str:
        """The name that is proposed: "Tutorial – loss per epoch.png"."""
        title = self._title()
        return f"{proper_stem(f'{self._session.study_name} – {title[:1].lower()}{title[1:]}')}.png"

    def ask_and_write(self, folders: Folders) -> None:
        """Ask where to, write there, and tell how it went."""
        path, kind = folders.ask_to_save(
            self._plot,
            "Save as",
            Purpose.PICTURES,
            self.proposed_name,
            ";;".join(_SUFFIXES),
            first=self._session.folder,
        )
        if path is None:
            return
        wanted = with_suffix(path, kind, self.proposed_name)
        if wanted != path and wanted.exists():  # the dialog has asked about another name
            sentence = f"There is a file {wanted.name} already in {wanted.parent}."
            ask(self._plot, "Replace the file?", sentence, "Replace", lambda: self._write_and_tell(wanted))
            return
        self._write_and_tell(wanted)

    def _write_and_tell(self, path: Path) -> None:
        what = "table" if path.suffix.lower() == ".csv" else "image"
        try:
            self.write(path)
        except OSError as error:
            self.failed.emit(f"The {what} could not be saved: {error.strerror or error}")
        else:
            self.saved.emit(f"{what.capitalize()} saved as {path.name} in {path.parent}")


def with_suffix(path: Path, kind: str, proposed: str) -> Path:
    """Return the path with the suffix of the kind that was chosen, unless its own says what is wanted.

    The proposed name ends in ".png", which says nothing where another kind was chosen and the name was left.
    """
    chosen = _SUFFIXES.get(kind, ".png")
    if path.name == proposed:
        return path.with_suffix(chosen)
    return path if path.suffix.lower() in _SUFFIXES.values() else path.with_name(path.name + chosen)


def with_common_fonts(svg: bytes) -> bytes:
    """Return a drawing whose letters have a plain font where the one that Qt names is not known."""
    return _FAMILY.sub(rb'font-family="\1, sans-serif"', svg)
