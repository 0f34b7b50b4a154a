"""The spots of lines: a trial is where its line crosses an axis, and is found all along its line."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF

from core.figures.arrays import Floats
from gui.insight.spots import Spots

_REACH, _LANE = 4.0, 7.0
"""Pixels to a line, and how far from an axis is that axis's own, to brush."""


class LineSpots(Spots):
    """Lines through `ys`, which has a row a line and a column for each of `xs`; panels are the axes."""

    def __init__(self, trials: Floats, xs: Sequence[float], ys: Floats) -> None:
        count = len(xs)
        super().__init__(
            np.repeat(trials, count),
            np.tile(np.array(xs, float), len(trials)),
            ys.ravel(),
            panels=np.tile(np.arange(count), len(trials)),
        )
        self._numbers, self._xs, self._ys = trials, np.array(xs, float), ys

    def nearest(self, at: QPointF) -> int | None:
        """Return the index of a spot of the nearest line; none beside an axis, which is there to be brushed."""
        x, y = at.x(), at.y()
        if not len(self._numbers) or len(self._xs) < 2 or np.abs(self._xs - x).min() <= _LANE:
            return None
        gap = int(np.searchsorted(self._xs, x)) - 1
        if not 0 <= gap < len(self._xs) - 1:
            return None
        apart = self._xs[gap + 1] - self._xs[gap]
        left, right = self._ys[:, gap], self._ys[:, gap + 1]
        slope = (right - left) / apart
        away = np.abs(left + slope * (x - self._xs[gap]) - y) / np.sqrt(1 + slope**2)
        if not np.isfinite(away).any() or np.nanmin(away) > _REACH:
            return None
        row = len(away) - 1 - int(np.nanargmin(away[::-1]))
        column = gap if x - self._xs[gap] < apart / 2 else gap + 1
        found = np.flatnonzero((self.trials == int(self._numbers[row])) & (self.panels == column))
        return int(found[0]) if len(found) else None
