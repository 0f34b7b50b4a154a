"""The choice of how the objective's axis is divided: it is one for the plots of both pages."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from core.figures.view import ScaleChoice
from gui.plots.choice_menu import ChoiceMenu
from gui.session.linking import Linking

_SCALES = ((ScaleChoice.AUTOMATIC, "Automatic"), (ScaleChoice.LINEAR, "Linear"), (ScaleChoice.LOG, "Log"))


class ScaleMenu(QObject):
    """A menu that says what holds, also when it was chosen in another plot."""

    def __init__(self, linking: Linking, parent: QObject) -> None:
        super().__init__(parent)
        self._linking = linking
        self.choice: ChoiceMenu[ScaleChoice] = ChoiceMenu("Scale of the objective")
        self.choice.offer(_SCALES, linking.scale)
        self.choice.changed.connect(self._on_choice)
        linking.scale_changed.connect(self._follow)

    @property
    def menu(self) -> QMenu:
        """What goes into the plot's menu."""
        return self.choice.menu

    @Slot()
    def _on_choice(self) -> None:
        self._linking.choose_scale(self.choice.value)

    @Slot()
    def _follow(self) -> None:
        if self.choice.value is not self._linking.scale:
            self.choice.value = self._linking.scale
