"""The noise of training that the surrogate tells of: how large, when, and in which unit."""

import math

import msgspec
import numpy as np
import pytest

from core.parameters import FloatRange, IntegerRange, Range, Scale
from core.search.noise import ENOUGH, explained
from core.search.proposal import Observation, ProposalRequest
from core.search.propose import propose
from core.search.settings import SearchSettings
from core.search.surrogate import fit, quietly

RANGES: dict[str, Range] = {"rate": FloatRange(1e-4, 1e-1, Scale.LOG), "units": IntegerRange(1, 100)}
EMPTY = ProposalRequest(RANGES, SearchSettings(), 0, 41, ())
NOISE = 0.1


def request(trials: int = 40, *, steep: float = 1.0, unit: float = 1.0, seed: int = 0) -> ProposalRequest:
    """Return what is asked after so many trials of a smooth cost, whose results have noise."""
    rng = np.random.default_rng(seed)
    points = [EMPTY.space.decode(units) for units in rng.random((trials, 2)).tolist()]

    def result(rate: float, size: float) -> float:
        cost = 15 + steep * ((math.log10(rate) + 2) ** 2 + ((size - 30) / 50) ** 2)
        return unit * (cost + rng.normal(0, NOISE))

    results = [result(float(point["rate"]), float(point["units"])) for point in points]
    told = tuple(Observation(n, p, r) for n, (p, r) in enumerate(zip(points, results, strict=True), 1))
    return msgspec.structs.replace(EMPTY, observations=told)


def noise(asked: ProposalRequest) -> float | None:
    belief = propose(asked).belief
    assert belief is not None
    return belief.noise


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_that_the_noise_is_told_in_the_unit_of_the_costs(unit: float) -> None:
    told = noise(request(unit=unit))
    assert type(told) is float
    assert unit * NOISE / 2 < told < unit * NOISE * 2


def test_that_nothing_is_told_of_few_trials() -> None:
    assert noise(request(ENOUGH - 1)) is None
    assert noise(request(ENOUGH)) is not None


def test_that_nothing_is_told_where_trials_are_predicted_badly() -> None:
    assert noise(request(steep=0.05)) is None


def test_that_an_estimate_changes_no_proposal(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = request()
    proposed = propose(asked)
    monkeypatch.setattr("core.search.surrogate.noise_seen_by", lambda _process: None)
    without = propose(asked)
    assert without.point == proposed.point
    assert proposed.belief is not None
    assert without.belief == msgspec.structs.replace(proposed.belief, noise=None)


def test_that_what_is_explained_is_what_each_trial_is_predicted_by_the_others() -> None:
    asked = request(16)
    with quietly():
        process = fit(asked)._model
    covariance, objectives = process.learnt()
    noisy = covariance + process.hyperparameters_.noise * np.eye(16)
    errors = []
    for left in range(16):
        others = np.delete(np.arange(16), left)
        weights = np.linalg.solve(noisy[np.ix_(others, others)], objectives[others])
        errors.append(objectives[left] - covariance[left, others] @ weights)
    share = 1 - np.sum(np.square(errors)) / np.sum((objectives - objectives.mean()) ** 2)
    values, vectors = np.linalg.eigh(covariance)
    assert explained(values, vectors, objectives, process.hyperparameters_.noise) == pytest.approx(share)
