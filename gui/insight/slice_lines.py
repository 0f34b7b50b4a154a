"""The lines of the slices while they are dragged, or moved by keys: where they are before the belief there is known."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.figures.slices import Panel
from core.parameters import Value
from gui.insight.analyst import Analyst
from gui.widgets.announce import announce

_PACE = 40
"""Milliseconds between two questions while a line moves."""


class SliceLines(QObject):
    """Moves the point of the analyst's slices. `moved` comes when a line is somewhere else.

    `grabbed` is the parameter whose line is held, `focused` the one whose line the arrows move.
    """

    moved = Signal()

    def __init__(self, analyst: Analyst, parent: QObject) -> None:
        super().__init__(parent)
        self._analyst = analyst
        self.grabbed: str | None = None
        self.focused: str | None = None
        self._through: dict[str, Value] | None = None
        """Where the lines are before the analyst knows."""
        self._pace = QTimer(self, singleShot=True, interval=_PACE)
        self._pace.timeout.connect(self._ask)

    @property
    def point(self) -> dict[str, Value] | None:
        """Where the lines are; None where the slices go through no point."""
        answer = self._analyst.belief
        if answer is None or answer.averaged:
            return None
        return dict(self._through or self._analyst.through or answer.through)

    def at(self, panel: Panel) -> tuple[float | None, str]:
        """Return where the line of a panel is, and the value there: before the belief follows, where it is dragged."""
        point = self._through or self._analyst.through
        value = None if point is None or panel.drawn is None else point.get(panel.axis.name)
        if value is None or self.point is None:
            return panel.at, panel.at_text
        return panel.axis.place(value), panel.axis.text(value)

    def move(self, panel: Panel, value: Value) -> None:
        """Move the line of a panel to a value."""
        point = self.point
        if point is None or point.get(panel.axis.name) == value:
            return
        self._through = point | {panel.axis.name: value}
        self.moved.emit()
        if not self._pace.isActive():
            self._pace.start()

    def step(self, panel: Panel, steps: int, speaker: QWidget) -> bool:
        """Move the line of a panel by so many steps and let it be read out; return whether there is a line."""
        point = self.point
        if point is None or panel.at is None or panel.axis.name not in point:
            return False
        value = panel.axis.beside(point[panel.axis.name], steps)
        self.move(panel, value)
        announce(speaker, f"{panel.axis.label} {panel.axis.text(value)}")
        return True

    def release(self) -> None:
        """Let go of the line, and ask what is believed there."""
        self.grabbed = None
        self._ask()

    def settle(self) -> None:
        """Take in that there is a new answer: what is not held any more is where the analyst has it."""
        if self.grabbed is None and not self._pace.isActive():
            self._through = None

    def go_back(self) -> None:
        """Let the slices go through the best trial again."""
        self._pace.stop()
        self._through = None
        self._analyst.set_through(None)

    def _ask(self) -> None:
        if self._through is not None:
            self._analyst.set_through(self._through)
