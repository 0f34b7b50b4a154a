"""Points as numbers, for the surrogate."""

import numpy as np
import pytest
from skopt.space import Space as SkoptSpace

from core.parameters import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale
from core.search.encoding import Encoding
from core.search.skopt_points import dimension, skopt_point
from core.space import Space

RANGES: dict[str, Range] = {
    "rate": FloatRange(1e-4, 1e-1, Scale.LOG),
    "dropout": FloatRange(0.0, 0.6),
    "units": IntegerRange(16, 1024, Scale.LOG),
    "layers": IntegerRange(1, 3),
    "schedule": Choices(("cosine", "const")),
    "activation": Choices(("tanh", "relu", "elu")),
    "width": IntegerRange(16, 128, Scale.LOG, 2),
    "share": FloatRange(0.1, 0.5, step=0.1),
    "kernel": Levels((1, 3, 7)),
    "bias": OffOrOn(),
}
ENCODING = Encoding(Space(RANGES))
UNITS = np.random.default_rng(0).random((200, len(RANGES)))


def test_that_units_and_points_turn_into_each_other() -> None:
    snapped = ENCODING.snap(UNITS)
    points = [ENCODING.point(unit) for unit in snapped]
    assert points == [pytest.approx(ENCODING.point(unit)) for unit in UNITS]
    assert ENCODING.units(points) == pytest.approx(snapped)


def test_that_all_that_decode_to_the_same_point_are_snapped_to_one_unit() -> None:
    snapped = ENCODING.snap(UNITS)
    assert len(np.unique(snapped[:, 3].round(9))) == 3
    assert ENCODING.snap(snapped) == pytest.approx(snapped)


def test_that_inputs_are_what_skopt_makes_of_the_same_points() -> None:
    snapped = ENCODING.snap(UNITS)
    space = SkoptSpace([dimension(name, given) for name, given in RANGES.items()])
    told = space.transform([skopt_point(ENCODING.space, ENCODING.point(unit)) for unit in snapped])
    assert ENCODING.inputs(snapped) == pytest.approx(told)
    assert len(ENCODING.parameters) == told.shape[1]
