"""The surrogate: its arithmetic against finite differences and scikit-learn's."""

import numpy as np
import pytest
from scipy.optimize import check_grad
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern, WhiteKernel

from core.search.gaussian_process import LEARNT, Evidence, GaussianProcess, Posterior, selection

RNG = np.random.default_rng(0)
INPUTS = np.column_stack([RNG.random((25, 2)), np.eye(3)[RNG.integers(3, size=25)]])
PARAMETERS = (0, 1, 2, 2, 2)
OBJECTIVES = np.sin(5 * INPUTS[:, 0]) + INPUTS[:, 2] + 0.05 * RNG.standard_normal(25)
OBJECTIVES = (OBJECTIVES - OBJECTIVES.mean()) / OBJECTIVES.std()
ELSEWHERE = np.column_stack([RNG.random((9, 2)), np.eye(3)[RNG.integers(3, size=9)]])


def fitted(pending: np.ndarray | None = None) -> GaussianProcess:
    return GaussianProcess(PARAMETERS, pending).fit(INPUTS, OBJECTIVES)


@pytest.mark.parametrize("priors", [True, False])
def test_that_the_gradient_of_the_evidence_is_its_gradient(priors: bool) -> None:
    evidence = Evidence(INPUTS, OBJECTIVES, np.array(PARAMETERS), priors=priors)
    at = np.array([-0.5, 0.3, 0.8, -3.0])
    assert check_grad(lambda x: evidence(x)[0], lambda x: evidence(x)[1], at) < 1e-4


def test_that_the_fit_is_a_maximum_of_the_posterior() -> None:
    evidence = Evidence(INPUTS, OBJECTIVES, np.array(PARAMETERS), priors=True)
    found = fitted().hyperparameters_
    logarithms = np.log(np.append(found.scales, found.noise))
    assert np.abs(evidence(logarithms)[1]).max() < 0.01


def test_that_mean_and_deviation_are_those_of_scikit_learn() -> None:
    ours = fitted()
    found = ours.hyperparameters_
    kernel = Matern(found.scales[list(PARAMETERS)], nu=2.5) + WhiteKernel(found.noise + 1e-6)
    theirs = GaussianProcessRegressor(kernel, optimizer=None, alpha=0).fit(INPUTS, OBJECTIVES)
    mean, deviation = theirs.predict(ELSEWHERE, return_std=True)
    variance_without_noise = deviation**2 - found.noise - 1e-6
    assert ours.predict(ELSEWHERE) == pytest.approx(mean)
    assert ours.predict(ELSEWHERE, return_std=True)[1] ** 2 == pytest.approx(variance_without_noise)


def test_that_the_gradients_of_mean_and_deviation_are_theirs() -> None:
    surrogate, at = fitted(), ELSEWHERE[0]
    *_, mean_gradient, deviation_gradient = surrogate.predict(
        at[None], return_std=True, return_mean_grad=True, return_std_grad=True
    )
    for which, gradient in enumerate((mean_gradient, deviation_gradient)):
        difference = check_grad(
            lambda x, which=which: surrogate.predict(x[None], return_std=True)[which][0],
            lambda _, gradient=gradient: gradient,
            at,
        )
        assert difference < 1e-5


def test_that_points_under_way_lower_the_deviation_there_and_leave_the_mean() -> None:
    alone, with_pending = fitted(), fitted(ELSEWHERE[:2])
    assert with_pending.predict(ELSEWHERE) == pytest.approx(alone.predict(ELSEWHERE), abs=1e-3)
    before, after = (s.predict(ELSEWHERE, return_std=True)[1] for s in (alone, with_pending))
    assert (after[:2] < 0.7 * before[:2]).all()
    assert with_pending.told_.moments(ELSEWHERE)[1] == pytest.approx(before)


def test_that_a_parameter_without_influence_gets_a_long_length_scale() -> None:
    scales = fitted().hyperparameters_.scales
    assert scales[1] > 2 * scales[0]


def test_that_a_selection_holds_the_best_the_latest_and_some_of_the_rest() -> None:
    objectives = np.random.default_rng(1).random(1000)
    chosen = selection(objectives, LEARNT)
    assert len(chosen) == len(set(chosen.tolist())) == LEARNT
    assert sorted(chosen.tolist()) == chosen.tolist()
    assert set(np.argsort(objectives)[:100].tolist()) <= set(chosen.tolist())
    assert set(range(900, 1000)) <= set(chosen.tolist())
    assert np.histogram(chosen, bins=10, range=(0, 1000))[0].min() > 5
    assert selection(objectives[:50], LEARNT).tolist() == list(range(50))


def test_that_more_points_than_are_learnt_from_still_count_in_the_posterior() -> None:
    rng = np.random.default_rng(2)
    inputs = rng.random((2 * LEARNT, 1))
    surrogate = GaussianProcess((0,)).fit(inputs, np.sin(9 * inputs[:, 0]))
    at = rng.random((20, 1))
    assert surrogate.predict(at) == pytest.approx(np.sin(9 * at[:, 0]), abs=0.05)


def jointly(surrogate: GaussianProcess, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance at the points, without noise, as scikit-learn computes them."""
    found = surrogate.hyperparameters_
    kernel = Matern(found.scales[list(PARAMETERS)], nu=2.5)
    theirs = GaussianProcessRegressor(kernel, optimizer=None, alpha=found.noise + 1e-6).fit(INPUTS, OBJECTIVES)
    mean, covariance = theirs.predict(points, return_cov=True)
    return mean, covariance


def test_that_means_over_points_are_believed_as_their_joint_belief_says() -> None:
    surrogate = fitted()
    weights = RNG.random((3, 3))
    weights /= weights.sum(axis=1, keepdims=True)
    averages = surrogate.told_.averages(weights, ELSEWHERE.reshape(3, 3, -1))
    mean, covariance = jointly(surrogate, ELSEWHERE)
    spread = np.zeros((3, 9))
    for row in range(3):
        spread[row, 3 * row : 3 * row + 3] = weights[row]
    expected = spread @ covariance @ spread.T
    assert averages.mean == pytest.approx(spread @ mean)
    assert averages.deviation**2 == pytest.approx(np.diag(expected))
    assert averages.covariance(1) == pytest.approx(expected[1])


def test_that_a_mean_of_one_point_is_the_belief_there_and_a_part_is_the_whole_of_its_points() -> None:
    surrogate = fitted()
    alone = surrogate.told_.averages(np.ones((9, 1)), ELSEWHERE[:, None])
    mean, deviation = surrogate.told_.moments(ELSEWHERE)
    covariance = jointly(surrogate, ELSEWHERE)[1]
    assert alone.mean == pytest.approx(mean)
    assert alone.deviation == pytest.approx(deviation)
    variances = np.diag(covariance)
    assert alone.deviation_from(4) ** 2 == pytest.approx(variances + variances[4] - 2 * covariance[4], abs=1e-9)
    part = alone.part(slice(3, 6))
    assert part.deviation_from(1) == pytest.approx(alone.deviation_from(4)[3:6])


def test_that_a_point_left_out_is_predicted_as_if_it_had_never_been_told() -> None:
    surrogate = fitted()
    mean, deviation = surrogate.told_.left_out()
    for one in range(len(INPUTS)):
        others = np.arange(len(INPUTS)) != one
        without = Posterior(INPUTS[others], OBJECTIVES[others], np.array(PARAMETERS), surrogate.hyperparameters_)
        (expected,), (spread,) = without.moments(INPUTS[[one]])
        assert mean[one] == pytest.approx(expected)
        assert deviation[one] ** 2 == pytest.approx(spread**2 + surrogate.hyperparameters_.noise + 1e-6)


def test_that_points_are_the_more_alike_the_nearer_they_are() -> None:
    told = fitted().told_
    moved = INPUTS.copy()
    moved[:, 0] += 0.1
    assert told.likeness(INPUTS, INPUTS) == pytest.approx(np.ones(25))
    assert (told.likeness(moved, INPUTS) < 1).all()


def test_that_hyperparameters_that_were_learnt_before_are_not_learnt_again() -> None:
    first = fitted()
    learnt = np.append(first.hyperparameters_.scales, first.hyperparameters_.noise)
    again = GaussianProcess(PARAMETERS, ELSEWHERE[:2], learnt=learnt).fit(INPUTS, OBJECTIVES)
    assert again.told_.mean(ELSEWHERE).tolist() == first.told_.mean(ELSEWHERE).tolist()


def test_that_told_points_are_told_apart_by_their_joint_belief() -> None:
    surrogate = fitted()
    above, deviation = surrogate.told_.told_apart(7)
    mean, covariance = jointly(surrogate, INPUTS)
    variances = np.diag(covariance)
    assert above == pytest.approx(mean - mean[7])
    assert deviation**2 == pytest.approx(variances + variances[7] - 2 * covariance[7], abs=1e-7)
