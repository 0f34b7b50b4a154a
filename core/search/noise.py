"""The noise of training, as far as the surrogate can tell it from the trials."""

import numpy as np
from numpy.typing import NDArray

from core.search.gaussian_process import NOISE, NOISE_BOUNDS, GaussianProcess, Prior

Array = NDArray[np.float64]

PRIOR = Prior(NOISE.mean, 1.5)
"""For the logarithm of the noise's variance: wider than for proposals, where it keeps the search from taking a steep
slope for noise. There it says nearly all, with so few trials; here the trials are to."""
ENOUGH, EXPLAINED = 18, 0.92
"""How many trials there must be, and which share of their variance must be predicted when each is left out."""
_STEPS = 400


def noise_seen_by(process: GaussianProcess) -> float | None:
    """Return the noise's standard deviation, in the unit of the objectives told; None if it cannot be told.

    The length scales stay, and the noise alone is learnt again, with another prior. Rule and condition are those that
    `tests.bench.noise` found: where trials are predicted badly, the noise is not to be told from the slopes.
    """
    covariance, objectives = process.learnt()
    if len(objectives) < ENOUGH:
        return None
    values, vectors = np.linalg.eigh(covariance)
    if explained(values, vectors, objectives, process.hyperparameters_.noise) < EXPLAINED:
        return None
    logarithms = np.linspace(*NOISE_BOUNDS, _STEPS)
    variances = np.maximum(values, 0) + np.exp(logarithms)[:, None]
    turned = (vectors.T @ objectives) ** 2
    unlikely = (turned / variances + np.log(variances)).sum(axis=1)
    unlikely += ((logarithms - PRIOR.mean) / PRIOR.deviation) ** 2
    return float(np.exp(logarithms[np.argmin(unlikely)] / 2))


def explained(values: Array, vectors: Array, objectives: Array, noise: float) -> float:
    """Return the share of the objectives' variance that is predicted when each is left out, of at most 1.

    `values` and `vectors` are those of the covariance without noise; the hyperparameters stay as they are.
    """
    inverse = (vectors / (values + noise)) @ vectors.T
    errors = inverse @ objectives / np.diag(inverse)
    variance = ((objectives - objectives.mean()) ** 2).sum()
    return float(1 - (errors**2).sum() / variance) if variance else 0.0
