"""A plot by keyboard: arrows walk from trial to trial, and each is told; + and − zoom, Home follows the study again."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from core.figures.arrays import Floats
from core.figures.figure import Figure
from core.words.trials import trial_read_out, trial_tip
from gui.widgets.announce import announce

if TYPE_CHECKING:
    from gui.plots.plot import Plot

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Down: (1, -1),
    Qt.Key.Key_Up: (1, 1),
}
"""Along which axis, x or y, and which way."""
_ZOOMS = {"+": 0.8, "=": 0.8, "-": 1.25, "−": 1.25}
"""By how much the view's lengths change; "=" is on the key of the plus."""
_FREE = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
"""Modifiers with which a key still means the same."""


class Keys(QObject):
    """Acts on the keys that a plot's canvas gets."""

    def __init__(self, plot: "Plot") -> None:
        super().__init__(plot)
        self._plot = plot
        self._untold = False
        """Whether the selected trial is to be told as soon as its mark is drawn."""
        self._told: int | None = None
        """The trial that the canvas's description begins with."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._act(event)

    def _act(self, event: QKeyEvent) -> bool:
        """Act on a key; return whether it means anything here."""
        plot, key = self._plot, Qt.Key(event.key())
        if event.modifiers() & ~_FREE or plot.figure is None:
            return False
        if key in _STEPS:
            self._walk(plot.figure, *_STEPS[key])
        elif event.text() in _ZOOMS:
            factor = _ZOOMS[event.text()]
            plot.canvas.zoom(factor, plot.selected_place(plot.figure))
            announce(plot.canvas, "Zoomed in" if factor < 1 else "Zoomed out")
        elif key == Qt.Key.Key_Home:
            plot.reset_view()
            announce(plot.canvas, "Follows the study again")
        elif key == Qt.Key.Key_Escape:
            return self._give_back()
        elif key == Qt.Key.Key_F10 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            plot.show_menu()
        else:
            return False
        return True

    def _give_back(self) -> bool:
        """Hide what the "?" says or, once that is hidden, select no trial; return whether there was either."""
        plot = self._plot
        if plot.help_line.close_line():
            return True
        if plot.session.selected is None:
            return False
        plot.canvas.hide_tip()
        plot.session.select(None)
        return True

    def _walk(self, figure: Figure, axis: int, way: int) -> None:
        """Select the next trial to the left or the right, or below or above; at first the best one."""
        session, progress = self._plot.session, self._plot.progress
        places = _places(*self._plot.trial_places(figure))
        if not places or progress is None:
            return
        order = sorted(places, key=lambda number: (places[number][axis], number))
        if session.selected in places:
            to = order.index(session.selected) + way
            number = order[min(max(to, 0), len(order) - 1)]
        else:
            best = None if progress.best is None else progress.best.number
            number = best if best in places and best is not None else order[0]
        self._untold = True
        session.select(number)
        if not self._plot.waiting_to_paint:
            self.tell()  # it was selected before

    def tell(self) -> None:
        """Show and read out what the trial was that an arrow has selected, once it is drawn."""
        plot, progress = self._plot, self._plot.progress
        number, figure = plot.session.selected, plot.figure
        if self._told not in (None, number):
            self._told = None
            plot.canvas.setAccessibleDescription(plot.accessibleDescription())
        if not self._untold or figure is None or progress is None or number not in progress.trials:
            return
        self._untold, self._told = False, number
        canvas, trial = plot.canvas, progress.trials[number]
        place = plot.selected_place(figure)
        if place is not None:
            canvas.bring_into_view(*place)
        canvas.show_tip(canvas.place_of_mark(place), trial_tip(trial, progress.settings))
        said = trial_read_out(trial, progress.settings)
        canvas.setAccessibleDescription(f"{said}. {figure.summary}")
        announce(canvas, said)


def _places(trials: Floats, x: Floats, y: Floats) -> dict[int, tuple[float, float]]:
    """Return the place of each trial that has one."""
    return {
        int(trial): (float(across), float(up))
        for trial, across, up in zip(trials, x, y, strict=True)
        if np.isfinite(across) and np.isfinite(up)
    }
