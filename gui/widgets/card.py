"""A card: a surface with rounded corners and a hairline around what stands on it."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QVBoxLayout, QWidget

from gui.widgets.empty_place import EmptyPlace
from gui.widgets.theme import Colours, Theme

CORNER = 6.0
_RING = 2.0
_INSIDE = 2
"""Pixels that keep square contents off the rounded corners."""


class Card(QWidget):
    """A surface in the colour of plots and tables; `content`, if given, fills it.

    It has a ring while it has the focus, or a part of it that would not show so itself: a plot or a table. It has no
    edge and no corners where it joins another card, above or below.
    """

    joins_above = joins_below = False

    def __init__(self, theme: Theme, content: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ringed = False
        theme.changed.connect(self._on_theme_changed)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)
        if content is not None:
            column = QVBoxLayout(self)
            column.setContentsMargins(_INSIDE, _INSIDE, _INSIDE, _INSIDE)
            column.addWidget(content)

    def _on_theme_changed(self, _colours: Colours) -> None:
        self.update()

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        ringed = now is self or (isinstance(now, QAbstractScrollArea | EmptyPlace) and self.isAncestorOf(now))
        if ringed is not self._ringed:
            self._ringed = ringed
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._theme.colours.border))
        painter.setBrush(QColor(self._theme.colours.base))
        painter.drawRoundedRect(self._inside(0.5), CORNER, CORNER)
        if self._ringed:
            painter.setPen(QPen(QColor(self._theme.colours.accent), _RING))
            painter.drawRoundedRect(self._inside(_RING / 2), CORNER - 1, CORNER - 1)

    def _inside(self, by: float) -> QRectF:
        above, below = (2 * CORNER if joins else 0.0 for joins in (self.joins_above, self.joins_below))
        return QRectF(self.rect()).adjusted(by, by - above, -by, below - by)
