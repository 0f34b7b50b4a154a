"""Light and dark, each in high contrast, too: the palette of the widgets and the colours of the plots."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Colours:
    """The colours of a theme. Colour-blind people can tell the hues apart, and no meaning depends on hue alone.

    `base` is the background of plots and tables, `field` the background of text fields and unticked boxes. Fusion
    draws the outlines of these fields darker than the window, so in the dark they need a lighter background.
    `disabled` is for the words of what cannot be used now; it may begin with its opacity. `outline` is what Fusion
    darkens by a third for the frames of fields, boxes and buttons; empty where it takes `window` for that.
    """

    window: str
    base: str
    field: str
    raised: str
    handle: str
    border: str
    text: str
    faint_text: str
    accent: str
    accent_text: str
    grid: str
    past: str
    training: str
    validation: str
    best: str
    selected: str
    failed: str
    warning: str
    disabled: str
    outline: str = ""

    @property
    def high_contrast(self) -> bool:
        """Whether words, lines and frames are as clear as they can be: as `has_high_contrast` tells from a palette."""
        return self.border == self.text


LIGHT = Colours(
    window="#f3f4f6",
    base="#ffffff",
    field="#ffffff",
    raised="#fafbfc",
    handle="#fafbfc",
    border="#c9ced6",
    text="#1f2328",
    faint_text="#5d6673",
    accent="#1a68e1",
    accent_text="#ffffff",
    grid="#8c96a3",
    past="#7f8895",
    training="#0b6fb8",
    validation="#d55e00",
    best="#008059",
    selected="#a3468b",
    failed="#c62828",
    warning="#8a5a00",
    disabled="#8c5d6673",
)
DARK = Colours(
    window="#24262b",
    base="#1b1d21",
    field="#353a43",
    raised="#2c2f35",
    handle="#646c79",
    border="#464b54",
    text="#e4e7eb",
    faint_text="#a3abb8",
    accent="#5c97ff",
    accent_text="#0d1117",
    grid="#6e7681",
    past="#6e7681",
    training="#5ab4f0",
    validation="#f2995c",
    best="#35d09a",
    selected="#e48fc9",
    failed="#ff7b72",
    warning="#e3b341",
    disabled="#8ca3abb8",
)
LIGHT_CONTRAST = Colours(
    window="#ffffff",
    base="#ffffff",
    field="#ffffff",
    raised="#f2f3f5",
    handle="#ffffff",
    border="#000000",
    text="#000000",
    faint_text="#3f4650",
    accent="#0b48a8",
    accent_text="#ffffff",
    grid="#5f6772",
    past="#656c78",
    training="#00507f",
    validation="#8a3a00",
    best="#005a3d",
    selected="#7d2466",
    failed="#9a1414",
    warning="#664200",
    disabled="#5f6772",
    outline="#000000",
)
DARK_CONTRAST = Colours(
    window="#000000",
    base="#000000",
    field="#000000",
    raised="#16181c",
    handle="#8b93a0",
    border="#ffffff",
    text="#ffffff",
    faint_text="#c4cad3",
    accent="#8ab9ff",
    accent_text="#000000",
    grid="#8b93a0",
    past="#8b93a0",
    training="#7cc8ff",
    validation="#ffb07a",
    best="#4be3ae",
    selected="#f2a8dc",
    failed="#ffa29b",
    warning="#f0c869",
    disabled="#8b93a0",
    outline="#ffffff",
)


_FRAMED = (
    "QLineEdit",
    "QAbstractSpinBox",
    "QComboBox",
    "QTextEdit",
    "QPlainTextEdit",
    "QPushButton",
    "QToolButton",
    "QProgressBar",
    "QHeaderView",
)
"""Classes around which Fusion draws an outline that is a shade darker than the window."""


class Appearance(StrEnum):
    """The user's choice: the system's appearance, contrast and all, or always one of ours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    LIGHT_CONTRAST = "light-contrast"
    DARK_CONTRAST = "dark-contrast"


_OURS = {
    Appearance.LIGHT: LIGHT,
    Appearance.DARK: DARK,
    Appearance.LIGHT_CONTRAST: LIGHT_CONTRAST,
    Appearance.DARK_CONTRAST: DARK_CONTRAST,
}


class Theme(QObject):
    """The current colours. Signal `changed` (a Colours) comes after the palette was set."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.appearance = Appearance.SYSTEM
        self.colours = LIGHT
        self._special: frozenset[str] = frozenset()
        """The classes of widgets that have a palette of their own."""
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)

    @property
    def dark(self) -> bool:
        return self.colours in (DARK, DARK_CONTRAST)

    def set_appearance(self, appearance: Appearance) -> None:
        """Follow the system's appearance from now on, or stay light, dark or in high contrast."""
        self.appearance = appearance
        self._apply()

    def _system_changed(self) -> None:
        if self.appearance is Appearance.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        self.colours = _OURS[systems_appearance() if self.appearance is Appearance.SYSTEM else self.appearance]
        app = QApplication.instance()
        if isinstance(app, QApplication):
            common, special = make_palette(self.colours), special_palettes(self.colours)
            app.setPalette(common)
            gone, self._special = dict.fromkeys(self._special - special.keys(), common), frozenset(special)
            for widgets, palette in (gone | special).items():
                app.setPalette(palette, widgets)  # type: ignore[arg-type]  # it takes no bytes, whatever its stub says
        self.changed.emit(self.colours)


def systems_appearance() -> Appearance:
    """Return which of our appearances is like the system's."""
    hints = QGuiApplication.styleHints()
    dark = hints.colorScheme() == Qt.ColorScheme.Dark
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return Appearance.DARK_CONTRAST if dark else Appearance.LIGHT_CONTRAST
    return Appearance.DARK if dark else Appearance.LIGHT


def mixed(ground: str, colour: str, share: float) -> QColor:
    """Return the ground with a share of a colour in it."""
    parts = zip(_parts(ground), _parts(colour), strict=True)
    return QColor(*(round(below + (above - below) * share) for below, above in parts))


@cache
def _parts(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of one of the few colours of the themes; plots mix them a thousand times."""
    known = QColor(colour)
    return known.red(), known.green(), known.blue()


def make_palette(colours: Colours) -> QPalette:
    """Return the widgets' palette in these colours."""
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.field),
        (role.AlternateBase, colours.raised),
        (role.Text, colours.text),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.faint_text),
        (role.BrightText, colours.failed),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.accent_text),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.warning),  # for warnings: no visited links are shown
        (role.Mid, colours.border),
        (role.Midlight, colours.raised),
        (role.Light, colours.raised),
        (role.Dark, colours.border),
        (role.Shadow, colours.border),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.disabled))
    return palette


def special_palettes(colours: Colours) -> dict[str, QPalette]:
    """Return palettes by class of widget, for those that would be drawn too faint with the common palette."""
    bars = make_palette(colours)
    bars.setColor(QPalette.ColorRole.Button, QColor(colours.handle))  # or the groove would be brighter in the dark
    if colours.high_contrast:
        bars.setColor(QPalette.ColorRole.Window, QColor(colours.outline))
    boxes = make_palette(colours)
    # Fusion draws the outline in a darker shade.
    boxes.setColor(QPalette.ColorRole.Window, QColor(colours.outline or colours.faint_text))
    tables = make_palette(colours)
    tables.setColor(QPalette.ColorRole.Base, QColor(colours.base))
    framed = dict.fromkeys(_FRAMED, boxes) if colours.high_contrast else {}
    return {"QScrollBar": bars, "QCheckBox": boxes, "QRadioButton": boxes, "QTableView": tables, **framed}
