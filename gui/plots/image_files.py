"""Saving images of plots in files that the user chooses."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.plots.frame import Frame
from gui.program.folders import Folders
from gui.program.messages import ask
from gui.program.preferences import Purpose

PNG_FILTER = "PNG image (*.png)"
SVG_FILTER = "SVG drawing (*.svg)"


class ImageFiles(QObject):
    """Saves the image of a plot where the user wants it.

    `saved` and `failed` (a sentence) tell that an image was written, or could not be.
    """

    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, plot: Frame, folders: Folders) -> None:
        super().__init__(plot)
        self._plot, self._folders = plot, folders
        plot.image_wanted.connect(self._ask_and_save)

    def _ask_and_save(self) -> None:
        path, kind = self._folders.ask_to_save(
            self._plot,
            "Save as image",
            Purpose.PICTURES,
            self._plot.image_name,
            f"{PNG_FILTER};;{SVG_FILTER}",
            first=self._plot.study_folder,
        )
        if path is None:
            return
        if path.suffix.lower() not in (".png", ".svg"):
            path = path.with_name(path.name + (".svg" if kind == SVG_FILTER else ".png"))
            if path.exists():  # the dialog has asked about another name
                sentence = f"There is a file {path.name} already in {path.parent}."
                ask(self._plot, "Replace the file?", sentence, "Replace", lambda: self._save_and_tell(path))
                return
        self._save_and_tell(path)

    def _save_and_tell(self, path: Path) -> None:
        try:
            self._plot.save_image(path)
        except OSError as error:
            self.failed.emit(f"The image could not be saved: {error.strerror or error}")
        else:
            self.saved.emit(f"Image saved as {path.name} in {path.parent}")
