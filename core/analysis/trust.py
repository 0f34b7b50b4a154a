"""The answer about trust: how well each result is predicted from the others."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import TrustAnswer
from core.analysis.fitted import TWO_SIDED, Fitted, NothingToTell, fitted, numbers
from core.analysis.questions import TrustQuestion
from core.search.gaussian_process import Array, GaussianProcess, Posterior
from core.search.surrogate import fit, quietly
from core.search.warping import imputed_objectives

RESAMPLES = 1000
"""The number of times that the results are drawn anew, with replacement, for the interval of R²."""
_AT_ONCE = 100
_PARTS = 10
"""What is learnt anew is learnt without each of so many parts of the trials: without each trial would take too long."""
RELEARNT = 60
"""Below so many observations the hyperparameters are learnt anew: those of all know the results too well."""


def trust(question: TrustQuestion) -> TrustAnswer:
    """Return how well each result is predicted; trials without a result, and guesses, only help to predict.

    Raises NothingToTell, and the errors of `core.search.surrogate.fit`.
    """
    with quietly():
        found = fitted(question.request)
        costs = imputed_objectives(found.observations)
        told = np.array([o.objective is not None and not o.skipped for o in found.observations])
        if np.ptp(costs[told]) == 0 if told.any() else True:
            raise NothingToTell("All results are equal so far, so there is no difference to predict")
        observed = found.warp(costs)[told]
        predicted, deviation = (part[told] for part in _left_out(found))
        low, high = predicted - TWO_SIDED * deviation, predicted + TWO_SIDED * deviation
        r2_low, r2_high = r2_interval(observed, predicted, question.request.seed)
        return TrustAnswer(
            trials=tuple(o.trial for o, kept in zip(found.observations, told.tolist(), strict=True) if kept),
            observed=numbers(costs[told]),
            predicted=numbers(found.unit(predicted)),
            low=numbers(found.unit(low)),
            high=numbers(found.unit(high)),
            scale_observed=numbers(observed),
            scale_predicted=numbers(predicted),
            scale_low=numbers(low),
            scale_high=numbers(high),
            r2=float(r2(observed, predicted)),
            r2_low=r2_low,
            r2_high=r2_high,
            inside=int(np.sum((low <= observed) & (observed <= high))),
        )


def r2(observed: Array, predicted: Array) -> NDArray[np.float64]:
    """Return the share of the differences that the predictions explain, along the last axis; 0 without differences."""
    left = ((observed - predicted) ** 2).sum(axis=-1)
    total = ((observed - observed.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
    return np.asarray(np.where(total > 0, 1 - left / np.where(total > 0, total, 1), 0.0))


def r2_interval(observed: Array, predicted: Array, seed: int) -> tuple[float, float]:
    """Return the 90 % interval of R² by bootstrap over the results; the same for the same seed."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, len(observed)]))
    found = []
    for _ in range(RESAMPLES // _AT_ONCE):
        drawn = rng.integers(len(observed), size=(_AT_ONCE, len(observed)))
        found.append(r2(observed[drawn], predicted[drawn]))
    low, high = np.quantile(np.concatenate(found), [0.05, 0.95])
    return float(low), float(high)


def _left_out(found: Fitted) -> tuple[Array, Array]:
    """Return mean and deviation of each warped cost, noise included, as predicted without it."""
    model = found.surrogate.model
    if not isinstance(found.told, Posterior) or not isinstance(model, GaussianProcess):
        return _by_parts(found)
    return found.told.left_out() if len(found.observations) >= RELEARNT else _relearnt(found, model)


def _relearnt(found: Fitted, model: GaussianProcess) -> tuple[Array, Array]:
    """Return what is predicted from all others with hyperparameters that know nothing of the trial's part."""
    count, columns = len(found.observations), np.array(found.encoding.parameters)
    costs = found.warp(imputed_objectives(found.observations))
    predicted, deviation = np.zeros(count), np.ones(count)
    for part in range(min(_PARTS, count)):
        out = np.arange(count) % _PARTS == part
        learner = GaussianProcess(found.encoding.parameters, priors=model.priors).fit(found.inputs[~out], costs[~out])
        left_out = Posterior(found.inputs, costs, columns, learner.hyperparameters_).left_out()
        predicted[out], deviation[out] = left_out[0][out], left_out[1][out]
    return predicted, deviation


def _by_parts(found: Fitted) -> tuple[Array, Array]:
    """Return what trees predict that were fitted without the part of the trials to which each one belongs."""
    request, count = msgspec.structs.replace(found.surrogate.request, pending=()), len(found.observations)
    predicted, deviation = np.zeros(count), np.ones(count)
    costs = found.warp(imputed_objectives(found.observations))
    for part in range(min(_PARTS, count)):
        out = np.arange(count) % _PARTS == part
        others = tuple(o for o, left in zip(request.observations, out.tolist(), strict=True) if not left)
        kept = [o.objective for o in others if o.objective is not None]
        if len(set(kept)) < 2:  # nothing to be fitted to
            predicted[out] = costs[~out].mean() if (~out).any() else 0.0
            continue
        surrogate = fit(msgspec.structs.replace(request, observations=others))
        mean, spread = surrogate.model.predict(found.inputs[out], return_std=True)
        # Each part has a warp of its own: through the unit the predictions come to the scale of all.
        ends = [found.warp(surrogate.warp.in_proportion(mean + step * spread)) for step in (-1, 0, 1)]
        predicted[out], deviation[out] = ends[1], np.maximum((ends[2] - ends[0]) / 2, 1e-12)
    return predicted, deviation
