"""The menu of presets in the form: the presets that the model family declares, and the user's own."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton

from core.errors import AfinaError
from core.models.family import ModelFamily
from core.models.preset import Preset
from core.presets import (
    check_name,
    folder_of,
    offered_presets,
    read_preset,
    remove_preset,
    save_preset,
    saved_presets,
)
from gui.program.messages import ask, show_error
from gui.widgets.fields import literal, plain_tip, wrapped_tip

HELP = "Fill the ranges with a preset, or keep those of now under a name"


class PresetMenu(QPushButton):
    """A button with the presets of a model in its menu.

    Signal `chosen` (a Preset): the user wants its ranges. `current` makes a preset with a given name from the form's
    ranges, or returns None while they have a mistake. `folder` holds the user's presets; None: there are none.
    """

    chosen = Signal(object)

    def __init__(self, folder: Path | None, current: Callable[[str], Preset | None]) -> None:
        super().__init__("Presets")
        self._folder = folder
        self._current = current
        self._family: ModelFamily | None = None
        self._declared: tuple[Preset, ...] = ()
        self.setToolTip(plain_tip(HELP))
        self.setAccessibleName("Presets of ranges")
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def set_family(self, family: ModelFamily) -> None:
        """Offer the presets of this family."""
        default = Preset(name="Default ranges", help="The ranges that the model declares.", ranges={})
        self._family, self._declared = family, (default, *family.presets)

    @property
    def _own_folder(self) -> Path | None:
        """The folder for a new preset; None if it cannot be saved."""
        return None if self._folder is None or self._family is None else folder_of(self._family, self._folder)

    def _saved(self) -> dict[str, Path]:
        """Return the user's presets for the model: names mapped to their folders."""
        return {} if self._folder is None or self._family is None else offered_presets(self._family, self._folder)

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        for preset in self._declared:
            action = menu.addAction(literal(preset.name))
            action.setToolTip(wrapped_tip(preset.help))
            action.triggered.connect(lambda _checked=False, preset=preset: self.chosen.emit(preset))
        if self._own_folder is None:
            return
        names = self._saved()
        menu.addSeparator()
        _add_each(menu, names, self.load)
        menu.addSeparator()
        save = menu.addAction("Save these ranges as…", self.choose_name)
        save.setEnabled(self._current("") is not None)
        removing = menu.addMenu("Remove")
        removing.setEnabled(bool(names))
        _add_each(removing, names, self.ask_to_remove)

    def load(self, name: str) -> None:
        """Use the user's preset with this name; show an error if that fails."""
        try:
            preset = read_preset(self._folder_of(name), name)
        except AfinaError as error:
            show_error(self, "The preset cannot be used", str(error))
            return
        self.chosen.emit(preset)

    def choose_name(self) -> None:
        name, accepted = QInputDialog.getText(self, "Save preset", "Name of these ranges:")
        if accepted:
            self.save_as(name.strip())

    def save_as(self, name: str) -> None:
        """Save the form's ranges under a name; ask first if another preset has it."""
        try:
            check_name(name)
        except AfinaError as error:
            show_error(self, "The preset cannot be saved", str(error))
            return
        folder = self._own_folder
        if folder is not None and name in (*self._saved(), *saved_presets(folder)):
            ask(self, f"There is a preset “{name}”", "Its ranges would be lost.", "Replace", lambda: self._save(name))
        else:
            self._save(name)

    def _save(self, name: str) -> None:
        preset, folder = self._current(name), self._own_folder
        if preset is not None and folder is not None:
            self._attempt("The preset cannot be saved", lambda: save_preset(folder, preset))

    def ask_to_remove(self, name: str) -> None:
        ask(self, f"Remove the preset “{name}”?", "Its ranges are lost then.", "Remove", lambda: self._remove(name))

    def _remove(self, name: str) -> None:
        self._attempt("The preset cannot be removed", lambda: remove_preset(self._folder_of(name), name))

    def _folder_of(self, name: str) -> Path:
        """Return the folder in which the preset is, or would be."""
        assert self._own_folder is not None
        return self._saved().get(name, self._own_folder)

    def _attempt(self, title: str, act: Callable[[], None]) -> None:
        try:
            act()
        except AfinaError as error:
            show_error(self, title, str(error))


def _add_each(menu: QMenu, names: Iterable[str], act: Callable[[str], None]) -> None:
    for name in names:
        action = menu.addAction(literal(name))
        action.setToolTip(plain_tip(name))  # or Qt takes the text for one, perhaps as mark-up
        action.triggered.connect(lambda _checked=False, name=name: act(name))
