"""The target of an import: its column, its task and its values."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QStyledItemDelegate, QVBoxLayout, QWidget

from core.tables.description import TargetProfile, Task
from gui.data_import.target_chart import TargetChart
from gui.widgets.fields import ChoiceField, hint_label, plain_label
from gui.widgets.theme import Theme

TASKS = (
    (Task.REGRESSION, "Regression"),
    (Task.BINARY, "Two classes"),
    (Task.MULTICLASS, "Several classes"),
)
# Makes the list scroll: Fusion's own list takes the whole height of the screen.
_STYLE = "QComboBox { combobox-popup: 0; } QComboBox QAbstractItemView::item { min-height: 22px; padding-left: 3px; }"
_MIN_LENGTH = 12
"""The minimum width of a choice of columns, in characters, however long their names are."""


class TargetView(QWidget):
    """Shows the target. Signals of the user's choices: `target_chosen` (a column's name), `task_chosen` (a Task)."""

    target_chosen = Signal(str)
    task_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.target = ChoiceField("Target", ())
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.target.setMinimumContentsLength(_MIN_LENGTH)
        self.target.setItemDelegate(QStyledItemDelegate(self.target))  # this delegate obeys the style sheet
        self.target.setStyleSheet(_STYLE)
        theme.changed.connect(self._polish_again)
        self.target.setToolTip("The column that the model is to predict")
        self.task = ChoiceField("Task", TASKS)
        self.task.setToolTip("What the model does with the target; taken from its values")
        self.chart = TargetChart(theme)
        self.hint = hint_label()
        self._lay_out()
        self.target.activated.connect(lambda: self.target_chosen.emit(self.target.value()))
        self.task.activated.connect(lambda: self.task_chosen.emit(Task(self.task.value())))

    def show_columns(self, names: Iterable[str], target: str) -> None:
        """Offer these columns; one of them is `target`, whose values are not known yet."""
        self.target.set_options((name, name) for name in names)
        self.target.set_value(target)
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
        self.target.setStyleSheet(_STYLE)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, (text, field) in enumerate((("&Target", self.target), ("Tas&k", self.task))):
            label = plain_label(text)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(self.hint)
        column.addWidget(self.chart, 1)
