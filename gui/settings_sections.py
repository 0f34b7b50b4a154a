"""The sections of the setup form, each of which makes one part of the study's settings."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from core.datasets.description import Task
from core.errors import InvalidSetting
from core.models.catalogue import FAMILIES, declaration_of, family_named
from core.models.family import HEADS, ModelFamily
from core.models.model_file import OWN, ModelFile
from core.objective import ObjectiveSettings
from core.settings import (
    BudgetSettings,
    DataSettings,
    LimitSettings,
    StudySettings,
    TrainerKind,
)
from gui.fields import ChoiceField, FieldRow, problem_label, wrapped_tip
from gui.model_file_row import ModelFileRow
from gui.number_fields import (
    IntegerField,
    OptionalField,
    read_float,
    read_integer,
    read_minutes,
    write_minutes,
)

TRAINERS = (
    (TrainerKind.WORKER, "In a worker process (recommended)"),
    (TrainerKind.INLINE, "Inline, in the program's own thread"),
)
Made = TypeVar("Made")
_OWN_HELP = "A Python file that builds the model: written for Afina, or for Keras Tuner."
WIDEST_CAPTION = "Memory per trial"
GAP = 6


class Problems(dict[str, str]):
    """What is wrong with the form: a sentence per setting's path, the first one of each, in the form's order."""

    def attempt(self, path: str, make: Callable[[], Made]) -> Made | None:
        """Return what `make` makes of the settings at `path`; note the InvalidSetting that it may raise."""
        try:
            return make()
        except InvalidSetting as error:
            self.setdefault(".".join(name for name in (path, error.field) if name), error.message)
            return None

    def within(self, section: str) -> bool:
        """Return whether anything is wrong with the settings of that section."""
        return any(path.partition(".")[0] == section for path in self)


class Place(Protocol):
    """Where it is said what is wrong with a setting. `caption` names it in sentences."""

    caption: str

    def show_problem(self, sentence: str, part: str = "") -> None: ...


class Section(QGroupBox):
    """A headed group of fields.

    Signals: `changed` when one of its fields changed, `rebuilt` when there are other fields than before. `places` maps
    the path of each setting to the row that shows it.
    """

    changed = Signal()
    rebuilt = Signal()
    caption = ""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        heading = self.font()
        heading.setBold(True)
        self.setFont(heading)
        body = QWidget()
        plain = QFont()
        plain.setBold(False)
        body.setFont(plain)
        self.places: dict[str, Place] = {}
        self._message = problem_label()
        self._form = QFormLayout()
        # A spacing would be forgotten by QFormLayout when it decides which rows to wrap; the labels hold the gap.
        self._form.setHorizontalSpacing(0)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._message)
        column.addLayout(self._form)
        QVBoxLayout(self).addWidget(body)

    def add_row(self, path: str, row: FieldRow, help_text: str = "") -> FieldRow:
        """Add the row of the setting at `path`; a tick box carries its caption itself."""
        self.places[path] = row
        row.setToolTip(wrapped_tip(help_text))
        row.editor.setAccessibleDescription(help_text)
        if isinstance(row.editor, QCheckBox):
            self._form.addRow(row)
        else:
            self.add_labelled(row.caption, row).setBuddy(row.editor)
        row.changed.connect(self.changed)
        return row

    def add_labelled(self, caption: str, widget: QWidget) -> QLabel:
        """Add a widget with a label before it; the widgets of all sections line up."""
        label = QLabel(caption)
        label.setContentsMargins(0, 0, GAP, 0)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(WIDEST_CAPTION) + GAP)
        self._form.addRow(label, widget)
        return label

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Say at the top what is wrong with the section as a whole, or nothing."""
        self._message.say(sentence)


class ModelSection(Section):
    """Which model family, and how and where it is trained."""

    def __init__(self) -> None:
        super().__init__("Model and training")
        self.family = ChoiceField(
            "Model", (*((f.name, f.label) for f in FAMILIES.values()), (OWN, "Your own model file"))
        )
        self._family_row = self.add_row("model.family", FieldRow("Model", self.family))
        self.file: ModelFile | None = None
        self._refused = ""
        self._reading = False
        self.file_row = ModelFileRow()
        self.places["model.file"] = self.file_row
        self._form.addRow(self.file_row)
        self._loss = QLabel()
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
    def is_own(self) -> bool:
        """Whether the model is a file of the user's own, though there may be none yet."""
        return self.family.value() == OWN

    def choose_own(self) -> None:
        """Let the model be a file of the user's own."""
        self.family.set_value(OWN)

    def set_file(self, file: ModelFile | None, doubt: str = "", notes: str = "") -> None:
        """Use this model file; say what is odd about it, and what else there is to know."""
        self.file, self._refused = file, ""
        self.file_row.say(doubt, notes)
        self.file_row.show_path(None if file is None else Path(file.path))
        self.changed.emit()

    def refuse_file(self, sentence: str) -> None:
        """Say why a file, or what has become of it, cannot be used: there is no study before it can."""
        self._refused = sentence
        self.file_row.say("")
        self.changed.emit()

    def show_reading(self, doing: str) -> None:
        """Say what is being done to find out about a file: there is no study before that is known. Empty: nothing."""
        self._reading = bool(doing)
        self.file_row.show_reading(doing)
        self.changed.emit()

    def _show_family(self) -> None:
        self._family_row.hint.say(_OWN_HELP if self.is_own else family_named(self.family.value()).help)
        self._form.setRowVisible(self.file_row, self.is_own)

    def show_task(self, task: Task) -> None:
        """Name the loss that the task calls for."""
        self._loss.setText("As the model file compiles it" if self.is_own else HEADS[task].loss_label)

    @property
    def doubt(self) -> str:
        """What is odd about the model file that is chosen, though it can be used."""
        return self.file_row.warning.text() if self.is_own else ""

    @property
    def chosen(self) -> ModelFile | str | None:
        """The model file, the name of the family, or None while a file is still to be chosen."""
        return self.file if self.is_own else self.family.value()

    @property
    def declaration(self) -> ModelFamily | None:
        """What the chosen model declares; None while a file is still to be chosen."""
        chosen = self.chosen
        if chosen is None:
            return None
        return declaration_of(chosen)

    def check(self, problems: Problems) -> None:
        """Note what is wrong with the model file."""
        if self.is_own and self._reading:
            problems["model.file"] = "The model file is being read"
        elif self.is_own and self._refused:
            problems["model.file"] = self._refused
        elif self.is_own and self.file is None:
            problems["model.file"] = "Choose a model file, or save a template to begin with"

    def set_locked(self, locked: bool) -> None:
        self.file_row.set_locked(locked)

    def show_suitable(self, data: DataSettings) -> None:
        """Grey the families that cannot be trained on such data."""
        image = data.image is not None
        self.family.set_unusable({name: family.why_not(data.task, image=image) for name, family in FAMILIES.items()})

    def read_seed(self, problems: Problems) -> int | None:
        return problems.attempt("seed", self.seed.value)

    def read_workers(self, problems: Problems) -> int | None:
        return problems.attempt("workers", self.workers.value)

    def set_settings(self, settings: StudySettings) -> None:
        if settings.model.file is not None:
            self.set_file(settings.model.file)
        self.family.set_value(settings.model.family if settings.model.file is None else OWN)
        self.seed.set_value(settings.seed)
        self.trainer.set_value(settings.trainer)
        self.workers.set_value(settings.workers)


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
        self._side = QLabel()
        self.add_row(
            "budget.target",
            FieldRow("Target", self.target, self._side),
            "Stop as soon as the objective of a trial is as good as this. Leave it empty to use all trials.",
        )

    def show_objective(self, objective: ObjectiveSettings) -> None:
        """Tell on which side of the target an objective is good enough."""
        self._side.setText(f"or {objective.beyond}")

    def show_points(self, points: int | None, trials: int) -> None:
        """Tell if the search has fewer points than there are trials; None are more than can be counted."""
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
