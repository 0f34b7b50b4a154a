"""The search for the best unseen point of an acquisition function: many points, their neighbours, then uphill."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from core.search.encoding import Encoding
from core.space import Key, Point

Array = NDArray[np.float64]
Score = Callable[[Array], Array]
"""The acquisition function: what surrogate inputs (points × columns) are worth; more is better."""

CANDIDATES = 1000
"""Random points of the whole space. More cost time and gained nothing."""
INCUMBENTS, NEIGHBOURS = 5, 60
"""So many of the best points told have so many neighbours among the candidates: in four or more dimensions hardly any
random point lies near the best (compare the Sobol' points round the incumbent in Spearmint, arXiv 1206.2944)."""
STARTS, CLIMBS, TRIES = 3, 12, 24
"""From so many of the best candidates it goes uphill so many times, each time to the best of so many neighbours."""


def best_unseen(
    score: Score,
    encoding: Encoding,
    incumbents: Array,
    seen: set[Key],
    rng: np.random.Generator,
    *,
    uphill: bool,
) -> Point | None:
    """Return the unseen point with the highest score that was found.

    `incumbents` are the units of the best points told, the best one first; without any, and in a space of few points,
    the best of all candidates is taken. Needs values only, no gradients, so that numbers, integers, choices and every
    surrogate are alike. `uphill`: whether it pays to climb; trees are flat nearly everywhere.
    """
    size = encoding.space.size
    few = size is not None and size <= CANDIDATES
    units = encoding.all_units() if few else encoding.snap(rng.random((CANDIDATES, len(encoding.counts))))
    units = encoding.within_rules(units)
    if not len(units):
        return None
    if few or not len(incumbents):
        return _first_unseen(units[np.argsort(-score(encoding.inputs(units)), kind="stable")], encoding, seen)
    near = np.repeat(incumbents[:INCUMBENTS], NEIGHBOURS, axis=0)
    steps = 10 ** rng.uniform(-2.5, -0.3, (len(near), 1))
    units = np.vstack([units, encoding.within_rules(encoding.snap(neighbours(near, steps, encoding, rng)))])
    scores = score(encoding.inputs(units))
    ranked = np.argsort(-scores, kind="stable")
    if uphill:
        tops = _climbed(units[ranked[:STARTS]], scores[ranked[:STARTS]], score, encoding, rng)
        return _first_unseen(np.vstack([tops, units[ranked]]), encoding, seen)
    return _first_unseen(units[ranked], encoding, seen)


def neighbours(units: Array, steps: Array, encoding: Encoding, rng: np.random.Generator) -> Array:
    """Return a neighbour of each unit: one or two parameters changed, numbers by about a step, integers by ≥ 1."""
    count, dimensions = units.shape
    changed = rng.random(units.shape) < 1 / dimensions
    changed[np.arange(count), rng.integers(dimensions, size=count)] = True
    moves = steps * rng.standard_normal(units.shape)
    least = np.divide(1.0, encoding.counts, out=np.zeros(dimensions), where=encoding.counts > 0)
    moves = np.where(moves < 0, np.minimum(moves, -least), np.maximum(moves, least))
    moved = np.abs(units + moves)
    moved = np.where(moved > 1, 2 - moved, moved)
    moved = np.where(encoding.unordered, rng.random(units.shape), moved)
    return np.where(changed, moved, units)


def _climbed(units: Array, scores: Array, score: Score, encoding: Encoding, rng: np.random.Generator) -> Array:
    """Return the units that repeated steps to the best neighbour lead to, the best one first."""
    places = np.arange(len(units))
    for climb in range(CLIMBS):
        near = np.repeat(units, TRIES, axis=0)
        tried = encoding.snap(neighbours(near, np.full((len(near), 1), 0.1 * 0.6 ** (climb // 2)), encoding, rng))
        found = np.where(encoding.allowed(tried), score(encoding.inputs(tried)), -np.inf).reshape(len(units), TRIES)
        best = found.argmax(axis=1)
        better = found[places, best] > scores
        units = np.where(better[:, None], tried.reshape(len(units), TRIES, -1)[places, best], units)
        scores = np.where(better, found[places, best], scores)
    return units[np.argsort(-scores, kind="stable")]


def _first_unseen(units: Array, encoding: Encoding, seen: set[Key]) -> Point | None:
    points: Iterator[Point] = (encoding.point(unit) for unit in units)
    return encoding.space.first_unseen(points, seen)
