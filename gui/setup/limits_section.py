"""The form's section on what ends a study early, gives up a trial, or lets the study pause."""

from core.objective import ObjectiveSettings
from core.settings import BudgetSettings, LimitSettings
from gui.setup.field_row import FieldRow
from gui.setup.section import Problems, Section
from gui.widgets.elided_line import line_beside
from gui.widgets.number_fields import IntegerField, OptionalField, read_float, read_integer, read_minutes, write_minutes


class LimitsSection(Section):
    """When the study ends before its last trial, when a trial is given up, and when something must be wrong."""

    title = "Stop r&ules and limits"

    def __init__(self) -> None:
        super().__init__()
        self.seconds = OptionalField("Time limit, minutes of running", "none", read_minutes, write_minutes)
        self.add_row(
            "budget.seconds",
            FieldRow(
                "Time limit",
                self.seconds,
                "minutes of running",
                default="",
                help_text="End the study after that time, even if trials are left. It counts from Start or Resume, "
                "without pauses. Resume gives it the same time again. Leave it empty for no limit.",
            ),
        )
        self.target = OptionalField("Target objective", "none", read_float)
        self._side = line_beside("or below")
        self.add_row(
            "budget.target",
            FieldRow(
                "Target",
                self.target,
                self._side,
                default="",
                help_text="Stop as soon as the objective of a trial is as good as this. Leave it empty to use all "
                "trials.",
            ),
        )
        self.trial_seconds = OptionalField("Time per trial, seconds", "none", read_float)
        self.add_row(
            "limits.trial_seconds",
            FieldRow(
                "Time per trial",
                self.trial_seconds,
                "seconds",
                default="",
                help_text="Give a trial up as failed when it has trained for that long, without pauses. Leave it "
                "empty for no limit.",
            ),
        )
        self.trial_megabytes = OptionalField("Memory per trial, megabytes", "none", read_integer)
        self.add_row(
            "limits.trial_megabytes",
            FieldRow(
                "Memory per trial",
                self.trial_megabytes,
                "MB",
                default="",
                help_text="Give a trial up as failed when the worker process that trains it uses more memory than "
                "that. TensorFlow alone takes some hundreds of MB. Leave it empty for no limit.",
            ),
        )
        self.failures_in_a_row = IntegerField("Pause after failures in a row")
        self.add_row(
            "limits.failures_in_a_row",
            FieldRow(
                "Pause after",
                self.failures_in_a_row,
                "failures in a row",
                default=str(LimitSettings().failures_in_a_row),
                help_text="When so many trials fail one after the other, something is wrong: the study pauses and "
                "says what. Resume goes on.",
            ),
        )

    def show_objective(self, objective: ObjectiveSettings) -> None:
        """Show on which side of the target an objective is good enough."""
        self._side.say(f"{objective.label} or {objective.beyond}")

    def budget(self, trials: int | None, problems: Problems) -> BudgetSettings | None:
        """Return the budget with so many trials; None when it has problems."""
        seconds = problems.attempt("budget.seconds", self.seconds.value)
        target = problems.attempt("budget.target", self.target.value)
        if trials is None or problems.within("budget"):
            return None
        return problems.attempt("budget", lambda: BudgetSettings(trials=trials, seconds=seconds, target=target))

    def settings(self, problems: Problems) -> LimitSettings | None:
        """Return the limits; None when they have problems."""
        seconds = problems.attempt("limits.trial_seconds", self.trial_seconds.value)
        megabytes = problems.attempt("limits.trial_megabytes", self.trial_megabytes.value)
        failures = problems.attempt("limits.failures_in_a_row", self.failures_in_a_row.value)
        if failures is None or problems.within("limits"):
            return None
        return problems.attempt(
            "limits",
            lambda: LimitSettings(trial_seconds=seconds, trial_megabytes=megabytes, failures_in_a_row=failures),
        )

    def set_settings(self, limits: LimitSettings, budget: BudgetSettings) -> None:
        """Show the limits, and what may end the study before its last trial."""
        self.seconds.set_value(budget.seconds)
        self.target.set_value(budget.target)
        self.trial_seconds.set_value(limits.trial_seconds)
        self.trial_megabytes.set_value(limits.trial_megabytes)
        self.failures_in_a_row.set_value(limits.failures_in_a_row)
