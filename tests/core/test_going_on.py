"""What is going on, in words: for each job in each phase, a short word and a sentence."""

from itertools import product

import msgspec
import pytest

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.events import (
    DataFileChanged,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.parameters import Value
from core.phases import Job, Phase
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import tutorial_settings
from core.study.loop import study_started
from core.tables.description import ColumnRole, Task
from core.tables.fingerprint import Fingerprint
from core.tables.table_format import TableFormat
from core.words.data_changes import data_changes_in_words
from core.words.going_on import (
    best_in_a_line,
    going_on_in_words,
    held_in_a_line,
    phase_in_a_line,
    ready_in_words,
    state_in_words,
    waiting_in_a_line,
)

STATES = [*product((Job.STUDY, Job.EVALUATION), Phase), (Job.WATCH, Phase.RUNNING)]


def progress_with(
    *objectives: float, under_way: int = 0, end: StudyEnd | None = None, message: str = ""
) -> StudyProgress:
    """Return a study with these results, some trials more under way, and perhaps an end."""
    settings = msgspec.structs.replace(tutorial_settings(), data=DataSettings(test_fraction=0.2))
    progress = StudyProgress(study_started(settings))
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 10}
    for number in range(1, len(objectives) + under_way + 1):
        progress.apply(TrialStarted(trial=number, values=values, seed=number, origin=PointOrigin.INITIAL))
        if number <= len(objectives):
            objective = objectives[number - 1]
            ended = TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=10, seconds=1.0, objective=objective)
            progress.apply(ended)
    if end is not None:
        progress.apply(StudyEnded(reason=end, message=message, time=2.0))
    return progress


@pytest.mark.parametrize(("job", "phase"), STATES)
def test_that_each_job_in_each_phase_has_a_word_and_a_sentence(job: Job, phase: Phase) -> None:
    for progress in (None, progress_with(15.0, under_way=1), progress_with(15.0, end=StudyEnd.FINISHED)):
        assert state_in_words(job, phase, progress)
        told = going_on_in_words(job, phase, progress, "The disk is full")
        assert told.text
        assert bool(told.warning) is (phase in (Phase.BLOCKED, Phase.HELD))


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


def test_that_a_paused_study_tells_how_many_trials_stand_still() -> None:
    for under_way, said in ((1, "the same trial."), (2, "the same trials.")):
        told = going_on_in_words(Job.STUDY, Phase.PAUSED, progress_with(15.0, under_way=under_way), "")
        assert said in told.text


def test_that_what_came_out_says_that_the_test_part_waits() -> None:
    told = going_on_in_words(None, None, progress_with(15.0, end=StudyEnd.FINISHED), "")
    assert told.text.startswith("<b>Finished</b> after 1 of 20 trials. Best validation loss <b>15</b> at trial 1: ")
    assert told.text.endswith("Study → Evaluate on test part says what to expect of new data.")


def test_that_ties_are_told() -> None:
    assert " 2 trials tie for the best." in going_on_in_words(None, None, progress_with(15.0, 15.0), "").text


@pytest.mark.parametrize("stranger", ["<b>loud</b>", "a & b", '"quoted"'])
def test_that_a_strangers_text_is_shown_as_text(stranger: str) -> None:
    blocked = going_on_in_words(Job.STUDY, Phase.BLOCKED, None, stranger)
    paused = progress_with(end=StudyEnd.PAUSED, message=f"{stranger}: {stranger}")
    stopped = progress_with(end=StudyEnd.STOPPED, message=stranger)
    rich = [
        blocked.warning,
        going_on_in_words(None, None, paused, "").text,
        going_on_in_words(None, None, stopped, "").text,
        ready_in_words(None, stranger, "").text,
        ready_in_words(tutorial_settings(), "", stranger).warning,
    ]
    assert not [text for text in rich if stranger in text]


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


def test_that_a_lost_process_is_told_with_what_can_be_done() -> None:
    told = going_on_in_words(Job.STUDY, Phase.HELD, progress_with(15.0), "It was <killed>")
    assert told.warning == "<b>Paused.</b> It was &lt;killed&gt;."
    assert told.text.startswith(" Nothing is lost: Resume tries again, Stop ends the study. Best validation loss")


def on_a_table(*changes: str) -> StudyProgress:
    """Return a study on a data file that changes after its first trial has begun."""
    file = DataFile(
        path="/there/houses.csv",
        layout=TableFormat(),
        fingerprint=Fingerprint(1, "1"),
        rows=10,
        target="price",
        task=Task.REGRESSION,
        columns={"size": ColumnRole.NUMBER},
    )
    progress = StudyProgress(study_started(msgspec.structs.replace(tutorial_settings(), data=DataSettings(file=file))))
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 10}
    progress.apply(TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.INITIAL))
    for change in changes:
        progress.apply(DataFileChanged(change=change, time=1.0))
    return progress


def test_that_data_that_changed_are_told_while_the_study_runs_and_afterwards() -> None:
    progress = on_a_table("<houses>.csv has changed since it was imported")
    told = going_on_in_words(Job.STUDY, Phase.RUNNING, progress, "")
    assert told.warning == (
        "<b>&lt;houses&gt;.csv has changed since it was imported.</b> The study goes on with the rows that it has "
        "loaded. "
    )
    progress.apply(StudyEnded(reason=StudyEnd.FINISHED, message="", time=2.0))
    assert "The study went on with the rows that it had loaded" in going_on_in_words(None, None, progress, "").warning
    progress.apply(StudyResumed(time=3.0, trials=20))
    assert not going_on_in_words(Job.STUDY, Phase.RUNNING, progress, "").warning


def test_that_data_that_are_as_they_were_again_are_no_trouble_but_stay_in_the_list() -> None:
    progress = on_a_table("houses.csv is not in /there any more", "")
    assert not going_on_in_words(Job.STUDY, Phase.RUNNING, progress, "").warning
    progress.apply(StudyEnded(reason=StudyEnd.FINISHED, message="", time=2.0))
    assert list(data_changes_in_words(progress)) == [
        "During trial 1: houses.csv is not in /there any more. The study went on with the rows that it had loaded.",
        "During trial 1: houses.csv is again as it was.",
    ]


def test_that_a_text_of_a_stranger_neither_fills_the_headline_nor_turns_it_round() -> None:
    message = f"<b>{'W' * 100_000} \u202e\x1b[31mend"
    progress = StudyProgress(study_started(tutorial_settings()))
    progress.apply(StudyEnded(reason=StudyEnd.FAILED, message=message, time=2.0))
    told = (
        going_on_in_words(None, None, progress, "").text,
        going_on_in_words(Job.STUDY, Phase.BLOCKED, progress, message).warning,
        going_on_in_words(Job.STUDY, Phase.HELD, progress, message).warning,
        ready_in_words(None, message, "").text,
        ready_in_words(tutorial_settings(), "", message).warning,
    )
    for text in told:
        assert "&lt;b&gt;WWW" in text
        assert "end" in text
        assert len(text) < 1500
        assert "\u202e" not in text
        assert "\x1b" not in text
