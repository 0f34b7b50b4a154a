"""What is kept until what it was made of is another: a figure, and the ground of a plot."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap

from gui.insight.painting.look import Look

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Keeps what was made last, with the things that it was made of: others are needed for another."""

    def __init__(self) -> None:
        self._things: tuple[object, ...] = ()
        self._key: Hashable = None
        self._made: Made | None = None

    def get(self, things: tuple[object, ...], key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept if these are the very same things and the key is equal; else make and keep it anew."""
        same = len(things) == len(self._things) and all(a is b for a, b in zip(things, self._things, strict=True))
        if self._made is None or not same or key != self._key:
            self._made = make()
            self._things, self._key = things, key
        return self._made


class GroundLayer:
    """Draws what lies below all else from what was kept of it; what a picture holds is painted anew."""

    def __init__(self) -> None:
        self._kept: QPixmap | None = None
        self._frame: object = None

    def draw(
        self, painter: QPainter, area: QRectF, frame: object, look: Look, paint: Callable[[QPainter], None]
    ) -> None:
        """Draw the ground of an area that begins at 0, 0; `paint` makes it, when `frame` or the look is another."""
        if look.is_picture:
            paint(painter)
            return
        wanted = area, look, frame
        if self._kept is None or wanted != self._frame:
            self._kept, self._frame = _painted(area, look, paint), wanted
        painter.drawPixmap(area.topLeft(), self._kept)


def _painted(area: QRectF, look: Look, paint: Callable[[QPainter], None]) -> QPixmap:
    ratio = look.ratio
    kept = QPixmap(QSize(max(1, round(area.width() * ratio)), max(1, round(area.height() * ratio))))
    kept.setDevicePixelRatio(ratio)
    kept.fill(QColor(look.colours.base))  # letters on an opaque ground look as on the screen
    painter = QPainter(kept)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        paint(painter)
    finally:
        painter.end()
    return kept
