"""Initial designs: points spread over the unit cube before there is a surrogate."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from core.errors import SearchRefused
from core.search.settings import InitialDesign
from core.space import Point, Space

_MAX_POINTS = 4096
"""The maximum size of the design from which the allowed points are taken, unless more points are asked for."""


def design_point(design: InitialDesign, count: int, index: int, space: Space, seed: int) -> Point | None:
    """Return the point at `index` (from 0) of a design of `count` points; None if rules leave too few points.

    Raises SearchRefused.
    """
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
    """Return `count` points (count × dimensions, each coordinate in [0, 1)), the same for the same seed.

    Raises SearchRefused.
    """
    rng = np.random.default_rng(seed)
    match design:
        case InitialDesign.SOBOL:
            return _sobol(count, dimensions, rng)
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


def _sobol(count: int, dimensions: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the first `count` of the next power of two of Sobol' points: only powers of two are balanced.

    Raises SearchRefused if they are not balanced: each of as many equal parts of each side must hold one. SciPy reads
    their direction numbers from a file; without it, it makes points that are all the same, and raises no error.
    """
    power = max(1, (count - 1).bit_length())
    with _unreported():
        points = np.asarray(qmc.Sobol(dimensions, scramble=True, rng=rng).random_base2(power))
    parts = np.sort(np.floor(points * 2**power), axis=0)
    if np.any(parts != np.arange(2**power)[:, None]):
        raise SearchRefused(
            "The points of the initial design cannot be spread: SciPy's file of Sobol' numbers is missing or damaged. "
            "Install SciPy again, or choose another initial design"
        )
    return points[:count]


@contextmanager
def _unreported() -> Iterator[None]:
    """Keep from the user an error that SciPy cannot raise: it hands it to the hooks for what nobody has handled."""
    before = sys.excepthook, sys.unraisablehook
    sys.excepthook, sys.unraisablehook = lambda *_error: None, lambda _error: None
    try:
        yield
    finally:
        sys.excepthook, sys.unraisablehook = before


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
