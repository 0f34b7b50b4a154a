"""The choice of how the objective's axis is divided in the plots of all trials: it is one for all of them."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from core.figures.view import ScaleChoice
from gui.insight.all_trials import AllTrials
from gui.plots.choice_menu import ChoiceMenu

_SCALES = ((ScaleChoice.AUTOMATIC, "Automatic"), (ScaleChoice.LINEAR, "Linear"), (ScaleChoice.LOG, "Log"))


class ScaleMenu(QObject):
    """A menu that says what holds, also when it was chosen in another plot."""

    def __init__(self, trials: AllTrials, parent: QObject) -> None:
        super().__init__(parent)
        self._trials = trials
        self.choice: ChoiceMenu[ScaleChoice] = ChoiceMenu("Scale of the objective")
        self.choice.offer(_SCALES, trials.view.scale)
        self.choice.changed.connect(self._on_choice)
        trials.changed.connect(self._follow)

    @property
    def menu(self) -> QMenu:
        """What goes into the plot's menu."""
        return self.choice.menu

    @Slot()
    def _on_choice(self) -> None:
        self._trials.set_view(scale=self.choice.value)

    @Slot()
    def _follow(self) -> None:
        if self.choice.value is not self._trials.view.scale:
            self.choice.value = self._trials.view.scale
