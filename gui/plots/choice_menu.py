"""A menu of which one thing is chosen, for what is shown of a plot and changed seldom."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from gui.widgets.fields import literal

Thing = TypeVar("Thing")


class _Told(QObject):
    changed = Signal()


class ChoiceMenu(Generic[Thing]):
    """The menu `menu`, whose things have a mark at the one that holds. `changed` comes when the user chose another."""

    def __init__(self, title: str) -> None:
        self.menu = QMenu(literal(title))
        self._told = _Told(self.menu)
        self.changed = self._told.changed
        self._group = QActionGroup(self.menu)
        self._group.triggered.connect(lambda _action: self._told.changed.emit())
        self._things: list[Thing] = []

    def offer(self, things: Sequence[tuple[Thing, str]], chosen: Thing) -> None:
        """Offer these with their names instead; one thing alone is no choice, and not shown."""
        for action in self._group.actions():
            self._group.removeAction(action)
        self.menu.clear()
        self._things = [thing for thing, _name in things]
        for _thing, name in things:
            action = self.menu.addAction(literal(name))
            action.setCheckable(True)
            action.setActionGroup(self._group)
        self.menu.menuAction().setVisible(len(things) > 1)
        self.value = chosen

    @property
    def value(self) -> Thing:
        """What is chosen."""
        marked = (action.isChecked() for action in self._group.actions())
        return next(thing for thing, is_marked in zip(self._things, marked, strict=True) if is_marked)

    @value.setter
    def value(self, value: Thing) -> None:
        self._group.actions()[self._things.index(value)].setChecked(True)
