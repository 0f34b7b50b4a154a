"""Importance of parameters, against indices that can be computed by hand."""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from core.analysis.answers import ImportanceAnswer, Share
from core.analysis.importance import importance
from core.analysis.questions import ImportanceQuestion
from core.analysis.sobol import Draws
from core.conditions import AtLeast, IsOneOf
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale, Value
from core.rules import Relation, Rule
from core.search.encoding import Encoding
from core.search.gaussian_process import selection
from core.search.proposal import Observation, ProposalRequest
from core.search.settings import SearchSettings
from core.search.warping import imputed_objectives
from core.space import Space

Point = Mapping[str, Value]
UNIT = FloatRange(0.0, 1.0)


def request(
    space: Space, cost: Callable[[Point], float | None], trials: int, seed: int = 0, noise: float = 0.0
) -> ProposalRequest:
    """Return the request after so many random trials that rules allow."""
    rng = np.random.default_rng(seed)
    points = (space.decode(unit) for unit in rng.random((8 * trials, len(space.ranges))).tolist())
    allowed = [point for point in points if space.allows(point)][:trials]
    observations = []
    for number, point in enumerate(allowed, 1):
        made = cost(point)
        noisy = None if made is None else made + noise * float(rng.standard_normal())
        observations.append(Observation(number, point, noisy))
    return ProposalRequest(
        space.given,
        SearchSettings(),
        seed,
        trials + 1,
        tuple(observations),
        conditions=space.conditions,
        rules=space.rules,
    )


def answers(given: ProposalRequest, resamples: int = 2) -> list[ImportanceAnswer]:
    return list(importance(ImportanceQuestion(given, resamples)))


def shares(answer: ImportanceAnswer) -> dict[str, Share]:
    return {share.parameter: share for share in answer.shares}


def first_answer(given: ProposalRequest) -> ImportanceAnswer:
    return next(importance(ImportanceQuestion(given)))


class Units(Encoding):
    """An encoding whose inputs are units, so that a function of points can be asked."""

    def __init__(self, space: Space) -> None:
        super().__init__(space)
        self.parameters = tuple(range(len(space.ranges)))

    def inputs(self, units: np.ndarray) -> np.ndarray:
        return units


def exact(space: Space, cost: Callable[[Point], float]) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return totals, shares alone and those of pairs of a function itself, as the draws tell them."""
    encoding, names = Units(space), list(space.ranges)

    def mean(units: np.ndarray) -> np.ndarray:
        return np.array([cost(encoding.point(unit)) for unit in units])

    found = Draws(encoding, seed=1).indices(mean)
    pairs = {f"{names[i]} {names[j]}": share for (i, j), share in found.pairs.items()}
    return dict(zip(names, found.totals, strict=True)), dict(zip(names, found.alone, strict=True)), pairs


def linear(point: Point) -> float:
    return 3 * float(point["a"]) - 2 * float(point["b"]) + float(point["c"])


def product(point: Point) -> float:
    return math.prod(1 + slope * (float(point[name]) - 0.5) for name, slope in SLOPES.items())


THREE = Space({"a": UNIT, "b": UNIT, "c": UNIT})
SLOPES = {"a": 2.0, "b": 1.0, "c": 0.0}
VARIANCES = {name: slope**2 / 12 for name, slope in SLOPES.items()}
PRODUCT_VARIANCE = math.prod(1 + variance for variance in VARIANCES.values()) - 1
OPTIMIZERS = Space(
    {"rate": UNIT, "optimizer": Choices(("sgd", "rmsprop", "adam")), "momentum": UNIT},
    {"momentum": IsOneOf("optimizer", ("sgd",))},
)


def with_momentum(point: Point) -> float:
    """Return a cost that hangs on the optimizer, a little on the momentum, and on the rate hardly."""
    level = {"sgd": 0.0, "rmsprop": 5.0, "adam": 10.0}[str(point["optimizer"])]
    return level + (float(point["momentum"]) if "momentum" in point else 0.0) + 0.01 * float(point["rate"])


def test_that_a_sum_has_its_shares_and_no_pairs() -> None:
    totals, alone, pairs = exact(THREE, linear)
    assert totals == pytest.approx({"a": 9 / 14, "b": 4 / 14, "c": 1 / 14}, abs=0.01)
    assert alone == pytest.approx(totals, abs=0.01)
    assert max(pairs.values()) < 0.01


def test_that_a_product_has_its_shares_and_its_pair() -> None:
    totals, alone, pairs = exact(THREE, product)
    a, b = VARIANCES["a"], VARIANCES["b"]
    assert alone == pytest.approx({"a": a / PRODUCT_VARIANCE, "b": b / PRODUCT_VARIANCE, "c": 0}, abs=0.02)
    assert totals == pytest.approx(
        {"a": a * (1 + b) / PRODUCT_VARIANCE, "b": b * (1 + a) / PRODUCT_VARIANCE, "c": 0}, abs=0.02
    )
    assert pairs == pytest.approx({"a b": a * b / PRODUCT_VARIANCE, "a c": 0, "b c": 0}, abs=0.02)


def test_that_each_value_of_a_choice_or_a_step_counts_alike() -> None:
    ranges: dict[str, Range] = {
        "choice": Choices(("one", "two", "three", "four")),
        "level": Levels((1, 10, 100)),
        "switch": OffOrOn(),
        "width": IntegerRange(1, 4, Scale.LOG, 2),
    }
    heights = {"choice": lambda v: v == "four", "level": lambda v: v == 100, "switch": bool, "width": lambda v: v == 4}

    def cost(point: Point) -> float:
        return sum(float(heights[name](value)) for name, value in point.items())

    totals, *_ = exact(Space(ranges), cost)
    variances = {"choice": 3 / 16, "level": 2 / 9, "switch": 1 / 4, "width": 2 / 9}
    whole = sum(variances.values())
    assert totals == pytest.approx({name: variance / whole for name, variance in variances.items()}, abs=0.02)


def test_that_a_conditional_parameter_is_judged_where_it_applies() -> None:
    totals, alone, pairs = exact(OPTIMIZERS, with_momentum)
    assert totals["optimizer"] > 0.98
    assert totals["momentum"] > 0.98
    assert alone["momentum"] > 0.9
    assert totals["rate"] < 0.02
    assert max(pairs.values()) < 0.02


def test_that_a_parameter_that_others_hang_on_explains_what_they_change() -> None:
    space = Space({"layers": IntegerRange(1, 3), "second": UNIT}, {"second": AtLeast("layers", 2)})
    totals, *_ = exact(space, lambda point: float(point.get("second", 0.5)))
    assert totals["second"] == pytest.approx(1)
    # Of two draws of the layers, 4 of 9 times only one is 1; the second layer then moves from or to 0.5.
    assert totals["layers"] == pytest.approx((4 / 9 * (1 / 12) / 2) / (2 / 3 / 12), abs=0.02)


@pytest.mark.parametrize(
    "rule", [Rule("b", Relation.AT_MOST, "a"), Rule("a", Relation.AT_MOST, 0.02, times="b")], ids=["half", "few"]
)
def test_that_points_are_drawn_from_what_rules_leave(rule: Rule) -> None:
    space = Space({"a": UNIT, "b": UNIT, "c": UNIT}, rules=[rule])
    seen: list[Point] = []

    def cost(point: Point) -> float:
        seen.append(point)
        return linear(point)

    totals, *_ = exact(space, cost)
    assert len(seen) > 500
    assert all(space.allows(point) for point in seen)
    assert all(0 < total < 1 for total in totals.values())


def test_that_rules_which_leave_nothing_end_in_no_share() -> None:
    space = Space(dict(THREE.ranges), rules=[Rule("a", Relation.ABOVE, 2.0)])
    totals, alone, pairs = exact(space, linear)
    assert {*totals.values(), *alone.values(), *pairs.values()} == {0.0}


def test_that_a_sum_is_learnt_from_its_trials() -> None:
    answer = first_answer(request(THREE, linear, 40))
    assert [share.parameter for share in answer.shares] == ["a", "b", "c"]
    assert [share.total for share in answer.shares] == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.03)
    assert [share.alone for share in answer.shares] == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.03)


def test_that_a_pair_is_learnt_from_its_trials() -> None:
    answer = first_answer(request(THREE, product, 60))
    assert answer.pairs[0].parameters == ("a", "b")
    assert answer.pairs[0].share == pytest.approx(VARIANCES["a"] * VARIANCES["b"] / PRODUCT_VARIANCE, abs=0.03)


def test_that_a_conditional_parameter_is_learnt_from_its_trials() -> None:
    found = shares(first_answer(request(OPTIMIZERS, with_momentum, 60)))
    assert found["optimizer"].total > 0.95
    assert found["momentum"].total > 0.8


def test_that_intervals_come_after_the_shares_and_hold_them() -> None:
    found = answers(request(THREE, linear, 20, noise=0.5), resamples=24)
    assert [answer.resamples for answer in found] == [0, 10, 20, 24]
    assert {(share.low, share.high, share.first) for share in found[0].shares} == {(0.0, 1.0, 0.0)}
    assert [share.total for share in found[0].shares] == [share.total for share in found[-1].shares]
    for answer in found:
        assert all(0 <= share.low <= share.total <= share.high <= 1 for share in answer.shares)
        assert all(0 <= pair.low <= pair.share <= pair.high <= 1 for pair in answer.pairs)
        assert answer.trials == 20
    assert sum(share.first for share in found[-1].shares) == pytest.approx(1)
    assert found[-1].shares[0].first > 0.5


def test_that_the_answer_is_the_same_for_the_same_request() -> None:
    given = request(OPTIMIZERS, with_momentum, 20, noise=1.0)
    assert answers(given) == answers(given)


def test_that_costs_which_are_all_the_same_tell_nothing() -> None:
    (answer,) = answers(request(THREE, lambda _: 5.0, 20))
    assert answer.resamples == 2
    assert {(share.total, share.alone, share.low, share.high, share.first) for share in answer.shares} == {
        (0.0, 0.0, 0.0, 1.0, 0.0)
    }
    assert answer.pairs == ()


def test_that_trials_which_all_failed_tell_nothing() -> None:
    (answer,) = answers(request(THREE, lambda _: None, 20))
    assert answer.trials == 0
    assert [share.total for share in answer.shares] == [0.0, 0.0, 0.0]


def test_that_failed_trials_count_as_the_worst() -> None:
    found = shares(first_answer(request(THREE, lambda point: None if float(point["b"]) > 0.5 else linear(point), 60)))
    assert found["b"].total > found["a"].total


def test_that_a_single_parameter_explains_all() -> None:
    first, *_, last = answers(request(Space({"a": UNIT}), lambda point: float(point["a"]) ** 2, 12))
    assert first.shares[0].total == pytest.approx(1, abs=0.01)
    assert first.pairs == ()
    assert last.shares[0].low > 0.9


def test_that_without_a_varied_parameter_nothing_is_judged() -> None:
    (answer,) = answers(ProposalRequest({}, SearchSettings(), 0, 2, (Observation(1, {}, 1.0),)))
    assert answer.shares == ()


@pytest.mark.parametrize("size", [1e-300, 1e300, math.inf])
def test_that_costs_of_any_size_give_numbers(size: float) -> None:
    found = answers(
        request(THREE, lambda point: size if float(point["a"]) > 0.6 else linear(point) * 1e-3 * min(size, 1e300), 12)
    )
    for answer in found:
        for share in answer.shares:
            assert all(map(math.isfinite, (share.total, share.alone, share.low, share.high, share.first)))


@pytest.mark.parametrize("size", [1e306, 2e307])
def test_that_huge_results_are_told_apart(size: float) -> None:
    found = shares(first_answer(request(THREE, lambda point: size * (4 + linear(point)), 30)))
    assert found["a"].total == pytest.approx(9 / 14, abs=0.05)


def test_that_two_trials_are_enough_for_an_answer() -> None:
    assert len(answers(request(THREE, linear, 2))[-1].shares) == 3


def test_that_a_long_study_is_judged_by_some_of_its_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.analysis.importance.HELD", 30)
    given = request(THREE, lambda point: None if float(point["b"]) > 0.9 else linear(point), 200, noise=0.05)
    answer = first_answer(given)
    held = selection(imputed_objectives(given.observations), 30)
    assert answer.held == sum(given.observations[place].objective is not None for place in held) < 30
    assert answer.trials == sum(o.objective is not None for o in given.observations) < 200
    answer = first_answer(request(THREE, linear, 200, noise=0.05))
    assert (answer.held, answer.trials) == (30, 200)
    assert [share.parameter for share in answer.shares] == ["a", "b", "c"]
