"""The ground of a plot, kept as a pixmap for as long as what it shows is the same: grids and labels take most time."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap

from gui.insight.painting.look import Look


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
