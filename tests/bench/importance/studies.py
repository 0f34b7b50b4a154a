"""Studies of functions by Afina's own search, and what is true of their parameters."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.ranges import Value
from core.search.limits import TAIL
from core.search.proposal import Observation, ProposalRequest
from core.search.propose import propose
from core.search.settings import SearchSettings
from tests.bench.importance.functions import Function

Array = NDArray[np.float64]

NOISE = 0.05
"""The deviation of the noise, as a share of the function's own over the ranges, its bad tail cut."""
_POINTS = 8192


class Study(msgspec.Struct, frozen=True):
    """The trials of a search."""

    function: str
    seed: int
    trials: tuple[Observation, ...]


def kept(studies: Path) -> dict[tuple[str, int], tuple[Observation, ...]]:
    """Return the trials of studies that were searched before, by function and seed."""
    lines = studies.read_bytes().splitlines() if studies.exists() else []
    found = (msgspec.json.decode(line, type=Study) for line in lines)
    return {(study.function, study.seed): study.trials for study in found}


def keep(studies: Path, study: Study) -> None:
    with studies.open("ab") as file:
        file.write(msgspec.json.encode(study) + b"\n")


def request(function: Function, seed: int, observations: tuple[Observation, ...]) -> ProposalRequest:
    """Return the request that the search would get after these trials."""
    return ProposalRequest(
        dict(function.ranges),
        SearchSettings(),
        seed,
        len(observations) + 1,
        observations,
        conditions=dict(function.conditions),
        spaced=True,
    )


def searched(truth: "Truth", seed: int, trials: int) -> tuple[Observation, ...]:
    """Return the trials of a study: the search's points, and noisy costs."""
    function, rng = truth.function, np.random.default_rng(seed)
    observations: tuple[Observation, ...] = ()
    for number in range(1, trials + 1):
        point = propose(request(function, seed, observations)).point
        assert point is not None
        cost = function.cost(point) + NOISE * truth.spread * float(rng.standard_normal())
        observations += (Observation(number, point, cost),)
    return observations


def limit_of(costs: Array) -> float:
    """Return the cost from which on all count as equal, as the search cuts these."""
    median = float(np.median(costs))
    return median + TAIL * (median - float(costs.min()))


class Truth:
    """Total Sobol' indices of a function without noise, from many random points (Jansen, 1999)."""

    def __init__(self, function: Function) -> None:
        self.function = function
        space, rng = function.space, np.random.default_rng(0)
        first, second = rng.random((2, _POINTS, len(space.ranges)))
        points = [space.decode(unit) for unit in first.tolist()]
        self._costs = self._costs_of(points)
        self._changed: dict[str, tuple[NDArray[np.bool_], Array]] = {}
        for place, name in enumerate(space.ranges):
            changed = first.copy()
            changed[:, place] = second[:, place]
            costs = self._costs_of([space.decode(unit) for unit in changed.tolist()])
            self._changed[name] = np.array([name in point for point in points]), costs

    @cached_property
    def spread(self) -> float:
        return float(np.minimum(self._costs, limit_of(self._costs)).std())

    def totals(self, limit: float) -> dict[str, float]:
        """Return each parameter's share of the variance of the costs, cut at this limit, where it applies."""
        cut = np.minimum(self._costs, limit)
        return {
            name: float(((np.minimum(costs, limit) - cut)[applies] ** 2).mean() / 2 / (cut[applies].var() or 1))
            for name, (applies, costs) in self._changed.items()
        }

    def _costs_of(self, points: list[dict[str, Value]]) -> Array:
        cost = self.function.cost
        return np.array([cost(point) for point in points])


def whole(function: Function, point: Mapping[str, Value]) -> dict[str, Value]:
    """Return the point with values in the middle for what does not apply: peers know no conditions."""
    return {name: point.get(name, axis.middle) for name, axis in function.space.axes.items()}
