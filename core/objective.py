"""The objective: the number of a trial that the search minimises or maximises."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import msgspec

from core.errors import InvalidSetting

if TYPE_CHECKING:  # the window's first picture and the headless commands do not wait for NumPy
    from numpy import float64
    from numpy.typing import NDArray

Number = TypeVar("Number", float, "NDArray[float64]")
Scores = TypeVar("Scores")

_MAX_NAME_LENGTH = 100
_VALIDATION = "val_"
_ERRORS = ("loss", "error", "false_")
_MERITS = (
    *("acc", "auc", "precision", "recall", "score", "io_u", "iou", "dice", "similarity"),
    *("sensitivity", "specificity", "true_", "f1", "r2"),
)
"""Parts of the names of metrics for which higher is better, unless the name also contains one of `_ERRORS`."""
_ACRONYMS = {"mae": "MAE", "mse": "MSE", "auc": "AUC"}


class Direction(StrEnum):
    """Which way is better."""

    MINIMISE = "minimise"
    MAXIMISE = "maximise"


class EpochChoice(StrEnum):
    """Which epoch of a trial counts."""

    LAST = "last"
    BEST = "best"


class ObjectiveSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The objective of a study: a metric that a trial's epochs report, "loss" and "val_…" included."""

    metric: str = "val_loss"
    direction: Direction = Direction.MINIMISE
    epoch: EpochChoice = EpochChoice.LAST

    def __post_init__(self) -> None:
        if not is_metric_name(self.metric):
            raise InvalidSetting("metric", "The objective needs the name of a metric, such as val_loss")

    def is_better(self, one: float, other: float) -> bool:
        """Return whether the objective `one` is better than the objective `other`."""
        return self.cost(one) < self.cost(other)

    def cost(self, objective: Number) -> Number:
        """Return what the search minimises for an objective, or for each of an array; also the way back."""
        return -objective if self.higher_is_better else objective

    @property
    def higher_is_better(self) -> bool:
        """Whether the objective is maximised."""
        return self.direction is Direction.MAXIMISE

    def of(self, epochs: Sequence[float]) -> float:
        """Return the objective of a training whose metric had these values, one for each epoch.

        The best epoch is the best one with a finite value, or the last one if no value is finite.
        """
        return epochs[self.counted(epochs)]

    def counted(self, epochs: Sequence[float]) -> int:
        """Return the index of the epoch whose value is the objective; of equal epochs, the first."""
        last = len(epochs) - 1
        if self.epoch is EpochChoice.LAST:
            return last
        finite = (index for index, value in enumerate(epochs) if math.isfinite(value))
        return min(finite, key=lambda index: self.cost(epochs[index]), default=last)

    def first(self, metrics: Mapping[str, Scores]) -> dict[str, Scores]:
        """Return the metrics in their order, but the objective's own before the others."""
        return dict(sorted(metrics.items(), key=lambda item: item[0] != self.quantity))

    @property
    def in_validation(self) -> bool:
        """Whether the metric is measured in validation, else in training."""
        return self.metric.startswith(_VALIDATION)

    @property
    def quantity(self) -> str:
        """The metric without the prefix for validation: "accuracy" for "val_accuracy" and for "accuracy"."""
        return self.metric.removeprefix(_VALIDATION)

    @property
    def name(self) -> str:
        """The metric in short, such as "val accuracy"."""
        return in_words(self.metric)

    @property
    def label(self) -> str:
        """The metric in words, such as "validation accuracy"."""
        return f"{'validation' if self.in_validation else 'training'} {in_words(self.quantity)}"

    @property
    def title(self) -> str:
        """The metric in words, with a capital letter to begin a sentence."""
        return self.label[0].upper() + self.label[1:]

    @property
    def caption(self) -> str:
        """The heading of a column of objectives: "Objective: val accuracy ↑"; the arrow points to the better side."""
        return f"Objective: {self.name} {self.arrow}"

    @property
    def arrow(self) -> str:
        return "↑" if self.higher_is_better else "↓"

    @property
    def extreme(self) -> str:
        """The objective that the search looks for: "highest" or "lowest"."""
        return "highest" if self.higher_is_better else "lowest"

    @property
    def beyond(self) -> str:
        """The side of a target on which an objective is good enough: "above" or "below"."""
        return "above" if self.higher_is_better else "below"

    @property
    def when(self) -> str:
        """The epoch that counts, in words that follow the metric: "after the last epoch"."""
        return "after the last epoch" if self.epoch is EpochChoice.LAST else "in the trial's best epoch"


def is_metric_name(name: str) -> bool:
    """Return whether the text can be shown as the name of a metric; it may come from a study file."""
    return 0 < len(name) <= _MAX_NAME_LENGTH and name.isprintable() and "<" not in name  # "<" would make it rich text


def proposed_direction(metric: str) -> Direction:
    """Return the better direction of a metric, judged by its name: accuracies up, losses and errors down."""
    name = metric.lower()
    merit = any(part in name for part in _MERITS) and not any(part in name for part in _ERRORS)
    return Direction.MAXIMISE if merit else Direction.MINIMISE


def in_words(metric: str) -> str:
    """Return the metric's name without underscores: "val accuracy", "val MAE"."""
    return " ".join(_ACRONYMS.get(part, part) for part in metric.split("_"))
