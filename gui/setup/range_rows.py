"""One row of the form per declared parameter: its fixed value, or the range in which it is varied."""

from typing import Any, assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import InvalidSetting
from core.formatting import in_short
from core.parameters import (
    BooleanParameter,
    ChoiceParameter,
    Choices,
    Fixed,
    FloatParameter,
    FloatRange,
    IntegerParameter,
    IntegerRange,
    Levels,
    OffOrOn,
    OrdinalParameter,
    Parameter,
    Range,
    Scale,
)
from gui.setup.ticks import ticks_for
from gui.widgets.fields import ChoiceField, breakable, hint_label, literal, plain_label, problem_label, wrapped_tip
from gui.widgets.number_fields import FloatField, IntegerField, NumberField, OptionalField, read_float, read_integer

FIXED, VARIED = "fixed", "varied"
_MAX_LINE = 24  # letters of a parameter's name
STEP_CAPTIONS = {Scale.LINEAR: "in steps of", Scale.LOG: "each times"}
STEP_HELP = (
    "Leave it empty for every number between the two. On a linear scale, values are so far apart, counted from the "
    "lower end; on a log scale each is so many times the one before: 2 doubles."
)


class ParameterRow(QWidget):
    """The parts of all rows: the parameter's name and unit, the choice of fixed or varied, help, and a problem.

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
        self._when = hint_label()
        self._message = problem_label()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(self._make_header())

    def _make_header(self) -> QHBoxLayout:
        unit = f" ({self.parameter.unit})" if self.parameter.unit else ""
        caption = in_short(f"{self.caption}{unit}")
        is_long = len(caption) > _MAX_LINE
        label = plain_label(literal(breakable(caption, _MAX_LINE)))
        label.setWordWrap(is_long)  # else the form would be wider than its place in the window
        label.setBuddy(self.mode)
        more = QToolButton()
        more.setText("?")
        more.setAutoRaise(True)
        more.setCheckable(True)
        more.setAccessibleName(f"Help on {self.caption}")
        more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        more.toggled.connect(self._help.setVisible)
        header = QHBoxLayout()
        header.addWidget(label, is_long)
        header.addWidget(more)
        if not is_long:
            header.addStretch()
        header.addWidget(self.mode)
        return header

    def _finish(self, *editors: QWidget) -> None:
        """Put the editors under the header, and the sentences under the editors; show the first range."""
        for editor in editors:
            self._column.addWidget(editor)
        self._column.addWidget(self._when)
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
        """Show the editors of the chosen mode."""
        raise NotImplementedError

    def range(self) -> Range:
        """Return the parameter's range or fixed value, or raise InvalidSetting."""
        raise NotImplementedError

    def set_range(self, given: Range) -> None:
        """Show the range or fixed value; the other fields get the values that the parameter declares."""
        raise NotImplementedError

    def say_when(self, sentence: str) -> None:
        """Show where the parameter applies; an empty sentence hides it."""
        self._when.say(sentence)

    @property
    def focus_place(self) -> QWidget:
        return self.mode

    def show_warning(self, sentence: str) -> None:
        pass

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Show the problem; an empty sentence hides it. `part` is the field of the range that is wrong."""
        self._message.say(sentence)


class NumberRow(ParameterRow):
    """The row of a float or integer parameter: a value, or low – high on a linear or log scale, stepped or not."""

    parameter: FloatParameter | IntegerParameter

    def __init__(self, parameter: FloatParameter | IntegerParameter) -> None:
        super().__init__(parameter)
        make: type[NumberField] = IntegerField if isinstance(parameter, IntegerParameter) else FloatField
        self.value_field = make(self.caption)
        self.low = make(f"{self.caption}, low")
        self.high = make(f"{self.caption}, high")
        self.scale = ChoiceField(f"{self.caption}, scale", ((Scale.LINEAR, "Linear"), (Scale.LOG, "Log")))
        whole = isinstance(parameter, IntegerParameter)
        self.step = OptionalField(f"{self.caption}, step", "any", read_integer if whole else read_float)
        self.step.setToolTip(wrapped_tip(STEP_HELP))
        self._step_caption = plain_label()
        self._step_caption.setBuddy(self.step)
        self._dash = plain_label("–")
        self._zero = hint_label(f"0: {parameter.zero}" if parameter.zero else "")
        editors, steps = QWidget(), QWidget()
        for widgets in (
            (self.value_field, self._zero, self.low, self._dash, self.high, self.scale),
            (self._step_caption, self.step),
        ):
            line = QHBoxLayout(steps if self.step in widgets else editors)
            line.setContentsMargins(0, 0, 0, 0)
            for widget in widgets:
                line.addWidget(widget)
            line.addStretch()
        for field in self._fields.values():
            field.setMaximumWidth(field.minimumWidth() * 3 // 2)
            field.setAccessibleDescription(parameter.help)
            field.textChanged.connect(self.changed)
        self.scale.currentIndexChanged.connect(self._scale_changed)
        self._steps = steps
        self._finish(editors, steps)

    def _scale_changed(self) -> None:
        self._step_caption.setText(STEP_CAPTIONS[Scale(self.scale.value())])
        self.changed.emit()

    @property
    def _fields(self) -> dict[str, NumberField]:
        return {"value": self.value_field, "low": self.low, "high": self.high, "step": self.step}

    def _show_mode(self) -> None:
        self.value_field.setVisible(not self.varied)
        self._zero.setVisible(bool(self.parameter.zero) and not self.varied)
        for widget in (self.low, self._dash, self.high, self.scale, self._steps):
            widget.setVisible(self.varied)

    def range(self) -> Range:
        if not self.varied:
            return self.parameter.fixed(self._number("value"))
        low, high, step = (self._number(part) for part in ("low", "high", "step"))
        return self.parameter.range(low, high, Scale(self.scale.value()), step or 0)

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
        self.step.set_value(ranged.step or None)
        self._step_caption.setText(STEP_CAPTIONS[ranged.scale])

    def show_problem(self, sentence: str, part: str = "") -> None:
        super().show_problem(sentence, part)
        for name, field in self._fields.items():
            field.show_problem(sentence if name == part else "")


class ChoiceRow(ParameterRow):
    """The row of a choice or ordinal parameter: one of its values, or several ticked to vary."""

    parameter: ChoiceParameter | OrdinalParameter

    def __init__(self, parameter: ChoiceParameter | OrdinalParameter) -> None:
        super().__init__(parameter)
        declared = parameter.names if isinstance(parameter, ChoiceParameter) else parameter.levels
        self._values: dict[str, Any] = {str(value): value for value in declared}
        labels = {name: parameter.text(value) for name, value in self._values.items()}
        self.choice = ChoiceField(self.caption, labels.items())
        self.choice.currentIndexChanged.connect(self.changed)
        self.ticks = ticks_for(self.caption, labels)
        self.ticks.changed.connect(self.changed)
        self._finish(self.choice, self.ticks)

    def _show_mode(self) -> None:
        self.choice.setVisible(not self.varied)
        self.ticks.setVisible(self.varied)

    def range(self) -> Range:
        if not self.varied:
            return self.parameter.fixed(self._values[self.choice.value()])
        return self.parameter.range(tuple(self._values[name] for name in self.ticks.ticked()))

    def set_range(self, given: Range) -> None:
        self.mode.set_value(FIXED if isinstance(given, Fixed) else VARIED)
        ticked = frozenset(given.values if isinstance(given, Choices | Levels) else self._values.values())
        chosen = given.value if isinstance(given, Fixed) else self.parameter.default
        self.ticks.tick({name for name, value in self._values.items() if value in ticked})
        for name, value in self._values.items():
            if value == chosen:
                self.choice.set_value(name)

    def show_problem(self, sentence: str, part: str = "") -> None:
        super().show_problem(sentence, part)
        self.ticks.describe(sentence or self.parameter.help)


class BooleanRow(ParameterRow):
    """The row of a boolean parameter: a tick, or both off and on."""

    parameter: BooleanParameter

    def __init__(self, parameter: BooleanParameter) -> None:
        super().__init__(parameter)
        self.box = QCheckBox("On")
        self.box.setAccessibleName(f"{self.caption}, on")
        self.box.setAccessibleDescription(parameter.help)
        self.box.toggled.connect(self.changed)
        self._both = plain_label("Off and on")
        self._finish(self.box, self._both)

    def _show_mode(self) -> None:
        self.box.setVisible(not self.varied)
        self._both.setVisible(self.varied)

    def range(self) -> Range:
        return OffOrOn() if self.varied else Fixed(self.box.isChecked())

    def set_range(self, given: Range) -> None:
        self.mode.set_value(FIXED if isinstance(given, Fixed) else VARIED)
        self.box.setChecked(bool(given.value) if isinstance(given, Fixed) else self.parameter.default)


def row_for(parameter: Parameter) -> ParameterRow:
    """Return the row for a parameter of this type."""
    match parameter:
        case FloatParameter() | IntegerParameter():
            return NumberRow(parameter)
        case ChoiceParameter() | OrdinalParameter():
            return ChoiceRow(parameter)
        case BooleanParameter():
            return BooleanRow(parameter)
        case _:
            assert_never(parameter)
