"""What the search believes of the best and would try next, and its map; also of results that are hard to believe."""

import math
from collections.abc import Callable, Iterator

import msgspec
import numpy as np
import pytest

from core.analysis.answers import Answer, BeliefAnswer, MapAnswer, TrustAnswer, Unanswerable
from core.analysis.beliefs import belief
from core.analysis.fitted import Fitted, NothingToTell, fitted
from core.analysis.maps import belief_map
from core.analysis.process import answers
from core.analysis.questions import BeliefQuestion, MapQuestion, Question, TrustQuestion
from core.search.proposal import Observation, ProposalRequest
from core.search.propose import propose
from core.search.settings import Acquisition, SearchMethod, Surrogate
from tests.core.analysis.made_requests import ALL_SPACES, CONDITIONAL, SIX, TWO, WITH_SGD, bowl, in_unit, request

_decode: Callable[[bytes], Answer] = msgspec.msgpack.Decoder(Answer).decode


def with_costs(asked: ProposalRequest, costs: list[float | None], skipped: int = 0) -> ProposalRequest:
    """Return the request with these costs; so many of the last trials are skipped."""
    first = len(costs) - skipped
    told = tuple(
        Observation(o.trial, o.values, cost, skipped=place >= first)
        for place, (o, cost) in enumerate(zip(asked.observations, costs, strict=False))
    )
    return msgspec.structs.replace(asked, observations=told)


def numbers_in(thing: object) -> Iterator[float]:
    """Yield all floats in a plain structure."""
    if isinstance(thing, float):
        yield thing
    elif isinstance(thing, dict):
        for each in thing.values():
            yield from numbers_in(each)
    elif isinstance(thing, list | tuple):
        for each in thing:
            yield from numbers_in(each)


def answer(question: Question) -> Answer:
    """Return the last answer as it comes out of the process's pipe; all its numbers are finite."""
    *_, last = answers(question)
    assert last is not None
    sent = _decode(msgspec.msgpack.encode(last))
    assert all(map(math.isfinite, numbers_in(msgspec.to_builtins(sent))))
    return sent


@pytest.mark.parametrize("space", list(ALL_SPACES))
@pytest.mark.parametrize("acquisition", list(Acquisition))
def test_that_the_next_point_is_the_one_that_the_search_would_try(space: str, acquisition: Acquisition) -> None:
    ranges, conditions = ALL_SPACES[space]
    asked = request(ranges, 12, conditions=conditions, acquisition=acquisition)
    found = answer(BeliefQuestion(asked))
    assert isinstance(found, BeliefAnswer)
    assert found.next == propose(asked).point
    assert found.next_improvement is not None
    assert found.next_improvement >= 0
    assert not found.spread


def test_that_nothing_is_fitted_a_second_time_for_the_next_point(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = request(TWO, 21)
    fitted(asked)
    for module in ("core.search.bayesian.fit", "core.analysis.fitted.fit"):
        monkeypatch.setattr(module, None)
    assert belief(BeliefQuestion(asked)).next is not None


def test_that_hyperparameters_are_learnt_once_while_only_trials_under_way_change() -> None:
    asked = request(TWO, 22)
    first = fitted(asked)
    later = msgspec.structs.replace(asked, number=24, pending=({"rate": 0.01, "units": 3},))
    again = fitted(later)
    assert again.surrogate.learnt == first.surrogate.learnt
    alone = Fitted(later)
    assert alone.surrogate.learnt == first.surrogate.learnt
    assert alone.next.point == again.next.point


def test_that_what_the_search_learnt_for_its_proposal_is_not_learnt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = request(TWO, 23)
    learnt = propose(asked).learnt
    assert len(learnt) == 3
    expected = belief(BeliefQuestion(msgspec.structs.replace(asked, seed=1)))
    monkeypatch.setattr("core.search.gaussian_process._most_probable", None)
    told = msgspec.structs.replace(asked, seed=2, learnt=learnt)
    assert belief(BeliefQuestion(told)).slices[0].band == expected.slices[0].band


def test_that_no_belief_stands_behind_a_point_of_the_initial_design() -> None:
    found = belief(BeliefQuestion(request(TWO, 6)))
    assert found.spread
    assert found.next == propose(request(TWO, 6)).point
    assert found.next_improvement is None
    assert all(one.improvement == () for one in found.slices)


@pytest.mark.parametrize("method", [SearchMethod.RANDOM, SearchMethod.GRID])
def test_that_random_and_grid_get_a_process_for_looking_only(method: SearchMethod) -> None:
    asked = request(TWO, method=method)
    found = belief(BeliefQuestion(asked))
    assert found.believer == "onlooker"
    assert found.next == propose(asked).point
    assert found.next_improvement is None, "the search does not use it"
    assert found.slices[0].band.below
    assert found.slices[0].improvement == ()


def test_that_the_strip_is_100_percent_at_the_next_point() -> None:
    asked = request(TWO, 20)
    first = belief(BeliefQuestion(asked))
    assert first.next is not None
    there = belief(BeliefQuestion(asked, through=first.next))
    units = there.slices[1]
    place = units.values.index(first.next["units"]) if first.next["units"] in units.values else None
    share = max(units.improvement) if place is None else units.improvement[place]
    assert share == pytest.approx(1, abs=0.05)


def test_that_the_improvement_is_expected_in_the_unit() -> None:
    asked = request(TWO, 20)
    found = Fitted(asked)
    assert found.next.point is not None
    inputs = found.inputs_of([found.next.point])
    mean, deviation = found.knowing.moments(inputs)
    drawn = found.unit(mean + deviation * np.random.default_rng(0).standard_normal(200_000))
    best = found.unit(np.array([found.surrogate.incumbent]))
    assert found.improvement(inputs) == pytest.approx(np.maximum(best - drawn, 0).mean(), rel=0.05)


@pytest.mark.parametrize("worst", [16.0, 40.0, 1e4])
def test_that_no_more_is_to_be_gained_than_a_band_allows(worst: float) -> None:
    costs = [*np.geomspace(15.0, worst, 19).tolist(), 14.9]
    found = Fitted(with_costs(request(TWO, 20), costs))
    gains = [found.improvement(found.inputs_of([o.values])) for o in found.observations]
    corner = found.improvement(found.inputs_of([{"rate": 1e-4, "units": 100}]))
    assert 0 <= max(*gains, corner) <= worst - 14.9


def test_that_a_band_goes_beyond_the_worst_result_where_nothing_is_cut() -> None:
    asked = request(TWO, 12, noise=1.0)
    found = belief(BeliefQuestion(asked))
    assert found.cut is None
    assert max(max(one.band.high) for one in found.slices) > max(o.objective or 0 for o in asked.observations)


def test_that_slices_go_through_the_best_trial_or_through_the_point_asked_for() -> None:
    asked = request(TWO)
    found = belief(BeliefQuestion(asked))
    best = min(asked.observations, key=lambda o: o.objective or math.inf)
    assert (found.through_trial, found.through) == (best.trial, best.values)
    assert found.here is not None
    assert found.here.low < found.here.mean < found.here.high
    elsewhere = belief(BeliefQuestion(asked, through={"rate": 0.02, "units": 7}))
    assert (elsewhere.through, elsewhere.through_trial) == ({"rate": 0.02, "units": 7}, None)
    again = belief(BeliefQuestion(asked, through=asked.observations[3].values))
    assert again.through_trial == 4
    assert belief(BeliefQuestion(asked, averaged=True)).here is None


def test_that_a_point_asked_for_keeps_to_the_conditions() -> None:
    asked = request(CONDITIONAL, conditions=WITH_SGD)
    found = belief(BeliefQuestion(asked, through={"rate": 0.02, "optimiser": "adam", "momentum": 0.3}))
    assert found.through == {"rate": 0.02, "optimiser": "adam"}
    found = belief(BeliefQuestion(asked, through={"rate": 0.02, "optimiser": "sgd"}))
    assert found.through["momentum"] == pytest.approx(0.495)


def test_that_the_lowest_mean_is_that_of_a_result_and_the_noise_is_in_the_unit() -> None:
    asked = request(TWO, 40, noise=0.5)
    found = belief(BeliefQuestion(asked))
    process = Fitted(asked)
    mean, _ = process.surrogate.moments([o.values for o in asked.observations])
    assert found.lowest.mean == pytest.approx(mean.min())
    assert found.lowest_trial == int(np.argmin(mean)) + 1
    assert found.noise == pytest.approx(0.5, rel=0.8)


def test_that_the_lowest_is_among_the_trials_that_cannot_be_told_from_it() -> None:
    found = belief(BeliefQuestion(request(TWO, 40, noise=0.5)))
    assert found.lowest_trial in found.as_good
    assert 1 < len(found.as_good) < 40


def test_that_only_costs_beyond_the_cut_are_cut() -> None:
    asked = request(TWO)
    costs = [o.objective or 0.0 for o in asked.observations]
    assert belief(BeliefQuestion(asked)).cut is None
    cut = belief(BeliefQuestion(with_costs(asked, [*costs[:-1], 1e9]))).cut
    best, median = min(costs), float(np.median([*costs[:-1], 1e9]))
    assert cut == pytest.approx(median + 5 * (median - best))


@pytest.mark.parametrize("surrogate", list(Surrogate))
def test_that_a_map_is_the_belief_at_each_of_its_points(surrogate: Surrogate) -> None:
    asked = request(SIX, surrogate=surrogate)
    found = answer(MapQuestion(asked, "rate", "optimiser"))
    assert isinstance(found, MapAnswer)
    assert (len(found.across_values), found.up_values) == (33, ("adam", "sgd", "rmsprop"))
    assert [len(row) for row in found.mean] == [33, 33, 33]
    process = Fitted(asked)
    best = process.point(None)[0]
    for row, column in ((0, 0), (1, 20), (2, 32)):
        point = {**best, "rate": found.across_values[column], "optimiser": found.up_values[row]}
        mean, deviation = in_unit(process, [point])
        assert found.mean[row][column] == pytest.approx(mean[0])
        assert found.deviation[row][column] == pytest.approx(deviation[0])
    assert all(map(all, found.allowed))


def test_that_a_map_leaves_out_where_a_parameter_does_not_apply() -> None:
    found = belief_map(MapQuestion(request(CONDITIONAL, conditions=WITH_SGD), "momentum", "optimiser"))
    assert [all(row) for row in found.allowed] == [False, True, False]
    assert [any(row) for row in found.allowed] == [False, True, False]


def test_that_a_map_of_many_trials_is_about_that_of_all() -> None:
    asked = request(TWO, 400, noise=0.3)
    found = belief_map(MapQuestion(asked, "rate", "units"))
    points = [{"rate": rate, "units": units} for units in found.up_values for rate in found.across_values]
    mean, _ = Fitted(asked).surrogate.moments(points)
    assert np.corrcoef(np.ravel(found.mean), mean)[0, 1] > 0.98


def test_that_an_answer_knows_from_how_many_of_the_results_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.analysis.fitted.HELD", 20)
    asked = request(TWO, 50, lambda point: None if float(point["units"]) > 90 else bowl(point), seed=5)
    results = sum(o.objective is not None for o in asked.observations)
    assert 20 < results < 50
    through, averaged = (belief(BeliefQuestion(asked, averaged=averaged)) for averaged in (False, True))
    drawn = belief_map(MapQuestion(asked, "rate", "units"))
    assert {found.results for found in (through, averaged, drawn)} == {results}
    assert through.held == results
    assert averaged.held == drawn.held <= 20


@pytest.mark.parametrize("pair", [("rate", "rate"), ("rate", "nothing")])
def test_that_a_map_needs_two_varied_parameters(pair: tuple[str, str]) -> None:
    found = answer(MapQuestion(request(TWO), *pair))
    assert found == Unanswerable("A map needs two parameters that are varied")


DRAWN = [float(cost) for cost in np.random.default_rng(0).random(12)]
ODD: dict[str, list[float | None]] = {
    "failures": [None, 1.0, None, 2.0, 3.0, None, 2.5, 1.5, None, 2.2, 1.1, None],
    "two results": [*[None] * 10, 1.0, 2.0],
    "nearly equal": [*[1.0] * 11, 1.0 + 1e-15],
    "one differs": [*[1.0] * 11, 2.0],
    "huge": [cost * 1e306 for cost in DRAWN],
    "beyond": [1.7e308, -1.7e308, *DRAWN[2:]],
    "tiny": [cost * 1e-300 for cost in DRAWN],
    "denormal": [cost * 5e-320 for cost in DRAWN],
    "negative": [-cost for cost in DRAWN],
    "all sizes": [10.0**power for power in range(-120, 120, 20)],
}


@pytest.mark.parametrize("averaged", [False, True])
@pytest.mark.parametrize("space", ["two", "conditional"])
@pytest.mark.parametrize("odd", list(ODD))
def test_that_odd_results_are_believed_in_finite_numbers(odd: str, space: str, averaged: bool) -> None:
    ranges, conditions = ALL_SPACES[space]
    asked = with_costs(request(ranges, 12, conditions=conditions), ODD[odd])
    found = answer(BeliefQuestion(asked, averaged=averaged))
    assert isinstance(found, BeliefAnswer)
    across, up = list(ranges)[:2]
    assert isinstance(answer(MapQuestion(asked, across, up)), MapAnswer)
    assert isinstance(answer(TrustQuestion(asked)), TrustAnswer)


def test_that_skipped_trials_are_told_but_never_the_best() -> None:
    asked = with_costs(request(TWO, 12), [3.0, 2.0, 4.0, 5.0, 3.5, 2.5, 4.5, 3.2, 2.2, 4.1, 0.1, 0.2], skipped=2)
    found = belief(BeliefQuestion(asked))
    assert len(found.trials) == 12
    assert found.through_trial == 2
    assert found.lowest_trial not in (11, 12)


def test_that_there_is_a_reason_where_results_teach_nothing() -> None:
    equal = with_costs(request(TWO, 12), [2.0] * 12)
    assert answer(BeliefQuestion(equal)) == Unanswerable(
        "All results are equal so far, so no value can be told from another"
    )
    with pytest.raises(NothingToTell, match="No trial has a result yet"):
        fitted(with_costs(request(TWO, 12), [None] * 12))


def test_that_an_answer_is_a_pure_function_of_its_question() -> None:
    asked = request(SIX, 30)
    assert belief(BeliefQuestion(asked)) == belief(BeliefQuestion(msgspec.structs.replace(asked)))
    bowl_again = request(SIX, 30, bowl)
    first = belief(BeliefQuestion(asked, averaged=True))
    fitted(request(TWO, 31)), fitted(request(TWO, 32)), fitted(request(TWO, 33))  # the fit is kept no longer
    assert belief(BeliefQuestion(bowl_again, averaged=True)) == first
