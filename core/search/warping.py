"""Objectives as the surrogate sees them: about normal, with mean 0 and variance 1; and the way back."""

import math
import warnings

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
        warped = self(cut_to := np.minimum(objectives, self._limit))
        self._best = float(best)
        self._told = float(warped.min()), float(warped.max())
        self._ends = float(cut_to.min()), float(cut_to.max())

    def __call__(self, objectives: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled = self._scaled(np.minimum(objectives, self._limit))
        return scaled if self._power is None else np.asarray(self._power.transform(scaled[:, None]))[:, 0]

    def inverse(self, warped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the objectives with these warped values; where there is none, the best or worst objective told.

        Studies have recorded beliefs by this rule.
        """
        found = self._unwarped(np.minimum(warped, self._told[1]))
        return np.where(np.isfinite(found), found, self._best)

    def in_proportion(self, warped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the objectives with these warped values; beyond the cut there are none.

        The transform is learnt from what was told and soon means nothing beyond: its inverse has a pole, or grows as an
        exponential does. So a warped unit beyond the best and worst told is worth at most what one is worth on average
        between them.
        """
        (least, most), (best, worst) = self._told, self._ends
        inside = np.clip(warped, least, most)
        average = (worst / 2 - best / 2) / (most - least) * 2 if most > least else 0.0
        beyond = np.where(warped > most, worst, best) + average * (warped - inside)
        found = self._unwarped(np.asarray(warped, float))
        found = np.where(np.isfinite(found), found, beyond)
        nearer = np.where(warped > most, np.minimum(found, beyond), found)
        nearer = np.where(warped < least, np.maximum(found, beyond), nearer)
        return nearer if self.cut is None else np.minimum(nearer, self.cut)

    def _unwarped(self, warped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the inverse itself says; not finite where it has no value."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)  # the transformer sets an errstate of its own
            scaled = warped if self._power is None else self._power.inverse_transform(warped[:, None])[:, 0]
            return np.asarray(np.ldexp(self._mean + self._spread * scaled, self._exponent))

    def _scaled(self, cut: NDArray[np.float64]) -> NDArray[np.float64]:
        return (np.ldexp(cut, -self._exponent) - self._mean) / self._spread


def imputed_objectives(observations: tuple[Observation, ...]) -> NDArray[np.float64]:
    """Return one number per observation: failed trials count as the worst seen, and MAX_OBJECTIVE limits all."""
    worst = max(o.objective for o in observations if o.objective is not None)
    given = np.array([worst if o.objective is None else o.objective for o in observations])
    return np.asarray(np.clip(given, -MAX_OBJECTIVE, MAX_OBJECTIVE))
