"""Objectives as the surrogate sees them: about normal, with mean 0 and variance 1; and the way back."""

import math

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import PowerTransformer

from core.search.limits import TAIL
from core.search.proposal import Observation

MAX_OBJECTIVE = 1e307
"""The maximum absolute value of an objective: the tail's limit, at most eleven times as large, must not overflow."""
_USUAL = (1e-100, 1e100)
"""Between these sizes, squares neither vanish nor overflow; objectives of other sizes are scaled by a power of two."""


class Warp:
    """A monotone transform, fitted to objectives; at least two of them must differ.

    It cuts the bad tail, and a Yeo-Johnson transform makes the rest as normal as it can, as in HEBO (Cowen-Rivers et
    al., arXiv 2012.03826): a surrogate that must fit one loss of 1e9 sees no difference between 15 and 16. Without
    `power`, it cuts the tail and only standardises the rest.
    """

    def __init__(self, objectives: NDArray[np.float64], *, power: bool = True) -> None:
        best, median = objectives.min(), float(np.median(objectives))
        limit = median + TAIL * (median - best)
        self._limit = float(limit if limit > best else objectives.max())
        self._exponent = 0
        self.cut = self._limit if objectives.max() > self._limit else None
        """The objective from which on all count as equal; None where none is that bad."""
        cut = np.minimum(objectives, self._limit)
        size = float(np.abs(cut).max())
        if size and not _USUAL[0] < size < _USUAL[1]:
            self._exponent = math.frexp(size)[1]
            cut = np.ldexp(cut, -self._exponent)
        self._mean, self._spread = float(cut.mean()), float(cut.std()) or 1.0
        self._power = None
        scaled = (cut - self._mean) / self._spread
        if power and scaled.std() > 0:
            self._power = PowerTransformer(method="yeo-johnson", standardize=True).fit(scaled[:, None])
        self._best, self._highest = float(best), float(self(objectives).max())

    def __call__(self, objectives: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled = self._scaled(np.minimum(objectives, self._limit))
        return scaled if self._power is None else np.asarray(self._power.transform(scaled[:, None]))[:, 0]

    def inverse(self, warped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the objectives with these warped values; where there is none, the best or worst objective told."""
        scaled = np.minimum(warped, self._highest)
        if self._power is not None:
            scaled = self._power.inverse_transform(scaled[:, None])[:, 0]
        return np.where(np.isfinite(scaled), np.ldexp(self._mean + self._spread * scaled, self._exponent), self._best)

    def _scaled(self, cut: NDArray[np.float64]) -> NDArray[np.float64]:
        return (np.ldexp(cut, -self._exponent) - self._mean) / self._spread


def imputed_objectives(observations: tuple[Observation, ...]) -> NDArray[np.float64]:
    """Return one number per observation: failed trials count as the worst seen, and MAX_OBJECTIVE limits all."""
    worst = max(o.objective for o in observations if o.objective is not None)
    given = np.array([worst if o.objective is None else o.objective for o in observations])
    return np.asarray(np.clip(given, -MAX_OBJECTIVE, MAX_OBJECTIVE))
