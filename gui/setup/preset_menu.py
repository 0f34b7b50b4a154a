"""The preset in force beside the search space, with a menu: what the model family declares, and the user's own."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton, QSizePolicy

from core.errors import AfinaError
from core.letters import revealed
from core.models.family import ModelFamily
from core.models.preset import Filling, Preset, filling
from core.presets import (
    CHANGED,
    DEFAULT,
    OWN,
    check_new_name,
    folder_of,
    offered_presets,
    read_preset,
    remove_preset,
    save_preset,
    saved_presets,
    usable_presets,
)
from gui.program.messages import ask, show_error
from gui.widgets.fields import literal, plain_tip, wrapped_tip
from gui.widgets.marks import ACCENT, FAINT, draw_chevron, draw_focus, painter_of
from gui.widgets.measures import scaled

HELP = "Fill the ranges with a preset, or keep those of now under a name"
_CAPTION = "Preset: "
_HEIGHT, _PAD, _CHEVRON, _SHORTEST = 22, 4, 16, 60
_OPENING = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PresetMenu(QPushButton):
    """A button that names the preset in force, with the presets of the model in its menu.

    Signal `chosen` (a Preset): the user wants its ranges. `current` makes a preset with a given name from the form's
    ranges, or returns None while they have a mistake. `folder` holds the user's presets; None: there are none.
    `basis` is the name of the preset that was in force last; empty if none was since other ranges were shown. Which one
    is in force now is found by comparing: of equal ones it is the basis.
    """

    paints_focus = True

    chosen = Signal(object)

    def __init__(self, folder: Path | None, current: Callable[[str], Preset | None]) -> None:
        super().__init__()
        self._folder = folder
        self._current = current
        self._family: ModelFamily | None = None
        self._declared: dict[str, Preset] = {}
        self._made_declared: dict[str, Filling | None] = {}
        self._own: dict[str, Filling | None] | None = None
        self.basis = ""
        self.named = OWN
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(HELP)
        menu = QMenu(self)
        menu.setAccessibleName("Presets")
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def set_family(self, family: ModelFamily) -> None:
        """Offer the presets of this family."""
        before, self._family, self._own = self._family, family, None
        if before is None or (before.name, before.label) != (family.name, family.label):
            self.basis = ""
        default = Preset(name=DEFAULT, help="The ranges that the model declares.", ranges={})
        self._declared = {preset.name: preset for preset in (default, *family.presets)}
        made = self._made_declared = {name: p.filling(family.parameters) for name, p in self._declared.items()}
        if list(made.values()).count(made[DEFAULT]) > 1:  # it has a name of its own
            del self._declared[DEFAULT], made[DEFAULT]

    # What is in force

    def refresh(self) -> None:
        """Name the preset that is in force, or the one that was before the ranges were changed."""
        now = self._current("")
        found = None if now is None else self._named(filling(now.ranges, now.rules))
        if found is not None:
            self.basis = found
        elif self.basis and self._made(self.basis) is None:
            self.basis = ""  # it is not there any more
        self._say(revealed(found or (CHANGED.format(self.basis) if self.basis else OWN), kept=""))

    def _named(self, wanted: Filling) -> str | None:
        """Return the name of a preset with these ranges and rules; None if there is none."""
        if self.basis and self._made(self.basis) == wanted:
            return self.basis
        found = (name for name, made in self._made_declared.items() if made == wanted)
        return next(found, None) or next((name for name, made in self._made_own().items() if made == wanted), None)

    def _made(self, name: str) -> Filling | None:
        """Return what the preset with this name makes of the model's parameters; None if there is none that fits."""
        return self._made_declared[name] if name in self._made_declared else self._made_own().get(name)

    def _made_own(self) -> dict[str, Filling | None]:
        """Return what each of the user's presets makes of the model's parameters; they are read once."""
        if self._own is None:
            own = {} if self._folder is None or self._family is None else usable_presets(self._family, self._folder)
            parameters = () if self._family is None else self._family.parameters
            self._own = {name: preset.filling(parameters) for name, preset in own.items()}
        return self._own

    def _say(self, named: str) -> None:
        whole = f"{_CAPTION}{named}"
        if whole == self.accessibleName():
            return
        self.named = named
        self.setAccessibleName(whole)
        self.setToolTip(wrapped_tip(f"{whole}. {HELP}"))
        self.updateGeometry()
        self.update()

    # The menu

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
        self._own = None
        for preset in self._declared.values():
            action = self._add(menu, preset.name)
            action.setToolTip(wrapped_tip(preset.help))
            action.triggered.connect(lambda _checked=False, preset=preset: self.chosen.emit(preset))
        if self._own_folder is None:
            return
        names = self._saved()
        menu.addSeparator()
        for name in names:
            action = self._add(menu, name)
            action.setToolTip(plain_tip(revealed(name, kept="")))  # or Qt takes the text for one, perhaps as mark-up
            action.triggered.connect(lambda _checked=False, name=name: self.load(name))
        menu.addSeparator()
        save = menu.addAction("Save these ranges as…", self.choose_name)
        save.setEnabled(self._current("") is not None)
        removing = menu.addMenu("Remove")
        removing.setEnabled(bool(names))
        for name in names:
            action = removing.addAction(literal(revealed(name, kept="")))
            action.setToolTip(plain_tip(revealed(name, kept="")))
            action.triggered.connect(lambda _checked=False, name=name: self.ask_to_remove(name))

    def _add(self, menu: QMenu, name: str) -> QAction:
        """Add a preset, with a tick if it is in force."""
        action = menu.addAction(literal(revealed(name, kept="")))
        action.setCheckable(action.text() == literal(self.named))
        action.setChecked(action.text() == literal(self.named))
        return action

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
            if self._family is not None:
                check_new_name(name, self._family)
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
            self.basis = name
            self._attempt("The preset cannot be saved", lambda: save_preset(folder, preset))

    def ask_to_remove(self, name: str) -> None:
        shown = revealed(name, kept="")
        ask(self, f"Remove the preset “{shown}”?", "Its ranges are lost then.", "Remove", lambda: self._remove(name))

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
        self._own = None
        self.refresh()

    # Looks and keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING:
            self.showMenu()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(_CAPTION + self.named)
        return QSize(words + self._beside(), scaled(self, _HEIGHT))

    def _beside(self) -> int:
        """Return the width of what is not the words; a locked form opens no menu, so that nothing shows one."""
        return scaled(self, 2 * _PAD + _CHEVRON) if self.isEnabled() else 2 * scaled(self, _PAD)

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().horizontalAdvance(_CAPTION) + scaled(self, _SHORTEST)
        return QSize(min(least, self.sizeHint().width()), scaled(self, _HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette, pad = painter_of(self), self.palette(), scaled(self, _PAD)
        room = QRectF(self.rect()).adjusted(pad, 0, pad - self._beside(), 0)
        self._draw(painter, room, _CAPTION, palette.color(QPalette.ColorGroup.Active, FAINT))
        room.setLeft(room.left() + self.fontMetrics().horizontalAdvance(_CAPTION))
        text = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText)
        named = self.fontMetrics().elidedText(self.named, Qt.TextElideMode.ElideRight, round(room.width()) + 1)
        self._draw(painter, room, named, text)
        if self.isEnabled():
            right = self.width() - pad - scaled(self, _CHEVRON) / 2 + 2
            colour = palette.color(ACCENT) if self.underMouse() else text
            draw_chevron(painter, QPointF(right, self.height() / 2 + 1), colour, down=True)
        if self.hasFocus():
            draw_focus(painter, self)

    def _draw(self, painter: QPainter, room: QRectF, text: str, colour: QColor) -> None:
        painter.setPen(colour)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
