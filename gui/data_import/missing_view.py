"""The choice for the rows with missing values in an import, and the number of these rows."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.tables.description import Gaps, MissingValues
from gui.widgets.fields import ChoiceField, hint_label, plain_label

_CHOICES = ((MissingValues.IMPUTE, "Fill the gaps"), (MissingValues.DROP, "Leave these rows out"))
_FILLING = "A number is filled in with the median of the training rows; in a category the gap is a value of its own."


class MissingView(QWidget):
    """The choice, which is enabled only if a row has a gap, and a sentence with the numbers of rows."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = ChoiceField("Missing values", _CHOICES)
        self.hint = hint_label()
        self.filling = hint_label()
        self._gaps = False
        self.choice.currentIndexChanged.connect(self._show_filling)
        label = plain_label("&Missing values")
        label.setBuddy(self.choice)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(label)
        line.addWidget(self.choice)
        line.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self.hint)
        column.addWidget(self.filling)

    def value(self) -> MissingValues:
        return MissingValues(self.choice.value())

    def set_value(self, missing: MissingValues) -> None:
        self.choice.set_value(missing)

    def show_gaps(self, gaps: Gaps | None) -> None:
        """Show the numbers of rows with gaps; None while they are counted."""
        self._gaps = gaps is not None and gaps.incomplete > 0
        self._show_filling()
        if gaps is None:
            self.hint.say("")
            return
        self.choice.setEnabled(bool(gaps.incomplete))
        found = f"{_rows(gaps.incomplete)} a gap in a feature" if gaps.incomplete else "No row has a gap in a feature"
        left_out = f"; {_rows(gaps.no_target)} no target and will be left out" if gaps.no_target else ""
        self.hint.say(found + left_out)

    def _show_filling(self) -> None:
        self.filling.say(_FILLING if self._gaps and self.value() is MissingValues.IMPUTE else "")


def _rows(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"
