"""The fitted surrogate: its belief about the costs at any points, and their acquisition values.

A cost is an objective for which lower is better, in the unit of the request's observations.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, assert_never

import msgspec
import numpy as np
from numpy.typing import NDArray
from skopt import Optimizer
from skopt.acquisition import _gaussian_acquisition
from threadpoolctl import threadpool_limits

from core.ranges import Value
from core.search.acquisition import CANDIDATES
from core.search.encoding import Encoding
from core.search.gaussian_process import GaussianProcess, selection
from core.search.limits import MAX_HELD
from core.search.options import DEFAULT, SearchOptions
from core.search.proposal import Belief, ProposalRequest
from core.search.settings import Acquisition, Surrogate
from core.search.skopt_points import dimension, skopt_point
from core.search.trees import quantile_trees
from core.search.warping import Warp, imputed_objectives

Array = NDArray[np.float64]


@contextmanager
def quietly() -> Iterator[None]:
    """Make surrogates run on one thread and without warnings while they are fitted and asked."""
    # The matrices are small: more threads would only spin and take the trainer's core.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about convergence of a fit that is good enough
        yield


def fit(request: ProposalRequest, options: SearchOptions = DEFAULT) -> "FittedSurrogate":
    """Return the surrogate of the request's settings, fitted to its observations, or to `MAX_HELD` selected ones.

    At least two observations must have different objectives. Raises
    ArithmeticError, ValueError or LinAlgError if the surrogate cannot be fitted.
    """
    request = _selected(request)
    encoding = Encoding(request.space)
    costs = imputed_objectives(request.observations)
    warp = Warp(costs, power=options.warp)
    optimizer = _make_optimizer(request, encoding, options)
    _tell(optimizer, request, warp(costs))
    return FittedSurrogate(request, encoding, warp, optimizer)


class FittedSurrogate:
    """A surrogate that was told a request's observations; `optimizer` is skopt's Optimizer, which holds it.

    The points are those of the request's space: they have values for the parameters that apply. `request` has the
    observations that it was told, whose snapped units are `told`; `warp` is that of their costs, and `model` what was
    fitted to the warped costs.
    """

    def __init__(self, request: ProposalRequest, encoding: Encoding, warp: Warp, optimizer: Optimizer) -> None:
        self.encoding = encoding
        self.optimizer = optimizer
        self.request = request
        self.warp = warp
        self.model = optimizer.models[-1]
        self.told = encoding.units(o.values for o in request.observations)

    def moments(self, points: Iterable[Mapping[str, Value]]) -> tuple[Array, Array]:
        """Return the mean cost at each point and half the width of ±1 standard deviation, both without noise."""
        return self._moments(self._inputs(points))

    def acquisition(self, points: Iterable[Mapping[str, Value]]) -> Array:
        """Return the acquisition value of each point; higher is better.

        The values are computed from warped costs: they can be compared with each other and have no unit.
        """
        return self.score(self._inputs(points))

    def score(self, inputs: Array) -> Array:
        """Return the acquisition value of each point, given surrogate inputs (points × columns); for gp_hedge, EI."""
        optimizer = self.optimizer
        acquisition = "EI" if optimizer.acq_func == Acquisition.HEDGE else optimizer.acq_func
        found = _gaussian_acquisition(
            inputs, self.model, self.incumbent, acq_func=acquisition, acq_func_kwargs=optimizer.acq_func_kwargs
        )
        return -np.asarray(found)

    def best_told(self) -> Belief | None:
        """Return the belief about the complete trial with the lowest mean; None without it, or without our process."""
        if not isinstance(self.model, GaussianProcess):
            return None
        observations = self.request.observations
        complete = [i for i, o in enumerate(observations) if o.objective is not None and not o.skipped]
        if not complete:
            return None
        told = self.encoding.inputs(self.told)
        best = complete[int(np.argmin(self.model.told_.mean(told[complete])))]
        (mean,), (deviation,) = self._moments(told[[best]])
        if not (np.isfinite(mean) and np.isfinite(deviation)):  # beyond the largest float, or no study could hold it
            return None
        return Belief(observations[best].trial, float(mean), float(deviation))

    @property
    def learnt(self) -> tuple[float, ...]:
        """The hyperparameters, the noise last; empty without our process."""
        if not isinstance(self.model, GaussianProcess):
            return ()
        scales, noise = self.model.hyperparameters_
        return *scales.tolist(), noise

    @cached_property
    def incumbent(self) -> float:
        """The lowest mean, in warped costs, at the points told and at those of trials under way.

        The lowest observed objective may be luck; the lowest mean is not ("plug-in" criterion: Picheny et al.,
        Structural and Multidisciplinary Optimization 48, 2013).
        """
        known = np.vstack([self.told, self.encoding.units(self.request.pending)])
        return float(np.min(self.model.predict(self.encoding.inputs(known))))

    def _inputs(self, points: Iterable[Mapping[str, Value]]) -> Array:
        return self.encoding.inputs(self.encoding.units(points))

    def _moments(self, inputs: Array) -> tuple[Array, Array]:
        mean, deviation = self._warped_moments(inputs)
        low, high = self.warp.inverse(mean - deviation), self.warp.inverse(mean + deviation)
        return self.warp.inverse(mean), (high - low) / 2

    def _warped_moments(self, inputs: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation of the warped costs; our process leaves the trials under way out."""
        if isinstance(self.model, GaussianProcess):
            return self.model.told_.moments(inputs)
        mean, deviation = self.model.predict(inputs, return_std=True)
        return np.asarray(mean), np.asarray(deviation)


def _selected(request: ProposalRequest) -> ProposalRequest:
    if len(request.observations) <= MAX_HELD:
        return request
    held = selection(imputed_objectives(request.observations), MAX_HELD)
    return msgspec.structs.replace(request, observations=tuple(request.observations[i] for i in held))


def _make_optimizer(request: ProposalRequest, encoding: Encoding, options: SearchOptions) -> Optimizer:
    search = request.search
    hedge = search.acquisition is Acquisition.HEDGE
    rng = np.random.RandomState(np.random.SeedSequence([request.seed, request.number]).generate_state(4))
    return Optimizer(
        [dimension(name, given) for name, given in encoding.space.ranges.items()],
        base_estimator=_estimator(request, encoding, options, rng),
        n_initial_points=1,
        acq_func=str(search.acquisition),
        acq_func_kwargs={"xi": search.xi, "kappa": search.kappa},
        # Only gp_hedge uses the result of skopt's own search; for the others our search is used (`acquisition`).
        acq_optimizer="auto" if hedge else "sampling",
        acq_optimizer_kwargs={"n_points": CANDIDATES if hedge else 1},
        model_queue_size=1,
        avoid_duplicates=False,  # skopt would replace one by a random point without another check
        random_state=rng,
    )


def _estimator(request: ProposalRequest, encoding: Encoding, options: SearchOptions, rng: np.random.RandomState) -> Any:
    """Return the surrogate in the form that skopt takes: an estimator, or the name of one of skopt's own."""
    match request.search.surrogate:
        case Surrogate.GAUSSIAN_PROCESS if options.own_process:
            pending = encoding.inputs(encoding.units(request.pending)) if request.pending else None
            learnt = np.array(request.learnt) if request.learnt else None
            return GaussianProcess(encoding.parameters, pending, priors=options.priors, learnt=learnt)
        case Surrogate.GRADIENT_BOOSTING:
            return quantile_trees(rng.randint(2**31 - 1))
        case Surrogate.GAUSSIAN_PROCESS | Surrogate.RANDOM_FOREST | Surrogate.EXTRA_TREES as surrogate:
            return surrogate.upper()
        case _:
            assert_never(request.search.surrogate)


def _tell(optimizer: Optimizer, request: ProposalRequest, warped: Array) -> None:
    """Tell skopt all observations at once, after restoring the state of gp_hedge.

    Surrogates that do not know the points under way are told an average result for them: the "constant liar" with the
    mean (Ginsbourger et al., 2010).
    """
    if request.search.acquisition is Acquisition.HEDGE and request.hedge is not None:
        optimizer.gains_ = np.array(request.hedge.gains)
        optimizer.next_xs_ = [np.array(candidate) for candidate in request.hedge.candidates]
    points = [skopt_point(request.space, o.values) for o in request.observations]
    costs = warped.tolist()
    if not isinstance(optimizer.base_estimator_, GaussianProcess):
        points += [skopt_point(request.space, point) for point in request.pending]
        costs += [0.0] * len(request.pending)
    optimizer.tell(points, costs)
