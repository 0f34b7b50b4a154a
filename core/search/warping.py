"""Objectives as the surrogate sees them: about normal, mean 0 and variance 1; and back again."""

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import PowerTransformer

from core.search.proposal import Observation

TAIL = 5.0
"""Objectives that lie above the median by more than this many times the median's height above the best are cut."""
MAX_OBJECTIVE = 1e150
"""The square of anything larger is no number."""


class Warp:
    """A monotone transform, fitted to objectives of which at least two differ.

    The bad tail is cut and the rest made as normal as a Yeo-Johnson transform can, as in HEBO (Cowen-Rivers et al.,
    arXiv 2012.03826): a surrogate that has to bend round one loss of 1e9 sees no difference between 15 and 16.
    Without `power` the tail is cut and the rest standardised.
    """

    def __init__(self, objectives: NDArray[np.float64], *, power: bool = True) -> None:
        best, median = objectives.min(), float(np.median(objectives))
        limit = median + TAIL * (median - best)
        self._limit = float(limit if limit > best else objectives.max())
        cut = np.minimum(objectives, self._limit)
        self._mean, self._spread = float(cut.mean()), float(cut.std()) or 1.0
        self._power = None
        scaled = self._scaled(cut)
        if power and scaled.std() > 0:
            self._power = PowerTransformer(method="yeo-johnson", standardize=True).fit(scaled[:, None])
        self._best, self._highest = float(best), float(self(objectives).max())

    def __call__(self, objectives: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled = self._scaled(np.minimum(objectives, self._limit))
        return scaled if self._power is None else np.asarray(self._power.transform(scaled[:, None]))[:, 0]

    def inverse(self, warped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the objectives that are warped to these, or the best or worst one told where none is."""
        scaled = np.minimum(warped, self._highest)
        if self._power is not None:
            scaled = self._power.inverse_transform(scaled[:, None])[:, 0]
        return np.where(np.isfinite(scaled), self._mean + self._spread * scaled, self._best)

    def _scaled(self, cut: NDArray[np.float64]) -> NDArray[np.float64]:
        return (cut - self._mean) / self._spread


def imputed_objectives(observations: tuple[Observation, ...]) -> NDArray[np.float64]:
    """Return one number per observation: failed trials count as the worst that was seen, and none is enormous."""
    worst = max(o.objective for o in observations if o.objective is not None)
    given = np.array([worst if o.objective is None else o.objective for o in observations])
    return np.asarray(np.clip(given, -MAX_OBJECTIVE, MAX_OBJECTIVE))
