"""Progress is a pure fold of the events."""

import math
from typing import Any

import msgspec
import pytest

from core.events import (
    EpochEnded,
    Epochs,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, StudySettings, tutorial_settings


def started(trial: int) -> TrialStarted:
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 2, "optimizer": "sgd"}
    return TrialStarted(trial=trial, values=values, seed=trial, origin=PointOrigin.INITIAL)


def epoch(trial: int, number: int, val_loss: float) -> EpochEnded:
    return EpochEnded(
        trial=trial, epoch=number, loss=2 * val_loss, val_loss=val_loss, metrics={"mae": 1.0}, seconds=float(number)
    )


def complete(trial: int, objective: float, seconds: float = 2.0) -> TrialEnded:
    return TrialEnded(trial=trial, state=TrialState.COMPLETE, epoch=2, seconds=seconds, objective=objective)


def begun() -> StudyProgress:
    return StudyProgress.of([StudyStarted(settings=tutorial_settings(), time=1.0, versions={})])


def with_trials(trials: int, **changes: Any) -> StudySettings:
    return msgspec.structs.replace(StudySettings(budget=BudgetSettings(trials=trials)), **changes)


def feed(progress: StudyProgress, *events: object) -> StudyProgress:
    for event in events:
        progress.apply(event)  # type: ignore[arg-type]
    return progress


def test_that_the_best_is_the_lowest_and_the_first_of_equals() -> None:
    progress = feed(begun(), started(1), complete(1, 5.0), started(2), complete(2, 3.0), started(3), complete(3, 3.0))
    assert progress.best is progress.trials[2]


def test_that_the_best_is_the_highest_and_the_first_of_equals_when_maximising() -> None:
    accuracy = ObjectiveSettings(metric="val_mae", direction=Direction.MAXIMISE)
    progress = StudyProgress.of([StudyStarted(settings=StudySettings(objective=accuracy), time=1.0, versions={})])
    feed(progress, started(1), complete(1, 0.5), started(2), complete(2, 0.9), started(3), complete(3, 0.9))
    assert progress.best is progress.trials[2]


def test_that_a_failed_trial_is_never_the_best() -> None:
    failed = TrialEnded(
        trial=1, state=TrialState.FAILED, epoch=1, seconds=0.1, reason=FailureReason.DIVERGED, message="off"
    )
    progress = feed(begun(), started(1), epoch(1, 1, 0.001), failed)
    assert progress.best is None
    assert progress.count(TrialState.FAILED) == 1


def test_that_curves_grow_epoch_by_epoch() -> None:
    progress = feed(begun(), started(1), epoch(1, 1, 4.0), epoch(1, 2, 3.0))
    assert progress.under_way == {1: progress.trials[1]}
    assert progress.trials[1].losses == [8.0, 6.0]
    assert progress.trials[1].val_losses == [4.0, 3.0]
    assert progress.trials[1].metrics == {"mae": [1.0, 1.0]}


def with_metrics(number: int, **metrics: float) -> EpochEnded:
    return EpochEnded(trial=1, epoch=number, loss=1.0, val_loss=1.0, metrics=metrics, seconds=float(number))


def test_that_a_metric_stands_at_its_epoch_when_some_did_not_report_it() -> None:
    epochs = [with_metrics(1), with_metrics(2, auc=0.6), with_metrics(3), with_metrics(4, auc=0.9), with_metrics(5)]
    trial = feed(begun(), started(1), *epochs).trials[1]
    assert trial.course("auc") == pytest.approx([math.nan, 0.6, math.nan, 0.9], nan_ok=True)
    assert trial.latest("auc") == 0.9
    best = ObjectiveSettings(metric="auc", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)
    assert trial.counting_epochs(best) == [4]
    assert trial.counted("loss", best) == 1.0
    assert trial.counted("auc", ObjectiveSettings()) is None, "the last epoch did not report it"


def test_that_epochs_that_come_at_once_stand_at_the_same_places() -> None:
    def several(first: int, count: int, **metrics: tuple[float, ...]) -> Epochs:
        ones = (1.0,) * count
        return Epochs(trial=1, first=first, losses=ones, val_losses=ones, seconds=ones, metrics=metrics)

    trial = feed(begun(), started(1), several(1, 2), several(3, 2, auc=(0.5, 0.9))).trials[1]
    assert trial.course("auc") == pytest.approx([math.nan, math.nan, 0.5, 0.9], nan_ok=True)


def test_that_a_trial_without_an_end_is_interrupted_and_starts_again_from_nothing() -> None:
    progress = feed(begun(), started(1), epoch(1, 1, 4.0), StudyEnded(reason=StudyEnd.STOPPED, message="", time=2.0))
    assert [t.state for t in progress.trials.values()] == [TrialState.INTERRUPTED]
    assert progress.interrupted() == [1]
    assert progress.finished == []
    feed(progress, StudyResumed(time=3.0, trials=20), started(1))
    assert [t.state for t in progress.trials.values()] == [TrialState.RUNNING]
    assert progress.trials[1].losses == []
    assert progress.running


def test_that_resuming_sets_the_budget_and_forgets_the_end() -> None:
    progress = feed(
        begun(), StudyEnded(reason=StudyEnd.FINISHED, message="", time=2.0), StudyResumed(time=3.0, trials=30)
    )
    assert progress.budget == 30
    assert progress.end is None


def test_that_failures_count_in_a_row_and_anew_when_the_study_is_resumed() -> None:
    def failed(trial: int) -> TrialEnded:
        return TrialEnded(trial=trial, state=TrialState.FAILED, epoch=1, seconds=1.0, reason=FailureReason.HUNG)

    progress = feed(begun(), started(1), failed(1), started(2), failed(2))
    assert progress.failures_in_a_row == 2
    assert feed(progress, started(3), complete(3, 5.0)).failures_in_a_row == 0
    feed(progress, started(4), failed(4), StudyResumed(time=2.0, trials=20))
    assert progress.failures_in_a_row == 0


@pytest.mark.parametrize(("direction", "reached"), [(Direction.MINIMISE, 2), (Direction.MAXIMISE, 1)])
def test_that_a_target_is_reached_by_a_trial_that_is_as_good_until_the_study_is_resumed(
    direction: Direction, reached: int
) -> None:
    settings = StudySettings(objective=ObjectiveSettings(direction=direction), budget=BudgetSettings(target=4.0))
    progress = StudyProgress.of([StudyStarted(settings=settings, time=1.0, versions={})])
    feed(progress, started(1), complete(1, 5.0))
    assert progress.target_reached is (reached == 1)
    feed(progress, started(2), complete(2, 4.0), started(3), complete(3, 4.5))
    assert progress.target_reached
    assert not feed(progress, StudyResumed(time=2.0, trials=20)).target_reached


def test_that_an_exhausted_study_cannot_be_resumed() -> None:
    progress = feed(begun(), started(1), StudyEnded(reason=StudyEnd.STOPPED, message="", time=2.0))
    assert progress.resumable
    progress = feed(begun(), StudyEnded(reason=StudyEnd.EXHAUSTED, message="", time=2.0))
    assert not progress.resumable


def test_that_the_time_left_follows_the_median_trial() -> None:
    progress = begun()
    assert progress.seconds_left() is None
    feed(progress, started(1), epoch(1, 1, 1.0))
    assert progress.seconds_left() == 2.0 * 20 - 1.0
    feed(progress, complete(1, 1.0, seconds=2.0), started(2), complete(2, 1.0, seconds=4.0))
    assert progress.seconds_left() == 3.0 * 18


def test_that_one_slow_trial_among_few_does_not_upset_the_time_left() -> None:
    progress = begun()
    for number, seconds in enumerate((1.0, 1.0, 100.0), 1):
        feed(progress, started(number), complete(number, 1.0, seconds=seconds))
    assert progress.seconds_left() == 1.0 * 17


def test_that_the_time_left_follows_the_mean_of_the_latest_of_many_trials() -> None:
    progress = feed(begun(), StudyResumed(time=1.0, trials=200))
    for number in range(1, 101):
        seconds = 1000.0 if number <= 50 else 1.0 if number % 2 else 5.0
        feed(progress, started(number), complete(number, 1.0, seconds=seconds))
    assert progress.seconds_left() == 3.0 * 100


def test_that_the_time_left_does_not_count_trials_that_failed() -> None:
    failed = TrialEnded(trial=2, state=TrialState.FAILED, epoch=1, seconds=0.1, reason=FailureReason.DIVERGED)
    progress = feed(begun(), started(1), complete(1, 1.0, seconds=4.0), started(2), failed)
    assert progress.seconds_left() == 4.0 * 18


def slow(trial: int) -> EpochEnded:
    """Return the first of two epochs, after ten seconds."""
    return msgspec.structs.replace(epoch(trial, 1, 1.0), seconds=10.0)


def test_that_a_trial_slower_than_the_others_takes_the_time_left_at_its_own_pace() -> None:
    progress = StudyProgress.of([StudyStarted(settings=with_trials(2), time=1.0, versions={})])
    feed(progress, started(1), epoch(1, 1, 1.0), epoch(1, 2, 1.0), complete(1, 1.0, seconds=4.0), started(2))
    assert progress.seconds_left() == 4.0
    feed(progress, epoch(2, 1, 1.0))
    assert progress.seconds_left() == 3.0, "faster so far, which may be chance"
    progress.trials[2].seconds = 10.0
    assert progress.seconds_left() == 10.0


def test_that_a_slow_trial_ends_as_early_as_the_others_until_it_has_not() -> None:
    progress = StudyProgress.of([StudyStarted(settings=with_trials(2), time=1.0, versions={})])
    feed(progress, started(1), epoch(1, 1, 1.0), complete(1, 1.0, seconds=4.0), started(2))
    progress.trials[1].values["epochs"] = 10
    progress.trials[2].values["epochs"] = 100
    feed(progress, slow(2))
    assert progress.seconds_left() == pytest.approx(90.0)  # others took a tenth of their epochs
    progress.trials[2].values["epochs"] = 5
    assert progress.seconds_left() == pytest.approx(40.0)


def test_that_of_several_workers_the_slowest_trial_ends_the_study() -> None:
    progress = StudyProgress.of([StudyStarted(settings=with_trials(3, workers=2), time=1.0, versions={})])
    feed(progress, started(1), complete(1, 1.0, seconds=2.0), started(2), started(3), slow(2), epoch(3, 1, 1.0))
    assert progress.seconds_left() == 10.0


def test_that_trials_under_way_at_once_are_told_apart() -> None:
    progress = feed(begun(), started(1), started(2), epoch(2, 1, 4.0), epoch(1, 1, 5.0), complete(2, 4.0), started(3))
    assert list(progress.under_way) == [1, 3]
    assert progress.under_way[1] is progress.trials[1]
    assert progress.trials[2].val_losses == [4.0]
    progress.mark_interrupted()
    assert progress.interrupted() == [1, 3]
    assert progress.under_way == {}


def test_that_the_first_epoch_which_compiles_does_not_count_for_the_others() -> None:
    progress = StudyProgress.of([StudyStarted(settings=with_trials(1), time=1.0, versions={})])
    feed(progress, msgspec.structs.replace(started(1), values=started(1).values | {"epochs": 100}))
    feed(progress, msgspec.structs.replace(epoch(1, 1, 1.0), seconds=5.0))
    assert progress.seconds_left() is None, "one epoch of a hundred, and nobody knows how long it compiled"
    feed(progress, msgspec.structs.replace(epoch(1, 2, 1.0), seconds=5.1))
    assert progress.seconds_left() == pytest.approx(9.8)
