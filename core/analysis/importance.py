"""How much of the differences each parameter explains: Sobol' indices of a Gaussian process, with intervals."""

import logging
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import ImportanceAnswer, Pair, Share
from core.analysis.questions import ImportanceQuestion
from core.analysis.sobol import NOTHING, Draws, Indices, Mean, Rows
from core.search.encoding import Encoding
from core.search.gaussian_process import GaussianProcess, selection
from core.search.limits import HELD
from core.search.proposal import Observation, ProposalRequest
from core.search.surrogate import quietly
from core.search.warping import MAX_OBJECTIVE, Warp, imputed_objectives

Array = NDArray[np.float64]

log = logging.getLogger(__name__)

_HUGE = 2.0**8
"""Results are divided by this where some are too large to be computed with; shares do not depend on it."""
_INTERIM = (10, 20)
"""After so many resamples there are first intervals."""
_LEVEL = (5, 95)
"""The percentiles at which an interval ends."""
_EDGE = 0.005
"""Odds are of shares from this much below 0 to as much above 1, as 0 and 1 have no logarithm of their odds."""


def importance(question: ImportanceQuestion) -> Iterator[ImportanceAnswer]:
    """Yield the shares at once, then with intervals after some of the resamples, and after all.

    A share is a Sobol' index, over the ranges, of what a Gaussian process believes: `total` is the part of the variance
    that is left when all other parameters are known, `alone` the part that goes when this one alone is known. Totals
    add up to more than 1 where parameters act together. The process is fitted to costs whose bad tail is cut, as for
    the search, but not warped: warped ones rank the parameters worse. A failed trial counts as the worst seen.

    A conditional parameter is judged where it applies: its shares are of the variance among the points of the ranges
    to which it applies, however few they are; where nearly all of them are worse than the cut, it says little. With
    rules, points are drawn from what they leave; a change of a parameter that breaks a rule is left out.

    The intervals are 90 % of what halves of the trials say, drawn anew and each with a fit of its own: a statistic of
    halves scatters as that of all does from study to study (McCarthy, Review of the International Statistical
    Institute 37, 1969; Politis and Romano, Annals of Statistics 22, 1994). The usual bootstrap draws trials twice, and
    two results that agree look like results without noise. Intervals are moved to have the share in their middle. Where
    all costs are the same, all shares are 0 with intervals from 0 to 1.

    The answer is the same for the same request. Raises ArithmeticError, ValueError or LinAlgError if the process
    cannot be fitted, and SearchRefused if no points can be drawn.
    """
    return (answer for answer in importance_steps(question) if answer is not None)


def importance_steps(question: ImportanceQuestion) -> Iterator[ImportanceAnswer | None]:
    """Yield what `importance` does, and None after each resample between: there other work can go on."""
    request, names = question.request, tuple(question.request.space.ranges)
    results = sum(observation.objective is not None for observation in request.observations)
    told = _Told(request) if results and names else None
    if told is None or told.same:
        nothing = Indices(np.zeros(len(names)), np.zeros(len(names)), {})
        yield _answer(names, nothing, [], results, 0 if told is None else told.results, question.resamples)
        return
    rng = np.random.default_rng(np.random.SeedSequence([request.seed, len(request.observations)]))
    with quietly():
        draws = Draws(told.encoding, request.seed)
        estimate = draws.indices(told.process(np.arange(told.count)))
    yield _answer(names, estimate, [], results, told.results, 0)
    found: list[Indices] = []
    for resample in range(1, question.resamples + 1):
        half = rng.permutation(told.count)[: -(-told.count // 2)]
        with quietly():
            found += _resampled(told, half, draws, estimate)
        if found and (resample in _INTERIM or resample == question.resamples):
            yield _answer(names, estimate, found, results, told.results, resample)
        else:
            yield None


class _Told:
    """What the process is told: surrogate inputs (points × columns) and cut costs of at most HELD trials."""

    def __init__(self, request: ProposalRequest) -> None:
        costs = imputed_objectives(_of_usual_size(request.observations))
        held = selection(costs, HELD)
        self.encoding = Encoding(request.space)
        self._inputs = self.encoding.inputs(self.encoding.units(request.observations[i].values for i in held))
        self._costs = Warp(costs, power=False)(costs)[held]
        self.count = len(held)
        self.results = sum(request.observations[i].objective is not None for i in held)
        self.same = self._costs.std() ** 2 < NOTHING

    def process(self, rows: Rows) -> Mean:
        """Return the mean of the process that was told these trials, their costs with mean 0 and variance 1."""
        costs = self._costs[rows]
        spread = costs.std()
        if spread**2 < NOTHING:
            return lambda inputs: np.zeros(len(inputs))
        process = GaussianProcess(self.encoding.parameters).fit(self._inputs[rows], (costs - costs.mean()) / spread)
        return process.posterior_.mean


def _of_usual_size(observations: tuple[Observation, ...]) -> tuple[Observation, ...]:
    """Return results that differ however large they are: beyond MAX_OBJECTIVE all would be cut to the same."""
    sizes = [abs(o.objective) for o in observations if o.objective is not None]
    if max(sizes) <= MAX_OBJECTIVE:
        return observations
    return tuple(
        o if o.objective is None else msgspec.structs.replace(o, objective=o.objective / _HUGE) for o in observations
    )


def _resampled(told: _Told, rows: Rows, draws: Draws, estimate: Indices) -> list[Indices]:
    """Return the indices by these trials alone; none if no process can be fitted to them."""
    try:
        return [draws.indices(told.process(rows), estimate.pairs)]
    except (ArithmeticError, ValueError, np.linalg.LinAlgError):
        log.exception("A resample could not be fitted")  # the others tell enough
        return []


def _answer(
    names: Sequence[str], estimate: Indices, found: Sequence[Indices], results: int, held: int, resamples: int
) -> ImportanceAnswer:
    """Return the answer with intervals from the indices of resamples, from 0 to 1 without any."""
    totals = [one.totals for one in found]
    lows, highs = _intervals(estimate.totals, totals)
    firsts = [int(np.argmax(one)) for one in totals if one.any()]
    shares = [
        Share(name, float(total), float(low), float(high), float(alone), firsts.count(place) / max(1, len(found)))
        for place, (name, total, low, high, alone) in enumerate(
            zip(names, estimate.totals, lows, highs, estimate.alone, strict=True)
        )
    ]
    together = np.array([*estimate.pairs.values()])
    ends = _intervals(together, [np.array([*one.pairs.values()]) for one in found])
    pairs = [
        Pair((names[one], names[other]), float(share), float(low), float(high))
        for (one, other), share, low, high in zip(estimate.pairs, together, *ends, strict=True)
    ]
    return ImportanceAnswer(
        tuple(sorted(shares, key=lambda share: -share.total)),
        tuple(sorted(pairs, key=lambda pair: -pair.share)),
        results,
        resamples,
        held,
    )


def _intervals(estimate: Array, found: Sequence[Array]) -> tuple[Array, Array]:
    """Return the ends of 90 % of what was found, moved so that its middle is the estimate; on the scale of log odds.

    Half of the trials say more or less than all do, by which interval and estimate would miss each other.
    """
    if not found:
        return np.zeros_like(estimate), np.ones_like(estimate)
    odds = _log_odds(np.array(found))
    moved = np.percentile(odds, _LEVEL, axis=0) - np.median(odds, axis=0) + _log_odds(estimate)
    low, high = np.clip(_from_log_odds(moved), 0, 1)
    return np.minimum(low, estimate), np.maximum(high, estimate)


def _log_odds(share: Array) -> Array:
    return np.log((share + _EDGE) / (1 + _EDGE - share))


def _from_log_odds(odds: Array) -> Array:
    return (1 + 2 * _EDGE) / (1 + np.exp(-odds)) - _EDGE
