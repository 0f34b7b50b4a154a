"""Requests of made-up studies, for the tests of the analysis."""

import math
from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from core.analysis.fitted import Fitted
from core.conditions import Condition, IsOneOf
from core.parameters import Choices, FloatRange, IntegerRange, OffOrOn, Range, Scale, Value
from core.rules import Rule
from core.search.proposal import Observation, ProposalRequest
from core.search.settings import SearchSettings

ONE: dict[str, Range] = {"rate": FloatRange(1e-4, 1e-1, Scale.LOG)}
TWO: dict[str, Range] = {**ONE, "units": IntegerRange(1, 100)}
SIX: dict[str, Range] = {
    **TWO,
    "layers": IntegerRange(1, 3),
    "optimiser": Choices(("adam", "sgd", "rmsprop")),
    "batch_norm": OffOrOn(),
    "dropout": FloatRange(0.0, 0.5, step=0.1),
}
CONDITIONAL: dict[str, Range] = {
    **ONE,
    "optimiser": Choices(("adam", "sgd", "none")),
    "momentum": FloatRange(0.0, 0.99),
}
WITH_SGD: dict[str, Condition] = {"momentum": IsOneOf("optimiser", ("sgd",))}
ALL_SPACES: dict[str, tuple[dict[str, Range], dict[str, Condition]]] = {
    "one": (ONE, {}),
    "two": (TWO, {}),
    "six": (SIX, {}),
    "conditional": (CONDITIONAL, WITH_SGD),
}


def bowl(point: Mapping[str, Value]) -> float:
    """Return a cost that is lowest at a rate of 0.01, and with 30 units."""
    return 15 + 2 * (math.log10(float(point["rate"])) + 2) ** 2 + abs(float(point.get("units", 30)) - 30) / 20


def request(
    ranges: Mapping[str, Range] = TWO,
    count: int = 25,
    cost: Callable[[Mapping[str, Value]], float | None] = bowl,
    *,
    conditions: Mapping[str, Condition] | None = None,
    rules: tuple[Rule, ...] = (),
    noise: float = 0.05,
    seed: int = 0,
    **search: object,
) -> ProposalRequest:
    """Return the request for the next point after trials at random points; a cost of None is a failed trial."""
    settings = msgspec.structs.replace(SearchSettings(), **search)
    empty = ProposalRequest(
        dict(ranges), settings, seed, count + 1, (), conditions=dict(conditions or {}), rules=rules, spaced=True
    )
    rng = np.random.default_rng(seed)
    points: list[dict[str, Value]] = []
    while len(points) < count:
        point = empty.space.decode(rng.random(len(ranges)).tolist())
        if empty.space.allows(point):
            points.append(point)
    observations = []
    for number, point in enumerate(points, start=1):
        found = cost(point)
        scattered = None if found is None else found + noise * float(rng.standard_normal())
        observations.append(Observation(number, point, scattered))
    return msgspec.structs.replace(empty, observations=tuple(observations))


def in_unit(fitted: Fitted, points: Sequence[Mapping[str, Value]]) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and deviation of the belief at these points in the objective's unit, point by point."""
    encoding = fitted.encoding
    mean, deviation = fitted.told.moments(encoding.inputs(encoding.units(points)))
    low, middle, high = (fitted.warp.in_proportion(mean + step * deviation) for step in (-1, 0, 1))
    return middle, (high - low) / 2
