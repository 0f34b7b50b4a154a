"""The form's section on the model, and where its trials are trained."""

import os
from pathlib import Path

from core.datasets.settings import DataSettings
from core.models.catalogue import FAMILIES, family_named, family_of
from core.models.custom.model_file import CUSTOM, ModelFile
from core.models.family import HEADS, ModelFamily
from core.settings import StudySettings, TrainerKind
from core.tables.description import Task
from gui.setup.model_file_row import ModelFileRow
from gui.setup.section import Problems, Section
from gui.widgets.fields import ChoiceField, FieldRow, plain_label
from gui.widgets.number_fields import IntegerField

TRAINERS = (
    (TrainerKind.WORKER, "In a worker process (recommended)"),
    (TrainerKind.INLINE, "Inline, in the program's own thread"),
)
_CUSTOM_HELP = "A Python file that builds the model: written for Afina, or for Keras Tuner."


class ModelSection(Section):
    """Which model family, and how and where it is trained."""

    def __init__(self) -> None:
        super().__init__("Model and training")
        self.family = ChoiceField(
            "Model", (*((f.name, f.label) for f in FAMILIES.values()), (CUSTOM, "Your own model file"))
        )
        self._family_row = self.add_row("model.family", FieldRow("Model", self.family))
        self.file: ModelFile | None = None
        self._refused = ""
        self._reading = False
        self.file_row = ModelFileRow()
        self.places["model.file"] = self.file_row
        self._form.addRow(self.file_row)
        self._loss = plain_label()
        self.add_labelled("Loss", self._loss)
        self.seed = IntegerField("Random seed")
        self.add_row(
            "seed",
            FieldRow("Random seed", self.seed),
            "Where all chance in a study comes from: the same settings with the same seed give the same numbers.",
        )
        self.trainer = ChoiceField("Where to train", TRAINERS)
        self.add_row(
            "trainer",
            FieldRow("Train", self.trainer),
            "A worker process keeps the window smooth, and if it crashes it costs one trial only. "
            "The results are the same.",
        )
        self.workers = IntegerField("Trials at once")
        row = self.add_row(
            "workers",
            FieldRow("Trials at once", self.workers),
            "How many trials are trained at the same time, each in a worker process of its own. As many as there are "
            "cores finish a study soonest; each takes about half a gigabyte of memory. With more than one the search "
            "knows a little less when it chooses a point, and the points depend on which trial ends first.",
        )
        cores = os.cpu_count() or 1
        row.hint.say(f"This computer has {cores} cores: up to {cores} at once are faster" if cores > 1 else "")
        self._show_family()
        self.family.currentIndexChanged.connect(self._show_family)

    @property
    def is_custom(self) -> bool:
        """Whether the model is the user's own model file, even if no file is chosen yet."""
        return self.family.value() == CUSTOM

    def choose_own(self) -> None:
        """Choose the user's own model file as the model."""
        self.family.set_value(CUSTOM)

    def set_file(self, file: ModelFile | None, doubt: str = "", notes: str = "") -> None:
        """Use this model file; show a doubt about it, and notes on it."""
        self.file, self._refused = file, ""
        self.file_row.say(doubt, notes)
        self.file_row.show_path(None if file is None else Path(file.path))
        self.changed.emit()

    def refuse_file(self, sentence: str) -> None:
        """Show why a file, perhaps after a change, cannot be used: until it can, the form has no settings."""
        self._refused = sentence
        self.file_row.say("")
        self.changed.emit()

    def show_reading(self, doing: str) -> None:
        """Show what is being done to inspect a file: meanwhile the form has no settings. An empty text: nothing."""
        self._reading = bool(doing)
        self.file_row.show_reading(doing)
        self.changed.emit()

    def _show_family(self) -> None:
        self._family_row.hint.say(_CUSTOM_HELP if self.is_custom else family_named(self.family.value()).help)
        self._form.setRowVisible(self.file_row, self.is_custom)

    def show_task(self, task: Task) -> None:
        """Name the loss that the task calls for."""
        self._loss.setText("As the model file compiles it" if self.is_custom else HEADS[task].loss_label)

    @property
    def doubt(self) -> str:
        """The warning about the chosen model file, which can still be used; empty if there is none."""
        return self.file_row.warning.text() if self.is_custom else ""

    @property
    def chosen(self) -> ModelFile | str | None:
        """The model file, the name of the family, or None while a file is still to be chosen."""
        return self.file if self.is_custom else self.family.value()

    @property
    def chosen_family(self) -> ModelFamily | None:
        """The family of the chosen model; None while a file is still to be chosen."""
        chosen = self.chosen
        if chosen is None:
            return None
        return family_of(chosen)

    def check(self, problems: Problems) -> None:
        """Note what is wrong with the model file."""
        if self.is_custom and self._reading:
            problems["model.file"] = "The model file is being read"
        elif self.is_custom and self._refused:
            problems["model.file"] = self._refused
        elif self.is_custom and self.file is None:
            problems["model.file"] = "Choose a model file, or save a template to begin with"

    def set_locked(self, locked: bool) -> None:
        self.file_row.set_locked(locked)

    def show_suitable(self, data: DataSettings) -> None:
        """Grey out the families that cannot be trained on these data."""
        image = data.image is not None
        self.family.set_unusable({name: family.why_not(data.task, image=image) for name, family in FAMILIES.items()})

    def read_seed(self, problems: Problems) -> int | None:
        return problems.attempt("seed", self.seed.value)

    def read_workers(self, problems: Problems) -> int | None:
        return problems.attempt("workers", self.workers.value)

    def set_settings(self, settings: StudySettings) -> None:
        if settings.model.file is not None:
            self.set_file(settings.model.file)
        self.family.set_value(settings.model.family_name if settings.model.file is None else CUSTOM)
        self.seed.set_value(settings.seed)
        self.trainer.set_value(settings.trainer)
        self.workers.set_value(settings.workers)
