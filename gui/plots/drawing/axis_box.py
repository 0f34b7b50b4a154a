"""The choice of what stands on an axis of the points plot: as wide as its names, up to a limit."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from core.figures.dimensions import PlotDimension
from gui.widgets.fields import give_tip, show_whole_names

MAX_WIDTH, MIN_WIDTH = 24, 7
"""In characters: how wide long names make the box, and how far it shrinks where room is scarce."""


class AxisBox(QComboBox):
    """Offers dimensions. A name that is wider than the box ends in "…", and is whole in the list and the tool tip."""

    def __init__(self, axis: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axis = axis
        self.setAccessibleName(f"Parameter on the {axis} axis")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(MIN_WIDTH)
        self.currentTextChanged.connect(self._explain)
        self._explain("")

    def offer(self, dimensions: list[PlotDimension]) -> None:
        """Offer these instead."""
        self.clear()
        for dimension in dimensions:
            self.addItem(dimension.label, dimension.name)
        self._bound_width()
        show_whole_names(self)

    def _bound_width(self) -> None:
        self.setMaximumWidth(self.minimumSizeHint().width() + self.fontMetrics().averageCharWidth() * MAX_WIDTH)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._bound_width()

    def _explain(self, name: str) -> None:
        what = f"What stands on the {self._axis} axis"
        give_tip(self, f"{what}: {name}" if name else what)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as Qt does, but end a name that is cut in "…"."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.text_shown
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    @property
    def text_shown(self) -> str:
        """What there is room for of the name."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 2
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
