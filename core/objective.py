"""The objective: which number of a trial the search makes as low, or as high, as it can."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from core.errors import InvalidSetting

_LONGEST_NAME = 100


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
        if not self.metric or len(self.metric) > _LONGEST_NAME or not self.metric.isprintable():
            raise InvalidSetting("metric", "The objective needs the name of a metric, such as val_loss")

    def is_better(self, one: float, other: float) -> bool:
        """Return whether an objective is better than another one."""
        return self.cost(one) < self.cost(other)

    def cost(self, objective: float) -> float:
        """Return what the search minimises for an objective; also the way back."""
        return -objective if self.direction is Direction.MAXIMISE else objective

    def of(self, epochs: Sequence[float]) -> float:
        """Return the objective of a training whose metric had these values, one for each epoch."""
        return epochs[-1] if self.epoch is EpochChoice.LAST else min(epochs, key=self.cost)
