"""A small button at the right of a title, with a drawing in the theme's colours, and perhaps a menu below it."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from gui.widgets.fields import plain_tip
from gui.widgets.icons import icon
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme

_SIDE, _ICON = 26, 16


class TitleButton(QToolButton):
    """A button for an action, or with a drawing and a name of its own.

    As in a toolbar it takes no focus: the keyboard has a menu or keys for the same.
    """

    def __init__(self, theme: Theme, drawing: str = "", name: str = "", tip: str = "") -> None:
        super().__init__()
        self._theme, self._drawing = theme, drawing
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(tip))
        if not tip.startswith(name):  # or it would be read out twice
            self.setAccessibleDescription(tip)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self._measure()

    @classmethod
    def of(cls, theme: Theme, action: QAction) -> "TitleButton":
        """Return a button for an action, whose icon and words it has."""
        made = cls(theme)
        made.setDefaultAction(action)
        return made

    def open_below(self, menu: QMenu) -> None:
        """Open a menu below the button, its right edge under the button's: it stays within the part."""
        corner = self.mapToGlobal(QPoint(self.width(), self.height()))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _set_colours(self, colours: Colours) -> None:
        if self._drawing:
            self.setIcon(icon(self._drawing, colours))

    def _measure(self) -> None:
        side, drawn = scaled(self, _SIDE), scaled(self, _ICON)
        self.setFixedSize(side, side)
        self.setIconSize(QSize(drawn, drawn))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
