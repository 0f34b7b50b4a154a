"""The preferences: everything that the program remembers from one start to the next."""

from collections.abc import Set
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gui.widgets.theme import Appearance

_RECENT = 8


class Preferences:
    """A typed view of QSettings; every value that is missing or damaged falls back to its default.

    `studies_folder` is where new studies are put.
    """

    def __init__(self, settings: QSettings, studies_folder: Path | None = None) -> None:
        self._settings = settings
        self.studies_folder = studies_folder or default_studies_folder()
        self._trusted = {line for line in self._text("trusted-models").splitlines() if line}

    @property
    def geometry(self) -> QByteArray:
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._settings.setValue("window/geometry", value)

    def layout(self, name: str) -> QByteArray:
        """Return the remembered state of docks or of a splitter."""
        return self._bytes(f"window/{name}")

    def set_layout(self, name: str, value: QByteArray) -> None:
        self._settings.setValue(f"window/{name}", value)

    @property
    def appearance(self) -> Appearance:
        try:
            return Appearance(self._text("appearance"))
        except ValueError:
            return Appearance.SYSTEM

    @appearance.setter
    def appearance(self, value: Appearance) -> None:
        self._settings.setValue("appearance", str(value))

    def switch(self, name: str) -> bool:
        """Return whether a remembered switch is on; it is off at first."""
        return self._text(f"switch/{name}") == "yes"

    def set_switch(self, name: str, value: bool) -> None:
        self._settings.setValue(f"switch/{name}", "yes" if value else "no")

    @property
    def trusted_models(self) -> Set[str]:
        """The digests of the model files that the user has agreed to run: always the same set, which grows."""
        return self._trusted

    def trust_model(self, digest: str) -> None:
        """Remember that the user has agreed to run the model file with that digest."""
        self._trusted.add(digest)
        self._settings.setValue("trusted-models", "\n".join(sorted(self._trusted)))
        self._settings.sync()

    @property
    def folder(self) -> Path:
        """The folder in which the user last opened or saved something."""
        folder = Path(self._text("folder") or self.studies_folder)
        return folder if folder.is_dir() else Path.home()

    @folder.setter
    def folder(self, value: Path) -> None:
        self._settings.setValue("folder", str(value))

    @property
    def study_folder(self) -> Path:
        """The folder of the study that was open last, or the one of new studies."""
        folders = (*(path.parent for path in self.recent[:1]), self.studies_folder, self.folder)
        return next((folder for folder in folders if folder.is_dir()), Path.home())

    @property
    def presets_folder(self) -> Path:
        """The folder of the user's presets, beside the file of the preferences."""
        return Path(self._settings.fileName()).parent / "presets"

    @property
    def recent(self) -> list[Path]:
        """The studies opened last, the latest first."""
        return [Path(line) for line in self._text("recent").split("\n") if line]

    def add_recent(self, path: Path) -> None:
        """Remember the study, unless its name has a line end in it, which would make two of it."""
        if "\n" in str(path):
            return
        paths = [path, *(other for other in self.recent if other != path)]
        self._settings.setValue("recent", "\n".join(str(p) for p in paths[:_RECENT]))

    def clear_recent(self) -> None:
        self._settings.remove("recent")

    @property
    def unfinished(self) -> Path | None:
        """The study that ran last, in any window, if it has not come to its end; else None."""
        self._settings.sync()
        text = self._text("unfinished")
        return Path(text) if text else None

    @unfinished.setter
    def unfinished(self, value: Path | None) -> None:
        if value == self.unfinished:
            return
        self._settings.setValue("unfinished", "" if value is None else str(value))
        self._settings.sync()  # the machine may fail in the night

    def save(self) -> None:
        self._settings.sync()

    def _text(self, key: str) -> str:
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()


def default_studies_folder() -> Path:
    """Return the folder Afina in the user's documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / "Afina"
