"""The icons: SVG files drawn in the theme's colours, sharp on every screen."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gui.theme import Colours

ICONS_FOLDER = Path(__file__).resolve().parents[1] / "resources" / "icons"
ICON_NAMES = frozenset(path.stem for path in ICONS_FOLDER.glob("*.svg"))

_SIZES = (16, 20, 24, 32, 40, 48, 64)  # the usual ones, and twice those for screens at 200 %
_APP_SIZES = (16, 24, 32, 48, 64, 128, 256)
_DISABLED_OPACITY = 0.55


def icon(name: str, colours: Colours) -> QIcon:
    """Return the icon in the colour of text, and in a faint one where it is disabled; KeyError for no such name."""
    svg = _read(name)
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_draw(svg, colours.text, size), QIcon.Mode.Normal)
        made.addPixmap(_draw(svg, colours.faint_text, size, _DISABLED_OPACITY), QIcon.Mode.Disabled)
    return made


def app_icon() -> QIcon:
    """Return the application's icon, which has colours of its own."""
    svg = _read("afina")
    made = QIcon()
    for size in _APP_SIZES:
        made.addPixmap(_draw(svg, "", size))
    return made


def _read(name: str) -> str:
    if name not in ICON_NAMES:
        raise KeyError(f"There is no icon {name!r}")
    return (ICONS_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def _draw(svg: str, colour: str, size: int, opacity: float = 1.0) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(opacity)
    QSvgRenderer(svg.replace("currentColor", colour).encode()).render(painter)
    painter.end()
    return pixmap
