"""How far a trial is trained: early stopping, and metrics that nobody reports."""

from collections.abc import Generator, Mapping, Sequence

import pytest

from core.conditions import applying
from core.datasets.settings import DataSettings
from core.errors import DamagedStudy, TrialFailed
from core.events import EpochEnded, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.models.families.mlp import FAMILY as MLP
from core.models.settings import ModelSettings
from core.objective import Direction, ObjectiveSettings
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.store.order import OrderCheck
from core.training.request import TrialRequest
from core.training.stopping import as_far_as_it_improves

Epochs = Sequence[Mapping[str, float]]


class Pieces:
    """Yields the values of a metric as epochs, `at_once` at a time; notes whether it was closed."""

    def __init__(self, values: Sequence[float], at_once: int = 1, metric: str = "val_loss") -> None:
        self.epochs = [{"loss": 1.0, metric: value} for value in values]
        self.at_once = at_once
        self.given = 0
        self.closed = False

    def generate(self) -> Generator[Epochs, None, None]:
        try:
            for first in range(0, len(self.epochs), self.at_once):
                self.given += 1
                yield self.epochs[first : first + self.at_once]
                yield ()
        finally:
            self.closed = True


def request(patience: int, objective: ObjectiveSettings | None = None, epochs: int = 50) -> TrialRequest:
    values: dict[str, Value] = {"epochs": epochs, "patience": patience}
    return TrialRequest(1, "mlp", values, 0, DataSettings(), 0, objective=objective or ObjectiveSettings())


def trained(pieces: Pieces, asked: TrialRequest) -> tuple[list[float], str]:
    """Return the metric of each epoch that is passed on, and the note."""
    passing = as_far_as_it_improves(pieces.generate(), asked)
    found: list[float] = []
    while True:
        try:
            found += [logs[asked.objective.metric] for logs in next(passing)]
        except StopIteration as end:
            return found, end.value


COURSE = [9.0, 7.0, 8.0, 7.0, 6.0, 6.0, 6.5, 5.0, 1.0]


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
@pytest.mark.parametrize(("patience", "length"), [(1, 3), (2, 4), (3, 9), (0, 9)])
def test_that_training_ends_at_the_same_epoch_however_many_come_at_once(
    at_once: int, patience: int, length: int
) -> None:
    pieces = Pieces(COURSE, at_once)
    found, note = trained(pieces, request(patience))
    assert found == COURSE[:length]
    assert note == (f"Stopped early after {length} of 50 epochs" if length < len(COURSE) else "")
    assert pieces.closed


def test_that_nothing_is_said_of_patience_that_ends_with_the_last_epoch() -> None:
    found, note = trained(Pieces(COURSE), request(1, epochs=3))
    assert (found, note) == (COURSE[:3], "")


def test_that_nothing_is_trained_after_the_last_epoch() -> None:
    pieces = Pieces(COURSE)
    trained(pieces, request(1))
    assert pieces.given == 3


def test_that_an_equal_value_is_no_improvement_and_a_missing_number_neither() -> None:
    assert trained(Pieces([2.0, 2.0, 2.0, 1.0]), request(2))[0] == [2.0] * 3
    assert len(trained(Pieces([float("nan")] * 9), request(3))[0]) == 3


def test_that_the_metric_improves_in_the_objectives_direction() -> None:
    accuracy = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)
    found, _note = trained(Pieces([0.5, 0.6, 0.7, 0.65, 0.9], metric="val_accuracy"), request(1, accuracy))
    assert found == [0.5, 0.6, 0.7, 0.65]


def test_that_a_metric_that_is_not_reported_fails_the_trial_and_those_reported_are_listed() -> None:
    pieces = Pieces(COURSE)
    with pytest.raises(TrialFailed, match="reports no metric “val_f1”; it reports loss and val_loss"):
        trained(pieces, request(0, ObjectiveSettings(metric="val_f1")))
    assert pieces.closed


def test_that_a_trial_without_the_parameter_never_ends_early() -> None:
    asked = TrialRequest(1, "linear", {"epochs": 9}, 0, DataSettings(), 0)
    assert trained(Pieces([1.0] * 9), asked)[0] == [1.0] * 9


def test_that_a_study_from_before_early_stopping_can_be_read_and_lacks_nothing_else() -> None:
    ranges = {parameter.name: parameter.first_range() for parameter in MLP.parameters}
    defaults: dict[str, Value] = {parameter.name: parameter.default for parameter in MLP.parameters}
    values = applying(defaults, MLP.conditions)
    del ranges["patience"], values["patience"]
    check = OrderCheck()
    check.check(
        StudyStarted(
            settings=StudySettings(model=ModelSettings(family_name="mlp", ranges=ranges)), time=0.0, versions={}
        )
    )
    check.check(TrialStarted(trial=1, values=values, seed=0, origin=PointOrigin.INITIAL))
    del values["units"]
    with pytest.raises(DamagedStudy, match="other parameters"):
        check.check(TrialStarted(trial=2, values=values, seed=0, origin=PointOrigin.INITIAL))


def test_that_the_time_that_is_left_goes_by_trials_as_short_as_those_that_ended_early() -> None:
    values: dict[str, Value] = {parameter.name: parameter.default for parameter in MLP.parameters}
    progress = StudyProgress.of([StudyStarted(settings=StudySettings(), time=0.0, versions={})])
    for event in (
        TrialStarted(trial=1, values=values | {"epochs": 50}, seed=0, origin=PointOrigin.INITIAL),
        EpochEnded(trial=1, epoch=1, loss=1.0, val_loss=1.0, metrics={}, seconds=1.0),
        EpochEnded(trial=1, epoch=2, loss=1.0, val_loss=1.0, metrics={}, seconds=2.0),
    ):
        progress.apply(event)
    before = progress.seconds_left()
    progress.apply(TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=2, seconds=2.0, objective=1.0))
    assert before == 20 * 50.0 - 2.0
    assert progress.seconds_left() == 19 * 2.0
