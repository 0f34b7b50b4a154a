"""Initial designs: points spread over the unit cube before there is a surrogate."""

from itertools import islice
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from core.search.settings import InitialDesign
from core.space import Point, Space

_MAX_POINTS = 4096
"""The maximum size of the design from which the allowed points are taken, unless more points are asked for."""


def design_point(design: InitialDesign, count: int, index: int, space: Space, seed: int) -> Point | None:
    """Return the point at `index` (from 0) of a design of `count` points; None if rules leave too few points."""
    if not space.rules:
        return space.decode(initial_design(design, count, len(space.ranges), seed)[index].tolist())
    points = _allowed_points(design, count, space, seed)
    return points[index] if index < len(points) else None


def _allowed_points(design: InitialDesign, count: int, space: Space, seed: int) -> list[Point]:
    """Return up to `count` points, spread over the part of the space that its rules leave.

    The design grows until enough of its points are allowed. If the rules leave too little space for that, further
    points are spread over the allowed part (`Space.spread`).
    """
    drawn = count
    while True:
        units = initial_design(design, drawn, len(space.ranges), seed).tolist()
        points = [point for point in map(space.decode, units) if space.allows(point)]
        if len(points) >= count:
            return points[:count]
        if 2 * drawn > _MAX_POINTS:
            spread = (point for point in map(space.spread, units) if point is not None)
            return [*points, *islice(spread, count - len(points))]
        drawn *= 2


def initial_design(design: InitialDesign, count: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Return `count` points (count × dimensions, each coordinate in [0, 1)), the same for the same seed."""
    rng = np.random.default_rng(seed)
    match design:
        case InitialDesign.SOBOL:
            # Only powers of two of Sobol' points are balanced; the first `count` of the next power serve as well.
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
        case _:
            assert_never(design)


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
