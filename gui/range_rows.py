"""One row of the form per declared parameter: its fixed value, or the range in which it is varied."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import InvalidSetting
from core.parameters import (
    ChoiceParameter,
    Choices,
    Fixed,
    FloatParameter,
    FloatRange,
    IntegerParameter,
    IntegerRange,
    Parameter,
    Range,
    Scale,
)
from gui.fields import ChoiceField, hint_label, problem_label, wrapped_tip
from gui.number_fields import FloatField, IntegerField, NumberField

FIXED, VARIED = "fixed", "varied"
_CHOICES_WIDTH = 30  # characters that boxes to tick may take side by side


class ParameterRow(QWidget):
    """What all rows have: the parameter's name and unit, fixed or varied, help, and what is wrong.

    Signal `changed`: any of the row's fields changed. `caption` is the parameter's label.
    """

    changed = Signal()

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self.caption = parameter.label
        self.setToolTip(wrapped_tip(parameter.help))
        self.mode = ChoiceField(f"{self.caption}, fixed or varied", ((FIXED, "Fixed"), (VARIED, "Varied")))
        self.mode.setAccessibleDescription(parameter.help)
        self._help = hint_label(parameter.help)
        self._help.hide()
        self._message = problem_label()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(self._make_header())

    def _make_header(self) -> QHBoxLayout:
        unit = f" ({self.parameter.unit})" if self.parameter.unit else ""
        label = QLabel(f"{self.caption}{unit}".replace("&", "&&"))
        label.setBuddy(self.mode)
        more = QToolButton()
        more.setText("?")
        more.setAutoRaise(True)
        more.setCheckable(True)
        more.setAccessibleName(f"Help on {self.caption}")
        more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        more.toggled.connect(self._help.setVisible)
        header = QHBoxLayout()
        header.addWidget(label)
        header.addWidget(more)
        header.addStretch()
        header.addWidget(self.mode)
        return header

    def _finish(self, *editors: QWidget) -> None:
        """Put the editors under the header, and what may have to be read under them."""
        for editor in editors:
            self._column.addWidget(editor)
        self._column.addWidget(self._message)
        self._column.addWidget(self._help)
        self.mode.currentIndexChanged.connect(self._mode_changed)
        self.set_range(self.parameter.first_range())
        self._show_mode()

    @property
    def varied(self) -> bool:
        return self.mode.value() == VARIED

    def _mode_changed(self) -> None:
        self._show_mode()
        self.changed.emit()

    def _show_mode(self) -> None:
        """Show the editors that the mode calls for."""
        raise NotImplementedError

    def range(self) -> Range:
        """Return the parameter's range or fixed value, or raise InvalidSetting."""
        raise NotImplementedError

    def set_range(self, given: Range) -> None:
        """Show the range or fixed value; fields that it leaves open get what the parameter declares."""
        raise NotImplementedError

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Say what is wrong, or nothing; `part` is the field of the range that is to blame."""
        self._message.say(sentence)


class NumberRow(ParameterRow):
    """The row of a float or integer parameter: a value, or low – high on a linear or log scale."""

    parameter: FloatParameter | IntegerParameter

    def __init__(self, parameter: FloatParameter | IntegerParameter) -> None:
        super().__init__(parameter)
        make: type[NumberField] = IntegerField if isinstance(parameter, IntegerParameter) else FloatField
        self.value_field = make(self.caption)
        self.low = make(f"{self.caption}, low")
        self.high = make(f"{self.caption}, high")
        self.scale = ChoiceField(f"{self.caption}, scale", ((Scale.LINEAR, "Linear"), (Scale.LOG, "Log")))
        self._dash = QLabel("–")
        editors = QWidget()
        line = QHBoxLayout(editors)
        line.setContentsMargins(0, 0, 0, 0)
        for widget in (self.value_field, self.low, self._dash, self.high, self.scale):
            line.addWidget(widget)
        for field in self._fields.values():
            field.setMaximumWidth(field.minimumWidth() * 3 // 2)
            field.setAccessibleDescription(parameter.help)
            field.textChanged.connect(self.changed)
        line.addStretch()
        self.scale.currentIndexChanged.connect(self.changed)
        self._finish(editors)

    @property
    def _fields(self) -> dict[str, NumberField]:
        return {"value": self.value_field, "low": self.low, "high": self.high}

    def _show_mode(self) -> None:
        self.value_field.setVisible(not self.varied)
        for widget in (self.low, self._dash, self.high, self.scale):
            widget.setVisible(self.varied)

    def range(self) -> Range:
        if not self.varied:
            return self.parameter.fixed(self._number("value"))
        return self.parameter.range(self._number("low"), self._number("high"), Scale(self.scale.value()))

    def _number(self, part: str) -> Any:
        try:
            return self._fields[part].value()
        except InvalidSetting as error:
            raise error.under(part) from None

    def set_range(self, given: Range) -> None:
        self.mode.set_value(FIXED if isinstance(given, Fixed) else VARIED)
        declared = self.parameter
        ranged = given if isinstance(given, FloatRange | IntegerRange) else declared
        self.value_field.set_value(given.value if isinstance(given, Fixed) else declared.default)
        self.low.set_value(ranged.low)
        self.high.set_value(ranged.high)
        self.scale.set_value(ranged.scale)

    def show_problem(self, sentence: str, part: str = "") -> None:
        super().show_problem(sentence, part)
        for name, field in self._fields.items():
            field.show_problem(sentence if name == part else "")


class ChoiceRow(ParameterRow):
    """The row of a choice parameter: one choice, or several ticked to vary."""

    parameter: ChoiceParameter

    def __init__(self, parameter: ChoiceParameter) -> None:
        super().__init__(parameter)
        self.choice = ChoiceField(self.caption, parameter.choices)
        self.choice.currentIndexChanged.connect(self.changed)
        self.boxes = {name: QCheckBox(label.replace("&", "&&")) for name, label in parameter.choices}
        self._ticks = QWidget()
        grid = QGridLayout(self._ticks)
        grid.setContentsMargins(0, 0, 0, 0)
        columns = max(1, _CHOICES_WIDTH // (max(len(label) for _name, label in parameter.choices) + 3))
        for place, (box, (_name, label)) in enumerate(zip(self.boxes.values(), parameter.choices, strict=True)):
            box.setAccessibleName(f"{self.caption}, vary {label}")
            box.toggled.connect(self.changed)
            grid.addWidget(box, *divmod(place, columns))
        grid.setColumnStretch(columns, 1)
        self._finish(self.choice, self._ticks)

    def _show_mode(self) -> None:
        self.choice.setVisible(not self.varied)
        self._ticks.setVisible(self.varied)

    def range(self) -> Range:
        if not self.varied:
            return self.parameter.fixed(self.choice.value())
        return self.parameter.range(tuple(name for name, box in self.boxes.items() if box.isChecked()))

    def set_range(self, given: Range) -> None:
        self.mode.set_value(FIXED if isinstance(given, Fixed) else VARIED)
        ticked = given.values if isinstance(given, Choices) else self.parameter.names
        self.choice.set_value(str(given.value) if isinstance(given, Fixed) else self.parameter.default)
        for name, box in self.boxes.items():
            box.setChecked(name in ticked)

    def show_problem(self, sentence: str, part: str = "") -> None:
        super().show_problem(sentence, part)
        for box in self.boxes.values():
            box.setAccessibleDescription(sentence or self.parameter.help)


def row_for(parameter: Parameter) -> ParameterRow:
    """Return the row that the parameter's declaration calls for."""
    match parameter:
        case FloatParameter() | IntegerParameter():
            return NumberRow(parameter)
        case ChoiceParameter():
            return ChoiceRow(parameter)
