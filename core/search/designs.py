"""Initial designs: points spread over the unit cube before there is a surrogate."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from core.settings import InitialDesign


def initial_design(design: InitialDesign, count: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Return `count` points (count × dimensions, each coordinate in [0, 1)), the same for the same seed."""
    rng = np.random.default_rng(seed)
    match design:
        case InitialDesign.SOBOL:
            # Sobol' points are balanced in powers of two only; the first `count` of the next power serve as well.
            sobol = qmc.Sobol(dimensions, scramble=True, rng=rng)
            return np.asarray(sobol.random_base2(max(1, (count - 1).bit_length())))[:count]
        case InitialDesign.LATIN_HYPERCUBE:
            return np.asarray(qmc.LatinHypercube(dimensions, rng=rng).random(count))
        case InitialDesign.HALTON:
            return np.asarray(qmc.Halton(dimensions, scramble=True, rng=rng).random(count))
        case InitialDesign.HAMMERSLY:
            return _hammersly(count, dimensions, rng)
        case InitialDesign.RANDOM:
            return rng.random((count, dimensions))


def _hammersly(count: int, dimensions: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the Hammersley set: even steps in the first dimension, Halton's sequence in the others.

    J. M. Hammersley, Monte Carlo methods for solving multivariable problems, Ann. N. Y. Acad. Sci. 86 (1960). The
    steps are shuffled, so that the first trials do not all lie at one end of the first parameter.
    """
    steps = (rng.permutation(count)[:, None] + 0.5) / count
    if dimensions == 1:
        return steps
    halton = qmc.Halton(dimensions - 1, scramble=True, rng=rng).random(count)
    return np.hstack([steps, np.asarray(halton)])
