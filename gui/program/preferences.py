"""The preferences: everything that the program remembers from one start to the next."""

import os
from collections.abc import Iterable, Mapping, Sequence, Set
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, unquote, unquote_to_bytes

from PySide6.QtCore import QByteArray, QRect, QSettings, QStandardPaths

from core.figures.view import ScaleChoice
from gui.widgets.font_size import NORMAL
from gui.widgets.theme import Appearance

_RECENT = 30
"""The most studies that are remembered, for the list of studies; the menu shows fewer."""
_URI = "file:"


class Purpose(StrEnum):
    """What files are asked for; each purpose has a folder of its own that is remembered."""

    STUDIES = "studies"
    SETTINGS = "settings"
    TABLES = "tables"
    MODELS = "models"
    EXPORTS = "exports"
    PICTURES = "pictures"


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
    def page(self) -> str:
        """The name of the page that was shown last, and `page_beside` of the one beside it; empty without one."""
        return self._text("page")

    @page.setter
    def page(self, name: str) -> None:
        self._settings.setValue("page", name)

    @property
    def page_beside(self) -> str:
        return self._text("page-beside")

    @page_beside.setter
    def page_beside(self, name: str) -> None:
        self._settings.setValue("page-beside", name)

    def place(self, page: str) -> QRect | None:
        """Return where on the screen the window of a page was last."""
        place = self._settings.value(f"window/page-{page}")
        return place if isinstance(place, QRect) and place.isValid() else None

    def set_place(self, page: str, place: QRect) -> None:
        self._settings.setValue(f"window/page-{page}", place)

    @property
    def appearance(self) -> Appearance:
        try:
            return Appearance(self._text("appearance"))
        except ValueError:
            return Appearance.SYSTEM

    @appearance.setter
    def appearance(self, value: Appearance) -> None:
        self._settings.setValue("appearance", str(value))

    @property
    def font_size(self) -> int:
        """The font size in per cent of the system's."""
        return self.number("font-size", at_first=NORMAL)

    @font_size.setter
    def font_size(self, value: int) -> None:
        self.set_number("font-size", value)

    @property
    def tells(self) -> bool:
        """Whether a user who is elsewhere is told when a study ends or needs them."""
        return self.switch("tells", at_first=True)

    @tells.setter
    def tells(self, value: bool) -> None:
        self.set_switch("tells", value)

    def switch(self, name: str, *, at_first: bool = False) -> bool:
        """Return whether a remembered switch is on; `at_first` until the user has set it."""
        return {"yes": True, "no": False}.get(self._text(f"switch/{name}"), at_first)

    def set_switch(self, name: str, value: bool) -> None:
        self._settings.setValue(f"switch/{name}", "yes" if value else "no")

    def forget_switch(self, name: str) -> None:
        """Let a remembered switch be as at first."""
        self._settings.remove(f"switch/{name}")

    def number(self, name: str, *, at_first: int = 0) -> int:
        """Return a remembered whole number; `at_first` until it is set."""
        try:
            return int(self._text(f"number/{name}"))
        except ValueError:
            return at_first

    def set_number(self, name: str, value: int) -> None:
        self._settings.setValue(f"number/{name}", str(value))

    @property
    def trusted_models(self) -> Set[str]:
        """The digests of the model files that the user has agreed to run: always the same set, which grows."""
        return self._trusted

    def trust_model(self, digest: str) -> None:
        """Remember that the user has agreed to run the model file with that digest."""
        self._trusted.add(digest)
        self._settings.setValue("trusted-models", "\n".join(sorted(self._trusted)))
        self._settings.sync()

    def folder_for(self, purpose: Purpose, first: Path | None = None) -> Path:
        """Return the folder that was last used for a purpose; `first` before that, or where something was used last.

        Earlier versions remembered one folder for all purposes.
        """
        last, of_all = (_from_line(self._text(key)) for key in (f"folders/{purpose}", "folder"))
        known = (last, first or Path(), of_all, self.studies_folder)
        return next((folder for folder in known if folder != Path() and folder.is_dir()), Path.home())

    def set_folder_for(self, purpose: Purpose, folder: Path) -> None:
        """Remember the folder for a purpose."""
        self._settings.setValue(f"folders/{purpose}", _as_line(folder))

    def scale(self, plot: str) -> ScaleChoice:
        """Return how the axis of values of a plot is divided; earlier versions remembered a switch."""
        try:
            return ScaleChoice(self._text(f"scale/{plot}"))
        except ValueError:
            return ScaleChoice.LOG if self.switch(f"log-{plot}") else ScaleChoice.AUTOMATIC

    def set_scale(self, plot: str, choice: ScaleChoice) -> None:
        self._settings.setValue(f"scale/{plot}", str(choice))

    @property
    def study_folder(self) -> Path:
        """The folder of the study that was open last, or the one of new studies."""
        folders = (*(path.parent for path in self.recent[:1]), self.studies_folder)
        return next((folder for folder in folders if folder.is_dir()), self.folder_for(Purpose.STUDIES))

    @property
    def presets_folder(self) -> Path:
        """The folder of the user's presets, beside the file of the preferences."""
        return Path(self._settings.fileName()).parent / "presets"

    @property
    def draft_file(self) -> Path:
        """The file of the setup that was not started, beside the file of the preferences."""
        return Path(self._settings.fileName()).parent / "draft.json"

    @property
    def open_sections(self) -> list[str]:
        """The titles of the form's sections that were open."""
        return self._text("open-sections").splitlines()

    @open_sections.setter
    def open_sections(self, titles: Iterable[str]) -> None:
        self._settings.setValue("open-sections", "\n".join(titles))

    @property
    def export_formats(self) -> list[str]:
        """The names of the formats that were exported last."""
        return self._text("export-formats").splitlines()

    @export_formats.setter
    def export_formats(self, names: Iterable[str]) -> None:
        self._settings.setValue("export-formats", "\n".join(names))

    def hidden_findings(self, study: str) -> frozenset[str]:
        """Return the keys of the findings about a study that the user has hidden; `study` is what it is known by."""
        return frozenset(self._hidden().get(study, ()))

    def hide_finding(self, study: str, key: str) -> None:
        """Remember that the user does not want to see a finding about a study; of the latest studies only."""
        hidden = self._hidden()
        keys = [*hidden.pop(study, ()), key]
        self._set_hidden({**hidden, study: keys})

    def show_all_findings(self, study: str) -> None:
        """Forget which findings about a study are hidden."""
        hidden = self._hidden()
        hidden.pop(study, None)
        self._set_hidden(hidden)

    def _hidden(self) -> dict[str, list[str]]:
        """Return the hidden findings by study, the latest last: lines of quoted words."""
        lines = (line.split() for line in self._text("hidden-findings").splitlines())
        return {unquote(study): [unquote(key) for key in keys] for study, *keys in filter(None, lines)}

    def _set_hidden(self, hidden: Mapping[str, Sequence[str]]) -> None:
        kept = list(hidden.items())[-_RECENT:]
        lines = (" ".join(quote(word, safe="") for word in (study, *keys)) for study, keys in kept)
        self._settings.setValue("hidden-findings", "\n".join(lines))

    @property
    def recent(self) -> list[Path]:
        """The studies opened last, the latest first."""
        return [_from_line(line) for line in self._text("recent").split("\n") if line]

    def add_recent(self, path: Path) -> None:
        self._set_recent([path, *(other for other in self.recent if other != path)])

    def _set_recent(self, paths: list[Path]) -> None:
        self._settings.setValue("recent", "\n".join(map(_as_line, paths[:_RECENT])))

    def forget_recent(self, path: Path) -> None:
        self._set_recent([other for other in self.recent if other != path])

    def rename_recent(self, before: Path, path: Path) -> None:
        """Note that a study's file has another name now."""
        self._set_recent(
            [path if other == before else other for other in self.recent if other != path or path == before]
        )

    def clear_recent(self) -> None:
        self._settings.remove("recent")

    def save(self) -> None:
        self._settings.sync()

    def _text(self, key: str) -> str:
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()


def _as_line(path: Path) -> str:
    """Return the path on one line of text; as a URI if it has line feeds in it, or bytes that are no text."""
    text = str(path)
    return text if text.isprintable() and not text.startswith(_URI) else f"{_URI}{quote(os.fsencode(path))}"


def _from_line(line: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(line.removeprefix(_URI)))) if line.startswith(_URI) else Path(line)


def default_studies_folder() -> Path:
    """Return the folder Afina in the user's documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / "Afina"
