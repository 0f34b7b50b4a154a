"""The button with three dots at the right of a title: a menu of what concerns the whole part."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from gui.widgets.fields import give_tip
from gui.widgets.icons import icon
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme

_SIDE, _ICON = 24, 16


class MoreButton(QToolButton):
    """Opens a menu below itself, which `fill` fills each time."""

    def __init__(self, part: str, tip: str, fill: Callable[[QMenu], None], theme: Theme) -> None:
        super().__init__()
        self._fill = fill
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # as in a toolbar: the keyboard has the menu of the rows
        self.setAccessibleName(f"{part}: more")
        give_tip(self, tip, wrapped=False)
        self.clicked.connect(self._show_menu)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self._measure()

    def _show_menu(self) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(self.accessibleName())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu)
        corner = self.mapToGlobal(QPoint(self.width(), self.height()))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _set_colours(self, colours: Colours) -> None:
        self.setIcon(icon("options", colours))

    def _measure(self) -> None:
        side, drawn = scaled(self, _SIDE), scaled(self, _ICON)
        self.setFixedSize(side, side)
        self.setIconSize(QSize(drawn, drawn))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
