"""Bayesian optimisation by skopt: its Optimizer is told everything anew for each proposal, and asked once."""

import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from skopt import Optimizer
from skopt.acquisition import _gaussian_acquisition
from skopt.space import Categorical, Dimension, Integer, Real
from threadpoolctl import threadpool_limits

from core.conditions import applying
from core.ranges import Choices, FloatRange, IntegerRange, Range, Scale, Value, levels_of
from core.search.acquisition import CANDIDATES, Score, best_unseen
from core.search.encoding import Encoding
from core.search.gaussian_process import GaussianProcess, selection
from core.search.options import SearchOptions
from core.search.proposal import Belief, HedgeState, ProposalRequest
from core.search.settings import Acquisition, Surrogate
from core.search.trees import quantile_trees
from core.search.warping import Warp, imputed_objectives
from core.space import Key, Point, Space

Array = NDArray[np.float64]

HELD = 2000
"""Of more observations than this the surrogate is told a selection of so many: a Gaussian process of 2,000 takes a
second, and its cost grows with the cube."""


class Suggestion(NamedTuple):
    """What the surrogate made of a request. `point` is None when it found no unseen one."""

    point: Point | None
    hedge: HedgeState | None
    belief: Belief | None


def propose_by_surrogate(request: ProposalRequest, space: Space, seen: set[Key], options: SearchOptions) -> Suggestion:
    """Fit the surrogate to all observations; return the unseen point that the acquisition function likes best.

    At least two observations must have different objectives. Of more than `HELD` it is told a selection.
    """
    request = _selected(request)
    seeds = np.random.SeedSequence([request.seed, request.number])
    encoding = Encoding(space)
    objectives = imputed_objectives(request.observations)
    warp = Warp(objectives, power=options.warp)
    units = encoding.units(o.values for o in request.observations)
    # Small matrices: more threads only spin, and would take the trainer's core.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about convergence of a fit that is good enough
        optimizer = _make_optimizer(request, encoding, options, np.random.RandomState(seeds.generate_state(4)))
        _tell(optimizer, request, space, warp(objectives))
        found = _chosen_by_hedge(optimizer, request, space)
        if found is None or space.key(found) in seen or not space.allows(found):
            known = np.vstack([units, encoding.units(request.pending)])
            score = _score(optimizer, encoding.inputs(known))
            uphill = options.uphill and request.search.surrogate is Surrogate.GAUSSIAN_PROCESS
            found = best_unseen(score, encoding, seen, np.random.default_rng(seeds), uphill=uphill)
        belief = _belief(optimizer.models[-1], request, encoding.inputs(units), warp)
    return Suggestion(found, _hedge_state(optimizer, request), belief)


def _selected(request: ProposalRequest) -> ProposalRequest:
    if len(request.observations) <= HELD:
        return request
    held = selection(imputed_objectives(request.observations), HELD)
    return msgspec.structs.replace(request, observations=tuple(request.observations[i] for i in held))


def _make_optimizer(
    request: ProposalRequest, encoding: Encoding, options: SearchOptions, rng: np.random.RandomState
) -> Optimizer:
    search = request.search
    hedge = search.acquisition is Acquisition.HEDGE
    return Optimizer(
        [dimension(name, given) for name, given in encoding.space.ranges.items()],
        base_estimator=_estimator(request, encoding, options, rng),
        n_initial_points=1,
        acq_func=str(search.acquisition),
        acq_func_kwargs={"xi": search.xi, "kappa": search.kappa},
        # Only gp_hedge takes the answer of skopt's own search; others search for themselves (`acquisition`).
        acq_optimizer="auto" if hedge else "sampling",
        acq_optimizer_kwargs={"n_points": CANDIDATES if hedge else 1},
        model_queue_size=1,
        avoid_duplicates=False,  # its own replacement is a random point, not checked again
        random_state=rng,
    )


def _estimator(request: ProposalRequest, encoding: Encoding, options: SearchOptions, rng: np.random.RandomState) -> Any:
    """Return the surrogate as skopt takes it: an estimator, or the name of one of its own."""
    match request.search.surrogate:
        case Surrogate.GAUSSIAN_PROCESS if options.own_process:
            pending = encoding.inputs(encoding.units(request.pending)) if request.pending else None
            return GaussianProcess(encoding.parameters, pending, priors=options.priors)
        case Surrogate.GRADIENT_BOOSTING:
            return quantile_trees(rng.randint(2**31 - 1))
        case surrogate:
            return surrogate.upper()


def _tell(optimizer: Optimizer, request: ProposalRequest, space: Space, warped: Array) -> None:
    """Tell skopt all at once, after what gp_hedge has learnt before.

    Surrogates that do not know of points under way are told that those came out average: the "constant liar" with the
    mean (Ginsbourger et al., 2010).
    """
    if request.search.acquisition is Acquisition.HEDGE and request.hedge is not None:
        optimizer.gains_ = np.array(request.hedge.gains)
        optimizer.next_xs_ = [np.array(candidate) for candidate in request.hedge.candidates]
    points = [_skopt_point(space, o.values) for o in request.observations]
    objectives = warped.tolist()
    if not isinstance(optimizer.base_estimator_, GaussianProcess):
        points += [_skopt_point(space, point) for point in request.pending]
        objectives += [0.0] * len(request.pending)
    optimizer.tell(points, objectives)


def _score(optimizer: Optimizer, known: Array) -> Score:
    """Return the acquisition function over the lowest mean at `known`, the inputs told and those of trials under way.

    The lowest objective observed may be luck; the mean is not ("plug-in" criterion: Picheny et al., Structural and
    Multidisciplinary Optimization 48, 2013).
    """
    model = optimizer.models[-1]
    incumbent = float(np.min(model.predict(known)))
    acquisition = "EI" if optimizer.acq_func == "gp_hedge" else optimizer.acq_func

    def score(inputs: Array) -> Array:
        return -np.asarray(
            _gaussian_acquisition(
                inputs, model, incumbent, acq_func=acquisition, acq_func_kwargs=optimizer.acq_func_kwargs
            )
        )

    return score


def _belief(model: Any, request: ProposalRequest, told: Array, warp: Warp) -> Belief | None:
    """Return the complete trial whose mean is the lowest, with the middle and half the width of its ±1 deviation."""
    if not isinstance(model, GaussianProcess):
        return None
    complete = [i for i, o in enumerate(request.observations) if o.objective is not None]
    best = complete[int(np.argmin(model.told_.mean(told[complete])))]
    (mean,), (deviation,) = model.told_.moments(told[[best]])
    low, high = warp.inverse(mean - deviation), warp.inverse(mean + deviation)
    return Belief(request.observations[best].trial, warp.inverse(mean), (high - low) / 2)


def _chosen_by_hedge(optimizer: Optimizer, request: ProposalRequest, space: Space) -> Point | None:
    """Return what gp_hedge chose among the points of its three acquisition functions; None without gp_hedge."""
    return _plain_point(space, optimizer.ask()) if request.search.acquisition is Acquisition.HEDGE else None


def _hedge_state(optimizer: Optimizer, request: ProposalRequest) -> HedgeState | None:
    if request.search.acquisition is not Acquisition.HEDGE:
        return None
    return HedgeState(
        gains=tuple(float(gain) if np.isfinite(gain) else 0.0 for gain in optimizer.gains_),
        candidates=tuple(tuple(float(u) for u in np.ravel(x)) for x in optimizer.next_xs_),
    )


def dimension(name: str, given: Range) -> Dimension:
    """Return a new dimension; skopt changes those that it is given. Levels go by their places."""
    levels = levels_of(given)
    match given:
        case Choices(values=values):
            return Categorical(list(values), name=name)
        # Not normalised, log-uniform integers would always be proposed at their upper bound by tree surrogates.
        case _ if levels is not None:
            return Integer(0, len(levels) - 1, transform="normalize", name=name)
        case FloatRange(low=low, high=high, scale=scale):
            return Real(low, high, prior=_prior(scale), transform="normalize", name=name)
        case IntegerRange(low=low, high=high, scale=scale):
            return Integer(low, high, prior=_prior(scale), transform="normalize", name=name)
        case _:
            raise AssertionError(given)


def _prior(scale: Scale) -> str:
    return "log-uniform" if scale is Scale.LOG else "uniform"


def _skopt_point(space: Space, point: Mapping[str, Value]) -> list[Value]:
    """Return a point as skopt takes it: levels by their places, what does not apply in the middle.

    ValueError if there is no such level.
    """
    values: list[Value] = []
    for name, axis in space.axes.items():
        value = point.get(name, axis.middle)
        values.append(value if axis.levels is None or isinstance(axis.given, Choices) else axis.levels.index(value))
    return values


def _plain_point(space: Space, values: list[Any]) -> Point:
    """Return a skopt point as plain Python values: NumPy's would become blobs in SQLite and errors in Keras."""
    point: Point = {}
    for (name, given), value in zip(space.ranges.items(), values, strict=True):
        levels = levels_of(given)
        match given:
            case Choices():
                point[name] = str(value)
            case _ if levels is not None:
                point[name] = levels[min(len(levels) - 1, max(0, int(value)))]
            case FloatRange(low=low, high=high):
                point[name] = min(high, max(low, float(value)))
            case IntegerRange(low=low, high=high):
                point[name] = min(high, max(low, int(value)))
    return applying(point, space.conditions)
