"""What is going on, in a word: for each job in each phase; and in the lines of a terminal."""

from itertools import product

import pytest

from core.events import EpochEnded, StudyEnd
from core.phases import Doing, Job, Phase, Stage
from core.progress import StudyProgress
from core.words.going_on import (
    before_training,
    best_in_a_line,
    epochs_now,
    held_in_a_line,
    phase_in_a_line,
    state_in_words,
    time_left_in_words,
    trials_in_words,
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
    assert state_in_words(Job.STUDY, Phase.RUNNING, progress_with(15.0)) == "Choosing the next trial"
    assert state_in_words(Job.STUDY, Phase.RUNNING, progress_with(15.0, under_way=1), {2}) == "Skipping…"
    assert state_in_words(Job.STUDY, Phase.RUNNING, progress_with(15.0, under_way=1), {1}) == "Training"


def test_that_what_keeps_a_trial_from_training_is_told_with_its_time() -> None:
    progress = progress_with(15.0, under_way=1)

    def word(stage: Stage, seconds: float, job: Job = Job.STUDY, phase: Phase = Phase.RUNNING) -> str:
        return state_in_words(job, phase, progress, doing={2: Doing(stage, seconds)})

    assert word(Stage.COMPILING, 12.7) == "Trial 2 compiles, 12 s"
    assert word(Stage.COMPILING, 65.0) == "Trial 2 compiles, 1 min 05 s"
    assert word(Stage.PREPARING, 3.9) == "Trial 2 is prepared, 3 s"
    assert word(Stage.LOADING, 3.0) == "Trial 2 waits for TensorFlow, 3 s"
    assert word(Stage.TRAINING, 300.0) == "Training"
    assert word(Stage.COMPILING, 0.4) == "Training"  # as most do: words would flicker
    assert word(Stage.COMPILING, 12.7, phase=Phase.PAUSED) == "Paused"
    assert word(Stage.COMPILING, 12.7, Job.EVALUATION) == "Trial 2 compiles, 12 s"
    assert word(Stage.TRAINING, 12.7, Job.EVALUATION) == "Evaluating…"  # these are not the seconds of all of it


def test_that_of_several_trials_those_are_told_that_wait_longest() -> None:
    two = {4: Doing(Stage.COMPILING, 2.0), 3: Doing(Stage.COMPILING, 12.0)}
    assert before_training(two) == "Trials 3 and 4 compile, 12 s"
    assert before_training({3: Doing(Stage.TRAINING, 50.0), 4: Doing(Stage.COMPILING, 2.0)}) == "Trial 4 compiles, 2 s"
    assert before_training(dict.fromkeys(range(3), Doing(Stage.LOADING, 4.0))) == "3 trials wait for TensorFlow, 4 s"
    assert not before_training({3: Doing(Stage.TRAINING, 50.0)})


def test_that_a_trial_without_an_epoch_is_not_said_to_be_in_one_before_it_trains() -> None:
    progress = progress_with(15.0, under_way=1)
    assert epochs_now(progress, {2: Doing(Stage.PREPARING, 0.2)}, Job.STUDY) == "Epoch 0 of 10"
    assert epochs_now(progress, {2: Doing(Stage.COMPILING, 9.0)}, Job.STUDY) == ""
    assert epochs_now(progress, {2: Doing(Stage.TRAINING, 9.0)}, Job.STUDY) == "In epoch 1 of 10"
    assert epochs_now(progress, {}, Job.WATCH) == "No epoch of 10 yet"
    progress.apply(EpochEnded(trial=2, epoch=1, loss=1.0, val_loss=1.0, metrics={}, seconds=1.0))
    assert epochs_now(progress, {2: Doing(Stage.TRAINING, 9.0)}, Job.STUDY) == "Epoch 1 of 10"


@pytest.mark.parametrize(
    ("progress", "job", "phase", "words"),
    [
        (progress_with(15.0, under_way=1), Job.STUDY, Phase.RUNNING, "Trial 2 of 20"),
        (progress_with(15.0, under_way=2), Job.STUDY, Phase.RUNNING, "Trials 2 and 3 of 20"),
        (progress_with(15.0, under_way=3), Job.STUDY, Phase.RUNNING, "3 trials, 2 to 4 of 20"),
        (progress_with(15.0), Job.STUDY, Phase.RUNNING, "Trial 2 of 20"),
        (progress_with(15.0), Job.STUDY, Phase.PAUSED, "1 of 20 trials"),
        (progress_with(15.0, end=StudyEnd.STOPPED), None, None, "1 of 20 trials"),
    ],
)
def test_that_trials_are_numbered_while_they_run_and_else_counted(
    progress: StudyProgress, job: Job | None, phase: Phase | None, words: str
) -> None:
    assert trials_in_words(progress, job, phase) == words


def test_that_the_time_left_is_no_more_exact_than_it_is_known() -> None:
    told = {0.2: "About 1 s left", 1.4: "About 1 s left", 99.0: "About 99 s left", 147.0: "About 2 min left"}
    assert {seconds: time_left_in_words(seconds) for seconds in told} == told
    assert time_left_in_words(7_500) == "About 2 h 05 min left"
    assert not time_left_in_words(None)


def test_that_the_terminal_is_told_what_a_long_trial_does() -> None:
    progress = progress_with(15.0, under_way=1)
    compiling, begun, long = (
        {2: Doing(stage, seconds)}
        for stage, seconds in ((Stage.COMPILING, 5), (Stage.TRAINING, 0.1), (Stage.TRAINING, 5))
    )
    assert phase_in_a_line(Phase.RUNNING, progress, compiling) == "Trial 2 compiles, 5 s"
    assert phase_in_a_line(Phase.RUNNING, progress, begun) == "Trials"
    assert phase_in_a_line(Phase.RUNNING, progress, long) == "Trial 2, in epoch 1 of 10"
    progress.apply(EpochEnded(trial=2, epoch=7, loss=1.0, val_loss=1.0, metrics={}, seconds=1.0))
    assert phase_in_a_line(Phase.RUNNING, progress, long) == "Trial 2, epoch 7 of 10"


def test_that_the_terminal_is_told_the_same_of_a_study() -> None:
    assert phase_in_a_line(Phase.STARTING) == "Loading TensorFlow"
    assert phase_in_a_line(Phase.RUNNING) == "Trials"
    assert phase_in_a_line(Phase.BLOCKED) == phase_in_a_line(Phase.HELD) == "Waiting"
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
