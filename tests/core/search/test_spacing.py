"""Proposals that keep clear of known points, where there is room for them."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Range, Scale, Value
from core.rules import Relation, Rule
from core.search.acquisition import GAP, best_unseen, gaps_to
from core.search.encoding import Encoding
from core.search.proposal import HedgeState, Observation, PointOrigin, ProposalRequest
from core.search.propose import propose
from core.search.settings import Acquisition, SearchSettings, Surrogate
from core.space import Space

Array = NDArray[np.float64]
NEAR = 0.001
SEARCH = SearchSettings()
UNIT = FloatRange(0.0, 1.0)
SPACES: dict[str, dict[str, Range]] = {
    "one": {"x": UNIT},
    "log": {"x": FloatRange(1e-6, 1e-1, Scale.LOG)},
    "two": {"x": FloatRange(-5.0, 5.0), "y": FloatRange(1e-4, 1e-1, Scale.LOG)},
    "mixed": {"x": FloatRange(0.0, 0.6), "n": IntegerRange(1, 4), "c": Choices(("a", "b", "c"))},
    "long": {"n": IntegerRange(0, 1_000_000)},
    "nine": {f"x{i}": UNIT for i in range(9)},
}


def inputs_of(ranges: Mapping[str, Range], *points: dict[str, Value]) -> Array:
    """Return where the points lie on each range's own scale, 0 to 1; a choice has a column for each value."""
    encoding = Encoding(Space(ranges))
    return encoding.inputs(encoding.units(points))


def near(ranges: dict[str, Range], points: Sequence[dict[str, Value]], first: int = 9) -> int:
    """Return how many points, from the `first` on, nearly equal an earlier one in all parameters."""
    inputs = inputs_of(ranges, *points)
    gaps = [np.abs(inputs[:i] - inputs[i]).max(axis=1).min() for i in range(first - 1, len(inputs))]
    return sum(gap <= NEAR for gap in gaps)


def search_on(
    ranges: dict[str, Range],
    cost: Callable[[Array], float],
    seed: int = 0,
    count: int = 20,
    search: SearchSettings = SEARCH,
    rules: tuple[Rule, ...] = (),
    *,
    spaced: bool = True,
) -> tuple[list[dict[str, Value]], float]:
    """Ask and tell that many times; return the points and the lowest cost. `cost` is of the inputs of a point."""
    points: list[dict[str, Value]] = []
    told: list[Observation] = []
    hedge: HedgeState | None = None
    for number in range(1, count + 1):
        request = ProposalRequest(ranges, search, seed, number, tuple(told), hedge=hedge, rules=rules, spaced=spaced)
        proposal = propose(request)
        assert proposal.point is not None
        hedge = proposal.hedge
        points.append(proposal.point)
        told.append(Observation(number, proposal.point, cost(inputs_of(request.space.ranges, proposal.point)[0])))
    return points, min(o.objective for o in told if o.objective is not None)


@pytest.mark.parametrize(
    ("name", "upper"),
    [("one", False), ("one", True), ("log", True), ("two", False), ("mixed", True), ("long", False), ("nine", True)],
)
def test_that_an_optimum_at_the_ends_is_found_and_not_tried_again_and_again(name: str, upper: bool) -> None:
    ranges = SPACES[name]
    choices = sum(isinstance(given, Choices) for given in ranges.values())
    points, best = search_on(ranges, lambda inputs: float(-inputs.sum() if upper else inputs.sum()))
    assert near(ranges, points) == 0
    assert name == "nine" or best == pytest.approx(-len(ranges) if upper else choices, abs=0.03)


def test_that_studies_by_the_first_rules_try_it_again_and_again_as_they_did() -> None:
    points, _ = search_on(SPACES["one"], lambda inputs: float(inputs.sum()), spaced=False)
    assert near(SPACES["one"], points) > 6


@pytest.mark.parametrize(("name", "seed"), [("one", 0), ("one", 1), ("mixed", 2)])
def test_that_a_noisy_bowl_is_not_tried_again_and_again(name: str, seed: int) -> None:
    noise = np.random.default_rng(seed)
    cost = lambda inputs: float(((inputs - 0.37) ** 2).sum() + 0.02 * noise.standard_normal())  # noqa: E731
    points, _ = search_on(SPACES[name], cost, seed)
    assert near(SPACES[name], points) == 0


@pytest.mark.parametrize(
    "search",
    [
        *(SearchSettings(acquisition=acquisition) for acquisition in Acquisition),
        SearchSettings(surrogate=Surrogate.EXTRA_TREES),
    ],
)
def test_that_it_holds_for_every_acquisition_and_for_trees(search: SearchSettings) -> None:
    points, _ = search_on(SPACES["one"], lambda inputs: float(inputs.sum()), count=14, search=search)
    assert near(SPACES["one"], points) == 0


def test_that_points_under_way_are_kept_clear_of_too() -> None:
    ranges = SPACES["one"]
    points, _ = search_on(ranges, lambda inputs: float(inputs.sum()), count=12)
    told = tuple(Observation(n, point, float(point["x"])) for n, point in enumerate(points, start=1))
    pending: list[dict[str, Value]] = []
    for _worker in range(4):
        request = ProposalRequest(ranges, SearchSettings(), 0, 13 + len(pending), told, tuple(pending), spaced=True)
        point = propose(request).point
        assert point is not None
        pending.append(point)
    assert near(ranges, [*points, *pending], first=13) == 0


def test_that_one_parameter_is_enough_to_differ_in_and_choices_always_differ() -> None:
    ranges: dict[str, Range] = {"x": UNIT, "n": IntegerRange(1, 400), "c": Choices(("a", "b", "c"))}
    known = inputs_of(ranges, {"x": 0.5, "n": 7, "c": "a"})
    others: list[dict[str, Value]] = [
        {"x": 0.5, "n": 7, "c": "b"},
        {"x": 0.5, "n": 8, "c": "a"},
        {"x": 0.5 + 1.1 * GAP, "n": 7, "c": "a"},
        {"x": 0.5 + 0.9 * GAP, "n": 7, "c": "a"},
        {"x": 0.5, "n": 7, "c": "a"},
    ]
    gaps = gaps_to(known, inputs_of(ranges, *others))
    assert gaps == pytest.approx([math.inf, math.inf, math.inf, 0.9 * GAP, 0.0])


def test_that_spaces_of_integers_and_choices_are_searched_as_before() -> None:
    ranges: dict[str, Range] = {"n": IntegerRange(1, 100), "m": IntegerRange(1, 30), "c": Choices(("a", "b", "c"))}
    cost = lambda inputs: float(inputs.sum())  # noqa: E731
    assert search_on(ranges, cost, count=14, spaced=False) == search_on(ranges, cost, count=14)


@pytest.mark.parametrize("high", [900, 1500])
def test_that_where_nothing_is_clear_the_best_unseen_point_still_comes(high: int) -> None:
    space = Space({"n": IntegerRange(0, high)})
    encoding = Encoding(space)
    points: list[dict[str, Value]] = [{"n": n} for n in range(0, high + 1, 2)]
    known = encoding.inputs(encoding.units(points))
    found = best_unseen(
        lambda inputs: -np.abs(inputs[:, 0] - 0.5),
        encoding,
        {space.key(point) for point in points},
        np.random.default_rng(0),
        uphill=True,
        known=known,
    )
    assert found is not None
    assert abs(int(found["n"]) - high / 2) <= 1.5


def test_that_a_small_finite_space_is_tried_completely() -> None:
    ranges: dict[str, Range] = {"x": FloatRange(0.0, 1.0, step=0.2), "c": Choices(("a", "b", "c"))}
    points, _ = search_on(ranges, lambda inputs: float(inputs.sum()), count=18)
    assert len({tuple(point.values()) for point in points}) == 18


def test_that_where_rules_leave_less_than_the_gap_proposals_still_come() -> None:
    ranges: dict[str, Range] = {"x": UNIT, "limit": Fixed(GAP / 2)}
    rules = (Rule("x", Relation.BELOW, "limit"),)
    points, best = search_on(ranges, lambda inputs: float(inputs.sum()), count=14, rules=rules)
    assert len({point["x"] for point in points}) == 14
    assert all(float(point["x"]) < GAP / 2 for point in points)
    assert best < GAP / 20


def test_that_proposals_of_a_range_too_narrow_for_floats_differ_in_others() -> None:
    ranges: dict[str, Range] = {"x": FloatRange(1.0, math.nextafter(1.0, 2.0) + 1e-13, Scale.LOG), "y": UNIT}
    points, _ = search_on(ranges, lambda inputs: float(inputs.sum()), count=14)
    assert near(ranges, points) == 0


def test_that_the_same_request_gets_the_same_answer_and_the_origin_is_the_surrogate() -> None:
    points, _ = search_on(SPACES["two"], lambda inputs: float(inputs.sum()), count=14)
    told = tuple(
        Observation(n, point, float(inputs_of(SPACES["two"], point).sum())) for n, point in enumerate(points, start=1)
    )
    request = ProposalRequest(SPACES["two"], SearchSettings(), 0, 15, told, spaced=True)
    assert propose(request) == propose(request)
    assert propose(request).origin is PointOrigin.MODEL
