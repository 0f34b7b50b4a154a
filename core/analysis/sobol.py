"""Sobol' indices: how much of the variance of a function over a space each parameter explains."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.analysis.snapping import Array, Bools, Snapping
from core.search.designs import initial_design
from core.search.encoding import Encoding
from core.search.settings import InitialDesign

Mean = Callable[[Array], Array]
"""The function: from surrogate inputs (points × columns) to one number per point."""
Places = tuple[int, ...]
"""The places of some parameters in the order of the ranges."""
Rows = NDArray[np.intp]

POINTS = 1024
"""The number of points of each of the two samples."""
LEADING = 5
"""Pairs are looked at among so many parameters with the largest totals."""
NOTHING = 1e-4
"""A variance below this is none, in units of the variance of the results."""
_MOST_DRAWN = 16 * POINTS
_FEWEST = POINTS // 4
"""If rules leave fewer of the drawn points, others are moved to where they hold."""


class Indices(NamedTuple):
    """The share of the variance per parameter, with the others and alone, and per pair of places only together."""

    totals: Array
    alone: Array
    pairs: dict[Places, float]


class _Sample(NamedTuple):
    """Drawn points: `units` before they are snapped, `inputs` after, and which parameters apply (points × …)."""

    units: Array
    inputs: Array
    applies: Bools


class _Changed(NamedTuple):
    """The inputs of points of the first sample with some coordinates of points of the second; `rows` of both."""

    inputs: Array
    rows: tuple[Rows, Rows]


@lru_cache(maxsize=4)  # it takes a fifth of the time of all else
def _spread(count: int, dimensions: int, seed: int) -> Array:
    """Return Sobol' points (count × dimensions), not to be changed."""
    return initial_design(InitialDesign.SOBOL, count, dimensions, seed)


class Draws:
    """Two samples of the space, and points of the first with some coordinates of the second.

    They are the same for all functions that are compared on them. Values of choices, whole numbers and steps come in
    equal shares, as when a point is drawn at random. With rules both samples are of points that are allowed, and a
    change that breaks one is left out.
    """

    def __init__(self, encoding: Encoding, seed: int) -> None:
        self.encoding = encoding
        self._snapping = Snapping(encoding)
        space = encoding.space
        self._conditional = {place for place, name in enumerate(space.ranges) if name in space.conditions}
        first, second = self._drawn(seed)
        self.samples = self._sample(first), self._sample(second)
        self._changed: dict[tuple[Places, Places], _Changed] = {}

    def indices(self, mean: Mean, pairs: Iterable[Places] | None = None) -> Indices:
        """Return the indices of a function; those of the leading parameters' pairs, or of the given ones.

        Totals by Jansen (Computer Physics Communications 117, 1999), closed indices of one and of two parameters by
        Saltelli et al. (Computer Physics Communications 181, 2010). A conditional parameter is judged among the points
        where it applies, and so is a pair among those where both do.
        """
        judged = _Judged(self, mean)
        places = range(len(self.encoding.space.ranges))
        both = np.array([judged.shares((place,), (place,)) for place in places]).reshape(-1, 2)
        totals = np.clip(both[:, 0], 0, 1)
        alone = np.clip(both[:, 1], 0, totals)
        if pairs is None:
            leading = np.argsort(-totals, kind="stable")[:LEADING]
            pairs = combinations(sorted(leading.tolist()), 2)
        return Indices(totals, alone, {pair: judged.together(pair) for pair in pairs})

    def rows(self, judged: Places) -> tuple[Rows, Rows]:
        """Return the points of each sample to which all of these parameters apply."""
        first, second = (np.flatnonzero(sample.applies[:, judged].all(axis=1)) for sample in self.samples)
        return first, second

    def changed(self, judged: Places, places: Places) -> _Changed:
        """Return the points to which all `judged` parameters apply, changed at `places`."""
        key = tuple(place for place in judged if place in self._conditional), places
        if key not in self._changed:
            first, second = self.rows(judged)
            count = min(len(first), len(second))
            self._changed[key] = self._change(first[:count], second[:count], places)
        return self._changed[key]

    def _change(self, first: Rows, second: Rows, places: Places) -> _Changed:
        space, (one, other) = self.encoding.space, self.samples
        if not space.conditions and not space.rules:  # then each parameter's columns are its own
            columns = np.isin(self.encoding.parameters, places)
            return _Changed(np.where(columns, other.inputs[second], one.inputs[first]), (first, second))
        units = one.units[first]
        units[:, places] = other.units[second][:, places]
        snapped = self._snapping(units)
        kept = snapped.allowed
        return _Changed(self.encoding.inputs(snapped.units[kept]), (first[kept], second[kept]))

    def _sample(self, units: Array) -> _Sample:
        snapped = self._snapping(units)
        return _Sample(units, self.encoding.inputs(snapped.units), snapped.applies)

    def _drawn(self, seed: int) -> tuple[Array, Array]:
        """Return the coordinates of both samples, drawn anew in larger numbers where rules leave few of them."""
        count, dimensions = POINTS, len(self.encoding.space.ranges)
        while True:
            units = _spread(count, 2 * dimensions, seed)
            drawn = units[:, :dimensions], units[:, dimensions:]
            allowed = [self._snapping(half).allowed for half in drawn]
            if min(map(np.count_nonzero, allowed)) >= POINTS or 2 * count > _MOST_DRAWN:
                first, second = (self._filled(half, kept) for half, kept in zip(drawn, allowed, strict=True))
                return first, second
            count *= 2

    def _filled(self, units: Array, allowed: Bools) -> Array:
        kept = units[allowed][:POINTS]
        if len(kept) >= _FEWEST:
            return kept
        spread = (self.encoding.space.spread(unit) for unit in units[~allowed][: _FEWEST - len(kept)].tolist())
        return np.vstack([kept, self.encoding.units(point for point in spread if point is not None)])


class _Judged:
    """What the draws say of one function, each part of it computed once."""

    def __init__(self, draws: Draws, mean: Mean) -> None:
        self._draws = draws
        self._mean = mean
        self._values = [mean(sample.inputs) for sample in draws.samples]
        self._known: dict[int, tuple[float, float]] = {}

    def together(self, pair: Places) -> float:
        """Return what two parameters explain beyond what each does alone."""
        closed, *alone = (self.shares(pair, places)[1] for places in (pair, pair[:1], pair[1:]))
        return float(np.clip(closed - sum(alone), 0, 1))

    def shares(self, judged: Places, places: Places) -> tuple[float, float]:
        """Return the shares that parameters explain with all others, and without: total and closed index."""
        changed = self._draws.changed(judged, places)
        key = id(changed)
        if key not in self._known:
            self._known[key] = self._shares(judged, changed)
        return self._known[key]

    def _shares(self, judged: Places, changed: _Changed) -> tuple[float, float]:
        everywhere = np.concatenate([v[rows] for v, rows in zip(self._values, self._draws.rows(judged), strict=True)])
        if not len(changed.inputs) or (variance := float(everywhere.var())) < NOTHING:
            return 0.0, 0.0
        first, second = (values[rows] for values, rows in zip(self._values, changed.rows, strict=True))
        moved = self._mean(changed.inputs) - first
        total = float((moved**2).mean()) / 2 / variance
        closed = float(((second - everywhere.mean()) * moved).mean()) / variance
        return total, closed
