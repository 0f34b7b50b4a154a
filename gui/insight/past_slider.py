"""Stepping through past beliefs: "Belief after trial ◂ ▬▬ ▸ 12 of 20"."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from gui.widgets.fields import literal, plain_label, plain_tip
from gui.widgets.measures import even_digits, scaled

_SHORT, _LENGTH = 60, 142


class PastSlider(QWidget):
    """Chooses after how many ended trials the belief is. `chosen` has the number, None for the last."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last = 0
        self.caption = plain_label("Belief after trial")
        self.back, self.forward = self._button("◂", "One trial back"), self._button("▸", "One trial on")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setMinimumWidth(scaled(self, _SHORT))
        self.slider.setMaximumWidth(scaled(self, _LENGTH))
        self.slider.setAccessibleName("Belief after trial")
        self.count = plain_label()
        self.count.setFont(even_digits(self.font()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self.caption, self.back, self.slider, self.forward, self.count):
            row.addWidget(part)
        self.slider.valueChanged.connect(self._on_value)
        self.back.clicked.connect(self._go_back)
        self.forward.clicked.connect(self._go_on)

    @staticmethod
    def _button(sign: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setText(literal(sign))
        button.setAutoRaise(True)
        button.setAutoRepeat(True)
        button.setAccessibleName(name)
        button.setToolTip(plain_tip(name))
        return button

    def show_place(self, after: int | None, first: int, last: int) -> None:
        """Show where the belief is among those after `first` to `last` trials; None is the last."""
        self._last = last
        value = last if after is None else after
        self.slider.blockSignals(True)
        self.slider.setRange(min(first, last), last)
        self.slider.setPageStep(max(1, (last - first) // 10))
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self.setEnabled(last > first)
        self._say(value)

    def _say(self, value: int) -> None:
        self.count.setText(f"{value:,} of {self._last:,}")
        self.back.setEnabled(value > self.slider.minimum())
        self.forward.setEnabled(value < self.slider.maximum())

    def _on_value(self, value: int) -> None:
        self._say(value)
        self.chosen.emit(None if value >= self._last else value)

    def _go_back(self) -> None:
        self.slider.setValue(self.slider.value() - 1)

    def _go_on(self) -> None:
        self.slider.setValue(self.slider.value() + 1)
