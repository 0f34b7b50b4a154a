"""The form's section on how many trials a study makes."""

from core.settings import BudgetSettings
from gui.setup.field_row import FieldRow
from gui.setup.section import Problems, Section
from gui.widgets.elided_line import line_beside
from gui.widgets.number_fields import IntegerField

_NAME_WIDTH, _FIELD_WIDTH = 54, 68


class BudgetSection(Section):
    """How many trials the study makes."""

    title = "Budget"

    def __init__(self) -> None:
        super().__init__()
        self.trials = IntegerField("Trials")
        self._hint = line_beside()
        self._trials_row = FieldRow(
            "Trials",
            self.trials,
            self._hint,
            default=str(BudgetSettings().trials),
            help_text="How many points are tried. Each is a training of the model from scratch, or one for each fold "
            "and repeat.",
            label="&Trials",
            name_width=_NAME_WIDTH,
            field_width=_FIELD_WIDTH,
        )
        self.add_row("budget.trials", self._trials_row)

    def show_plan(self, sentence: str) -> None:
        """Say beside the number how its trials are spent."""
        self._hint.say(sentence)

    def read_trials(self, problems: Problems) -> int | None:
        """Return the number of trials; None when there is a problem with it."""
        return problems.attempt("budget.trials", self.trials.value)

    def set_settings(self, budget: BudgetSettings) -> None:
        """Show the number of trials."""
        self.trials.set_value(budget.trials)
