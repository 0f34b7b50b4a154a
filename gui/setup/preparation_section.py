"""The form's section on how the data are prepared for training."""

from typing import TypedDict

from core.datasets.builtin import Dataset
from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings, TargetScale
from core.tables.description import MissingValues, Task
from gui.setup.field_row import FieldRow
from gui.setup.section import Section, State
from gui.widgets.fields import ChoiceField, TickField, hint_label

SCALES = (
    (TargetScale.AS_IT_IS, "it is"),
    (TargetScale.LOGARITHM, "its logarithm"),
    (TargetScale.STANDARDISED, "standardised"),
)
OWN_UNIT = "Losses, metrics and predictions stay in the target's own unit."
_GAPS = {
    MissingValues.IMPUTE: "Gaps are filled: in numbers by the median of the training part, in texts by “missing”.",
    MissingValues.DROP: "Rows with gaps are left out.",
}


class Preparation(TypedDict):
    """The part of the data's settings that is made here."""

    excluded: tuple[str, ...]
    standardise: bool
    target_scale: TargetScale


class PreparationSection(Section):
    """How features and target are scaled, and which questionable columns of a data set are used."""

    title = "Prep&aration"

    def __init__(self) -> None:
        super().__init__()
        self._source: Dataset | DataFile | None = None
        self.standardise = TickField("Standardise the features")
        self.add_row(
            "data.standardise",
            FieldRow(
                "Standardise the features",
                self.standardise,
                default=True,
                help_text="Bring every feature to mean 0 and standard deviation 1, as measured on the training part "
                "only. Without this, SGD diverges on most data at most learning rates.",
            ),
        )
        self.target_scale = ChoiceField("Train target as", SCALES)
        self._scale_row = self.add_row(
            "data.target_scale",
            FieldRow(
                "Train target as",
                self.target_scale,
                default=str(TargetScale.AS_IT_IS),
                help_text="What the model is trained to predict. The logarithm is for targets above 0 that span "
                "decades, such as prices. Standardised, with mean 0 and standard deviation 1 in the training part, is "
                f"for targets with large numbers. {OWN_UNIT}",
            ),
        )
        self.columns: dict[str, TickField] = {}
        self._gaps = hint_label()
        self._column.addWidget(self._gaps)
        self.changed.connect(self._show_unit)

    def show_source(self, source: Dataset | DataFile, missing: MissingValues) -> None:
        """Offer what can be prepared in these data."""
        is_file = isinstance(source, DataFile)
        self._gaps.say(f"{_GAPS[missing]} The import decides it." if is_file else "")
        self._scale_row.setVisible(source.task is Task.REGRESSION)
        if source == self._source:
            return
        self._source = source
        for column in self.columns:
            self.drop_row(f"data.excluded.{column}")
        self.columns.clear()
        self.places.pop("data.excluded", None)
        for column in () if isinstance(source, DataFile) else source.questionable:
            box = self.columns[column] = TickField(f"Train on column “{column}”")
            box.setChecked(True)
            row = self.add_row(
                f"data.excluded.{column}",
                FieldRow(
                    f"Train on column “{column}”",
                    box,
                    default=True,
                    help_text="The note on this data warns of this column. Untick it to leave the column out.",
                ),
            )
            self.places.setdefault("data.excluded", row)
        self.rebuilt.emit()

    def scale_as_it_is(self) -> None:
        """Train another target as it is, until the user says otherwise."""
        self.target_scale.set_value(TargetScale.AS_IT_IS)

    def _show_unit(self) -> None:
        self._scale_row.say_hint("" if self.target_scale.value() == TargetScale.AS_IT_IS else OWN_UNIT)

    def settings(self) -> Preparation:
        """Return the part of the data's settings that is made here; a choice in a hidden field does not matter."""
        hidden = self._scale_row.isHidden()
        return {
            "excluded": tuple(column for column, box in self.columns.items() if not box.isChecked()),
            "standardise": self.standardise.isChecked(),
            "target_scale": TargetScale.AS_IT_IS if hidden else TargetScale(self.target_scale.value()),
        }

    def set_settings(self, data: DataSettings) -> None:
        """Show the preparation; the data must be shown already."""
        self.standardise.setChecked(data.standardise)
        self.target_scale.set_value(data.target_scale)
        for column, box in self.columns.items():
            box.setChecked(column not in data.excluded)

    def set_state(self, state: State) -> None:
        """Show what stood in the fields; columns that are not spoken of are used."""
        super().set_state({**{f"data.excluded.{column}": True for column in self.columns}, **state})
