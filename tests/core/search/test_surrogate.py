"""The fitted surrogate: costs and the acquisition function at points of one's own."""

import math

import msgspec
import numpy as np
import pytest

from core.conditions import IsOneOf
from core.parameters import Choices, FloatRange, IntegerRange, Range, Scale, Value
from core.search.proposal import Observation, ProposalRequest
from core.search.propose import propose
from core.search.settings import Acquisition, SearchSettings, Surrogate
from core.search.surrogate import FittedSurrogate, fit, quietly

Points = list[dict[str, Value]]
RANGES: dict[str, Range] = {
    "rate": FloatRange(1e-4, 1e-1, Scale.LOG),
    "units": IntegerRange(1, 100),
    "optimiser": Choices(("adam", "sgd", "none")),
    "momentum": FloatRange(0.0, 0.99),
}
SEARCH = SearchSettings()
EMPTY = ProposalRequest(RANGES, SEARCH, 0, 41, (), conditions={"momentum": IsOneOf("optimiser", ("sgd",))})


def cost(point: dict[str, Value]) -> float:
    return 200 + 5 * (math.log10(float(point["rate"])) + 2) ** 2 + abs(int(point["units"]) - 30) / 20


def drawn(count: int, seed: int) -> Points:
    units = np.random.default_rng(seed).random((count, len(RANGES)))
    return [EMPTY.space.decode(unit) for unit in units.tolist()]


REQUEST = msgspec.structs.replace(
    EMPTY, observations=tuple(Observation(i, point, cost(point)) for i, point in enumerate(drawn(40, 0), start=1))
)
ELSEWHERE = drawn(50, 1)


def fitted(request: ProposalRequest = REQUEST, **search: object) -> FittedSurrogate:
    with quietly():
        return fit(msgspec.structs.replace(request, search=msgspec.structs.replace(SEARCH, **search)))


@pytest.mark.parametrize("surrogate", list(Surrogate))
def test_that_costs_are_believed_in_the_unit_of_the_observations(surrogate: Surrogate) -> None:
    mean, deviation = fitted(surrogate=surrogate).moments(ELSEWHERE)
    true = np.array([cost(point) for point in ELSEWHERE])
    assert mean.shape == deviation.shape == (50,)
    assert np.corrcoef(mean, true)[0, 1] > 0.7
    assert np.abs(mean - true).mean() < 3
    assert (deviation >= 0).all()


def test_that_many_points_are_believed_what_each_is_alone() -> None:
    surrogate = fitted()
    mean, deviation = surrogate.moments(ELSEWHERE)
    alone = [surrogate.moments([point]) for point in ELSEWHERE]
    assert mean == pytest.approx([float(m[0]) for m, _ in alone])
    assert deviation == pytest.approx([float(d[0]) for _, d in alone])
    assert surrogate.acquisition(ELSEWHERE) == pytest.approx([surrogate.acquisition([p])[0] for p in ELSEWHERE])


def test_that_more_is_known_where_it_was_tried() -> None:
    told = [observation.values for observation in REQUEST.observations]
    surrogate = fitted()
    assert surrogate.moments(told)[1].mean() < surrogate.moments(ELSEWHERE)[1].mean()


def test_that_trials_under_way_change_the_acquisition_there_and_no_belief() -> None:
    best = propose(REQUEST).point
    assert best is not None
    alone, beside = fitted(), fitted(msgspec.structs.replace(REQUEST, pending=(best,)))
    assert beside.moments([best])[1] == pytest.approx(alone.moments([best])[1])
    assert beside.acquisition([best])[0] < 0.9 * alone.acquisition([best])[0]


@pytest.mark.parametrize("acquisition", [a for a in Acquisition if a is not Acquisition.HEDGE])
@pytest.mark.parametrize("surrogate", [Surrogate.GAUSSIAN_PROCESS, Surrogate.EXTRA_TREES])
def test_that_what_is_proposed_is_worth_more_than_nearly_all_others(
    surrogate: Surrogate, acquisition: Acquisition
) -> None:
    search = SearchSettings(surrogate=surrogate, acquisition=acquisition)
    point = propose(msgspec.structs.replace(REQUEST, search=search)).point
    assert point is not None
    made = fitted(surrogate=surrogate, acquisition=acquisition)
    assert made.acquisition([point])[0] >= np.quantile(made.acquisition(drawn(200, 2)), 0.99)


def test_that_the_belief_of_a_proposal_is_the_lowest_mean_of_the_trials() -> None:
    told = [observation.values for observation in REQUEST.observations]
    mean, deviation = fitted().moments(told)
    belief = propose(REQUEST).belief
    assert belief is not None
    assert belief.trial == int(np.argmin(mean)) + 1
    assert belief.mean == pytest.approx(mean.min())
    assert belief.deviation == pytest.approx(deviation[np.argmin(mean)])
    assert type(belief.mean) is type(belief.deviation) is float
