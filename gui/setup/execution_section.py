"""The form's section on where trials are trained, how many at once, and from which seed."""

import os

from core.settings import StudySettings, TrainerKind
from gui.setup.field_row import FieldRow
from gui.setup.section import Problems, Section
from gui.widgets.fields import ChoiceField
from gui.widgets.number_fields import IntegerField

TRAINERS = (
    (TrainerKind.WORKER, "In a worker process"),
    (TrainerKind.INLINE, "Inline, in the program itself"),
)


class ExecutionSection(Section):
    """Where trials are trained, how many at once, and from which seed."""

    title = "E&xecution"

    def __init__(self) -> None:
        super().__init__()
        default = StudySettings()
        self.trainer = ChoiceField("Where to train", TRAINERS)
        self.add_row(
            "trainer",
            FieldRow(
                "Train",
                self.trainer,
                default=str(default.trainer),
                help_text="A worker process keeps the window smooth, and if it crashes it costs one trial only. "
                "The results are the same.",
            ),
        )
        self.workers = IntegerField("Trials at once")
        row = self.add_row(
            "workers",
            FieldRow(
                "Trials at once",
                self.workers,
                default=str(default.workers),
                help_text="How many trials are trained at the same time, each in a worker process of its own. As many "
                "as there are cores finish a study soonest; each takes about half a gigabyte of memory. With more "
                "than one the search knows a little less when it chooses the next trial, and what it chooses depends "
                "on which trial ends first.",
            ),
        )
        cores = os.cpu_count() or 1
        row.say_hint(f"This computer has {cores} cores: up to {cores} at once are faster" if cores > 1 else "")
        self.seed = IntegerField("Random seed")
        self.add_row(
            "seed",
            FieldRow(
                "Random seed",
                self.seed,
                default=str(default.seed),
                help_text="Where all chance in a study comes from: the same settings with the same seed give the same "
                "numbers.",
            ),
        )

    def read_seed(self, problems: Problems) -> int | None:
        """Return the seed; None when there is a problem with it."""
        return problems.attempt("seed", self.seed.value)

    def read_workers(self, problems: Problems) -> int | None:
        """Return the number of trials at once; None when there is a problem with it."""
        return problems.attempt("workers", self.workers.value)

    def set_settings(self, settings: StudySettings) -> None:
        """Show the part of the settings that this section holds."""
        self.seed.set_value(settings.seed)
        self.trainer.set_value(settings.trainer)
        self.workers.set_value(settings.workers)
