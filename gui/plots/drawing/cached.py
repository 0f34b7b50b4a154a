"""Items of a plot that cache their picture: thousands of points or lines are drawn once, not with every paint."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

Draw = Callable[[QPainter], None]


class Cached:
    """To be put before a pyqtgraph item's class: paints the item anew only when it or the view has changed."""

    _view: tuple[object, ...] = ()
    """What the picture was drawn for."""
    _picture: QPixmap
    _changed = True
    _additions: tuple[Draw, ...] = ()

    def update(self, *area: Any) -> None:
        """Take note of a change; pyqtgraph calls this with each."""
        self._changed, self._additions = True, ()
        super().update(*area)  # type: ignore[misc]

    def change_by(self, change: Callable[[], None], addition: Draw) -> None:
        """Make a change that only adds to the picture what `addition` draws in the item's coordinates."""
        changed, additions = self._changed, self._additions
        change()
        if not changed:
            self._changed, self._additions = False, (*additions, addition)

    @property
    def worth_caching(self) -> bool:
        """Whether a picture of the size of the plot is sooner painted than the item."""
        return True

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the cached picture; into an image or a file, where no widget is, the item itself."""
        if widget is None or self._exportOpts is not False or not self.worth_caching:  # type: ignore[attr-defined]
            super().paint(painter, option, widget)  # type: ignore[misc]
            return
        transform, ratio = painter.transform(), widget.devicePixelRatioF()
        view = (transform, widget.size(), ratio)
        anew = self._changed or view != self._view
        if anew:
            self._picture = QPixmap(widget.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
        if anew or self._additions:
            inner = QPainter(self._picture)
            inner.setTransform(transform)
            if anew:
                super().paint(inner, option, widget)  # type: ignore[misc]
            else:
                for addition in self._additions:
                    addition(inner)
            inner.end()
            self._view, self._changed, self._additions = view, False, ()
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._picture)
