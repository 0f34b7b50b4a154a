"""The section of the setup form on the objective: a metric, its direction, and the epoch that counts."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from core.errors import InvalidSetting
from core.objective import Direction, EpochChoice, ObjectiveSettings, proposed_direction
from gui.setup.field_row import FieldRow
from gui.setup.section import Problems, Section
from gui.widgets.fields import ChoiceField

DIRECTIONS = (
    (Direction.MINIMISE, "Minimise: lowest is best"),
    (Direction.MAXIMISE, "Maximise: highest is best"),
)
EPOCHS = (
    (EpochChoice.LAST, "After the last epoch"),
    (EpochChoice.BEST, "In the trial's best epoch"),
)
DEFAULT = ObjectiveSettings().metric


class MetricField(ChoiceField):
    """A choice of one of the metrics that a model reports or, if they are not all known, any name."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__("Metric", ((DEFAULT, _label(DEFAULT)),))
        self.free = False
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.editTextChanged.connect(self.edited)

    def offer(self, names: Sequence[str], *, free: bool) -> None:
        """Offer these metrics; with `free`, any name may be typed too, and all are shown as Keras names them."""
        self.free = free
        self.setEditable(free)
        self.set_options((name, name if free else _label(name)) for name in names)

    def value(self) -> str:
        return self.currentText().strip() if self.free else super().value()

    def set_value(self, value: str) -> None:
        if self.free:
            self.setEditText(value)
        else:
            super().set_value(value)

    def has(self, value: str) -> bool:
        return self.free or value in self._values


class ObjectiveSection(Section):
    """The objective of the study."""

    title = "&Objective"

    def __init__(self) -> None:
        super().__init__()
        self.metric_field = MetricField()
        self.direction = ChoiceField("Direction", DIRECTIONS)
        self.epoch = ChoiceField("Epoch that counts", EPOCHS)
        default = ObjectiveSettings()
        self._row = self.add_row(
            "objective.metric",
            FieldRow(
                "Metric",
                self.metric_field,
                default=DEFAULT,
                help_text="The number of each trial that the search makes as good as it can: a loss, or another "
                "metric that the model reports. Validation is on rows that the model was not trained on.",
            ),
        )
        self._direction_row = self.add_row(
            "objective.direction",
            FieldRow(
                "Direction",
                self.direction,
                default=str(default.direction),
                help_text="Which way is better; the metric proposes it. Of equal trials the first one is the best. "
                "Training is noisy: the best number seen may be luck, so the search also says which trial is the "
                "best by its own estimate.",
            ),
        )
        self.add_row(
            "objective.epoch",
            FieldRow(
                "Epoch",
                self.epoch,
                default=str(default.epoch),
                help_text="Which epoch of a trial counts. The best epoch is a lucky one: its number is a little too "
                "good to be true, the more so the more epochs there are.",
            ),
        )
        self._names: tuple[str, ...] = ()
        self.metric_field.currentIndexChanged.connect(self._propose_direction)
        self.metric_field.edited.connect(self._on_edited)
        self.set_metrics((DEFAULT,))

    def set_metrics(self, names: Sequence[str], *, free: bool = False) -> None:
        """Offer the metrics that the model reports; with `free` any other name can be typed.

        The default replaces a metric that is no longer offered, and a hint says so.
        """
        if (tuple(names), free) == (self._names, self.metric_field.free):
            return
        before = self.metric_field.value() if self._names else DEFAULT
        self._names = tuple(names)
        self.metric_field.blockSignals(True)
        self.metric_field.offer(names, free=free)
        self.metric_field.set_value(before if self.metric_field.has(before) else DEFAULT)
        self.metric_field.blockSignals(False)
        if not self.metric_field.has(before):
            self._propose_direction()
        if before and not self.metric_field.has(before):
            self._row.say_hint(f"“{_label(before)}” is not reported here: “{_label(DEFAULT)}” has taken its place")
        self._row.show_way_back()

    def _on_edited(self) -> None:
        self._row.show_way_back()
        self._propose_direction()
        self.changed.emit()

    def _propose_direction(self) -> None:
        self._row.say_hint("")
        proposed = proposed_direction(self.metric_field.value())
        self.direction.set_value(proposed)
        self._direction_row.set_default(str(proposed))

    def show_fits(self, fits: int) -> None:
        """Say in the choice of the best epoch whether a trial has one training or several."""
        own = "In each training's best epoch" if fits > 1 else dict(EPOCHS)[EpochChoice.BEST]
        self.epoch.set_option(EpochChoice.BEST, own)

    def settings(self, problems: Problems) -> ObjectiveSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
        return problems.attempt(
            "objective",
            lambda: ObjectiveSettings(
                metric=self.metric_field.value(),
                direction=Direction(self.direction.value()),
                epoch=EpochChoice(self.epoch.value()),
            ),
        )

    def set_settings(self, objective: ObjectiveSettings) -> None:
        """Show the objective; its metric must be among those offered."""
        self.metric_field.set_value(objective.metric)
        self._propose_direction()
        self.direction.set_value(objective.direction)
        self.epoch.set_value(objective.epoch)


def _label(metric: str) -> str:
    """Return a metric in words; what is no name of one, as it was typed."""
    try:
        return ObjectiveSettings(metric=metric).title
    except InvalidSetting:
        return metric
