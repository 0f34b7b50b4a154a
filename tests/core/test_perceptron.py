"""The perceptron's declaration: what applies to which trial, and studies from before some of its parameters."""

import json

import numpy as np
import pytest

from core.conditions import singles
from core.errors import DamagedStudy
from core.events import TrialStarted
from core.models.catalogue import FAMILIES
from core.models.declarations import BATCH_NORMALISATION, L2, MOMENTUM, OPTIMISER, SCHEDULE, UNITS_OF_LAYERS
from core.models.families.mlp import FAMILY
from core.models.settings import ModelSettings
from core.parameters import Fixed, Parameter, Range, Value
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.settings_file import settings_from_json
from core.space import Space
from core.store.order import OrderCheck
from core.study.loop import study_started

NEWER: tuple[Parameter, ...] = (*UNITS_OF_LAYERS, BATCH_NORMALISATION, L2, SCHEDULE, MOMENTUM)
OLD_VALUES: dict[str, Value] = {
    "layers": 3,
    "units": 8,
    "activation": "relu",
    "dropout": 0.1,
    "learning_rate": 0.01,
    "batch_size": 32,
    "epochs": 3,
    "optimizer": "sgd",
}


def perceptron(**ranges: Range) -> StudySettings:
    declared = {parameter.name: parameter.first_range() for parameter in FAMILY.parameters}
    return StudySettings(model=ModelSettings(family_name="mlp", ranges=declared | ranges))


def check_start(settings: StudySettings, values: dict[str, Value]) -> None:
    order = OrderCheck()
    order.check(study_started(settings))
    order.check(TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.RANDOM))


def test_that_settings_from_before_a_parameter_have_it_fixed_where_it_changes_nothing() -> None:
    settings = perceptron()
    old = json.loads(settings.to_json())
    for parameter in NEWER:
        del old["model"]["ranges"][parameter.name]
    read = settings_from_json(json.dumps(old))
    assert read == settings
    off: dict[str, Value] = {
        "units_2": 0,
        "units_5": 0,
        "batch_normalisation": False,
        "l2": 0.0,
        "schedule": "constant",
        "momentum": 0.0,
    }
    assert {name: read.model.ranges[name] for name in off} == {name: Fixed(value) for name, value in off.items()}


def test_that_a_trial_from_before_a_parameter_can_be_read() -> None:
    check_start(perceptron(), OLD_VALUES)
    with pytest.raises(DamagedStudy):
        check_start(perceptron(), {name: value for name, value in OLD_VALUES.items() if name != "units"})
    with pytest.raises(DamagedStudy):
        check_start(perceptron(), OLD_VALUES | {"units_4": 8})


def test_that_units_of_a_layer_apply_only_where_there_is_that_layer() -> None:
    settings = perceptron(**{parameter.name: parameter.range(8, 64) for parameter in UNITS_OF_LAYERS})
    assert "units_3" in settings.varied
    assert "units_4" not in settings.varied  # there are 3 layers at most
    space = Space(settings.varied, settings.conditions)
    points = [space.decode(unit) for unit in np.random.default_rng(0).random((50, len(space.ranges))).tolist()]
    for point in points:
        own = [name for name in point if name.startswith("units_")]
        assert own == [f"units_{layer}" for layer in range(2, int(point["layers"]) + 1)]


@pytest.mark.parametrize("family", ["mlp", "cnn"])
def test_that_momentum_applies_to_the_optimisers_that_take_it_from_us(family: str) -> None:
    (condition,) = singles(FAMILIES[family].conditions["momentum"])
    assert [name for name in OPTIMISER.names if condition.holds(name)] == ["sgd", "rmsprop"]


def test_that_what_is_new_is_off_and_fixed_at_first() -> None:
    ranges = perceptron().model.ranges
    assert all(isinstance(ranges[parameter.name], Fixed) for parameter in NEWER)
    assert [p.name for p in FAMILIES["linear"].parameters] == ["learning_rate", "batch_size", "epochs", "optimizer"]


def test_that_the_script_tells_the_width_of_each_layer() -> None:
    lines = FAMILY.script_lines(OLD_VALUES | {"units_2": 16, "units_3": 0})
    assert "in enumerate([UNITS, UNITS_2, UNITS_2]):\n" in lines
    assert "in enumerate([UNITS] * LAYERS):\n" in FAMILY.script_lines(OLD_VALUES)
