"""The best trial by the surrogate's mean, where it is not the one observed best."""

from core.events import Event, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import Belief, PointOrigin
from core.settings import tutorial_settings
from core.words.beliefs import believed_best

VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 30, "epochs": 10, "optimizer": "sgd"}
START = StudyStarted(settings=tutorial_settings(), time=0.0, versions={})


def ended(trial: int, objective: float) -> TrialEnded:
    return TrialEnded(trial=trial, state=TrialState.COMPLETE, objective=objective, epoch=10, seconds=1.0)


def events(*objectives: float, belief: Belief | None = None) -> list[Event]:
    """Return complete trials with these objectives, and one more that runs, whose proposal brought the belief."""
    told: list[Event] = []
    for trial, objective in enumerate(objectives, start=1):
        told += [TrialStarted(trial=trial, values=VALUES, seed=0, origin=PointOrigin.MODEL), ended(trial, objective)]
    last = len(objectives) + 1
    return [*told, TrialStarted(trial=last, values=VALUES, seed=0, origin=PointOrigin.MODEL, belief=belief)]


def progress(*objectives: float, belief: Belief | None = None) -> StudyProgress:
    return StudyProgress.of([START, *events(*objectives, belief=belief)])


def test_that_a_lucky_trial_does_not_hide_the_one_that_the_surrogate_takes_for_the_best() -> None:
    belief = Belief(2, 15.61, 0.312)
    assert believed_best(progress(15.2, 15.5, belief=belief)) == belief


def test_that_nothing_is_said_when_both_agree_or_nothing_is_believed() -> None:
    assert believed_best(progress(15.2, 15.5, belief=Belief(1, 15.3, 0.3))) is None
    assert believed_best(progress(15.2, 15.5)) is None
    assert believed_best(progress()) is None


def test_that_a_belief_older_than_the_best_trial_is_not_held_against_it() -> None:
    study = progress(15.5, 15.9, belief=Belief(1, 15.6, 0.3))
    study.apply(ended(3, 14.0))
    assert believed_best(study) is None
