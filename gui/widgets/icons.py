"""The icons: SVG files drawn in the theme's colours, sharp on every screen."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from core import RESOURCES
from gui.widgets.theme import Colours

ICONS_FOLDER = RESOURCES / "icons"
ICON_NAMES = frozenset(path.stem for path in ICONS_FOLDER.glob("*.svg"))

_FADED = 0.55
"""How opaque the program's own icon is where it is disabled."""


def icon(name: str, colours: Colours) -> QIcon:
    """Return the icon in the colour of text, faint where it is disabled. Raises KeyError for an unknown name."""
    svg = _read(name)
    disabled = QColor(colours.disabled)
    text, faint = (svg.replace("currentColor", colour) for colour in (colours.text, disabled.name()))
    return QIcon(_SvgEngine(text, faint, disabled.alphaF()))


def app_icon() -> QIcon:
    """Return the application's icon, which has colours of its own."""
    svg = _read("afina")
    return QIcon(_SvgEngine(svg, svg, _FADED))


def _read(name: str) -> str:
    if name not in ICON_NAMES:
        raise KeyError(f"There is no icon {name!r}")
    return (ICONS_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


class _SvgEngine(QIconEngine):
    """Draws an icon when it is first shown at a size: all icons at all usual sizes take longer than the whole form."""

    def __init__(self, normal: str, disabled: str, opacity: float) -> None:
        super().__init__()
        self._normal, self._disabled, self._opacity = normal, disabled, opacity
        self._drawn: dict[tuple[int, int, bool], QPixmap] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        key = size.width(), size.height(), mode is QIcon.Mode.Disabled
        if key not in self._drawn:
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self.paint(painter, pixmap.rect(), mode, state)
            painter.end()
            self._drawn[key] = pixmap
        return self._drawn[key]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        disabled = mode is QIcon.Mode.Disabled
        painter.setOpacity(self._opacity if disabled else 1.0)
        QSvgRenderer((self._disabled if disabled else self._normal).encode()).render(painter, rect.toRectF())

    def clone(self) -> QIconEngine:
        return _SvgEngine(self._normal, self._disabled, self._opacity)
