"""Two rules that tell the noise of training from the surrogate, tried and not used: too often they are wrong."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.progress import StudyProgress
from core.search.gaussian_process import NOISE, GaussianProcess, Prior, _matern, _squared_distances
from core.search.proposal import Observation, ProposalRequest
from core.search.surrogate import fit, quietly
from core.search.warping import imputed_objectives
from core.trial_progress import TrialProgress

Array = NDArray[np.float64]

EXPLAINED = 0.92
"""Which share of the variance must be predicted when each trial is left out. The best condition that seeds 0 to 4 show:
where trials are predicted badly, the noise is not to be told from the slopes."""
_WIDER = Prior(NOISE.mean, 1.5)
_VARIANCES = np.exp(np.linspace(np.log(1e-6), 0, 400))


class Estimate(NamedTuple):
    """The standard deviation of a training near the best trial by either rule, and the share that is `explained`.

    `learnt`: the noise that the surrogate has learnt. `wider`: that noise learnt again alone, with a prior that lets
    the trials say more. Both are converted from warped costs to the objective's unit at the best cost.
    """

    learnt: float
    wider: float
    explained: float


def estimate(progress: StudyProgress) -> Estimate:
    """Return what the rules say of a study without skipped trials from what is known before its last trial."""
    *told, _last = progress.trials.values()
    observations = tuple(_observation(progress, trial) for trial in told)
    settings, space = progress.settings, progress.settings.model.space
    with quietly():
        surrogate = fit(
            ProposalRequest(
                space.given,
                settings.search,
                settings.seed,
                len(told) + 1,
                observations,
                conditions=space.conditions,
                rules=space.rules,
            )
        )
    process, warp = surrogate.model, surrogate.warp
    assert isinstance(process, GaussianProcess)
    costs = warp(imputed_objectives(observations))
    weighted = surrogate.encoding.inputs(surrogate.told) / process.hyperparameters_.scales[process._columns()]
    values, vectors = np.linalg.eigh(_matern(_squared_distances(weighted, weighted))[0])
    best = costs.min(keepdims=True)

    def in_own_unit(variance: float) -> float:
        half = np.sqrt(variance)
        return float((warp.inverse(best + half) - warp.inverse(best - half))[0] / 2)

    learnt = process.hyperparameters_.noise
    return Estimate(
        in_own_unit(learnt), in_own_unit(_likeliest(values, vectors, costs)), _explained(values, vectors, costs, learnt)
    )


def _observation(progress: StudyProgress, trial: TrialProgress) -> Observation:
    values = {name: trial.values[name] for name in progress.settings.varied if name in trial.values}
    return Observation(
        trial.number, values, None if trial.objective is None else progress.objective.cost(trial.objective)
    )


def _likeliest(values: Array, vectors: Array, costs: Array) -> float:
    """Return the noise's variance that is likeliest where the length scales stay as they are."""
    variances = np.maximum(values, 0) + _VARIANCES[:, None]
    unlikely = ((vectors.T @ costs) ** 2 / variances + np.log(variances)).sum(axis=1)
    unlikely += ((np.log(_VARIANCES) - _WIDER.mean) / _WIDER.deviation) ** 2
    return float(_VARIANCES[np.argmin(unlikely)])


def _explained(values: Array, vectors: Array, costs: Array, noise: float) -> float:
    """Return the share of the costs' variance that is predicted when each is left out, of at most 1."""
    inverse = (vectors / (values + noise)) @ vectors.T
    errors = inverse @ costs / np.diag(inverse)
    return float(1 - (errors**2).sum() / ((costs - costs.mean()) ** 2).sum())
