"""What trials do between two events, and how long they have trained: by a clock that the tests turn."""

import pytest

from core.events import BaselinesMeasured, EpochEnded, TrialEnded, TrialStarted, TrialState
from core.phases import Doing, Stage
from core.search.proposal import PointOrigin
from core.study.control import StudyControl, StudyPhase
from core.study.under_way import UnderWay
from core.trial_progress import TrialProgress
from tests.core.told_studies import VALUES
from tests.scripted import HandClock, turn_clocks_by_hand


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    return turn_clocks_by_hand(monkeypatch)


@pytest.fixture
def control() -> StudyControl:
    made = StudyControl()
    made.phase = StudyPhase.TRAINING
    return made


@pytest.fixture
def under_way(clock: HandClock, control: StudyControl) -> UnderWay:
    """Return what is known of a study whose first trial has just begun."""
    made = UnderWay()
    made.look(control)
    made.take(TrialStarted(trial=1, values=VALUES, seed=1, origin=PointOrigin.INITIAL))
    return made


def trial(seconds: float = 0.0) -> TrialProgress:
    return TrialProgress(1, VALUES, 1, PointOrigin.INITIAL, seconds=seconds)


def epoch(seconds: float) -> EpochEnded:
    return EpochEnded(trial=1, epoch=1, loss=1.0, val_loss=1.0, metrics={}, seconds=seconds)


def test_that_the_time_of_a_trial_runs_on_from_what_it_reported_last(
    under_way: UnderWay, clock: HandClock, control: StudyControl
) -> None:
    clock.now += 12
    under_way.look(control)
    assert under_way.seconds(trial()) == 12
    under_way.take(epoch(11.5))
    assert under_way.seconds(trial(11.5)) == 11.5
    clock.now += 3
    under_way.look(control)
    assert under_way.seconds(trial(11.5)) == 14.5


def test_that_simple_predictions_are_measured_before_the_time_of_a_trial_begins(
    under_way: UnderWay, clock: HandClock, control: StudyControl
) -> None:
    clock.now += 20
    under_way.look(control)
    under_way.take(BaselinesMeasured(trial=1, scores={}))
    assert under_way.seconds(trial()) == 0


@pytest.mark.parametrize("phase", [StudyPhase.PAUSED, StudyPhase.BLOCKED, StudyPhase.HELD])
def test_that_time_stands_still_with_the_study(
    under_way: UnderWay, clock: HandClock, control: StudyControl, phase: StudyPhase
) -> None:
    control.phase, control.stages = phase, {1: Stage.COMPILING}
    clock.now += 60
    under_way.look(control)
    assert under_way.seconds(trial()) == 0
    assert under_way.doing == {1: Doing(Stage.COMPILING, 0.0)}


def test_that_each_stage_has_a_time_of_its_own(under_way: UnderWay, clock: HandClock, control: StudyControl) -> None:
    for stage in Stage:
        control.stages = {1: stage}
        under_way.look(control)
        clock.now += 5
        under_way.look(control)
        assert under_way.doing == {1: Doing(stage, 5.0)}
    control.stages = {2: Stage.TRAINING}
    under_way.look(control)
    assert under_way.doing == {2: Doing(Stage.TRAINING, 0.0)}


def test_that_a_trial_that_has_ended_has_the_time_that_was_recorded(
    under_way: UnderWay, clock: HandClock, control: StudyControl
) -> None:
    under_way.take(epoch(1.0))
    under_way.take(TrialEnded(trial=1, state=TrialState.SKIPPED, epoch=1, seconds=2.0))
    clock.now += 100
    under_way.look(control)
    assert under_way.seconds(trial(2.0)) == 2.0
