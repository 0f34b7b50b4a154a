"""What a plot says while there is nothing to draw: it follows the state of the study."""

import pytest

from core.events import StudyEnd, StudyEnded, StudyStarted, TrialStarted
from core.phases import Job, Phase
from core.progress import StudyProgress, folded
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.words.awaited import awaited
from tests.core.told_studies import progress_with

FIRST = "the first curve begins in some seconds"


def begun(*, trial: bool = False) -> StudyProgress:
    progress = folded(None, StudyStarted(settings=StudySettings(), time=0.0, versions={}))
    return folded(progress, TrialStarted(trial=1, values={}, seed=1, origin=PointOrigin.INITIAL)) if trial else progress


def test_that_nothing_is_said_without_a_study() -> None:
    assert awaited(None, None, None, FIRST) == ""


@pytest.mark.parametrize("progress", [None, begun()], ids=["before the study's file", "after it"])
def test_that_a_study_that_starts_says_what_is_loading_and_what_comes(progress: StudyProgress | None) -> None:
    assert awaited(Job.STUDY, Phase.STARTING, progress, FIRST) == f"TensorFlow is loading: {FIRST}."


@pytest.mark.parametrize("phase", [None, *Phase])
def test_that_no_state_of_a_study_asks_to_press_start(phase: Phase | None) -> None:
    said = awaited(None if phase is None else Job.STUDY, phase, begun(), FIRST)
    assert said.endswith(".")
    assert "Start" not in said


def test_that_a_study_that_is_over_promises_more_only_where_it_can_go_on() -> None:
    assert awaited(None, None, begun(), FIRST) == f"No trial has begun yet. After Resume {FIRST}."
    assert awaited(None, None, begun(trial=True), FIRST) == f"No trial has ended yet. After Resume {FIRST}."
    exhausted = begun()
    exhausted.apply(StudyEnded(reason=StudyEnd.EXHAUSTED, message="", time=1.0))
    assert awaited(None, None, exhausted, FIRST) == "No trial has begun."


def test_that_a_trial_that_is_paused_is_neither_the_first_to_come_nor_training() -> None:
    paused = awaited(Job.STUDY, Phase.PAUSED, begun(trial=True), FIRST)
    assert paused == "The study is paused before its first result. Resume goes on."


def test_that_a_plot_without_points_says_that_the_first_trial_is_under_way() -> None:
    assert awaited(Job.STUDY, Phase.RUNNING, begun(trial=True), FIRST).startswith("Trial 1 is under way")


def test_that_trials_at_the_same_time_are_all_told() -> None:
    def said(count: int) -> str:
        return awaited(Job.STUDY, Phase.RUNNING, progress_with(under_way=count), FIRST, "its curve begins")

    assert said(2) == "Trials 1 and 2 are under way: each one's curve begins."
    assert said(4) == "4 trials are under way: each one's curve begins."
