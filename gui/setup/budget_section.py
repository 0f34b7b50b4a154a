"""The form's section on when the study is done."""

from core.objective import ObjectiveSettings
from core.settings import BudgetSettings
from gui.setup.section import Problems, Section
from gui.widgets.fields import FieldRow, plain_label
from gui.widgets.number_fields import IntegerField, OptionalField, read_float, read_minutes, write_minutes


class BudgetSection(Section):
    """When the study is done."""

    def __init__(self) -> None:
        super().__init__("Budget")
        self.trials = IntegerField("Trials")
        self._trials_row = self.add_row(
            "budget.trials",
            FieldRow("Trials", self.trials),
            "How many points are tried. Each is a training of the model from scratch, or one for each fold and repeat.",
        )
        self.seconds = OptionalField("Time limit, minutes of running", "no limit", read_minutes, write_minutes)
        self.add_row(
            "budget.seconds",
            FieldRow("Time limit", self.seconds, "min of running"),
            "End the study after that time, even if trials are left. It counts from Start or Resume, without pauses. "
            "Resume gives it the same time again. Leave it empty for no limit.",
        )
        self.target = OptionalField("Target objective", "none", read_float)
        self._side = plain_label()
        self.add_row(
            "budget.target",
            FieldRow("Target", self.target, self._side),
            "Stop as soon as the objective of a trial is as good as this. Leave it empty to use all trials.",
        )

    def show_objective(self, objective: ObjectiveSettings) -> None:
        """Show on which side of the target an objective is good enough."""
        self._side.setText(f"or {objective.beyond}")

    def show_points(self, points: int | None, trials: int) -> None:
        """Say if the search has fewer points than trials; `points` is None if they are too many to count."""
        few = points is not None and points < trials
        self._trials_row.hint.say(f"The search has only {points:,} points: the study ends after them" if few else "")

    def settings(self, problems: Problems) -> BudgetSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
        trials = problems.attempt("budget.trials", self.trials.value)
        seconds = problems.attempt("budget.seconds", self.seconds.value)
        target = problems.attempt("budget.target", self.target.value)
        if trials is None or problems.within("budget"):
            return None
        return problems.attempt("budget", lambda: BudgetSettings(trials=trials, seconds=seconds, target=target))

    def set_settings(self, budget: BudgetSettings) -> None:
        self.trials.set_value(budget.trials)
        self.seconds.set_value(budget.seconds)
        self.target.set_value(budget.target)
