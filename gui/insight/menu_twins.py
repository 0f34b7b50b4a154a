"""Entries of a plot's menu that stand for controls of its header while there is no room for them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QCheckBox, QComboBox, QMenu, QWidget

from gui.widgets.fields import literal

FOLDING = QCheckBox, QComboBox
"""The kinds of controls that can be in the menu."""


def fill(menu: QMenu, controls: list[QWidget], before: QAction) -> list[QAction]:
    """Put an entry for each of these controls into the menu, and return what was put there."""
    made = []
    for control in controls:
        if isinstance(control, QCheckBox):
            action = QAction("", menu, checkable=True, checked=control.isChecked())
            action.setText(literal(control.text()))
            action.triggered.connect(control.click)
        elif isinstance(control, QComboBox):
            action = _choices(control, menu).menuAction()
        else:
            continue
        action.setEnabled(control.isEnabled())
        menu.insertAction(before, action)
        made.append(action)
    return made


def _choices(control: QComboBox, menu: QMenu) -> QMenu:
    choices = QMenu(menu)
    choices.setTitle(literal(control.accessibleName()))
    group = QActionGroup(choices)
    for place in range(control.count()):
        action = choices.addAction(literal(control.itemText(place)))
        action.setCheckable(True)
        action.setChecked(place == control.currentIndex())
        action.triggered.connect(_chooser(control, place))
        action.setActionGroup(group)
    return choices


def _chooser(control: QComboBox, place: int) -> Callable[[], None]:
    def choose(place: int) -> None:
        control.setCurrentIndex(place)
        control.activated.emit(place)

    return partial(choose, place)
