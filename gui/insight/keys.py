"""A painted plot by keyboard: arrows walk from trial to trial and each is told, Enter selects it, Esc gives back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from core.words.trials import trial_read_out
from gui.widgets.announce import announce

if TYPE_CHECKING:
    from gui.insight.plot import InsightPlot

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}
"""How far to the right, or how far up."""
_ZOOMS = {"+": 1.0, "=": 1.0, "-": -1.0, "−": -1.0}
"""Notches of a wheel; "=" is on the key of the plus."""
_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter
_FREE = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
"""Modifiers with which a key still means the same."""


class Keys:
    """Acts on the keys that a plot's canvas gets. `index` is the spot at which the arrows are."""

    def __init__(self, plot: "InsightPlot") -> None:
        self._plot = plot
        self.index: int | None = None

    def act(self, event: QKeyEvent) -> bool:
        """Act on a key; return whether it means anything here."""
        plot, key = self._plot, Qt.Key(event.key())
        if plot.on_key(event):
            return True
        if event.modifiers() & ~_FREE:
            return False
        if key in _ENTER:
            return self._enter()
        if key in _STEPS:
            return self._walk(*_STEPS[key])
        if event.text() in _ZOOMS and plot.zoom.pane is not None:
            return self._zoom(_ZOOMS[event.text()])
        if key == Qt.Key.Key_Home and plot.can_reset():
            plot.reset_view()
            announce(plot.canvas, "View reset")
            return True
        if key == Qt.Key.Key_F10 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            plot.show_menu()
            return True
        return key == Qt.Key.Key_Escape and self._give_back()

    def _walk(self, across: int, up: int) -> bool:
        """Point at the next trial; at first at the selected one, else at the best, else at the first."""
        plot, spots = self._plot, self._plot.spots
        if not len(spots):
            return False
        at = self._at
        index = self._first() if at is None else spots.beside(at, across, up)
        self.index = index
        number = int(spots.trials[index])
        plot.session.linking.hover(number)
        plot.canvas.update()
        self._tell(number)
        return True

    @property
    def _at(self) -> int | None:
        """The spot at which the arrows are, if the trial there is still pointed at."""
        spots, hovered = self._plot.spots, self._plot.session.linking.hovered
        if self.index is not None and self.index < len(spots) and int(spots.trials[self.index]) == hovered:
            return self.index
        return next(iter(spots.of_trial(hovered)), None)

    def _first(self) -> int:
        plot, progress = self._plot, self._plot.session.progress
        best = None if progress is None or progress.best is None else progress.best.number
        found = (index for number in (plot.session.selected, best) for index in plot.spots.of_trial(number))
        return next(found, 0)

    def _tell(self, number: int) -> None:
        """Show and read out what the trial is."""
        plot, progress = self._plot, self._plot.session.progress
        if progress is None or number not in progress.trials or self.index is None:
            return
        said = trial_read_out(progress.trials[number], progress.settings)
        plot.pointing.show_tip_of(number, plot.spots.place(self.index))
        plot.canvas.setAccessibleDescription(f"{said}. {plot.summary()}")
        announce(plot.canvas, said)

    def _enter(self) -> bool:
        """Do with the trial what a click does."""
        number = self._plot.session.linking.hovered
        if number is None:
            return False
        self._plot.session.select(number)
        announce(self._plot.canvas, f"Trial {number} selected")
        return True

    def _zoom(self, notches: float) -> bool:
        plot = self._plot
        assert plot.zoom.pane is not None
        at = self._at
        plot.zoom.turn(notches, plot.zoom.pane.rect.center() if at is None else plot.spots.place(at))
        plot.refresh()
        announce(plot.canvas, "Zoomed in" if notches > 0 else "Zoomed out")
        return True

    def leave(self) -> None:
        """Take in that the keys go elsewhere: what they pointed at is not pointed at any more."""
        if self.index is not None:
            self._point_at_none()

    def _point_at_none(self) -> None:
        plot, self.index = self._plot, None
        plot.session.linking.hover(None)
        plot.pointing.hide_tip()
        plot.canvas.setAccessibleDescription(plot.accessibleDescription())

    def _give_back(self) -> bool:
        """Give back, one after the other: the sentence of the "?", what is pointed at, what is selected."""
        plot = self._plot
        if plot.help_line.close_line():
            return True
        if plot.session.linking.hovered is not None:
            self._point_at_none()
            return True
        if plot.session.selected is not None:
            plot.session.select(None)
            return True
        return False
