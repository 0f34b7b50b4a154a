"""The belief along each parameter, compared with the belief computed point by point."""

import math
from collections.abc import Mapping

import msgspec
import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern

from core.analysis.answers import BeliefAnswer, Slice
from core.analysis.beliefs import belief
from core.analysis.fitted import Fitted
from core.analysis.questions import BeliefQuestion
from core.parameters import FloatRange, IntegerRange, Range, Value
from core.rules import Relation, Rule
from core.search.gaussian_process import GaussianProcess
from core.search.proposal import ProposalRequest
from core.search.settings import Surrogate
from core.search.warping import imputed_objectives
from tests.core.analysis.made_requests import ALL_SPACES, CONDITIONAL, SIX, TWO, WITH_SGD, bowl, in_unit, request


def answer(asked: ProposalRequest, through: dict[str, Value] | None = None, *, averaged: bool = False) -> BeliefAnswer:
    return belief(BeliefQuestion(asked, through, averaged))


def slice_of(found: BeliefAnswer, name: str) -> Slice:
    return next(one for one in found.slices if one.parameter == name)


def process(fitted: Fitted) -> tuple[GaussianProcessRegressor, np.ndarray]:
    """Return scikit-learn's process with the same hyperparameters, and what it is told."""
    model = fitted.surrogate.model
    assert isinstance(model, GaussianProcess)
    scales, noise = model.hyperparameters_
    kernel = Matern(scales[list(fitted.encoding.parameters)], nu=2.5)
    costs = fitted.warp(imputed_objectives(fitted.observations))
    return GaussianProcessRegressor(kernel, optimizer=None, alpha=noise + 1e-6).fit(fitted.inputs, costs), costs


@pytest.mark.parametrize("space", list(ALL_SPACES))
def test_that_a_slice_is_the_belief_at_each_of_its_points(space: str) -> None:
    ranges, conditions = ALL_SPACES[space]
    asked = request(ranges, conditions=conditions)
    found, fitted = answer(asked), Fitted(asked)
    for one in found.slices:
        points = [{**found.through, one.parameter: value} for value in one.values]
        points = [fitted.point(point)[0] for point in points]
        if not points:
            assert one.parameter not in found.through
            continue
        mean, deviation = in_unit(fitted, points)
        assert one.band.mean == pytest.approx(mean)
        half = (np.array(one.band.above) - one.band.below) / 2
        assert half == pytest.approx(deviation)
        ordered = zip(one.band.low, one.band.below, one.band.mean, one.band.above, one.band.high, strict=True)
        assert all(list(numbers) == sorted(numbers) for numbers in ordered)


@pytest.mark.parametrize("space", list(ALL_SPACES))
def test_that_values_are_as_good_as_the_best_by_the_difference_of_both(space: str) -> None:
    ranges, conditions = ALL_SPACES[space]
    asked = request(ranges, conditions=conditions)
    found, fitted = answer(asked), Fitted(asked)
    theirs, _ = process(fitted)
    for one in found.slices:
        points = [fitted.point({**found.through, one.parameter: value})[0] for value in one.values]
        if not points:
            continue
        mean, covariance = theirs.predict(fitted.inputs_of(points), return_cov=True)
        best = int(np.argmin(mean))
        variances = np.diag(covariance)
        spread = np.sqrt(np.maximum(variances + variances[best] - 2 * covariance[best], 0))
        surely_worse = mean - mean[best] - 1.644854 * spread
        clear = np.abs(surely_worse) > 1e-6
        assert (np.array(one.as_good) == (surely_worse <= 0))[clear].all()
        assert one.as_good[best]


def test_that_a_slice_averaged_over_the_others_is_the_mean_over_them() -> None:
    asked = request(TWO)
    found, fitted = answer(asked, averaged=True), Fitted(asked)
    theirs, _ = process(fitted)
    one = slice_of(found, "rate")
    units = np.random.default_rng(1).random((400, 2))
    for place in (0, 20, 40, 64):
        points = [{**asked.space.decode(unit), "rate": one.values[place]} for unit in units.tolist()]
        mean, covariance = theirs.predict(fitted.inputs_of(points), return_cov=True)
        expected = mean.mean() + 1.959964 * math.sqrt(covariance.mean()) * np.array([-1, 0, 1])
        ours = np.array([one.band.low[place], one.band.mean[place], one.band.high[place]])
        assert ours == pytest.approx(fitted.unit(expected), abs=0.2)


def test_that_where_all_others_are_fixed_a_mean_over_them_is_the_slice() -> None:
    asked = request(ALL_SPACES["one"][0])
    through, averaged = answer(asked).slices[0], answer(asked, averaged=True).slices[0]
    assert averaged.band.mean == pytest.approx(through.band.mean)
    assert averaged.band.low == pytest.approx(through.band.low)
    assert averaged.as_good == through.as_good
    assert averaged.nearness == ()


def test_that_the_values_are_even_on_the_axis_or_all_that_there_are() -> None:
    found = answer(request(SIX))
    rates = np.log([float(value) for value in slice_of(found, "rate").values])
    assert len(rates) == 65
    assert np.diff(rates) == pytest.approx(np.full(64, rates[1] - rates[0]))
    assert slice_of(found, "layers").values == (1, 2, 3)
    assert slice_of(found, "optimiser").values == ("adam", "sgd", "rmsprop")
    assert slice_of(found, "batch_norm").values == (False, True)
    assert slice_of(found, "dropout").values == pytest.approx((0.0, 0.1, 0.2, 0.3, 0.4, 0.5))
    assert len(slice_of(found, "units").values) == 65


def test_that_the_best_rates_are_told_and_end_before_the_axis() -> None:
    one = slice_of(answer(request(TWO, 40)), "rate")
    assert one.told
    assert one.from_ is not None
    assert one.to is not None
    assert 1e-4 < one.from_ < 0.01 < one.to < 1e-1
    good = [value for value, fine in zip(one.values, one.as_good, strict=True) if fine]
    assert one.from_ <= float(good[0])
    assert float(good[-1]) <= one.to


def test_that_nothing_is_told_of_a_parameter_that_does_nothing() -> None:
    one = slice_of(answer(request(SIX, 40)), "dropout")
    assert not one.told
    assert (one.from_, one.to) == (None, None)
    assert one.good_levels == one.values


def test_that_only_good_choices_are_good() -> None:
    def cost(point: Mapping[str, Value]) -> float:
        return bowl(point) + (0 if point["optimiser"] == "sgd" else 8)

    one = slice_of(answer(request(SIX, 60, cost)), "optimiser")
    assert one.told
    assert one.good_levels == ("sgd",)


def test_that_a_parameter_that_does_not_apply_has_no_values_but_trials_have_their_nearness() -> None:
    asked = request(CONDITIONAL, conditions=WITH_SGD)
    adam = answer(asked, through={"rate": 0.01, "optimiser": "adam"})
    one = slice_of(adam, "momentum")
    assert (one.values, one.as_good, one.improvement, one.band.mean) == ((), (), (), ())
    assert len(one.nearness) == len(adam.trials)
    sgd = answer(asked, through={"rate": 0.01, "optimiser": "sgd", "momentum": 0.5})
    assert len(slice_of(sgd, "momentum").values) == 65


def test_that_a_conditional_parameter_is_averaged_where_it_applies() -> None:
    def cost(point: Mapping[str, Value]) -> float:
        return bowl(point) + 5 * float(point.get("momentum", 3.0))

    one = slice_of(answer(request(CONDITIONAL, 60, cost, conditions=WITH_SGD), averaged=True), "momentum")
    assert len(one.values) == 65
    assert one.band.mean[-1] - one.band.mean[0] > 2


def test_that_trials_are_nearest_to_the_slice_that_goes_through_them() -> None:
    asked = request(SIX)
    found = answer(asked)
    place = found.trials.index(found.through_trial or 0)
    for one in found.slices:
        assert one.nearness[place] == pytest.approx(1)
        assert all(0 <= nearness <= 1 for nearness in one.nearness)


@pytest.mark.parametrize("averaged", [False, True])
def test_that_a_value_that_rules_exclude_is_not_good(averaged: bool) -> None:
    ranges = {"rate": FloatRange(0.0, 1.0), "other": FloatRange(0.0, 1.0)}
    below = Rule("rate", Relation("<="), "other")
    asked = request(ranges, 30, lambda point: -float(point["rate"]), rules=(below,))
    found = answer(asked, through=None if averaged else {"rate": 0.25, "other": 0.5}, averaged=averaged)
    one = slice_of(found, "rate")
    if averaged:
        assert all(one.allowed[:-1])
        return
    assert one.allowed == tuple(float(value) <= 0.5 for value in one.values)
    assert not any(fine for fine, allowed in zip(one.as_good, one.allowed, strict=True) if not allowed)
    assert one.to is None  # the rule ends it, which nobody had to learn


def test_that_the_limit_of_a_rule_is_nothing_learnt() -> None:
    ranges: dict[str, Range] = {
        "rate": FloatRange(0.0, 1.0),
        "other": FloatRange(0.0, 1.0),
        "third": IntegerRange(1, 9),
    }
    rules = (Rule("rate", Relation("<="), "other"), Rule("third", Relation(">="), "rate"))
    asked = request(ranges, 40, lambda point: float(point["other"]) ** 2, rules=rules)
    one = slice_of(answer(asked, through={"rate": 0.2, "other": 0.5, "third": 3}), "rate")
    assert not all(one.allowed)
    assert all(one.as_good[: one.allowed.index(False)])
    assert not one.told
    assert (one.from_, one.to, one.covered) == (None, None, 1.0)


@pytest.mark.parametrize("surrogate", [Surrogate.RANDOM_FOREST, Surrogate.EXTRA_TREES, Surrogate.GRADIENT_BOOSTING])
@pytest.mark.parametrize("averaged", [False, True])
def test_that_trees_show_their_spread_and_tell_nothing_apart(surrogate: Surrogate, averaged: bool) -> None:
    found = answer(request(SIX, surrogate=surrogate), averaged=averaged)
    assert found.believer == "trees"
    for one in found.slices:
        assert one.band.below == one.band.above == ()
        assert all(one.as_good)
        assert not one.told
    one = slice_of(found, "rate")
    assert any(low < high for low, high in zip(one.band.low, one.band.high, strict=True))


def test_that_the_band_does_not_know_what_is_under_way_and_the_strip_does() -> None:
    asked = request(TWO, 30)
    alone = answer(asked)
    assert alone.next is not None
    busy = answer(msgspec.structs.replace(asked, pending=(alone.next,)), through=alone.through)
    assert busy.slices[0].band == alone.slices[0].band
    assert busy.next != alone.next
    assert busy.slices[0].improvement != alone.slices[0].improvement
