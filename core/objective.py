"""The objective: which number of a trial the search makes as low, or as high, as it can."""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import msgspec

from core.errors import InvalidSetting

if TYPE_CHECKING:  # the window's first picture and the headless commands do not wait for NumPy
    from numpy import float64
    from numpy.typing import NDArray

Number = TypeVar("Number", float, "NDArray[float64]")

_MAX_NAME_LENGTH = 100
_VALIDATION = "val_"
_ERRORS = ("loss", "error", "false_")
_MERITS = (
    *("acc", "auc", "precision", "recall", "score", "io_u", "iou", "dice", "similarity"),
    *("sensitivity", "specificity", "true_", "f1", "r2"),
)
"""Parts of the names of metrics that are better the higher they are, unless one of `_ERRORS` is in them too."""
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
    """What is optimised: a metric as a trial's epochs report it, "loss" and "val_…" among them."""

    metric: str = "val_loss"
    direction: Direction = Direction.MINIMISE
    epoch: EpochChoice = EpochChoice.LAST

    def __post_init__(self) -> None:
        if not is_metric_name(self.metric):
            raise InvalidSetting("metric", "The objective needs the name of a metric, such as val_loss")

    def is_better(self, one: float, other: float) -> bool:
        """Return whether an objective is better than another one."""
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

        The best of them is the best finite one, if there is any.
        """
        return epochs[self.counted(epochs)]

    def counted(self, epochs: Sequence[float]) -> int:
        """Return the index of the epoch whose value is the objective, the first of equals."""
        last = len(epochs) - 1
        if self.epoch is EpochChoice.LAST:
            return last
        finite = (index for index, value in enumerate(epochs) if math.isfinite(value))
        return min(finite, key=lambda index: self.cost(epochs[index]), default=last)

    @property
    def in_validation(self) -> bool:
        """Whether the metric is taken in validation, else in training."""
        return self.metric.startswith(_VALIDATION)

    @property
    def quantity(self) -> str:
        """What is measured, be it in training or in validation: "accuracy" for "val_accuracy"."""
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
        """The metric in words, as a sentence begins with it."""
        return self.label[0].upper() + self.label[1:]

    @property
    def caption(self) -> str:
        """What stands above a column of objectives: "Objective: val accuracy ↑", the arrow where better is."""
        return f"Objective: {self.name} {self.arrow}"

    @property
    def arrow(self) -> str:
        return "↑" if self.direction is Direction.MAXIMISE else "↓"

    @property
    def extreme(self) -> str:
        """What the search looks for: "highest" or "lowest"."""
        return "highest" if self.direction is Direction.MAXIMISE else "lowest"

    @property
    def beyond(self) -> str:
        """On which side of a target it is good enough: "above" or "below"."""
        return "above" if self.direction is Direction.MAXIMISE else "below"

    @property
    def when(self) -> str:
        """From which epoch it is taken, as it follows the metric: "after the last epoch"."""
        return "after the last epoch" if self.epoch is EpochChoice.LAST else "in the trial's best epoch"


def is_metric_name(name: str) -> bool:
    """Return whether it can be shown as the name of a metric; it may come with a study file."""
    return 0 < len(name) <= _MAX_NAME_LENGTH and name.isprintable() and "<" not in name  # "<" would make it rich text


def proposed_direction(metric: str) -> Direction:
    """Return which way is better, by what the metric is called: accuracies up, losses and errors down."""
    name = metric.lower()
    merit = any(part in name for part in _MERITS) and not any(part in name for part in _ERRORS)
    return Direction.MAXIMISE if merit else Direction.MINIMISE


def in_words(metric: str) -> str:
    """Return the metric's name without underscores: "val accuracy", "val MAE"."""
    return " ".join(_ACRONYMS.get(part, part) for part in metric.split("_"))
