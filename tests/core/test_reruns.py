"""Trainings outside the search: one after the other, each told, none any more after a stop."""

import msgspec

from core.conduct import Conduct
from core.events import TrialReport, TrialState
from core.settings import StudySettings
from core.study.control import StudyControl, StudyPhase
from core.study.reruns import rerun
from core.training.request import TrialRequest, trial_request
from tests.scripted import ScriptedTrainer, bowl


def requests(count: int) -> list[TrialRequest]:
    """Return the same trial with other seeds."""
    first = trial_request(
        StudySettings(),
        4,
        {"learning_rate": 0.01, "batch_size": 30, "epochs": 3, "optimizer": "sgd"},
        0,
        conduct=Conduct(),
    )
    return [msgspec.structs.replace(first, seed=seed) for seed in range(count)]


def test_that_each_request_is_trained_and_told_with_the_last_epoch_of_each_training() -> None:
    trainer, control = ScriptedTrainer(), StudyControl()
    wanted = requests(3)
    outcomes = list(rerun(wanted, trainer, control))
    assert trainer.requests == wanted
    assert trainer.most_under_way == 1
    assert [outcome.end.state for outcome in outcomes] == [TrialState.COMPLETE] * 3
    assert [[epoch.epoch for epoch in outcome.last_epochs] for outcome in outcomes] == [[3]] * 3
    assert outcomes[0].end.objective == bowl(wanted[0])[-1]
    assert control.phase is StudyPhase.TRAINING


def test_that_a_failed_one_is_told_and_the_next_is_trained() -> None:
    trainer = ScriptedTrainer(lambda request: "It does not fit" if request.seed == 0 else bowl(request))
    outcomes = list(rerun(requests(2), trainer, StudyControl()))
    assert [(outcome.end.state, outcome.end.message) for outcome in outcomes] == [
        (TrialState.FAILED, "It does not fit"),
        (TrialState.COMPLETE, ""),
    ]


def test_that_nothing_more_is_trained_once_the_user_stops_it() -> None:
    trainer, control = ScriptedTrainer(), StudyControl()
    told = []
    for outcome in rerun(requests(3), trainer, control):
        told.append(outcome)
        control.stop()
    assert len(told) == len(trainer.requests) == 1


def test_that_one_that_is_stopped_is_given_up_and_not_told() -> None:
    class Stopping(ScriptedTrainer):
        def reports(self, seconds: float) -> list[TrialReport]:
            control.stop()
            return super().reports(seconds)

    trainer, control = Stopping(), StudyControl()
    assert not list(rerun(requests(2), trainer, control))
    assert len(trainer.requests) == 1
    assert trainer.ready(0), "nothing is under way any more"
