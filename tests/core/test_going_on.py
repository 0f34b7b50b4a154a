"""What is going on, in a word: for each job in each phase; and in the lines of a terminal."""

from itertools import product

import pytest

from core.events import StudyEnd
from core.phases import Job, Phase
from core.words.going_on import (
    Awaited,
    awaited,
    best_in_a_line,
    held_in_a_line,
    phase_in_a_line,
    state_in_words,
    waiting_in_a_line,
)
from tests.core.told_studies import progress_with

STATES = [*product((Job.STUDY, Job.EVALUATION), Phase), (Job.WATCH, Phase.RUNNING)]


@pytest.mark.parametrize(("job", "phase"), STATES)
def test_that_each_job_in_each_phase_has_a_word(job: Job, phase: Phase) -> None:
    for progress in (None, progress_with(15.0, under_way=1), progress_with(15.0, end=StudyEnd.FINISHED)):
        assert state_in_words(job, phase, progress)


@pytest.mark.parametrize(
    ("job", "phase", "word"),
    [
        (Job.STUDY, Phase.STARTING, "Loading TensorFlow…"),
        (Job.STUDY, Phase.RUNNING, "Training"),
        (Job.STUDY, Phase.PAUSING, "Pausing…"),
        (Job.STUDY, Phase.PAUSED, "Paused"),
        (Job.STUDY, Phase.BLOCKED, "Waiting for the file"),
        (Job.STUDY, Phase.HELD, "Paused"),
        (Job.STUDY, Phase.STOPPING, "Stopping…"),
        (Job.EVALUATION, Phase.STARTING, "Evaluating…"),
        (Job.EVALUATION, Phase.RUNNING, "Evaluating…"),
        (Job.EVALUATION, Phase.BLOCKED, "Waiting for the file"),
        (Job.EVALUATION, Phase.STOPPING, "Stopping…"),
        (Job.WATCH, Phase.RUNNING, "Following"),
    ],
)
def test_that_the_short_word_is_what_the_user_asked_for_or_waits_for(job: Job, phase: Phase, word: str) -> None:
    assert state_in_words(job, phase, progress_with(15.0, under_way=1)) == word


def test_that_the_short_word_tells_what_a_study_without_a_job_came_to() -> None:
    assert state_in_words(None, None, None) == "No study is open"
    assert state_in_words(None, None, progress_with(15.0)) == "Interrupted"
    assert state_in_words(None, None, progress_with(15.0, end=StudyEnd.TIME_UP)) == "Time is up"


def test_that_a_study_that_runs_tells_whether_it_trains_skips_or_chooses() -> None:
    assert state_in_words(Job.STUDY, Phase.RUNNING, progress_with(15.0)) == "Choosing a point"
    assert state_in_words(Job.STUDY, Phase.RUNNING, progress_with(15.0, under_way=1), {2}) == "Skipping…"
    assert state_in_words(Job.STUDY, Phase.RUNNING, progress_with(15.0, under_way=1), {1}) == "Training"


@pytest.mark.parametrize(
    ("job", "phase", "sentence"),
    [
        (None, None, "The first one appears some seconds after Start."),
        (Job.STUDY, Phase.STARTING, "The first one appears as soon as TensorFlow is loaded."),
        (Job.STUDY, Phase.RUNNING, "The first one appears as soon as its values are chosen."),
        (Job.STUDY, Phase.PAUSED, "The study is paused; the first one appears after Resume."),
        (Job.STUDY, Phase.BLOCKED, "The study waits for its file; the first one appears when it goes on."),
        (Job.STUDY, Phase.STOPPING, "The study is being stopped."),
        (Job.WATCH, Phase.RUNNING, "The first one appears as soon as its values are chosen."),
    ],
)
@pytest.mark.parametrize("what", Awaited)
def test_that_an_empty_place_says_when_it_will_be_filled(
    job: Job | None, phase: Phase | None, sentence: str, what: Awaited
) -> None:
    assert awaited(job, phase, None, what) == sentence


def test_that_an_empty_place_waits_for_what_the_trial_under_way_still_has_to_do() -> None:
    progress = progress_with(under_way=1)
    assert awaited(Job.STUDY, Phase.RUNNING, progress, Awaited.EPOCH) == (
        "The first one appears when trial 1 has trained an epoch."
    )
    assert (
        awaited(Job.STUDY, Phase.RUNNING, progress, Awaited.RESULT) == "The first one appears when trial 1 has ended."
    )


def test_that_a_place_that_stayed_empty_promises_more_only_where_a_study_can_go_on() -> None:
    stopped, exhausted = progress_with(end=StudyEnd.STOPPED), progress_with(end=StudyEnd.EXHAUSTED)
    assert awaited(None, None, stopped) == "None appeared before the study ended; Resume goes on."
    assert awaited(None, None, exhausted) == "None appeared before the study ended."
    assert awaited(None, None, progress_with()) == "None appeared before the study was cut off; Resume goes on."


def test_that_the_terminal_is_told_the_same_of_a_study() -> None:
    assert phase_in_a_line(Phase.STARTING) == "Loading TensorFlow"
    assert phase_in_a_line(Phase.RUNNING) == "Trials"
    assert best_in_a_line(progress_with()) == best_in_a_line(None) == ""
    assert best_in_a_line(progress_with(16.0, 15.0)) == "best val loss 15 (trial 2)"
    assert waiting_in_a_line("No space", "kill -USR1 7") == (
        "Waiting: No space. Nothing is lost; Afina tries again every 5 seconds. To go on in another file: "
        "kill -USR1 7. To end, with the study saved in another file: Ctrl-C."
    )
    assert held_in_a_line("A process was lost.", "Ctrl-Break") == (
        "Paused: A process was lost. Nothing is lost; Afina tries again after 60 seconds; at once: Ctrl-Break. "
        "To end: Ctrl-C."
    )
