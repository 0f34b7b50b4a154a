"""The objective: direction, epoch, names."""

import pytest

from core.errors import InvalidSetting
from core.objective import Direction, EpochChoice, ObjectiveSettings


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


@pytest.mark.parametrize("name", ["", "x" * 101, "val\nloss"])
def test_that_a_name_that_cannot_be_a_metric_is_refused(name: str) -> None:
    with pytest.raises(InvalidSetting, match="metric"):
        ObjectiveSettings(metric=name)
