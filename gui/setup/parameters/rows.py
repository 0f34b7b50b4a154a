"""The rows of the table by the kind of parameter: a number, one of several values, off or on."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.errors import InvalidSetting
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
    Value,
)
from core.words.form import values_of_steps
from core.words.ranges import scale_in_a_cell
from gui.setup.parameters.cells import ListCell, TextCell
from gui.setup.parameters.columns import HIGH, LOW, SCALE, VALUE
from gui.setup.parameters.details import Details
from gui.setup.parameters.numbers import NumberCell, StepField
from gui.setup.parameters.proposal import Proposal
from gui.setup.parameters.row import ParameterRow
from gui.setup.parameters.ticks import TicksCell
from gui.widgets.number_fields import NumberField, read_float, read_integer

IN_STEPS, OFF, ON = "steps", "off", "on"
STEP_SIGNS = {Scale.LINEAR: "+", Scale.LOG: "×"}
STEP_HELP = (
    "Leave it empty for every number between the two. On a linear scale, values are so far apart, counted from the "
    "lower end; on a log scale each is so many times the one before: 2 doubles."
)


class ScaleCell(ListCell):
    """The scale of a range, with its steps. The last choice is no scale: it leads to the field of the steps.

    Signals: `scale_changed`, `steps_wanted`.
    """

    scale_changed = Signal()
    steps_wanted = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, [*((scale.value, scale.value) for scale in Scale), (IN_STEPS, "in steps…")], parent)
        self._place = self.currentIndex()
        self.currentIndexChanged.connect(self._on_choice)

    def value(self) -> str:
        return list(Scale)[self._place].value

    def show_step(self, step: float | None) -> None:
        """Show the scale with this step."""
        for place, scale in enumerate(Scale):
            text = scale_in_a_cell(scale, step if place == self._place else None)
            if self.itemText(place) != text:
                self.setItemText(place, text)

    def _on_choice(self, place: int) -> None:
        if place == self._place:
            return
        if place < len(Scale):
            self._place = place
            self.scale_changed.emit()
        else:
            self.setCurrentIndex(self._place)
            self.steps_wanted.emit()


class NumberRow(ParameterRow):
    """The row of a float or integer parameter: a value, or low – high on a linear or log scale, stepped or not."""

    parameter: FloatParameter | IntegerParameter

    def __init__(self, parameter: FloatParameter | IntegerParameter) -> None:
        super().__init__(parameter)
        self._proposal: Proposal | None = None
        read = read_integer if isinstance(parameter, IntegerParameter) else read_float
        self.value_field = NumberCell(self.caption, self, read, parameter)
        self.low = NumberCell(f"{self.caption}, low", self, read)
        self.high = NumberCell(f"{self.caption}, high", self, read)
        self.scale = ScaleCell(f"{self.caption}, scale", self)
        self.step = StepField(f"{self.caption}, step", "none", read)
        self.step.setParent(self)
        self.step.hide()
        self.step.setAccessibleDescription(STEP_HELP)
        for field in self._fields.values():
            field.textChanged.connect(self._on_change)
        self.step.textChanged.connect(self._show_step)
        self.scale.scale_changed.connect(self._on_scale)
        self.scale.steps_wanted.connect(self._ask_for_steps)
        self._finish()

    @property
    def _fields(self) -> dict[str, NumberField]:
        return {"value": self.value_field, "low": self.low, "high": self.high, "step": self.step}

    def propose(self, part: str, words: str) -> None:
        cell = {"low": self.low, "high": self.high}.get(part)
        if cell is None or not words or not self.varied:
            if self._proposal is not None:
                self._proposal.hide()
            return
        if self._proposal is None:
            self._proposal = Proposal(self)
        self._proposal.show_over(cell, cell.shown, words, self.scale if cell is self.high else None)

    def _value_cells(self) -> Iterator[tuple[str, QWidget]]:
        yield VALUE, self.value_field
        yield LOW, self.low
        yield HIGH, self.high
        yield SCALE, self.scale

    def _is_shown(self, column: str, cell: QWidget) -> bool:
        return (column == VALUE) is not self.varied

    @property
    def _has_range(self) -> bool:
        return self.varied

    # What the row says

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

    def _show_range(self, given: Range) -> None:
        self.vary.setChecked(not isinstance(given, Fixed))
        declared = self.parameter
        ranged = given if isinstance(given, FloatRange | IntegerRange) else declared
        self._show_value(given.value if isinstance(given, Fixed) else declared.default)
        self.low.set_value(ranged.low)
        self.high.set_value(ranged.high)
        self.scale.set_value(ranged.scale.value)
        self.step.set_value(ranged.step or None)

    def _show_value(self, value: Value) -> None:
        assert not isinstance(value, str)
        self.value_field.set_value(value)

    def _state(self) -> dict[str, object]:
        return {**{part: field.text() for part, field in self._fields.items()}, "scale": self.scale.value()}

    def _show_state(self, state: Mapping[str, object]) -> None:
        super()._show_state(state)
        scale = state.get("scale")
        if scale in list(Scale):
            self.scale.set_value(str(scale))
        for part, field in self._fields.items():
            text = state.get(part)
            if isinstance(text, str):
                field.setText(text)

    # Steps

    def _on_scale(self) -> None:
        def drop_step() -> None:
            self._on_change()
            self.step.clear()  # it was one of the other scale
            self._show_step()

        self.as_one(drop_step)

    def _show_step(self) -> None:
        try:
            step = self.step.value()
        except InvalidSetting:
            step = None
        self.scale.show_step(step)

    def _ask_for_steps(self) -> None:
        self.help.setChecked(True)
        self.step.setFocus()
        self.step.selectAll()

    def _make_details(self) -> Details:
        details = super()._make_details()
        details.add_step(self.step)
        return details

    def _fill(self, details: Details) -> None:
        super()._fill(details)
        details.show_steps(STEP_SIGNS[Scale(self.scale.value())], self._steps_in_words(), shown=self._has_steps)

    @property
    def _has_steps(self) -> bool:
        """Whether there are steps to be read or changed."""
        return self.varied and not (self.locked and not self.step.text())

    def _steps_in_words(self) -> str:
        try:
            return values_of_steps(self.range())
        except InvalidSetting:
            return ""

    def set_locked(self, locked: bool) -> None:
        super().set_locked(locked)
        self.step.set_locked(locked)

    def show_problem(self, sentence: str, part: str = "") -> None:
        super().show_problem(sentence, part)
        for name, field in self._fields.items():
            field.show_problem(sentence if name == part else "")
        self.scale.show_problem(sentence if part == "step" else "")


class ChoiceRow(ParameterRow):
    """The row of a choice or ordinal parameter: one of its values, or several ticked to vary."""

    parameter: ChoiceParameter | OrdinalParameter

    def __init__(self, parameter: ChoiceParameter | OrdinalParameter) -> None:
        super().__init__(parameter)
        declared = parameter.names if isinstance(parameter, ChoiceParameter) else parameter.levels
        self._values: dict[str, Any] = {str(value): value for value in declared}
        labels = {name: parameter.text(value) for name, value in self._values.items()}
        self.choice = ListCell(self.caption, labels.items(), self)
        self.choice.currentIndexChanged.connect(self._on_change)
        self.ticks = TicksCell(self.caption, labels, self)
        self.ticks.changed.connect(self._on_change)
        self._finish()

    def _value_cells(self) -> Iterator[tuple[str, QWidget]]:
        yield VALUE, self.choice
        yield VALUE, self.ticks

    def _is_shown(self, column: str, cell: QWidget) -> bool:
        return (cell is self.ticks) is self.varied

    def range(self) -> Range:
        if not self.varied:
            return self.parameter.fixed(self._values[self.choice.value()])
        return self.parameter.range(tuple(self._values[name] for name in self.ticks.ticked()))

    def _show_range(self, given: Range) -> None:
        self.vary.setChecked(not isinstance(given, Fixed))
        ticked = frozenset(given.values if isinstance(given, Choices | Levels) else self._values.values())
        self.ticks.tick({name for name, value in self._values.items() if value in ticked})
        self._show_value(given.value if isinstance(given, Fixed) else self.parameter.default)

    def _show_value(self, value: Value) -> None:
        for name, known in self._values.items():
            if known == value:
                self.choice.set_value(name)

    def _state(self) -> dict[str, object]:
        return {"choice": self.choice.value(), "ticks": self.ticks.ticked()}

    def _show_state(self, state: Mapping[str, object]) -> None:
        super()._show_state(state)
        choice, ticks = state.get("choice"), state.get("ticks")
        if isinstance(choice, str) and choice in self._values:
            self.choice.set_value(choice)
        if isinstance(ticks, list):
            self.ticks.tick({name for name in ticks if isinstance(name, str) and name in self._values})

    def show_problem(self, sentence: str, part: str = "") -> None:
        super().show_problem(sentence, part)
        cell = self.ticks if self.varied else self.choice
        for each in (self.ticks, self.choice):
            each.show_problem(sentence if each is cell else "")
            each.setAccessibleDescription(sentence if each is cell and sentence else self.parameter.help)


class BooleanRow(ParameterRow):
    """The row of a boolean parameter: off, on, or both."""

    parameter: BooleanParameter

    def __init__(self, parameter: BooleanParameter) -> None:
        super().__init__(parameter)
        self.choice = ListCell(self.caption, ((OFF, OFF), (ON, ON)), self)
        self.choice.currentIndexChanged.connect(self._on_change)
        self._both = TextCell(f"{self.caption}: off and on", "off and on", self)
        self._finish()

    def _value_cells(self) -> Iterator[tuple[str, QWidget]]:
        yield VALUE, self.choice
        yield VALUE, self._both

    def _is_shown(self, column: str, cell: QWidget) -> bool:
        return (cell is self._both) is self.varied

    def range(self) -> Range:
        return OffOrOn() if self.varied else Fixed(self.choice.value() == ON)

    def _show_range(self, given: Range) -> None:
        self.vary.setChecked(not isinstance(given, Fixed))
        self._show_value(given.value if isinstance(given, Fixed) else self.parameter.default)

    def _show_value(self, value: Value) -> None:
        self.choice.set_value(ON if value else OFF)

    def _state(self) -> dict[str, object]:
        return {"choice": self.choice.value()}

    def _show_state(self, state: Mapping[str, object]) -> None:
        super()._show_state(state)
        choice = state.get("choice")
        if choice in (OFF, ON):
            self.choice.set_value(str(choice))


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
