"""The rules by which a study ends: which, in which order, with which sentence."""

from typing import Any

import msgspec
import pytest

from core.events import StudyEnd, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, StudySettings
from core.study.stop_rules import Standing, first_stop


def progress(trials: int, under_way: int = 0, **budget: Any) -> StudyProgress:
    settings = StudySettings(budget=msgspec.structs.replace(BudgetSettings(trials=3), **budget))
    found = StudyProgress(StudyStarted(settings=settings, time=0.0, versions={}))
    for number in range(1, trials + under_way + 1):
        found.apply(TrialStarted(trial=number, values={}, seed=0, origin=PointOrigin.RANDOM))
        if number <= trials:
            found.apply(TrialEnded(trial=number, state=TrialState.SKIPPED, epoch=1, seconds=0.1))
    return found


def standing(
    found: StudyProgress, seconds: float = 0.0, *, exhausted: bool = False, asked: StudyEnd | None = None
) -> Standing:
    return Standing(found, seconds, exhausted, asked)


@pytest.mark.parametrize(
    ("study", "reason", "sentence"),
    [
        (standing(progress(3)), StudyEnd.FINISHED, "Finished 3 trials."),
        (
            standing(progress(2), exhausted=True),
            StudyEnd.EXHAUSTED,
            "All 2 points of the search space have been tried.",
        ),
        (standing(progress(1, 1, seconds=9.0), seconds=9.0), StudyEnd.TIME_UP, "The time is up after 1 of 3 trials."),
        (standing(progress(1, 1), asked=StudyEnd.STOPPED), StudyEnd.STOPPED, "Stopped after 1 of 3 trials."),
        (standing(progress(1, 1), asked=StudyEnd.PAUSED), StudyEnd.PAUSED, "Paused after 1 of 3 trials."),
        (standing(progress(3), asked=StudyEnd.STOPPED), StudyEnd.FINISHED, "Finished 3 trials."),
        (
            standing(progress(1, seconds=9.0), seconds=9.0, asked=StudyEnd.STOPPED),
            StudyEnd.STOPPED,
            "Stopped after 1 of 3 trials.",
        ),
    ],
)
def test_that_the_first_rule_that_applies_says_why_a_study_ends(
    study: Standing, reason: StudyEnd, sentence: str
) -> None:
    stop = first_stop(study)
    assert stop is not None
    assert (stop.reason, stop.sentence(study.progress)) == (reason, sentence)


@pytest.mark.parametrize(
    "study",
    [
        standing(progress(2)),
        standing(progress(1, 1), exhausted=True),
        standing(progress(1, 1, seconds=9.0), seconds=8.9),
    ],
)
def test_that_a_study_goes_on_while_no_rule_applies(study: Standing) -> None:
    assert first_stop(study) is None
