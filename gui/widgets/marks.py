"""Small marks that are painted in the palette's colours: of an error, of a warning, of a way back, and of a fold."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

WARNING = QPalette.ColorRole.LinkVisited
"""The palette's role that the theme gives to warnings: the program shows no visited links."""
FAILED = QPalette.ColorRole.BrightText
FAINT = QPalette.ColorRole.PlaceholderText
ACCENT = QPalette.ColorRole.Link
BORDER = QPalette.ColorRole.Mid
MARK_SIZE = 13.0
PAUSE = "‖"
"""The sign of a pause. Small letters show it as one bar, so that it is drawn."""


def has_high_contrast(palette: QPalette) -> bool:
    """Return whether frames are as strong as text: the theme is one of high contrast."""
    return palette.color(BORDER) == palette.color(QPalette.ColorRole.WindowText)


def painter_of(widget: QWidget) -> QPainter:
    """Return a smooth painter on a widget."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def draw_error(painter: QPainter, centre: QPointF, palette: QPalette) -> None:
    """Draw a filled circle with an exclamation mark."""
    disc = QRectF(0, 0, MARK_SIZE, MARK_SIZE)
    disc.moveCenter(centre)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(FAILED))
    painter.drawEllipse(disc)
    _draw_exclamation(painter, disc, palette.color(QPalette.ColorRole.Base))


def draw_warning(painter: QPainter, centre: QPointF, palette: QPalette) -> None:
    """Draw a triangle with an exclamation mark."""
    x, y, half = centre.x(), centre.y(), MARK_SIZE / 2
    colour = palette.color(WARNING)
    painter.setPen(QPen(colour, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(
        QPolygonF([QPointF(x, y - half + 0.5), QPointF(x + half, y + half - 1), QPointF(x - half, y + half - 1)])
    )
    _draw_exclamation(painter, QRectF(x - half, y - half + 2.5, MARK_SIZE, MARK_SIZE - 2), colour, 8)


def _draw_exclamation(painter: QPainter, place: QRectF, colour: QColor, pixels: int = 10) -> None:
    font = QFont(painter.font())
    font.setPixelSize(pixels)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "!")


def draw_way_back(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """Draw an arrow that turns back."""
    radius = 4.5
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    around = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    painter.drawArc(around, -150 * 16, 300 * 16)
    start = centre + QPointF(-radius * 0.87, -radius * 0.5)
    painter.drawLine(start, start + QPointF(-0.6, -3.6))
    painter.drawLine(start, start + QPointF(3.6, 0.4))


def draw_chevron(painter: QPainter, centre: QPointF, colour: QColor, *, down: bool) -> None:
    """Draw what shows that a line opens: it points to the right, or down once the line is open."""
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = centre.x(), centre.y()
    points = [(-4, -2), (0, 2), (4, -2)] if down else [(-2, -4), (2, 0), (-2, 4)]
    path = QPainterPath(QPointF(x + points[0][0], y + points[0][1]))
    for right, below in points[1:]:
        path.lineTo(x + right, y + below)
    painter.drawPath(path)


def draw_tick(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """Draw a tick, for what is on and cannot be changed now."""
    painter.setPen(QPen(colour, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = centre.x(), centre.y()
    path = QPainterPath(QPointF(x - 4.5, y))
    path.lineTo(x - 1.5, y + 3.2)
    path.lineTo(x + 4.5, y - 3.8)
    painter.drawPath(path)


def draw_pause(painter: QPainter, left: int, middle: float, colour: QColor) -> None:
    """Draw two bars on whole pixels, as high as the painter's capital letters."""
    height = painter.fontMetrics().capHeight()
    wide = max(2, round(height / 3.5))
    for x in (left, left + 2 * wide):
        painter.fillRect(x, round(middle - height / 2), wide, height, colour)


def draw_frame(widget: QWidget, role: QPalette.ColorRole = BORDER) -> None:
    """Frame a field: by a hairline where it can only be read, by a stronger line in another colour."""
    width = 1.0 if role is BORDER else 1.5
    painter = painter_of(widget)
    painter.setPen(QPen(widget.palette().color(role), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), 3, 3)


def draw_focus(painter: QPainter, widget: QWidget) -> None:
    """Draw the frame of a widget that has the focus."""
    painter.setPen(QPen(widget.palette().color(ACCENT), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), 3, 3)
