"""The controls over the parallel axes: how many of the best are bright, colours, and an end to all brushes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSpinBox, QWidget

from core.figures.seen_trials import ColourBy
from gui.insight.all_trials import AllTrials
from gui.widgets.fields import give_tip, plain_label
from gui.widgets.flat_button import LinkButton
from gui.widgets.flat_list import FlatList
from gui.widgets.theme import Theme

_MOST_BEST = 1000


class ParallelControls(QObject):
    """Lets the user choose the view of all trials; each control is given to `add`, in the order of the eye."""

    def __init__(self, theme: Theme, trials: AllTrials, add: Callable[[QWidget], None], parent: QObject) -> None:
        super().__init__(parent)
        self._trials = trials
        self.best = QSpinBox()
        self.best.setRange(1, _MOST_BEST)
        self.best.setValue(trials.view.best)
        self.best.setAccessibleName("How many of the best are drawn as lines and points")
        give_tip(self.best, "So many of the best are drawn as lines and points, all others as a shade")
        self.best.valueChanged.connect(self._on_best)
        self.clear = LinkButton("Clear brushes", theme)
        self.clear.clicked.connect(trials.clear_brushes)
        self.colour = FlatList("Colour:", "What the colours of trials show")
        for colour in ColourBy:
            self.colour.addItem(colour.value, colour.value)
        self.colour.activated.connect(self._on_colour)
        self._of_many = plain_label("Best"), self.best, plain_label("bright")
        for control in (self.clear, *self._of_many, self.colour):
            add(control)

    def show_for(self, *, many: bool, brushed: bool) -> None:
        """Show what can be chosen now."""
        for control in self._of_many:
            control.setVisible(many)
        self.clear.setVisible(brushed)

    @Slot(int)
    def _on_best(self, count: int) -> None:
        self._trials.set_view(best=count)

    @Slot(int)
    def _on_colour(self, _place: int) -> None:
        self._trials.set_view(colour=ColourBy(self.colour.currentData()))
