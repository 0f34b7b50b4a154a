"""The surrogate of a request, as the search fits it, for looking at: its beliefs, and the point that it would try next.

One fit serves all questions about a request, and those about the same results with other trials under way.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import Believer, Estimate, Numbers
from core.analysis.questions import Repeated
from core.analysis.snapping import Snapped, Snapping
from core.conditions import applying
from core.parameters import Value
from core.search.gaussian_process import Array, GaussianProcess, Posterior, selection
from core.search.limits import HELD
from core.search.proposal import Observation, PointOrigin, Proposal, ProposalRequest
from core.search.propose import propose
from core.search.settings import SearchMethod, SearchSettings
from core.search.surrogate import FittedSurrogate, fit
from core.search.warping import imputed_objectives

TWO_SIDED, ONE_SIDED = 1.959964, 1.644854
"""Deviations: on each side, that hold 95 % between them; and on one side, that leave 5 % beyond."""
_KEPT = 3
_MOST_SHARE = 1000.0
"""Larger shares are drawn no differently."""
_STEPS = np.linspace(-6.0, 6.0, 241)
_SHARES = np.exp(-(_STEPS**2) / 2) / np.exp(-(_STEPS**2) / 2).sum()


class NothingToTell(Exception):
    """There is no belief; the text is a sentence for the user."""


class Belief(Protocol):
    """A belief about warped costs, without noise."""

    def mean(self, inputs: Array) -> Array: ...

    def moments(self, inputs: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation at each input."""


class Trees:
    """What trees say: their mean, and half of how far they spread, which is no belief about the mean."""

    def __init__(self, surrogate: FittedSurrogate) -> None:
        self._model = surrogate.model

    def mean(self, inputs: Array) -> Array:
        return np.asarray(self._model.predict(inputs))

    def moments(self, inputs: Array) -> tuple[Array, Array]:
        mean, spread = self._model.predict(inputs, return_std=True)
        return np.asarray(mean), np.asarray(spread)


class Fitted:
    """The surrogate fitted to a request.

    `told` is the belief that knows the results alone: that is what is believed. `knowing` also knows the trials under
    way, as the search does; it says where to look next. `few_told` and `few_knowing` are the same of at most `HELD`
    observations.
    """

    def __init__(self, request: ProposalRequest) -> None:
        self.request = request
        self.believer = Believer.PROCESS
        wanted = request
        if request.search.method is not SearchMethod.BAYESIAN:
            self.believer = Believer.ONLOOKER
            wanted = msgspec.structs.replace(request, search=SearchSettings(), hedge=None)
        self.surrogate = fit(wanted)
        if not isinstance(self.surrogate.model, GaussianProcess):
            self.believer = Believer.TREES
        self.space = request.space
        self.encoding = self.surrogate.encoding
        self.warp = self.surrogate.warp
        self.observations = self.surrogate.request.observations
        self.snapping = Snapping(self.encoding)
        self.units = self.surrogate.told
        self.inputs = self.encoding.inputs(self.units)
        self._pending = self.encoding.inputs(self.encoding.units(request.pending)) if request.pending else None

    # Beliefs

    @cached_property
    def told(self) -> Belief:
        model = self.surrogate.model
        if isinstance(model, GaussianProcess):
            return model.told_
        if not self.request.pending:
            return self.knowing
        # Trees are told an average result for trials under way: without these they are other trees.
        return Trees(fit(msgspec.structs.replace(self.request, pending=())))

    @cached_property
    def knowing(self) -> Belief:
        model = self.surrogate.model
        return model.posterior_ if isinstance(model, GaussianProcess) else Trees(self.surrogate)

    @cached_property
    def few_told(self) -> Belief:
        model = self.surrogate.model
        if len(self.observations) <= HELD or not isinstance(model, GaussianProcess):
            return self.told
        costs, held = self.warp(imputed_objectives(self.observations)), self._few
        return Posterior(self.inputs[held], costs[held], np.array(self.encoding.parameters), model.hyperparameters_)

    @cached_property
    def _few(self) -> NDArray[np.intp]:
        """The places, among the observations told, of those that `few_told` knows."""
        return selection(self.warp(imputed_objectives(self.observations)), HELD)

    def held(self, *, few: bool) -> int:
        """Return the number of results that `told` knows, or `few_told`."""
        few = few and self.few_told is not self.told
        known = [self.observations[place] for place in self._few.tolist()] if few else self.observations
        return sum(o.objective is not None for o in known)

    @cached_property
    def few_knowing(self) -> Belief:
        few = self.few_told
        if few is self.told or not isinstance(few, Posterior):
            return self.knowing
        return few if self._pending is None else few.believing(self._pending)

    @property
    def noise(self) -> float | None:
        """The standard deviation of the noise, on the warped scale; None for trees, which know none."""
        model = self.surrogate.model
        return model.hyperparameters_.noise**0.5 if isinstance(model, GaussianProcess) else None

    # Points

    def inputs_of(self, points: Iterable[Mapping[str, Value]]) -> Array:
        return self.encoding.inputs(self.encoding.units(points))

    def snapped(self, units: Array) -> Snapped:
        """Return the units as points that can be tried, all at once."""
        return self.snapping(units)

    def point(
        self, through: Mapping[str, Value] | None, best: int | None = None
    ) -> tuple[dict[str, Value], int | None]:
        """Return the point to look from, and the number of the trial that has it.

        None is for the best trial; of several that are as good it is the one with the number `best`.
        """
        if through is None:
            costs = ((np.inf if o.objective is None else o.objective, o.trial != best) for o in self.results)
            _, first = min(zip(costs, self.results, strict=True), key=lambda each: each[0])
            return first.values, first.trial
        middles = {name: axis.middle for name, axis in self.space.axes.items()}
        whole = {**self.space.fixed, **middles, **{name: through[name] for name in middles if name in through}}
        point = {name: value for name, value in applying(whole, self.space.conditions).items() if name in middles}
        key = self.space.key(point)
        there = (o.trial for o in self.results if self.space.key(o.values) == key)
        return point, next(there, None)

    @cached_property
    def results(self) -> list[Observation]:
        """The observations that came to an end by themselves, in the request's order; if there is none, the guesses."""
        given = [o for o in self.request.observations if o.objective is not None]
        return [o for o in given if not o.skipped] or given

    @property
    def count(self) -> int:
        """The number of all results, told or not."""
        return sum(o.objective is not None for o in self.request.observations)

    @cached_property
    def lowest(self) -> int:
        """The place, among the observations told, of the result where the mean is lowest."""
        places = [i for i, o in enumerate(self.observations) if o.objective is not None and not o.skipped]
        places = places or [i for i, o in enumerate(self.observations) if o.objective is not None]
        return places[int(np.argmin(self.told.mean(self.inputs[places])))]

    @cached_property
    def as_good(self) -> tuple[int, ...]:
        """The trials with a result whose mean cannot be told from the lowest; by trees none can be told."""
        if not isinstance(self.told, Posterior):
            return ()
        above, deviation = self.told.told_apart(self.lowest)
        surely = above - ONE_SIDED * deviation
        kept = (o.objective is not None and not o.skipped for o in self.observations)
        told = zip(self.observations, kept, surely.tolist(), strict=True)
        return tuple(o.trial for o, is_result, above in told if is_result and above <= 0)

    # In the objective's unit

    def unit(self, warped: Array) -> Array:
        """Return the costs with these warped values, as finite numbers."""
        return np.nan_to_num(self.warp.in_proportion(warped))

    def estimate(self, inputs: Array) -> Estimate:
        """Return the belief at one input (1 × columns)."""
        mean, deviation = self.told.moments(inputs)
        ends = mean + deviation * np.array([0, -TWO_SIDED, TWO_SIDED, -1, 1])
        middle, low, high, below, above = self.unit(ends).tolist()
        return Estimate(middle, low, high, above / 2 - below / 2)

    def scatter(self, inputs: Array) -> float | None:
        """Return half the width of ±1 deviation of the noise at one input, in the unit; None for trees."""
        if self.noise is None:
            return None
        below, above = self.unit(self.told.mean(inputs) + np.array([-1, 1]) * self.noise).tolist()
        return float(above / 2 - below / 2)

    # The next point

    @cached_property
    def next(self) -> Proposal:
        """The search's next proposal, without another fit."""
        return propose(self.request, surrogate=self.surrogate if self._proposes else None)

    def leading_to(self, repeated: Repeated | None) -> "Fitted":
        """Return this with an interrupted trial as the next point, if there is one: the search is asked only then."""
        if repeated is None:
            return self
        found = copy(self)
        found.__dict__.pop("shares", None)
        found.__dict__["next"] = Proposal(repeated.values, repeated.origin)
        return found

    @property
    def _proposes(self) -> bool:
        return self.believer is not Believer.ONLOOKER

    @property
    def leads(self) -> bool:
        """Whether a belief stands behind the next point."""
        return self.next.point is not None and self.next.origin is PointOrigin.MODEL

    def improvement(self, inputs: Array) -> float:
        """Return the improvement to be expected at one input over the lowest mean, in the unit."""
        mean, deviation = self.knowing.moments(inputs)
        found = self.unit(mean + deviation * _STEPS)
        (best,) = self.unit(np.array([self.surrogate.incumbent]))
        return float(np.sum(_SHARES * np.maximum(best / 2 - found / 2, 0))) * 2

    @cached_property
    def shares(self) -> Callable[[Array, Array], Array] | None:
        """From means and deviations of what the search knows to the expected improvement as a share of that at `next`.

        The improvement is that of the search, of warped costs and with its ξ; for other acquisition functions it can be
        larger elsewhere. None where no belief stands behind the next point.
        """
        if not self.leads or self.next.point is None:
            return None
        search = self.request.search
        target = self.surrogate.incumbent - (search.xi if search.heeds_xi else 0.0)

        def improvement(mean: Array, deviation: Array) -> Array:
            return expected_improvement(mean, deviation, target)

        (there,) = improvement(*self.knowing.moments(self.inputs_of([self.next.point])))
        most = max(float(there), np.finfo(float).tiny)
        return lambda mean, deviation: np.minimum(np.nan_to_num(improvement(mean, deviation) / most), _MOST_SHARE)


def expected_improvement(mean: Array, deviation: Array, target: float) -> Array:
    """Return how far below the target a normal variable is on average, where what is above it counts as 0."""
    from scipy.special import ndtr

    deviation = np.maximum(deviation, 1e-12)
    away = (target - mean) / deviation
    density = np.exp(-(away**2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray(np.maximum((target - mean) * ndtr(away) + deviation * density, 0))


def numbers(array: Array) -> Numbers:
    """Return an array as plain, finite numbers."""
    return tuple(np.nan_to_num(array).tolist())


_fitted: OrderedDict[int, Fitted] = OrderedDict()
"""The last fits; the latest one last."""


def fitted(request: ProposalRequest) -> Fitted:
    """Return the surrogate fitted to the request, which may have been fitted before.

    Raises NothingToTell when the results teach nothing, and the errors of `core.search.surrogate.fit`.
    """
    _require_differences(request)
    learnt = request.learnt
    request = msgspec.structs.replace(request, learnt=())
    for key, kept in reversed(_fitted.items()):
        if msgspec.structs.replace(kept.request, learnt=()) == request:
            _fitted.move_to_end(key)
            return kept
        if not learnt and _same_results(kept.request, request):
            learnt = kept.surrogate.learnt
    made = Fitted(msgspec.structs.replace(request, learnt=learnt))
    _fitted[id(made)] = made
    while len(_fitted) > _KEPT:
        _fitted.popitem(last=False)
    return made


def _same_results(one: ProposalRequest, other: ProposalRequest) -> bool:
    """Return whether the hyperparameters are the same: they follow from the results, wherever trials are under way."""
    if len(one.observations) != len(other.observations):
        return False
    alike = msgspec.structs.replace(one, number=other.number, pending=other.pending, hedge=other.hedge, learnt=())
    return bool(alike == other)


def _require_differences(request: ProposalRequest) -> None:
    if not request.space.ranges:
        raise NothingToTell("Nothing is varied, so there is nothing to believe")
    costs = {o.objective for o in request.observations if o.objective is not None}
    if not costs:
        raise NothingToTell("No trial has a result yet, so nothing can be believed")
    if len(costs) < 2:
        raise NothingToTell("All results are equal so far, so no value can be told from another")
