"""Bayesian optimisation by skopt: the one module that knows skopt, its faults and the ways round them."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.preprocessing import power_transform
from sklearn.utils import RegressorTags
from skopt import Optimizer
from skopt.acquisition import _gaussian_acquisition
from skopt.learning import GradientBoostingQuantileRegressor
from skopt.space import Categorical, Dimension, Integer, Real
from threadpoolctl import threadpool_limits

from core.events import HedgeState
from core.parameters import Choices, FloatRange, IntegerRange, Range, Scale, Value
from core.search.request import Observation, ProposalRequest
from core.settings import Acquisition, Surrogate
from core.space import Point, Space

CANDIDATES = 1000
"""Random points among which the acquisition function is maximised first. More cost time and gained nothing."""
TAIL = 5.0
"""Objectives that lie above the median by more than this many times the median's height above the best are cut."""


def propose_by_surrogate(
    request: ProposalRequest, space: Space, seen: set[tuple[Value, ...]]
) -> tuple[Point | None, HedgeState | None]:
    """Fit the surrogate to all observations; return the unseen point that the acquisition function likes best.

    The point is None when no unseen one was among the candidates. At least two observations must have different
    objectives.
    """
    seeds = np.random.SeedSequence([request.seed, request.number]).generate_state(4)
    rng = np.random.RandomState(seeds)
    # Small matrices: more threads only spin, and would take the trainer's core.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about convergence of a fit that is good enough
        optimizer = _make_optimizer(request, space, rng)
        if request.search.acquisition is Acquisition.HEDGE and request.hedge is not None:
            optimizer.gains_ = np.array(request.hedge.gains)
            optimizer.next_xs_ = [np.array(candidate) for candidate in request.hedge.candidates]
        points = [list(space.key(o.values)) for o in request.observations]
        optimizer.tell(points, warped_objectives(request.observations).tolist())
        point = _plain_point(space, optimizer.ask())
        found = _best_unseen(optimizer, space, seen, rng) if space.key(point) in seen else point
    return found, _hedge_state(optimizer) if request.search.acquisition is Acquisition.HEDGE else None


def warped_objectives(observations: tuple[Observation, ...]) -> NDArray[np.float64]:
    """Return what the surrogate is told: one finite number per observation, mean 0 and variance 1 over all.

    Failed trials count as the worst that was seen. The bad tail is cut and the rest made as normal as a
    Yeo-Johnson transform can, as in HEBO (Cowen-Rivers et al., arXiv 2012.03826): a surrogate that has to bend
    round one loss of 1e9 sees no difference between 15 and 16.
    """
    finite = np.array([o.objective for o in observations if o.objective is not None])
    worst = finite.max()
    given = np.array([worst if o.objective is None else o.objective for o in observations])
    best, median = finite.min(), float(np.median(finite))
    limit = median + TAIL * (median - best)
    if limit > best:
        given = np.minimum(given, limit)
    spread = given.std()
    if not spread > 0:
        return np.zeros_like(given)
    scaled = ((given - given.mean()) / spread)[:, None]
    return np.asarray(power_transform(scaled, method="yeo-johnson", standardize=True))[:, 0]


def _make_optimizer(request: ProposalRequest, space: Space, rng: np.random.RandomState) -> Optimizer:
    search = request.search
    return Optimizer(
        [_dimension(name, given) for name, given in space.ranges.items()],
        base_estimator=_quantile_trees(rng)
        if search.surrogate is Surrogate.GRADIENT_BOOSTING
        else search.surrogate.upper(),
        n_initial_points=1,
        acq_func=str(search.acquisition),
        acq_func_kwargs={"xi": search.xi, "kappa": search.kappa},
        acq_optimizer_kwargs={"n_points": CANDIDATES},
        model_queue_size=1,
        avoid_duplicates=False,  # its own replacement is a random point, not checked again
        random_state=rng,
    )


def _dimension(name: str, given: Range) -> Dimension:
    """Return a new dimension; skopt changes those that it is given."""
    match given:
        # Not normalised, log-uniform integers would always be proposed at their upper bound by tree surrogates.
        case FloatRange(low=low, high=high, scale=scale):
            return Real(low, high, prior=_prior(scale), transform="normalize", name=name)
        case IntegerRange(low=low, high=high, scale=scale):
            return Integer(low, high, prior=_prior(scale), transform="normalize", name=name)
        case Choices(values=values):
            return Categorical(list(values), name=name)
        case _:
            raise AssertionError(given)


def _prior(scale: Scale) -> str:
    return "log-uniform" if scale is Scale.LOG else "uniform"


def _plain_point(space: Space, values: list[Any]) -> Point:
    """Return a skopt point as plain Python values: NumPy's would become blobs in SQLite and errors in Keras."""
    point: Point = {}
    for (name, given), value in zip(space.ranges.items(), values, strict=True):
        match given:
            case FloatRange(low=low, high=high):
                point[name] = min(high, max(low, float(value)))
            case IntegerRange(low=low, high=high):
                point[name] = min(high, max(low, int(value)))
            case _:
                point[name] = str(value)
    return point


def _best_unseen(
    optimizer: Optimizer, space: Space, seen: set[tuple[Value, ...]], rng: np.random.RandomState
) -> Point | None:
    """Return the unseen one of many random points that the acquisition function likes best."""
    drawn = optimizer.space.rvs(n_samples=CANDIDATES, random_state=rng)
    acquisition = optimizer.acq_func
    values = _gaussian_acquisition(
        optimizer.space.transform(drawn),
        optimizer.models[-1],
        np.min(optimizer.yi),
        acq_func="EI" if acquisition == "gp_hedge" else acquisition,
        acq_func_kwargs=optimizer.acq_func_kwargs,
    )
    ranked = (_plain_point(space, drawn[index]) for index in np.argsort(values, kind="stable"))
    return space.first_unseen(ranked, seen)


def _hedge_state(optimizer: Optimizer) -> HedgeState:
    return HedgeState(
        gains=tuple(float(gain) if np.isfinite(gain) else 0.0 for gain in optimizer.gains_),
        candidates=tuple(tuple(float(u) for u in np.ravel(x)) for x in optimizer.next_xs_),
    )


class _QuantileTrees(GradientBoostingQuantileRegressor):  # type: ignore[misc]
    """skopt's gradient-boosted quantile trees, mended.

    scikit-learn 1.6 and later do not recognise skopt's class as a regressor, because its bases stand in the wrong
    order, and its `predict` calls a function that NumPy 2.4 no longer has.
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor"
        tags.regressor_tags = RegressorTags()
        return tags

    def predict(self, X: Any, return_std: bool = False, return_quantiles: bool = False) -> Any:  # noqa: N803
        by_quantile = np.asarray([regressor.predict(X) for regressor in self.regressors_])
        if return_quantiles:
            return by_quantile.T
        low, middle, high = (by_quantile[list(self.quantiles).index(q)] for q in (0.16, 0.5, 0.84))
        return (middle, (high - low) / 2) if return_std else middle


def _quantile_trees(rng: np.random.RandomState) -> _QuantileTrees:
    trees = GradientBoostingRegressor(n_estimators=30, loss="quantile")
    return _QuantileTrees(base_estimator=trees, random_state=rng.randint(2**31 - 1))
