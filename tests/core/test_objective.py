"""The objective: direction, epoch, names."""

import math

import pytest

from core.errors import InvalidSetting
from core.objective import Direction, EpochChoice, ObjectiveSettings, proposed_direction


def test_that_the_last_epoch_counts_unless_the_best_is_asked_for() -> None:
    assert ObjectiveSettings().of([3.0, 1.0, 2.0]) == 2.0
    assert ObjectiveSettings(epoch=EpochChoice.BEST).of([3.0, 1.0, 2.0]) == 1.0
    assert ObjectiveSettings(epoch=EpochChoice.BEST, direction=Direction.MAXIMISE).of([3.0, 1.0, 2.0]) == 3.0


def test_that_higher_is_better_when_maximising() -> None:
    accuracy = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)
    assert accuracy.is_better(0.9, 0.8)
    assert not accuracy.is_better(0.8, 0.9)
    assert accuracy.cost(accuracy.cost(0.9)) == 0.9
    assert ObjectiveSettings().is_better(0.1, 0.2)


@pytest.mark.parametrize("name", ["", "x" * 101, "val\nloss", "<b>loss</b>"])
def test_that_a_name_that_cannot_be_a_metric_is_refused(name: str) -> None:
    with pytest.raises(InvalidSetting, match="metric"):
        ObjectiveSettings(metric=name)


def test_that_the_best_epoch_is_never_one_without_a_number() -> None:
    best = ObjectiveSettings(metric="val_auc", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)
    assert best.of([math.nan, 0.7, math.inf, 0.8, 0.6]) == 0.8
    assert math.isnan(best.of([math.inf, math.nan]))


@pytest.mark.parametrize(
    ("metric", "direction"),
    [
        ("loss", Direction.MINIMISE),
        ("val_mae", Direction.MINIMISE),
        ("val_root_mean_squared_error", Direction.MINIMISE),
        ("val_accuracy_loss", Direction.MINIMISE),
        ("false_positives", Direction.MINIMISE),
        ("val_accuracy", Direction.MAXIMISE),
        ("val_AUC", Direction.MAXIMISE),
        ("precision_1", Direction.MAXIMISE),
        ("val_f1_score", Direction.MAXIMISE),
    ],
)
def test_that_the_name_of_a_metric_proposes_its_direction(metric: str, direction: Direction) -> None:
    assert proposed_direction(metric) is direction


def test_that_an_objective_names_its_metric_and_direction() -> None:
    accuracy = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)
    assert accuracy.caption == "Objective: val accuracy ↑"
    assert accuracy.label == "validation accuracy"
    assert ObjectiveSettings().caption == "Objective: val loss ↓"
    assert ObjectiveSettings(metric="mae").label == "training MAE"
