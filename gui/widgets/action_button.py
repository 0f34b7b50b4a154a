"""A button for an action of the window, which it follows: off when the action is, with the same reason."""

from PySide6.QtGui import QAction

from gui.widgets.fields import describe_by_tip, literal
from gui.widgets.flat_button import FlatButton
from gui.widgets.theme import Theme


class ActionButton(FlatButton):
    """A flat button that can be pressed when its action is possible."""

    def __init__(self, action: QAction, text: str, drawing: str, theme: Theme) -> None:
        super().__init__(literal(text), drawing, theme)
        self._action = action
        self._follow()
        action.changed.connect(self._follow)

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        describe_by_tip(self)
