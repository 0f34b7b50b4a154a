"""Light and dark: the palette of the widgets and the colours of the plots."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Colours:
    """The colours of a theme. Colour-blind people can tell the hues apart, and no meaning depends on hue alone.

    `base` is the background of plots and tables, `field` the background of text fields and unticked boxes. Fusion
    draws the outlines of these fields darker than the window, so in the dark they need a lighter background.
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


LIGHT = Colours(
    window="#f3f4f6",
    base="#ffffff",
    field="#ffffff",
    raised="#fafbfc",
    handle="#fafbfc",
    border="#c9ced6",
    text="#1f2328",
    faint_text="#5d6673",
    accent="#1f6feb",
    accent_text="#ffffff",
    grid="#8c96a3",
    past="#7f8895",
    training="#0b6fb8",
    validation="#d55e00",
    best="#00875f",
    selected="#a3468b",
    failed="#c62828",
    warning="#8a5a00",
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
    accent="#4c8dff",
    accent_text="#0d1117",
    grid="#6e7681",
    past="#6e7681",
    training="#5ab4f0",
    validation="#f2995c",
    best="#35d09a",
    selected="#e48fc9",
    failed="#ff7b72",
    warning="#e3b341",
)


class Appearance(StrEnum):
    """The user's choice: the system's appearance, or always light or dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The current colours. Signal `changed` (a Colours) comes after the palette was set."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.appearance = Appearance.SYSTEM
        self.colours = LIGHT
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def dark(self) -> bool:
        return self.colours is DARK

    def set_appearance(self, appearance: Appearance) -> None:
        """Use the system's appearance from now on, or stay light or dark."""
        self.appearance = appearance
        self._apply()

    def _system_changed(self) -> None:
        if self.appearance is Appearance.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        system_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = system_dark if self.appearance is Appearance.SYSTEM else self.appearance is Appearance.DARK
        self.colours = DARK if dark else LIGHT
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setPalette(make_palette(self.colours))
            for widgets, palette in special_palettes(self.colours).items():
                app.setPalette(palette, widgets)  # type: ignore[arg-type]  # it takes no bytes, whatever its stub says
        self.changed.emit(self.colours)


def mixed(ground: str, colour: str, share: float) -> QColor:
    """Return the ground with a share of a colour in it."""
    parts = zip(QColor(ground).getRgb()[:3], QColor(colour).getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(below + (above - below) * share) for below, above in parts))


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
        faint = QColor(colours.faint_text)
        faint.setAlpha(140)
        palette.setColor(QPalette.ColorGroup.Disabled, which, faint)
    return palette


def special_palettes(colours: Colours) -> dict[str, QPalette]:
    """Return palettes by class of widget, for classes that Fusion would draw too faint with the common palette."""
    bars = make_palette(colours)
    bars.setColor(QPalette.ColorRole.Button, QColor(colours.handle))  # or the groove would be brighter in the dark
    boxes = make_palette(colours)
    boxes.setColor(QPalette.ColorRole.Window, QColor(colours.faint_text))  # Fusion draws the outline in a darker shade
    return {"QScrollBar": bars, "QCheckBox": boxes, "QRadioButton": boxes}
