"""The look of a painted plot: colours and types, for the screen or for a picture."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontInfo

from gui.widgets.measures import BODY, SMALL, type_of
from gui.widgets.theme import Colours, mixed


@dataclass(frozen=True)
class Look:
    """How a plot is painted.

    `normal` is the type of values, ticks and axis titles (12 pixels of the design), `small` that of legends and notes
    (11), `bold` that of names. `scale` is by how much the user's letters are larger than the design's, `ratio` how
    many pixels of the device a pixel has. In a picture, for people who do not see the window, nothing is hovered or
    selected, and no pixmap may be drawn: an SVG would hold it as it is.
    """

    colours: Colours
    small: QFont
    normal: QFont
    bold: QFont
    scale: float = 1.0
    ratio: float = 1.0
    is_picture: bool = False

    @classmethod
    def of(cls, colours: Colours, font: QFont, *, ratio: float = 1.0, is_picture: bool = False) -> "Look":
        """Return the look in these colours, for a font of the body."""
        normal = type_of(font, BODY)
        bold = type_of(font, BODY, bold=True)
        scale = QFontInfo(normal).pixelSize() / BODY
        return cls(colours, type_of(font, SMALL), normal, bold, scale, ratio, is_picture)

    def px(self, pixels: float) -> float:
        """Return so many pixels of the design at the size of the user's letters."""
        return pixels * self.scale

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """Return the colour of the theme that has this name, more or less opaque."""
        made = QColor(getattr(self.colours, name))
        made.setAlphaF(alpha)
        return made

    def on_base(self, name: str, share: float) -> QColor:
        """Return the plots' ground with a share of a colour in it: opaque, for what must not shine through."""
        return mixed(self.colours.base, getattr(self.colours, name), share)
