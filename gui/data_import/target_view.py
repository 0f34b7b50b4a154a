"""The target of an import: its column, its task and its values, and the column that keeps rows together."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QStyledItemDelegate, QVBoxLayout, QWidget

from core.datasets.imported_table import NO_GROUP
from core.tables.description import TargetProfile, Task
from gui.data_import.findings_view import FindingsView
from gui.data_import.target_chart import TargetChart
from gui.widgets.fields import ChoiceField, hint_label, plain_label, wrapped_tip
from gui.widgets.theme import Theme

TASKS = (
    (Task.REGRESSION, "Regression"),
    (Task.BINARY, "Two classes"),
    (Task.MULTICLASS, "Several classes"),
)
_NO_GROUP = "Every row for itself"
# Makes the list scroll: Fusion's own list takes the whole height of the screen.
_STYLE = "QComboBox { combobox-popup: 0; } QComboBox QAbstractItemView::item { min-height: 22px; padding-left: 3px; }"
_MIN_LENGTH = 12
"""The minimum width of a choice of columns, in characters, however long their names are."""


class TargetView(QWidget):
    """Shows the target, and what was found about it.

    Signals of the user's choices: `target_chosen` (a column's name), `task_chosen` (a Task), `group_chosen` (a
    column's name or NO_GROUP).
    """

    target_chosen = Signal(str)
    task_chosen = Signal(object)
    group_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.target = _choice_of_columns("Target")
        self.group = _choice_of_columns("Keep together")
        theme.changed.connect(self._polish_again)
        self.target.setToolTip("The column that the model is to predict")
        self.task = ChoiceField("Task", TASKS)
        self.task.setToolTip("What the model does with the target; taken from its values")
        self.group.setToolTip(
            wrapped_tip(
                "Rows with the same value in this column never stand on both sides of a split; it is no feature"
            )
        )
        self.findings = FindingsView()
        self.chart = TargetChart(theme)
        self.hint = hint_label()
        self._lay_out()
        self.target.activated.connect(lambda: self.target_chosen.emit(self.target.value()))
        self.task.activated.connect(lambda: self.task_chosen.emit(Task(self.task.value())))
        self.group.activated.connect(lambda: self.group_chosen.emit(self.group.value()))

    def show_columns(self, names: Sequence[str], target: str, group: str) -> None:
        """Offer these columns as the `target`, whose values are not known yet, and the others as the `group`."""
        self.target.set_options((name, name) for name in names)
        self.target.set_value(target)
        others = ((name, name) for name in names if name not in (NO_GROUP, target))
        self.group.set_options(((NO_GROUP, _NO_GROUP), *others))
        self.group.set_value(group)
        self.task.setCurrentIndex(-1)
        self.show_target(None)

    def show_target(self, profile: TargetProfile | None) -> None:
        """Show the target's profile; None while it is being made."""
        self.task.setEnabled(profile is not None)
        self.chart.show_target(profile)
        if profile is None:
            self.hint.say("")
            return
        self.task.set_value(profile.task)
        values = "value" if profile.distinct == 1 else "values"
        distinct = f" with {profile.distinct:,} distinct {values}" if profile.distinct else ""
        self.hint.say(f"{profile.rows:,} rows{distinct}")

    def _polish_again(self) -> None:
        """Show the new colours: Qt keeps the old ones in a widget that has a style sheet."""
        for field in (self.target, self.group):
            field.setStyleSheet(_STYLE)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        fields = (("&Target", self.target), ("Tas&k", self.task), ("Keep to&gether", self.group))
        for row, (text, field) in enumerate(fields):
            label = plain_label(text)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(self.hint)
        column.addWidget(self.findings)
        column.addWidget(self.chart, 1)


def _choice_of_columns(name: str) -> ChoiceField:
    field = ChoiceField(name, ())
    field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    field.setMinimumContentsLength(_MIN_LENGTH)
    field.setItemDelegate(QStyledItemDelegate(field))  # this delegate obeys the style sheet
    field.setStyleSheet(_STYLE)
    return field
