"""The opened part of a row: help, the steps of a range with the values that come of them, and the way back in words."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.formatting import in_short
from gui.setup.parameters.cells import BackCell
from gui.setup.parameters.columns import columns_for
from gui.widgets.fields import hint_label, plain_label
from gui.widgets.measures import scaled
from gui.widgets.number_fields import NumberField

_BRIEF = 48  # letters of what the way back leads to


class Details(QWidget):
    """Below a row: what the parameter is, and what is rarely needed."""

    def __init__(self, help_text: str, parent: QWidget) -> None:
        super().__init__(parent)
        help_label = plain_label(help_text)
        help_label.setWordWrap(True)
        if not help_text:
            help_label.hide()
        self.back = BackCell(self)
        self.back.hide()
        self._steps = QWidget()
        self._steps.hide()
        self._step: NumberField | None = None
        self._caption = plain_label("Steps")
        self._sign, self._values = hint_label(), hint_label()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(4)
        for widget in (help_label, self._steps, self.back):
            self._column.addWidget(widget)
        self._measure()

    def _measure(self) -> None:
        """Take the measures that grow with the type."""
        self._column.setContentsMargins(columns_for(self).vary, 3, 10, 7)
        self._caption.setMinimumWidth(scaled(self, 37))
        self._sign.setMinimumWidth(scaled(self, 7))
        if self._step is not None:
            self._step.setFixedSize(scaled(self, 56), scaled(self, 26))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def add_step(self, field: NumberField) -> None:
        """Place the field of the steps."""
        self._step = field
        self._caption.setBuddy(field)
        line = QHBoxLayout(self._steps)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        self._sign.setWordWrap(False)
        self._values.setWordWrap(False)
        self._values.setMinimumWidth(1)
        for widget in (self._caption, self._sign, field):
            line.addWidget(widget)
        line.addWidget(self._values)
        line.addStretch()
        field.show()
        self._measure()

    def show_steps(self, sign: str, values: str, *, shown: bool) -> None:
        """Show the sign before the field of the steps, and the values that come of them; or hide all three."""
        self._sign.say(sign)
        self._values.say(values)
        self._steps.setVisible(shown)

    def offer_back(self, what: str) -> None:
        """Show the way back to what is declared, in words; an empty text hides it."""
        self.back.lead_to(in_short(what, _BRIEF))
        self.back.setAccessibleName(f"Back to {what}")
        self.back.setVisible(bool(what))

    def lines(self) -> list[list[QWidget]]:
        """Return what can be walked to, line by line."""
        shown: list[QWidget] = []
        if self._step is not None and not self._steps.isHidden():
            shown.append(self._step)
        if not self.back.isHidden():
            shown.append(self.back)
        return [[widget] for widget in shown]
