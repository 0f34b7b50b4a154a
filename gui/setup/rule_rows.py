"""The rules between parameters in the form: one row per rule; the user adds and removes rows."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import InvalidSetting
from core.parameters import FloatParameter, IntegerParameter, OrdinalParameter, Parameter
from core.rules import Relation, Rule
from core.words.captions import told_apart
from gui.widgets.fields import (
    ChoiceField,
    error_label,
    give_tip,
    hint_label,
    show_whole_names,
    warning_label,
    wrapped_tip,
)
from gui.widgets.number_fields import FloatField

NumericParameter = FloatParameter | IntegerParameter | OrdinalParameter
NUMBER, ALONE = "", ""
_A_NUMBER = "a number"
HELP = (
    "Combinations of values that break a rule are never tried, such as a second layer wider than the first. Where a "
    "parameter does not apply, its rules hold."
)
_MIN_LENGTH = 7  # characters of a parameter's name that are always shown


class _SideField(ChoiceField):
    """A parameter of a rule. Several share a line, so a long name may be cut off; the tool tip shows it whole."""

    def __init__(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        super().__init__(name, options)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_MIN_LENGTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.currentTextChanged.connect(self._show_whole)
        self._show_whole(self.currentText())

    def _show_whole(self, text: str) -> None:
        self.setToolTip(wrapped_tip(text))

    def showPopup(self) -> None:
        show_whole_names(self)
        super().showPopup()

    def minimumSizeHint(self) -> QSize:
        return QComboBox.minimumSizeHint(self)


class RuleRow(QWidget):
    """One rule: a parameter, or a product of two, compared with a parameter or a number.

    Signals: `changed` when any of its fields changed, `removed` when the user wants to remove it. `caption` names it
    in sentences.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, caption: str, parameters: Sequence[NumericParameter]) -> None:
        super().__init__()
        captions = {parameter.name: parameter.label for parameter in parameters}
        labels = list(told_apart(captions, [_A_NUMBER]).items())
        self.left = _SideField("", labels)
        self.times = _SideField("", [(ALONE, "alone"), *((name, f"× {label}") for name, label in labels)])
        self.relation = ChoiceField("", [(relation, relation.sign) for relation in Relation])
        self.right = _SideField("", [(NUMBER, _A_NUMBER), *labels])
        self.number = FloatField("")
        self.remove = QToolButton()
        self.remove.setText("✕")
        self.remove.setAutoRaise(True)
        self.remove.setToolTip("Remove this rule")
        self._message, self._warning = error_label(), warning_label()
        self.set_caption(caption)
        self._place()
        for choice in (self.left, self.times, self.relation, self.right):
            choice.setAccessibleDescription(HELP)
            choice.currentIndexChanged.connect(self._choice_changed)
        self.number.textChanged.connect(self.changed)
        self.remove.clicked.connect(self.removed)

    def _place(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        grid = QGridLayout()
        grid.addWidget(self.left, 0, 0, 1, 2)
        grid.addWidget(self.times, 0, 2)
        grid.addWidget(self.remove, 0, 3)
        grid.addWidget(self.relation, 1, 0)
        grid.addWidget(self.right, 1, 1)
        grid.addWidget(self.number, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        whole.addLayout(grid)
        whole.addWidget(self._message)
        whole.addWidget(self._warning)

    def set_caption(self, caption: str) -> None:
        self.caption = caption
        self.left.setAccessibleName(f"{caption}, left side")
        self.times.setAccessibleName(f"{caption}, times")
        self.relation.setAccessibleName(f"{caption}, relation")
        self.right.setAccessibleName(f"{caption}, right side")
        self.number.setAccessibleName(f"{caption}, number")
        self.remove.setAccessibleName(f"Remove {caption[0].lower()}{caption[1:]}")

    @property
    def focus_place(self) -> QWidget:
        """The widget that takes the focus when the rule is shown."""
        return self.left

    def _choice_changed(self) -> None:
        self.number.setVisible(self.right.value() == NUMBER)
        self.changed.emit()

    def rule(self) -> Rule:
        """Return the rule, or raise InvalidSetting."""
        right: str | float = self.right.value()
        if right == NUMBER:
            try:
                right = self.number.value()
            except InvalidSetting as error:
                raise error.under("right") from None
        return Rule(self.left.value(), Relation(self.relation.value()), right, self.times.value())

    def set_rule(self, rule: Rule) -> None:
        self.left.set_value(rule.left)
        self.times.set_value(rule.times)
        self.relation.set_value(rule.relation)
        self.right.set_value(rule.right if isinstance(rule.right, str) else NUMBER)
        if not isinstance(rule.right, str):
            self.number.set_value(rule.right)
        self.number.setVisible(self.right.value() == NUMBER)

    def state(self) -> dict[str, object]:
        """Return what stands in the fields."""
        sides = {name: getattr(self, name).value() for name in ("left", "times", "relation", "right")}
        return {**sides, "number": self.number.text()}

    def set_state(self, state: Mapping[str, object]) -> None:
        """Show what stood in the fields; what cannot be shown stays as it is."""
        for name in ("left", "times", "relation", "right"):
            with suppress(ValueError):  # no longer offered
                getattr(self, name).set_value(state.get(name))
        self.number.setText(str(state.get("number", "")))
        self.number.setVisible(self.right.value() == NUMBER)

    def set_locked(self, locked: bool) -> None:
        """Let the rule only be read, or be changed."""
        for field in (self.left, self.times, self.relation, self.right, self.number):
            field.set_locked(locked)
        self.remove.setVisible(not locked)

    def show_warning(self, sentence: str) -> None:
        """Show a warning; an empty sentence hides it."""
        self._warning.say(sentence)

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Show the problem; an empty sentence hides it. `part` is "right" if the number is wrong."""
        self._message.say(sentence)
        self.number.show_problem(sentence if part == "right" else "")


class RulesEditor(QWidget):
    """The rules of a model family's parameters, in order.

    Signals: `changed` when a rule was changed, added or removed; `rebuilt` when rows may have been added or removed.
    """

    changed = Signal()
    rebuilt = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RuleRow] = []
        self._locked = False
        self._parameters: list[NumericParameter] = []
        self.add = QPushButton("Add a rule")
        give_tip(self.add, HELP)
        self.add.clicked.connect(self._add)
        self._none = hint_label("This model has no numbers that a rule could compare")
        header = QHBoxLayout()
        header.addWidget(self.add)
        header.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(hint_label(HELP))
        self._column.addWidget(self._none)
        self._column.addLayout(header)

    def set_parameters(self, parameters: Iterable[Parameter]) -> None:
        """Offer the numeric parameters; without any there can be no rules."""
        self._parameters = [p for p in parameters if isinstance(p, NumericParameter)]
        self._none.setVisible(not self._parameters)
        self.add.setVisible(bool(self._parameters))
        self.set_rules(())

    def set_rules(self, rules: Sequence[Rule]) -> None:
        """Show these rules."""
        while len(self.rows) > len(rules):
            self._drop(self.rows[-1])
        while len(self.rows) < len(rules):
            self._append()
        for row, rule in zip(self.rows, rules, strict=True):
            row.set_rule(rule)
        self.rebuilt.emit()

    def set_states(self, states: Sequence[Mapping[str, object]]) -> None:
        """Show rules as they stood, also wrong ones; those on parameters that are not offered are left out."""
        names = [NUMBER, *(parameter.name for parameter in self._parameters)]
        fit = [state for state in states if state.get("left") in names and state.get("right", NUMBER) in names]
        self.set_rules([self._first_rule()] * len(fit) if self._parameters else ())
        for row, state in zip(self.rows, fit, strict=False):
            row.set_state(state)

    def set_locked(self, locked: bool) -> None:
        """Let the rules only be read, or be changed."""
        self._locked = locked
        self.add.setVisible(not locked and bool(self._parameters))
        for row in self.rows:
            row.set_locked(locked)

    def _append(self) -> RuleRow:
        row = RuleRow(f"Rule {len(self.rows) + 1}", self._parameters)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        row.set_locked(self._locked)
        self._column.insertWidget(self._column.count() - 1, row)
        return row

    def _drop(self, row: RuleRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _add(self) -> None:
        """Add a rule that forbids nothing yet."""
        row = self._append()
        row.set_rule(self._first_rule())
        self.rebuilt.emit()
        self.changed.emit()
        row.left.setFocus()

    def _first_rule(self) -> Rule:
        """Return a rule that forbids nothing."""
        first = self._parameters[0]
        most = first.levels[-1] if isinstance(first, OrdinalParameter) else first.high
        return Rule(first.name, Relation.AT_MOST, float(most))

    def _remove(self, row: RuleRow) -> None:
        self._drop(row)
        for place, other in enumerate(self.rows, 1):
            other.set_caption(f"Rule {place}")
        self.rebuilt.emit()
        self.changed.emit()
        self.add.setFocus()
