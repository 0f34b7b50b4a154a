"""How well results are predicted from the others, compared with fits without them."""

from collections.abc import Callable, Mapping

import msgspec
import numpy as np
import pytest

from core.analysis.findings.explains_little import is_trusted
from core.analysis.fitted import Fitted, NothingToTell
from core.analysis.questions import TrustQuestion
from core.analysis.trust import RELEARNT, r2, r2_interval, trust
from core.parameters import Value
from core.search.gaussian_process import GaussianProcess, Posterior
from core.search.proposal import Observation
from core.search.settings import Surrogate
from core.search.warping import imputed_objectives
from tests.core.analysis.made_requests import SIX, TWO, bowl, request


@pytest.mark.parametrize("count", [15, 70])
def test_that_each_result_is_predicted_without_it(count: int) -> None:
    asked = request(TWO, count, noise=0.5)
    found, process = trust(TrustQuestion(asked)), Fitted(asked)
    model = process.surrogate.model
    assert isinstance(model, GaussianProcess)
    costs = process.warp(imputed_objectives(asked.observations))
    columns = np.array(process.encoding.parameters)
    for one in range(15):
        others, part = np.arange(count) != one, np.arange(count) % 10 == one % 10
        told = GaussianProcess(process.encoding.parameters).fit(process.inputs[~part], costs[~part])
        learnt = (told if count < RELEARNT else model).hyperparameters_
        without = Posterior(process.inputs[others], costs[others], columns, learnt)
        (mean,), (deviation,) = without.moments(process.inputs[[one]])
        spread = np.sqrt(deviation**2 + learnt.noise + 1e-6)
        assert found.scale_predicted[one] == pytest.approx(mean)
        assert found.scale_low[one] == pytest.approx(mean - 1.959964 * spread)
        assert found.scale_high[one] == pytest.approx(mean + 1.959964 * spread)
        assert found.scale_observed[one] == pytest.approx(costs[one])
        assert found.observed[one] == asked.observations[one].objective


def test_that_what_can_be_predicted_is_and_noise_is_not() -> None:
    good = trust(TrustQuestion(request(TWO, 40)))
    assert good.r2 > 0.9
    assert good.r2_low <= good.r2 <= good.r2_high
    rng = np.random.default_rng(0)
    bad = trust(TrustQuestion(request(TWO, 40, lambda _: float(rng.standard_normal()))))
    assert bad.r2 < 0.2
    assert bad.r2_high - bad.r2_low > good.r2_high - good.r2_low
    assert bad.inside >= 34


def test_that_noise_is_hardly_ever_taken_for_an_effect_and_an_effect_is_found() -> None:
    def trusted(cost: Callable[[Mapping[str, Value]], float], noise: float) -> int:
        asked = (request(TWO, 20, cost, noise=noise, seed=seed) for seed in range(10))
        return sum(is_trusted(trust(TrustQuestion(each))) for each in asked)

    assert trusted(lambda _: 15.0, 1.0) <= 1
    assert trusted(bowl, 0.3) >= 9


@pytest.mark.parametrize("surrogate", list(Surrogate))
def test_that_failed_and_skipped_trials_are_not_judged(surrogate: Surrogate) -> None:
    def cost(point: Mapping[str, Value]) -> float | None:
        found = bowl(point)
        return None if found > 20 else found

    asked = request(TWO, 30, cost, surrogate=surrogate)
    last = asked.observations[-1]
    skipped = Observation(last.trial, last.values, 30.0, skipped=True)
    asked = msgspec.structs.replace(asked, observations=(*asked.observations[:-1], skipped))
    found = trust(TrustQuestion(asked))
    assert list(found.trials) == [o.trial for o in asked.observations if o.objective is not None and not o.skipped]
    assert {len(part) for part in (found.observed, found.predicted, found.scale_low)} == {len(found.trials)}


@pytest.mark.parametrize("surrogate", [Surrogate.RANDOM_FOREST, Surrogate.EXTRA_TREES, Surrogate.GRADIENT_BOOSTING])
def test_that_trees_are_judged_by_trees_that_were_not_told(surrogate: Surrogate) -> None:
    found = trust(TrustQuestion(request(SIX, 60, surrogate=surrogate)))
    told = Fitted(request(SIX, 60, surrogate=surrogate))
    by_heart = r2(np.array(found.scale_observed), told.told.mean(told.inputs))
    assert 0.2 < found.r2 < by_heart


def test_that_trust_does_not_depend_on_what_is_under_way() -> None:
    asked = request(TWO, 20)
    busy = msgspec.structs.replace(asked, pending=({"rate": 0.01, "units": 3},))
    assert trust(TrustQuestion(asked)) == trust(TrustQuestion(busy))


def test_that_equal_results_leave_nothing_to_predict() -> None:
    asked = request(TWO, 12, lambda _: 1.0, noise=0.0)
    last = asked.observations[-1]
    guessed = Observation(last.trial, last.values, 5.0, skipped=True)
    asked = msgspec.structs.replace(asked, observations=(*asked.observations[:-1], guessed))
    with pytest.raises(NothingToTell, match="no difference to predict"):
        trust(TrustQuestion(asked))


def test_that_the_interval_of_r2_holds_it_and_is_the_same_again() -> None:
    rng = np.random.default_rng(0)
    observed = rng.standard_normal(30)
    predicted = observed + 0.7 * rng.standard_normal(30)
    low, high = r2_interval(observed, predicted, 5)
    assert low < float(r2(observed, predicted)) < high
    assert (low, high) == r2_interval(observed, predicted, 5)
    assert float(r2(np.ones(4), np.zeros(4))) == 0.0
