"""The form's section on the model: a family of Afina's, or the user's own model file."""

from pathlib import Path

from core.datasets.settings import DataSettings
from core.models.catalogue import FAMILIES, family_of
from core.models.custom.model_file import CUSTOM, ModelFile
from core.models.family import ModelFamily
from core.settings import StudySettings
from gui.setup.field_row import FieldRow
from gui.setup.model_file_row import ModelFileRow
from gui.setup.section import Problems, Section, State
from gui.widgets.fields import ChoiceField, hint_label

_HELP = (
    "What is trained: the more it can bend, the more data it needs. With your own model file Choose… takes a Python "
    "file that builds the model, Reload reads it again after a change, and Save a template… writes one with comments, "
    "to begin with."
)
_CUSTOM_HELP = "A Python file that builds the model: written for Afina, or for Keras Tuner."


class ModelSection(Section):
    """Which model family, or which model file."""

    title = "&Model"

    def __init__(self) -> None:
        super().__init__()
        self.family = ChoiceField(
            "Model", (*((f.name, f.label) for f in FAMILIES.values()), (CUSTOM, "Your own model file"))
        )
        self.add_row("model.family", FieldRow("Model", self.family, help_text=_HELP, label=""))
        self.file: ModelFile | None = None
        self._refused = ""
        self._reading = False
        self.file_row = ModelFileRow()
        self.places["model.file"] = self.file_row
        self._about = hint_label()
        for widget in (self.file_row, self._about):
            self._column.addWidget(widget)
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

    @property
    def is_reading(self) -> bool:
        """Whether a file is being inspected."""
        return self._reading

    def _show_family(self) -> None:
        self.file_row.setVisible(self.is_custom)

    def describe(self, sentence: str) -> None:
        """Say what the model is, and the loss that the data call for; nothing while a file is still to be chosen."""
        self._about.say(sentence or _CUSTOM_HELP)

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
        super().set_locked(locked)
        self.file_row.set_locked(locked)

    def state(self) -> dict[str, object]:
        """Return what stands in the fields and, if it is in use, the model file with what is said of it."""
        if not self.is_custom:
            return super().state()
        row = self.file_row
        return {
            **super().state(),
            "model.file": self.file,
            "model.path": "" if row.path is None else str(row.path),
            "model.refused": self._refused,
            "model.doubt": row.warning.text(),
            "model.notes": row.notes.text(),
        }

    def set_state(self, state: State) -> None:
        super().set_state(state)
        if state.get("model.family") == CUSTOM:
            file, path = state.get("model.file"), str(state.get("model.path", ""))
            self.set_file(
                file if isinstance(file, ModelFile) else None,
                str(state.get("model.doubt", "")),
                str(state.get("model.notes", "")),
            )
            self.file_row.show_path(Path(path) if path else None)
            self._refused = str(state.get("model.refused", ""))

    def show_suitable(self, data: DataSettings) -> None:
        """Grey out the families that cannot be trained on these data."""
        image = data.image is not None
        self.family.set_unusable({name: family.why_not(data.task, image=image) for name, family in FAMILIES.items()})

    def set_settings(self, settings: StudySettings) -> None:
        """Show the model of the settings."""
        if settings.model.file is not None:
            self.set_file(settings.model.file)
        self.family.set_value(settings.model.family_name if settings.model.file is None else CUSTOM)
