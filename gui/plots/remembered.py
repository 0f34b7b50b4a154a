"""Items of a plot that keep their picture: thousands of points or lines are drawn once, not with every paint."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class Remembered:
    """To be put before a pyqtgraph item's class: paints the item anew only when it or the view has changed."""

    _version = 0
    _key: tuple[object, ...] = ()
    _picture: QPixmap

    def update(self, *area: Any) -> None:
        """Take note of a change; pyqtgraph calls this with each."""
        self._version += 1
        super().update(*area)  # type: ignore[misc]

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint from the picture that was kept; into an image or a file, where no widget is, the item itself."""
        if widget is None or self._exportOpts is not False:  # type: ignore[attr-defined]
            super().paint(painter, option, widget)  # type: ignore[misc]
            return
        transform, ratio = painter.transform(), widget.devicePixelRatioF()
        key = (self._version, transform, widget.size(), ratio)
        if key != self._key:
            self._picture = QPixmap(widget.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._picture)
            inner.setTransform(transform)
            super().paint(inner, option, widget)  # type: ignore[misc]
            inner.end()
            self._key = (self._version, *key[1:])
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._picture)
