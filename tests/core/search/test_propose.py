"""What the search proposes."""

import math
import random
from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from core.parameters import Choices, FloatRange, IntegerRange, Range, Scale, Value
from core.search.limits import MAX_HELD
from core.search.options import SearchOptions
from core.search.proposal import HedgeState, Observation, PointOrigin, Proposal, ProposalRequest
from core.search.propose import propose
from core.search.settings import Acquisition, InitialDesign, SearchMethod, SearchSettings, Surrogate
from core.search.warping import Warp, imputed_objectives
from core.space import Space
from tests.extremes import OBJECTIVES

TUTORIAL: dict[str, Range] = {
    "learning_rate": FloatRange(1e-4, 1e-1, Scale.LOG),
    "batch_size": IntegerRange(1, 100),
}
SMALL: dict[str, Range] = {"n": IntegerRange(1, 3), "rule": Choices(("a", "b"))}
Objective = Callable[[dict[str, Value]], float | None]


def bowl(values: dict[str, Value]) -> float:
    return 15 + (math.log10(float(values["learning_rate"])) + 2) ** 2 + abs(int(values["batch_size"]) - 30) / 50


def run(
    count: int, search: SearchSettings, objective: Objective, ranges: dict[str, Range] | None = None, seed: int = 0
) -> tuple[list[Proposal], list[Observation]]:
    """Ask and tell that many times, or until the space is exhausted."""
    proposals: list[Proposal] = []
    observations: list[Observation] = []
    hedge: HedgeState | None = None
    for number in range(1, count + 1):
        proposal = propose(ProposalRequest(ranges or TUTORIAL, search, seed, number, tuple(observations), hedge=hedge))
        proposals.append(proposal)
        if proposal.point is None:
            break
        hedge = proposal.hedge
        observations.append(Observation(number, proposal.point, objective(proposal.point)))
    return proposals, observations


def distinct(observations: list[Observation]) -> int:
    return len({tuple(o.values.values()) for o in observations})


@pytest.mark.parametrize("surrogate", list(Surrogate))
def test_that_every_surrogate_proposes_new_points_within_the_ranges(surrogate: Surrogate) -> None:
    proposals, observations = run(14, SearchSettings(surrogate=surrogate), bowl)
    assert [p.origin for p in proposals] == [PointOrigin.INITIAL] * 8 + [PointOrigin.MODEL] * 6
    assert distinct(observations) == 14
    for proposal in proposals:
        assert proposal.point is not None
        assert type(proposal.point["learning_rate"]) is float
        assert type(proposal.point["batch_size"]) is int
        assert 1e-4 <= float(proposal.point["learning_rate"]) <= 0.1
        assert 1 <= int(proposal.point["batch_size"]) <= 100


@pytest.mark.parametrize("acquisition", list(Acquisition))
def test_that_every_acquisition_finds_the_bowl(acquisition: Acquisition) -> None:
    _, observations = run(20, SearchSettings(acquisition=acquisition), bowl)
    assert min(o.objective for o in observations if o.objective is not None) < 15.1


@pytest.mark.parametrize("design", list(InitialDesign))
def test_that_every_design_spreads_its_points_and_depends_on_the_seed(design: InitialDesign) -> None:
    search = SearchSettings(initial_design=design, initial_points=10)
    _, first = run(10, search, bowl, seed=1)
    _, second = run(10, search, bowl, seed=2)
    assert distinct(first) == 10
    assert first != second
    batch_sizes = [int(o.values["batch_size"]) for o in first]
    assert min(batch_sizes) < 35
    assert max(batch_sizes) > 65


@pytest.mark.parametrize("surrogate", [Surrogate.RANDOM_FOREST, Surrogate.EXTRA_TREES, Surrogate.GRADIENT_BOOSTING])
def test_that_trees_do_not_stick_to_the_upper_bound_of_log_integers(surrogate: Surrogate) -> None:
    ranges: dict[str, Range] = {"units": IntegerRange(16, 1024, Scale.LOG)}
    _, observations = run(
        14, SearchSettings(surrogate=surrogate), lambda v: (math.log(float(v["units"])) - 4) ** 2, ranges
    )
    proposed = [int(o.values["units"]) for o in observations[8:]]
    assert sum(units < 512 for units in proposed) >= 4


@pytest.mark.parametrize(
    "search",
    [
        SearchSettings(initial_points=2),
        SearchSettings(initial_points=2, surrogate=Surrogate.EXTRA_TREES),
        SearchSettings(method=SearchMethod.RANDOM),
        SearchSettings(method=SearchMethod.GRID),
    ],
)
def test_that_a_finite_space_is_gone_through_once_and_then_exhausted(search: SearchSettings) -> None:
    proposals, observations = run(10, search, lambda v: float(int(v["n"])) + (v["rule"] == "a"), SMALL)
    assert len(observations) == distinct(observations) == 6
    assert proposals[-1].point is None


@pytest.mark.parametrize("surrogate", [Surrogate.GAUSSIAN_PROCESS, Surrogate.EXTRA_TREES])
def test_that_failures_told_or_huge_objectives_do_not_stop_the_search(surrogate: Surrogate) -> None:
    def cliff(values: dict[str, Value]) -> float | None:
        rate = float(values["learning_rate"])
        return None if rate > 0.05 else 1e300 if rate > 0.03 else bowl(values)

    _, observations = run(20, SearchSettings(surrogate=surrogate), cliff)
    assert min(o.objective for o in observations if o.objective is not None) < 15.6


def test_that_a_study_whose_every_trial_failed_goes_on_at_random() -> None:
    proposals, _ = run(10, SearchSettings(), lambda _: None)
    assert [p.origin for p in proposals[8:]] == [PointOrigin.RANDOM] * 2


@pytest.mark.parametrize("acquisition", [Acquisition.EXPECTED_IMPROVEMENT, Acquisition.HEDGE])
def test_that_the_same_request_gets_the_same_answer(acquisition: Acquisition) -> None:
    search = SearchSettings(acquisition=acquisition)
    assert run(13, search, bowl) == run(13, search, bowl)
    assert run(13, search, bowl) != run(13, search, bowl, seed=1)


def test_that_tiny_ranges_are_searched_by_the_surrogate_too() -> None:
    ranges: dict[str, Range] = {"decay": FloatRange(1e-10, 1e-8, Scale.LOG)}
    proposals, _ = run(12, SearchSettings(), lambda v: (math.log10(float(v["decay"])) + 9) ** 2, ranges)
    assert proposals[-1].origin is PointOrigin.MODEL


def test_that_warping_keeps_the_order_and_counts_failures_as_the_worst() -> None:
    told = [15.0, 17.0, 1e12, None, 16.0, 30.0]
    objectives = imputed_objectives(tuple(Observation(i, {}, y) for i, y in enumerate(told, start=1)))
    warped = Warp(objectives)(objectives)
    assert np.isfinite(warped).all()
    assert abs(warped.mean()) < 1e-9
    assert np.argsort(warped[[0, 4, 1, 5]]).tolist() == [0, 1, 2, 3]
    assert warped[3] == warped.max()


def observed(objective: Objective, count: int = 20, ranges: dict[str, Range] | None = None) -> tuple[Observation, ...]:
    """Return what a random search observes."""
    return tuple(run(count, SearchSettings(method=SearchMethod.RANDOM), objective, ranges)[1])


def test_that_a_warped_objective_can_be_turned_back() -> None:
    objectives = np.array([15.0, 17.0, 16.0, 19.0, 15.5])
    for power in (True, False):
        warp = Warp(objectives, power=power)
        assert warp.inverse(warp(objectives)) == pytest.approx(objectives)
        lowest, highest = warp.inverse(np.array([-1e9, 1e9]))
        assert lowest <= 15.0
        assert highest == pytest.approx(19.0)
        assert warp.in_proportion(warp(objectives)) == pytest.approx(objectives)


SKEWED = {
    "one is far better": [1.0, *np.linspace(90, 100, 19)],
    "one is far worse": [*np.linspace(15, 16, 19), 20.0],
    "as a logarithm": [float(cost) for cost in np.geomspace(15, 25, 20)],
    "accuracies": [-float(cost) for cost in 1 - np.geomspace(1e-3, 0.9, 20)],
    "as a square root": [float(cost) for cost in 15 + np.sqrt(np.linspace(0, 25, 20))],
    "two apart": [15.0, 16.0],
    "one differs": [*[16.0] * 19, 15.0],
}


@pytest.mark.parametrize("name", list(SKEWED))
def test_that_nothing_explodes_beyond_what_was_told(name: str) -> None:
    objectives = np.array(SKEWED[name])
    warp = Warp(objectives)
    best, worst = objectives.min(), objectives.max()
    warped = warp(objectives)
    steps = np.linspace(warped.min() - 6, warped.max() + 6, 400)
    found = warp.in_proportion(steps)
    assert (np.diff(found) >= -1e-9).all()
    average = (min(worst, warp.cut or worst) - best) / (warped.max() - warped.min())
    assert found[0] >= best - 6 * average - 1e-9
    assert found[-1] <= worst + 6 * average + 1e-9
    if warp.cut is None:
        assert found[-1] > worst
    else:
        assert found[-1] == pytest.approx(warp.cut)


def test_that_enormous_objectives_leave_the_surrogate_its_numbers() -> None:
    observations = [Observation(o.trial, o.values, o.objective) for o in observed(bowl)]
    for index, objective in enumerate((1e308, -1e308, 1.7e308)):
        observations[index] = Observation(index + 1, observations[index].values, objective)
    proposal = propose(ProposalRequest(TUTORIAL, SearchSettings(), 0, 21, tuple(observations)))
    assert proposal.origin is PointOrigin.MODEL
    assert proposal.belief is not None
    assert math.isfinite(proposal.belief.mean)
    assert math.isfinite(proposal.belief.deviation)


@pytest.mark.parametrize("surrogate", list(Surrogate))
def test_that_points_under_way_are_kept_off(surrogate: Surrogate) -> None:
    observations = observed(bowl)
    pending: list[dict[str, Value]] = []
    for number in range(21, 25):
        request = ProposalRequest(
            TUTORIAL, SearchSettings(surrogate=surrogate), 0, number, observations, pending=tuple(pending)
        )
        point = propose(request).point
        assert point is not None
        assert propose(request).point == point
        assert point not in pending
        pending.append(point)


def test_that_points_under_way_spread_the_next_ones() -> None:
    def away(a: dict[str, Value], b: dict[str, Value]) -> float:
        decades = math.log10(float(a["learning_rate"]) / float(b["learning_rate"]))
        return math.hypot(decades / 3, (int(a["batch_size"]) - int(b["batch_size"])) / 99)

    observations = observed(bowl)
    request = ProposalRequest(TUTORIAL, SearchSettings(), 0, 21, observations)
    first = propose(request).point
    assert first is not None
    second = propose(msgspec.structs.replace(request, pending=(first,))).point
    assert second is not None
    assert away(first, second) > 0.02


def test_that_a_finite_space_whose_rest_is_under_way_is_exhausted() -> None:
    observations = observed(lambda v: float(int(v["n"])), 4, SMALL)
    left = [p for p in Space(SMALL).all_points() if p not in [o.values for o in observations]]
    request = ProposalRequest(SMALL, SearchSettings(initial_points=2), 0, 5, observations)
    assert propose(msgspec.structs.replace(request, pending=(left[0],))).point == left[1]
    assert propose(msgspec.structs.replace(request, pending=tuple(left))).point is None


def test_that_the_belief_is_not_taken_in_by_a_lucky_trial() -> None:
    noise = np.random.default_rng(0)
    observations = list(observed(lambda v: bowl(v) + 0.05 * noise.standard_normal(), 40))
    worst = max(observations, key=lambda o: o.objective or 0.0)
    observations[worst.trial - 1] = Observation(worst.trial, worst.values, 15.0)
    belief = propose(ProposalRequest(TUTORIAL, SearchSettings(), 0, 41, tuple(observations))).belief
    assert belief is not None
    assert belief.trial != worst.trial
    truth = bowl(observations[belief.trial - 1].values)
    assert belief.mean == pytest.approx(truth, abs=0.3)
    assert 0 < belief.deviation < 0.5


@pytest.mark.parametrize("surrogate", [Surrogate.RANDOM_FOREST, Surrogate.GRADIENT_BOOSTING])
def test_that_trees_believe_nothing(surrogate: Surrogate) -> None:
    request = ProposalRequest(TUTORIAL, SearchSettings(surrogate=surrogate), 0, 21, observed(bowl))
    assert propose(request).belief is None


def test_that_a_failed_trial_is_never_believed_to_be_the_best() -> None:
    observations = observed(lambda v: None if float(v["learning_rate"]) > 0.003 else bowl(v))
    belief = propose(ProposalRequest(TUTORIAL, SearchSettings(), 0, 21, observations)).belief
    assert belief is not None
    assert observations[belief.trial - 1].objective is not None


def test_that_choices_alone_are_searched_as_well() -> None:
    ranges: dict[str, Range] = {name: Choices(("a", "b", "c", "d")) for name in "uvwxyz"}
    _, observations = run(40, SearchSettings(), lambda p: float(sum(v != "c" for v in p.values())), ranges)
    assert min(o.objective for o in observations if o.objective is not None) <= 1


@pytest.mark.parametrize(
    "options", [SearchOptions(**{layer: False}) for layer in ("warp", "own_process", "priors", "uphill")]
)
def test_that_each_layer_can_be_left_out(options: SearchOptions) -> None:
    request = ProposalRequest(TUTORIAL, SearchSettings(), 0, 21, observed(bowl))
    without = propose(request, options)
    assert without.origin is PointOrigin.MODEL
    assert without.point != propose(request).point


def test_that_a_study_of_thousands_is_searched_by_the_surrogate_still() -> None:
    request = ProposalRequest(TUTORIAL, SearchSettings(), 0, MAX_HELD + 101, observed(bowl, MAX_HELD + 100))
    proposal = propose(request)
    assert proposal.origin is PointOrigin.MODEL
    assert proposal.point is not None
    assert bowl(proposal.point) < 15.1


WHOLE: dict[str, Range] = {"a": IntegerRange(0, 30), "b": IntegerRange(4, 32)}


@pytest.mark.parametrize(
    ("search", "points"),
    [
        (SearchSettings(method=SearchMethod.RANDOM), [(7, 15), (0, 25), (3, 13), (27, 17)]),
        (SearchSettings(initial_points=5), [(3, 30), (27, 6), (18, 25), (13, 12)]),
    ],
    ids=["random", "bayesian"],
)
def test_that_whole_numbers_are_proposed_as_they_were_before_large_ones_could_be(
    search: SearchSettings, points: list[tuple[int, int]]
) -> None:
    proposals, _ = run(4, search, lambda _: 1.0, WHOLE, seed=3)
    assert [tuple((p.point or {}).values()) for p in proposals] == points


@pytest.mark.parametrize(
    "search",
    [
        SearchSettings(initial_points=3),
        SearchSettings(initial_points=3, surrogate=Surrogate.EXTRA_TREES),
        SearchSettings(method=SearchMethod.RANDOM),
        SearchSettings(method=SearchMethod.GRID),
    ],
    ids=lambda search: f"{search.method} {search.surrogate}",
)
@pytest.mark.parametrize("large", [IntegerRange(0, 10**12 - 1), IntegerRange(-(10**12), 10**12)], ids=["above", "both"])
def test_that_a_range_of_any_whole_numbers_is_searched(search: SearchSettings, large: IntegerRange) -> None:
    _, observations = run(7, search, lambda v: float(v["units"]), {"seed": large, "units": IntegerRange(4, 32)})
    assert distinct(observations) == 7
    assert all(large.low <= int(o.values["seed"]) <= large.high for o in observations)


@pytest.mark.parametrize("surrogate", [Surrogate.GAUSSIAN_PROCESS, Surrogate.GRADIENT_BOOSTING])
@pytest.mark.parametrize("name", OBJECTIVES)
def test_that_objectives_of_any_size_are_learnt_from(name: str, surrogate: Surrogate) -> None:
    rng = random.Random(1)
    points: list[dict[str, Value]] = [
        {"learning_rate": 10 ** rng.uniform(-4, -1), "batch_size": rng.randint(1, 100)} for _ in OBJECTIVES[name]
    ]
    told = tuple(Observation(n, p, o) for n, (p, o) in enumerate(zip(points, OBJECTIVES[name], strict=True), 1))
    search = SearchSettings(initial_points=2, surrogate=surrogate)
    found = propose(ProposalRequest(TUTORIAL, search, 0, len(told) + 1, told))
    assert found.point is not None
    assert found.origin is (PointOrigin.RANDOM if len(set(OBJECTIVES[name])) == 1 else PointOrigin.MODEL)
    assert found.belief is None or math.isfinite(found.belief.mean + found.belief.deviation)


@pytest.mark.parametrize("size", [1e-300, 1e-150, 1e-100, 1e100, 1e150, 1e300])
def test_that_the_size_of_objectives_changes_nothing_but_their_unit(size: float) -> None:
    usual = np.array([1.0, 3.0, 2.5, 7.0, 40.0, 2.0])
    one, other = Warp(usual), Warp(usual * size)
    assert other(usual * size) == pytest.approx(one(usual), rel=1e-6, abs=1e-6)
    warped = one(usual)
    assert other.inverse(warped) / size == pytest.approx(one.inverse(warped), rel=1e-6)


@pytest.mark.parametrize("surrogate", [Surrogate.GAUSSIAN_PROCESS, Surrogate.EXTRA_TREES])
@pytest.mark.parametrize("acquisition", [Acquisition.EXPECTED_IMPROVEMENT, Acquisition.HEDGE])
@pytest.mark.parametrize(("low", "high"), [(5e-324, 1e300), (1e-200, 1e-150), (1e200, 1e300)])
def test_that_any_number_of_decades_is_searched_by_the_surrogate(
    low: float, high: float, acquisition: Acquisition, surrogate: Surrogate
) -> None:
    search = SearchSettings(initial_points=3, surrogate=surrogate, acquisition=acquisition)
    middle = (math.log10(low) + math.log10(high)) / 2
    proposals, _ = run(
        7, search, lambda v: abs(math.log10(float(v["x"])) - middle), {"x": FloatRange(low, high, Scale.LOG)}
    )
    assert all(p.origin is PointOrigin.MODEL for p in proposals[3:])
    assert all(low <= float((p.point or {})["x"]) <= high for p in proposals)
