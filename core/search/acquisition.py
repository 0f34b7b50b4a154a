"""The search for the best unseen point of an acquisition function: random points, then uphill from the best one."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from core.search.encoding import Encoding
from core.space import Key, Point

Array = NDArray[np.float64]
Score = Callable[[Array], Array]
"""The acquisition function: from surrogate inputs (points × columns) to one score per point; higher is better."""

CANDIDATES = 1000
"""The number of random points of the whole space. More points cost time and gained nothing; including neighbours of
the best points told made the regret worse (`tests/bench/README.md`)."""
GAP = 0.002
"""How far proposals keep from known points, in shares of a range. In a space of one parameter, 250 points may fill it.
Larger gaps make the search slower to find a narrow optimum, and nothing better."""
CLIMBS, TRIES = 24, 48
"""From the best candidate, the search climbs CLIMBS times, each time to the best of TRIES neighbours."""


def best_unseen(
    score: Score,
    encoding: Encoding,
    seen: set[Key],
    rng: np.random.Generator,
    *,
    uphill: bool,
    known: Array | None = None,
) -> Point | None:
    """Return the unseen point with the highest score that was found; None if there was no unseen, allowed point.

    In a space of at most CANDIDATES points, all are compared. The search needs only scores, no gradients, so it treats
    numbers, integers, choices and all surrogates alike. `uphill` tells whether climbing pays: the scores of trees are
    flat nearly everywhere. The point keeps clear of the `known` inputs (points × columns), unless no candidate does.
    """
    size = encoding.space.size
    few = size is not None and size <= CANDIDATES
    units = encoding.all_units() if few else encoding.snap(rng.random((CANDIDATES, len(encoding.counts))))
    units = encoding.within_rules(units)
    if not len(units):
        return None
    inputs = encoding.inputs(units)
    scores = score(inputs)
    if known is not None and np.any(np.isinf(gaps := _gaps(tree := KDTree(known), inputs))):
        score, scores = _spaced(score, tree), np.where(_near(gaps), -np.inf, scores)
    if uphill and not few:
        units, scores = _climbed(units, scores, score, encoding, rng)
    points: Iterator[Point] = (encoding.point(unit) for unit in units[np.argsort(-scores, kind="stable")])
    return encoding.space.first_unseen(points, seen)


def gaps_to(known: Array, inputs: Array) -> Array:
    """Return for each input how much it differs from the nearest known one; infinite from GAP on.

    The parameter that differs most counts. Two choices differ by 1, and so do the ends of a range, on its own scale.
    """
    return _gaps(KDTree(known), inputs)


def _gaps(known: KDTree, inputs: Array) -> Array:
    return np.asarray(known.query(inputs, p=np.inf, distance_upper_bound=GAP)[0])


def _near(gaps: Array) -> NDArray[np.bool_]:
    """Return which inputs are nearly known. Known points themselves are not: the climb may lead over them."""
    return (gaps > 0) & np.isfinite(gaps)


def _spaced(score: Score, known: KDTree) -> Score:
    """Return the score with the lowest value for what is nearly known."""
    return lambda inputs: np.where(_near(_gaps(known, inputs)), -np.inf, score(inputs))


def _climbed(
    units: Array, scores: Array, score: Score, encoding: Encoding, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return the units, and all units tried on the way uphill from the best one, with their scores."""
    tried, found = [units], [scores]
    top, height = units[np.argmax(scores)], scores.max()
    for climb in range(CLIMBS):
        near = encoding.snap(_neighbours(top, TRIES, 0.1 * 0.6 ** (climb // 2), encoding, rng))
        heights = np.where(encoding.allowed(near), score(encoding.inputs(near)), -np.inf)
        tried.append(near)
        found.append(heights)
        if heights.max() > height:
            top, height = near[np.argmax(heights)], heights.max()
    return np.vstack(tried), np.concatenate(found)


def _neighbours(unit: Array, count: int, step: float, encoding: Encoding, rng: np.random.Generator) -> Array:
    """Return neighbours of a unit: one or two parameters changed, numbers by about the step, integers by ≥ 1."""
    dimensions = len(unit)
    changed = rng.random((count, dimensions)) < 1 / dimensions
    changed[np.arange(count), rng.integers(dimensions, size=count)] = True
    moves = step * rng.standard_normal((count, dimensions))
    least = np.divide(1.0, encoding.counts, out=np.zeros(dimensions), where=encoding.counts > 0)
    moves = np.where(moves < 0, np.minimum(moves, -least), np.maximum(moves, least))
    moved = np.abs(unit + moves)
    moved = np.where(moved > 1, 2 - moved, moved)
    moved = np.where(encoding.unordered, rng.random((count, dimensions)), moved)
    return np.where(changed, moved, unit)
