"""A page of the window's centre."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.widgets.slim_scroll import BAR_WIDTH, SlimScrollArea

_BESIDE_BAR = 2
"""Pixels between a page and the bar that scrolls it."""


@dataclass(frozen=True, eq=False)
class Page:
    """A page: `name` is remembered, `title` stands on its tab. `folds`: it needs the room of form and table.

    What concerns the whole page is the attribute `bar` of its widget, if it has one: it stands beside the tabs.
    """

    name: str
    title: str
    widget: QWidget
    folds: bool = False

    @property
    def bar(self) -> QWidget | None:
        """What concerns the whole page."""
        bar = getattr(self.widget, "bar", None)
        return bar if isinstance(bar, QWidget) else None

    def placed(self) -> QWidget:
        """Return what is put into a place: the page, which scrolls there if it gets less height than it needs."""
        if not self.folds:
            return self.widget
        return PageArea(self.widget)


class PageArea(SlimScrollArea):
    """Scrolls a page, whose plots reach to its right edge: while there is a bar it stands beside them."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)

    def _make_room(self) -> None:
        self.setViewportMargins(0, 0, 0 if self.bar.isHidden() else BAR_WIDTH + _BESIDE_BAR, 0)
