"""The best trial by the surrogate's mean, beside the one observed best."""

from core.events import Belief, PointOrigin, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.incumbent import believed_best, describe_belief
from core.progress import StudyProgress
from core.settings import tutorial_settings

VALUES = {"learning_rate": 0.01, "batch_size": 30, "epochs": 10}


def progress(*trials: tuple[float, Belief | None], running: Belief | None = None) -> StudyProgress:
    """Return a study with an objective a trial, and the belief that its proposal brought; then one more that runs."""
    folded = StudyProgress([StudyStarted(settings=tutorial_settings(), time=0.0, versions={})])
    for number, (objective, belief) in enumerate([*trials, (None, running)], start=1):
        folded.apply(TrialStarted(trial=number, values=dict(VALUES), seed=0, origin=PointOrigin.MODEL, belief=belief))
        if objective is not None:
            folded.apply(
                TrialEnded(trial=number, state=TrialState.COMPLETE, objective=objective, epoch=10, seconds=1.0)
            )
    return folded


def test_that_a_lucky_trial_does_not_hide_the_one_that_the_surrogate_takes_for_the_best() -> None:
    belief = Belief(2, 15.61, 0.312)
    assert believed_best(progress((15.2, None), (15.5, None), running=belief)) == belief
    assert describe_belief(belief) == "trial 2, 15.61 ± 0.31"


def test_that_nothing_is_said_when_both_agree_or_nothing_is_believed() -> None:
    assert believed_best(progress((15.2, None), (15.5, None), running=Belief(1, 15.3, 0.3))) is None
    assert believed_best(progress((15.2, None), (15.5, None))) is None
    assert believed_best(progress()) is None


def test_that_a_belief_older_than_the_best_trial_is_not_held_against_it() -> None:
    study = progress((15.5, None), (15.9, None), running=Belief(1, 15.6, 0.3))
    study.apply(TrialEnded(trial=3, state=TrialState.COMPLETE, objective=14.0, epoch=10, seconds=1.0))
    assert believed_best(study) is None
