"""What the user chooses of a plot's view: how its axis of values is divided, and whether everything is shown."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from core.figures.figure import Figure
from gui.plots.everything import Everything
from gui.plots.scale_list import ScaleList
from gui.widgets.announce import announce

_EVERYTHING = "What matters is shown", "Everything is shown"
"""What is said when the switch goes off, and on."""


class Switches(QObject):
    """The list of scales, if the plot has one, and the action for everything. `changed`: the view is another one."""

    changed = Signal()

    def __init__(self, everything: Everything | None = None, *, has_scale: bool = False) -> None:
        super().__init__()
        self.everything = everything or Everything(self)
        self.scale: ScaleList | None = None
        if has_scale:
            self.scale = ScaleList()
            self.scale.hide()
            self.scale.changed.connect(self.changed)
        self.action = QAction("Show everything", self, checkable=True)
        self.action.setToolTip("Show all values, also those far from the best, in all plots")
        self.action.setChecked(self.everything.shown)
        self.action.toggled.connect(self.everything.show)
        self.everything.changed.connect(self.action.setChecked)
        self.everything.changed.connect(self.changed)

    def tell(self, widget: QWidget) -> None:
        """Let a reader say from this widget on what is shown now, when the user has switched."""
        self.action.triggered.connect(lambda on: announce(widget, _EVERYTHING[bool(on)]))

    def follow(self, figure: Figure) -> None:
        """Say how the axis is divided; the list is not there where a logarithmic axis is not possible."""
        if self.scale is not None:
            self.scale.setVisible(not figure.y.higher_is_better)
            self.scale.show_drawn(log=figure.y.scale.log)
