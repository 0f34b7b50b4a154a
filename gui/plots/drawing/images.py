"""Plots as images: the bytes of PNG and SVG files, and the clipboard."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyqtgraph as pg
from pyqtgraph.exporters import ImageExporter, SVGExporter
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QImage, QImageWriter, QPainter

from gui.plots.saving import with_common_fonts

IMAGE_WIDTH = 1600
_CLIP = re.compile(rb"(<clipPath.*?</clipPath>)", re.DOTALL)
"""Where the curves end; programs that do not know it draw it, as a black frame, unless it is among the definitions."""


def to_svg(item: pg.PlotItem) -> bytes:
    """Return the plot as an SVG file."""
    with _paths_that_close():
        content: bytes = SVGExporter(item).export(toBytes=True)
    return with_common_fonts(_CLIP.sub(rb"<defs>\1</defs>", content))


def to_png(item: pg.PlotItem) -> bytes:
    """Return the plot as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    written = QImageWriter(buffer, QByteArray(b"png")).write(to_image(item))
    assert written
    return bytes(buffer.data().data())


def image_scale(item: pg.PlotItem) -> float:
    """Return how much larger the plot is in an image than on the screen."""
    return float(IMAGE_WIDTH / item.boundingRect().width())


def to_image(item: pg.PlotItem) -> QImage:
    """Return the plot as an image, all of it enlarged except the pens' widths."""
    exporter, scale = ImageExporter(item), image_scale(item)
    source = exporter.getSourceRect()
    image = QImage(IMAGE_WIDTH, round(source.height() * scale), QImage.Format.Format_RGB32)
    image.fill(item.scene().views()[0].backgroundBrush().color())
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    exporter.setExportMode(True, {"painter": painter, "antialias": True})
    try:
        item.scene().render(painter, QRectF(0, 0, source.width(), source.height()), source)
    finally:
        exporter.setExportMode(False)
        painter.end()
    image.setDevicePixelRatio(1)
    return image


@contextmanager
def _paths_that_close() -> Iterator[None]:
    """Let pyqtgraph 0.14.0 read the paths of Qt 6.11 and later, which may close with a Z (its issue 3495)."""
    if pg.__version__ != "0.14.0":
        yield
        return
    names = SVGExporter.export.__globals__  # the module; its name is that of the class
    original = names["correctCoordinates"]

    def without_z(node: Any, *rest: Any) -> Any:
        for path in node.getElementsByTagName("path"):
            points = [point for point in path.getAttribute("d").split() if "," in point]
            path.setAttribute("d", " ".join(points))
        return original(node, *rest)

    names["correctCoordinates"] = without_z
    try:
        yield
    finally:
        names["correctCoordinates"] = original
