"""What is going on, in a word: for each job in each phase; and in the lines of a terminal."""

from itertools import product

import pytest

from core.events import StudyEnd
from core.phases import Job, Phase
from core.words.going_on import (
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
