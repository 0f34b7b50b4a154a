"""Spots: where the trials are in a painted plot, for pointer and keys."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRectF

REACH = 8.0
"""How near the pointer must be to a spot, in pixels; to a larger one as near as its radius."""


class Spot(NamedTuple):
    """Where a trial is: its number, the middle and the radius of its mark. Arrows lead from spot to spot of a panel."""

    trial: int
    at: QPointF
    radius: float = 4.0
    panel: int = 0


class Spots:
    """All spots of a plot, as arrays: there may be tens of thousands."""

    def __init__(
        self,
        trials: ArrayLike = (),
        x: ArrayLike = (),
        y: ArrayLike = (),
        radius: ArrayLike = 4.0,
        panels: ArrayLike = 0,
    ) -> None:
        seen = np.isfinite(np.asarray(x, float)) & np.isfinite(np.asarray(y, float))
        self.trials = np.asarray(trials, int)[seen]
        self.x, self.y = np.asarray(x, float)[seen], np.asarray(y, float)[seen]
        self.radius = np.broadcast_to(np.asarray(radius, float), seen.shape)[seen]
        self.panels = np.broadcast_to(np.asarray(panels, int), seen.shape)[seen]

    @classmethod
    def of(cls, spots: "Spots | Sequence[Spot]") -> "Spots":
        """Return the spots as arrays."""
        if isinstance(spots, Spots):
            return spots
        return cls(
            [spot.trial for spot in spots],
            [spot.at.x() for spot in spots],
            [spot.at.y() for spot in spots],
            [spot.radius for spot in spots],
            [spot.panel for spot in spots],
        )

    def within(self, area: QRectF) -> "Spots":
        """Return those whose middle is in an area."""
        seen = (self.x >= area.left()) & (self.x <= area.right()) & (self.y >= area.top()) & (self.y <= area.bottom())
        return Spots(self.trials[seen], self.x[seen], self.y[seen], self.radius[seen], self.panels[seen])

    def __len__(self) -> int:
        return len(self.trials)

    def nearest(self, at: QPointF) -> int | None:
        """Return the index of the nearest spot within reach; of several at one place that which was painted last."""
        if not len(self):
            return None
        away = (self.x - at.x()) ** 2 + (self.y - at.y()) ** 2
        index = len(away) - 1 - int(np.argmin(away[::-1]))
        return index if away[index] <= max(REACH, self.radius[index]) ** 2 else None

    def of_trial(self, trial: int | None) -> list[int]:
        """Return the indices of a trial's spots."""
        return [] if trial is None else [int(index) for index in np.flatnonzero(self.trials == trial)]

    def place(self, index: int) -> QPointF:
        """Return the middle of a spot."""
        return QPointF(float(self.x[index]), float(self.y[index]))

    def beside(self, index: int, across: int, up: int) -> int:
        """Return the spot that comes next in its panel to the right (`across` 1), the left (-1), above or below."""
        panel = np.flatnonzero(self.panels == self.panels[index])
        first, second = (self.x, self.trials) if across else (-self.y, self.trials)
        order = panel[np.lexsort((second[panel], first[panel]))]
        place = int(np.flatnonzero(order == index)[0]) + (across or up)
        return int(order[min(max(place, 0), len(order) - 1)])
