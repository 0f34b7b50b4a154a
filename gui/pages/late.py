"""A page that is made when it is first seen: the window's first picture does not wait for it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.widgets.measures import scaled
from gui.widgets.tab_order import set_tab_order

_SPACING = 24
_LEAST = 400
"""The least height of a page, in pixels; what it holds may need more."""


class LatePage(QWidget):
    """Holds what `make` returns; its `bar`, if it has one, comes into this one's. `made` (a QWidget): it is there.

    `common` stands in the bar, too, before it.
    """

    made = Signal(object)

    def __init__(self, title: str, make: Callable[[], QWidget], common: QWidget | None = None) -> None:
        super().__init__()
        self._make = make
        self.content: QWidget | None = None
        self.setAccessibleName(title)
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        if common is not None:
            row.addWidget(common)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    def minimumSizeHint(self) -> QSize:
        """Return the least size; in a place that is lower the page scrolls."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), max(hint.height(), scaled(self, _LEAST)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ensure()

    def ensure(self) -> QWidget:
        """Return the page, made now if it is not there yet."""
        if self.content is None:
            content = self.content = self._make()
            bar = getattr(content, "bar", None)
            if isinstance(bar, QWidget):
                _add(self.bar, bar)
            _add(self, content)
            set_tab_order(self)
            self.made.emit(content)
        return self.content


def _add(place: QWidget, widget: QWidget) -> None:
    layout = place.layout()
    assert layout is not None
    layout.addWidget(widget)
    widget.show()
