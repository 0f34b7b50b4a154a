"""A page of the window's centre."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.widgets.slim_scroll import SlimScrollArea


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
        area = SlimScrollArea(self.widget)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area
