"""Measures of the design, given for a type of 12 pixels: they grow with the size of the type."""

from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QWidget

_TYPE = 12  # pixels
SMALL, BODY, TITLE, HEADLINE, RESULT = 11, 12, 13, 15, 22
"""The sizes of the type, in pixels where the system's is 12."""


def scaled(widget: QWidget, pixels: float) -> int:
    """Return so many pixels of the design for a widget with its font."""
    return round(pixels * QFontInfo(widget.font()).pixelSize() / _TYPE)


def even_digits(font: QFont) -> QFont:
    """Return the font with digits of one width: numbers line up, and what stands beside them does not move."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def type_of(font: QFont, size: int, *, bold: bool = False) -> QFont:
    """Return the font in a size of the design; `font` is that of the body."""
    made = QFont(font)
    made.setPixelSize(max(1, round(size * QFontInfo(font).pixelSize() / _TYPE)))
    made.setBold(bold)
    return made
