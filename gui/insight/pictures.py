"""Painted plots as pictures: on white, under a heading, as pixels or as an SVG drawing of the same strokes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from gui.insight.painting.look import Look
from gui.plots.saving import with_common_fonts

IMAGE_WIDTH = 1600
"""The width of an image in pixels; it is at least twice as fine as the screen's usual one."""
LEAST = QSizeF(480, 300)
"""The least size of a picture, in the window's pixels: a place in the window may be smaller."""
_MARGIN = 8.0
_MILLIMETRES = re.compile(rb'width="[0-9.]+mm" height="[0-9.]+mm"')
"""How Qt gives the size, of which programs make different numbers of pixels."""

Paint = Callable[[QPainter, QRectF, Look], object]


@dataclass(frozen=True)
class Picture:
    """What a picture shows: a plot, painted by `paint` in an area of that size, under what says which plot it is."""

    paint: Paint
    size: QSizeF
    look: Look
    title: str
    subtitle: str
    study: str

    @property
    def whole(self) -> QSizeF:
        """The size with the heading, in whole pixels."""
        size = self.size.expandedTo(LEAST)
        return QSizeF(round(size.width()), round(size.height() + self._heading))

    @property
    def _lines(self) -> int:
        return 2 if self.subtitle else 1

    @property
    def _heading(self) -> float:
        return 2 * _MARGIN + self._lines * QFontMetricsF(self.look.bold).height()

    def draw(self, painter: QPainter) -> None:
        """Draw it all."""
        whole = QRectF(0, 0, self.whole.width(), self.whole.height())
        painter.fillRect(whole, QColor(self.look.colours.base))
        self._draw_heading(painter, whole.width())
        painter.save()
        self.paint(painter, whole.adjusted(0, self._heading, 0, 0), self.look)
        painter.restore()

    def _draw_heading(self, painter: QPainter, width: float) -> None:
        look, bold = self.look, QFontMetricsF(self.look.bold)
        height, room = bold.height(), width - 2 * _MARGIN
        title = bold.elidedText(self.title, Qt.TextElideMode.ElideRight, room)
        painter.setFont(look.bold)
        painter.setPen(look.colour("text"))
        painter.drawText(QRectF(_MARGIN, _MARGIN, room, height), int(Qt.AlignmentFlag.AlignLeft), title)
        normal, taken = QFontMetricsF(look.normal), bold.horizontalAdvance(title) + 2 * _MARGIN
        painter.setFont(look.normal)
        painter.setPen(look.colour("faint_text"))
        study = normal.elidedText(self.study, Qt.TextElideMode.ElideRight, max(0.0, room - taken))
        beside = QRectF(_MARGIN + taken, _MARGIN, max(0.0, room - taken), height)
        painter.drawText(beside, int(Qt.AlignmentFlag.AlignRight), study)
        if self.subtitle:
            said = normal.elidedText(self.subtitle, Qt.TextElideMode.ElideRight, room)
            below = QRectF(_MARGIN, _MARGIN + height, room, height)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), said)


def to_image(picture: Picture) -> QImage:
    """Return the picture as pixels."""
    whole = picture.whole
    scale = max(2.0, IMAGE_WIDTH / whole.width())
    image = QImage(QSize(round(whole.width() * scale), round(whole.height() * scale)), QImage.Format.Format_RGB32)
    image.fill(QColor(picture.look.colours.base))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    picture.draw(painter)
    painter.end()
    return image


def to_png(picture: Picture) -> bytes:
    """Return the picture as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    written = QImageWriter(buffer, QByteArray(b"png")).write(to_image(picture))
    assert written
    return bytes(buffer.data().data())


def to_svg(picture: Picture) -> bytes:
    """Return the picture as an SVG file, in the window's pixels: one unit is one pixel."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # that of SVG Tiny knows no clipping
    whole = picture.whole
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(whole.toSize())
    generator.setViewBox(QRectF(0, 0, whole.width(), whole.height()))
    generator.setTitle(picture.title)
    generator.setDescription(". ".join(filter(None, (picture.study, picture.subtitle))))
    painter = QPainter(generator)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    picture.draw(painter)
    painter.end()
    content = _MILLIMETRES.sub(
        b'width="%d" height="%d"' % (whole.width(), whole.height()), bytes(buffer.data().data()), count=1
    )
    return with_common_fonts(content)
