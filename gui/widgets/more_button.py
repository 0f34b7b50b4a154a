"""The button with three dots at the right of a title: a menu of what concerns the whole part."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton


class MoreButton(TitleButton):
    """Opens a menu below itself, which `fill` fills each time."""

    def __init__(self, part: str, tip: str, fill: Callable[[QMenu], None], theme: Theme) -> None:
        super().__init__(theme, "options", f"{part}: more", tip)
        self._fill = fill
        self.clicked.connect(self._show_menu)

    def _show_menu(self) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(self.accessibleName())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu)
        self.open_below(menu)
