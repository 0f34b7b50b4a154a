"""The form's section on when a trial is given up."""

from core.settings import LimitSettings
from gui.setup.section import WIDEST_CAPTION, Problems, Section
from gui.widgets.fields import FieldRow
from gui.widgets.number_fields import IntegerField, OptionalField, read_float, read_integer


class LimitsSection(Section):
    """When a trial is given up, and when the study pauses because something is wrong."""

    def __init__(self) -> None:
        super().__init__("Limits")
        self.trial_seconds = OptionalField("Time per trial, seconds", "no limit", read_float)
        self.add_row(
            "limits.trial_seconds",
            FieldRow("Time per trial", self.trial_seconds, "seconds"),
            "Give a trial up as failed when it has trained for that long, without pauses. Leave it empty for no limit.",
        )
        self.trial_megabytes = OptionalField("Memory per trial, megabytes", "no limit", read_integer)
        self.add_row(
            "limits.trial_megabytes",
            FieldRow(WIDEST_CAPTION, self.trial_megabytes, "MB"),
            "Give a trial up as failed when the worker process that trains it uses more memory than that. TensorFlow "
            "alone takes some hundreds of MB. Leave it empty for no limit.",
        )
        self.failures_in_a_row = IntegerField("Pause after failures in a row")
        self.add_row(
            "limits.failures_in_a_row",
            FieldRow("Pause after", self.failures_in_a_row, "failures in a row"),
            "When so many trials fail one after the other, something is wrong: the study pauses and says what. Resume "
            "goes on.",
        )

    def settings(self, problems: Problems) -> LimitSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
        seconds = problems.attempt("limits.trial_seconds", self.trial_seconds.value)
        megabytes = problems.attempt("limits.trial_megabytes", self.trial_megabytes.value)
        failures = problems.attempt("limits.failures_in_a_row", self.failures_in_a_row.value)
        if failures is None or problems.within("limits"):
            return None
        return problems.attempt(
            "limits",
            lambda: LimitSettings(trial_seconds=seconds, trial_megabytes=megabytes, failures_in_a_row=failures),
        )

    def set_settings(self, limits: LimitSettings) -> None:
        self.trial_seconds.set_value(limits.trial_seconds)
        self.trial_megabytes.set_value(limits.trial_megabytes)
        self.failures_in_a_row.set_value(limits.failures_in_a_row)
