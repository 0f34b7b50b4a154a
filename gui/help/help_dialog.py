"""A page of help beside a dialog, behind which the window with its pane cannot be used."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui.help.pane import HelpButtons
from gui.help.view import HelpView
from gui.widgets.card import Card
from gui.widgets.measures import scaled
from gui.widgets.theme import Theme

_WIDTH, _HEIGHT, _AROUND = 320, 560, 8


class HelpDialog(QDialog):
    """Shows pages without keeping the dialog that it belongs to from being used."""

    def __init__(self, theme: Theme, view: HelpView, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = view
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Help")
        self.resize(scaled(self, _WIDTH), scaled(self, _HEIGHT))
        buttons = HelpButtons(theme, view)
        buttons.close_button.clicked.connect(self.reject)
        top = QHBoxLayout()
        top.addStretch()
        top.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(_AROUND, _AROUND, _AROUND, _AROUND)
        column.setSpacing(_AROUND // 2)
        column.addLayout(top)
        column.addWidget(Card(theme, view))
        view.setFocus()
        self._stand_beside(parent)

    def _stand_beside(self, parent: QWidget) -> None:
        """Stand at the side of the dialog that has more room, as far as there is any, and cover little of it."""
        room, taken = parent.screen().availableGeometry(), parent.window().frameGeometry()
        at_right = room.right() - taken.right() >= taken.left() - room.left()
        left = taken.right() + _AROUND if at_right else taken.left() - self.width() - _AROUND
        left = max(room.left(), min(left, room.right() - self.width()))
        top = max(room.top(), min(taken.top(), room.bottom() - self.height()))
        self.move(left, top)
