"""The headline in words: what is told in each state of a study, and before it."""

from itertools import product
from typing import Any

import msgspec
import pytest

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.events import (
    Baseline,
    BaselinesMeasured,
    DataFileChanged,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    TrialEnded,
    TrialStarted,
    TrialState,
    TrialTested,
)
from core.objective import Direction, ObjectiveSettings
from core.phases import Job, Phase
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import tutorial_settings
from core.study.loop import study_started
from core.tables.description import ColumnRole, Task
from core.tables.fingerprint import Fingerprint
from core.tables.table_format import TableFormat
from core.words.data_changes import data_changes_in_words
from core.words.headline import Draft, Told, going_on_in_words, ready_in_words
from tests.core.told_studies import VALUES, progress_with

STATES = [*product((Job.STUDY, Job.EVALUATION), Phase), (Job.WATCH, Phase.RUNNING)]
ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)
BEST = '<a href="trial:1">trial 1</a>'
ITS_VALUES = "Learning rate <b>0.01</b>, batch size <b>10</b>."


def told_of(progress: StudyProgress, job: Job | None = None, phase: Phase | None = None, trouble: str = "") -> Told:
    return going_on_in_words(job, phase, progress, trouble)


@pytest.mark.parametrize(("job", "phase"), STATES)
def test_that_each_job_in_each_phase_has_a_title(job: Job, phase: Phase) -> None:
    for progress in (None, progress_with(15.0, under_way=1), progress_with(15.0, end=StudyEnd.FINISHED)):
        told = going_on_in_words(job, phase, progress, "The disk is full", tutorial_settings())
        assert told.title
        assert told.alarming is (phase in (Phase.BLOCKED, Phase.HELD))
        assert told.result == ("" if progress is None else "15")
        assert told.metric == ("" if progress is None else "validation loss")


def test_that_before_start_the_headline_is_the_study_in_two_sentences() -> None:
    told = ready_in_words(Draft(tutorial_settings()))
    assert told.title == "Ready: 20 trials of a linear model on Boston Housing"
    assert told.facts[0].startswith("Predicts the median home value from 13 features. Seeks the lowest validation loss")


def test_that_warnings_are_counted_and_lead_to_the_first() -> None:
    told = ready_in_words(Draft(tutorial_settings(), warnings=2))
    assert told.title.startswith('Ready, with <a href="warnings">2 warnings</a>: 20 trials')
    assert ready_in_words(Draft(tutorial_settings(), warnings=1)).title.startswith(
        'Ready, with <a href="warnings">1 warning</a>: 20 trials'
    )


def test_that_the_first_mistake_is_told_with_its_remedy_and_the_number_of_others() -> None:
    told = ready_in_words(Draft(problem="500 MB is too little memory. Give 1,000 MB.", problems=3))
    assert told.title.startswith("Not ready:")
    assert "500 MB is too little memory</span>" in told.title
    assert told.facts == ("Give 1,000 MB.", '<a href="field">Show the field</a> and 2 more')
    assert ready_in_words(Draft(problem="Too low")).facts == ('<a href="field">Show the field</a>',)


def test_that_a_study_that_starts_tells_its_plan() -> None:
    told = going_on_in_words(Job.STUDY, Phase.STARTING, None, "", tutorial_settings())
    assert told.title == "Starting: TensorFlow is loading"
    assert told.facts[0].startswith("20 trials of a linear model on Boston Housing. Predicts ")


def test_that_a_study_that_is_resumed_goes_on_from_what_is_known() -> None:
    def going_on(progress: StudyProgress) -> tuple[str, ...]:
        progress.mark_interrupted()
        told = going_on_in_words(Job.STUDY, Phase.STARTING, progress, "", tutorial_settings())
        assert told.title == "Going on: TensorFlow is loading"
        return told.facts

    assert "1</a> is the best of 1 so far: learning rate <b>0.01</b>" in going_on(progress_with(15.0))[0]
    failed = progress_with(under_way=2)
    assert going_on(failed) == ("Trials 1 and 2 begin again.",)
    failed.apply(StudyResumed(time=3.0, trials=20))
    failed.apply(TrialEnded(trial=1, state=TrialState.FAILED, epoch=0, seconds=1.0))
    assert going_on(failed) == ("1 of 20 trials has ended, without a result. Trial 2 begins again.",)


def test_that_a_study_that_runs_tells_its_best_trial_and_what_is_tried_now() -> None:
    told = told_of(progress_with(15.0, under_way=1), Job.STUDY, Phase.RUNNING)
    assert told.title == '<a href="trial:1">Trial 1</a> is the best of 1 so far'
    assert told.facts == (ITS_VALUES, '<a href="trial:2">Trial 2</a> now tries 0.01 and 10.')
    several = told_of(progress_with(15.0, under_way=2), Job.STUDY, Phase.RUNNING)
    assert several.facts[1] == 'Trials <a href="trial:2">2</a> and <a href="trial:3">3</a> are under way.'


def test_that_a_study_without_a_result_says_so() -> None:
    first = told_of(progress_with(under_way=1), Job.STUDY, Phase.RUNNING)
    assert first.title == "The first of 20 trials is under way"
    both = told_of(progress_with(under_way=2), Job.STUDY, Phase.RUNNING)
    assert both.title == "The first two of 20 trials are under way"
    assert both.facts == ("The best settings so far appear here as soon as a trial has finished.",)
    failed = progress_with(under_way=1)
    failed.apply(TrialEnded(trial=1, state=TrialState.FAILED, epoch=0, seconds=1.0))
    assert told_of(failed, Job.STUDY, Phase.RUNNING).title == "No result yet from 1 trial"


def test_that_a_paused_study_tells_where_it_stands() -> None:
    for under_way, where in ((1, "trial 2, before the first epoch"), (2, "trials 2 and 3, before the first epoch")):
        told = told_of(progress_with(15.0, under_way=under_way), Job.STUDY, Phase.PAUSED)
        assert told.title == f"Paused in {where}"
        assert "is the best of 1 so far: learning rate <b>0.01</b>" in told.facts[0]
    skipped = progress_with(15.0, under_way=1)
    skipped.apply(TrialEnded(trial=2, state=TrialState.SKIPPED, epoch=3, seconds=1.0))
    assert told_of(skipped, Job.STUDY, Phase.PAUSED).title == "Paused; trial 2 was given up"
    assert told_of(progress_with(15.0), Job.STUDY, Phase.PAUSED).title == "Paused after 1 of 20 trials"


def test_that_a_skip_while_paused_is_told_from_the_beginning_and_promises_nothing_of_the_trial() -> None:
    progress = progress_with(15.0, under_way=2)
    paused = going_on_in_words(Job.STUDY, Phase.PAUSED, progress, "", skipping={2})
    assert paused.title == "Paused in trial 3"
    both = going_on_in_words(Job.STUDY, Phase.PAUSED, progress, "", skipping={2, 3})
    assert both.title == "Paused; trials 2 and 3 are being given up"
    one = going_on_in_words(Job.STUDY, Phase.PAUSED, progress_with(15.0, under_way=1), "", skipping={2})
    assert one.title == "Paused; trial 2 is being given up"
    assert not [told for told in (paused, both, one) if "Resume" in "".join(told.facts)]


def test_that_a_study_that_is_paused_without_a_result_tells_what_it_tries() -> None:
    told = told_of(progress_with(under_way=1), Job.STUDY, Phase.PAUSED)
    assert told.title == "Paused in trial 1, before the first epoch"
    assert told.facts == ('<a href="trial:1">Trial 1</a> tries learning rate 0.01 and batch size 10.',)
    assert told_of(progress_with(under_way=1), Job.STUDY, Phase.PAUSING).title == "Pausing in trial 1"
    both = progress_with(under_way=2)
    first, second = (f'<a href="trial:{number}">Trial {number}</a> tries 0.01 and 10.' for number in (1, 2))
    for phase in (Phase.PAUSING, Phase.PAUSED):
        assert told_of(both, Job.STUDY, phase).facts == (f"{first} {second}",)
    assert going_on_in_words(Job.STUDY, Phase.PAUSED, both, "", skipping={1}).facts == (second,)


def test_that_what_is_being_stopped_is_not_said_to_run() -> None:
    one = told_of(progress_with(15.0, under_way=1), Job.STUDY, Phase.STOPPING)
    assert one.title == "Stopping in trial 2"
    assert one.facts[0].startswith("Resume begins it again. ")
    assert told_of(progress_with(15.0), Job.STUDY, Phase.STOPPING).title == "Stopping"
    ended = progress_with(15.0, end=StudyEnd.FINISHED)
    assert told_of(ended, Job.EVALUATION, Phase.STOPPING).title == "Stopping the evaluation"


def test_that_resume_is_promised_only_where_trials_are_left() -> None:
    left = told_of(progress_with(15.0, end=StudyEnd.PAUSED, message="Paused after 1 of 20 trials."))
    assert "Resume goes on." in left.facts[0]
    whole = progress_with(*[15.0] * 20, end=StudyEnd.PAUSED, message="Paused after 20 of 20 trials.")
    assert "Resume" not in told_of(whole).facts[0]


@pytest.mark.parametrize(
    ("end", "word"),
    [
        (None, "Interrupted"),
        (StudyEnd.STOPPED, "Stopped"),
        (StudyEnd.TIME_UP, "Time is up"),
        (StudyEnd.TARGET_REACHED, "Target reached"),
        (StudyEnd.EXHAUSTED, "All points tried"),
    ],
)
def test_that_an_end_is_told_with_how_far_the_study_came(end: StudyEnd | None, word: str) -> None:
    progress = progress_with(15.0, end=end)
    progress.running = False
    assert told_of(progress).title == f"{word} after 1 of 20: {BEST} is the best"


def test_that_a_study_that_came_to_its_end_tells_the_best_of_all() -> None:
    progress = progress_with(*[15.0 + number for number in range(20)], end=StudyEnd.FINISHED)
    told = told_of(progress)
    assert told.title == f"Finished: {BEST} is the best of 20"
    assert told.facts == (f"{ITS_VALUES} Study → Evaluate on test part says what to expect of new data.",)
    progress.apply(TrialTested(trial=1, metrics={"loss": (16.2,)}, rows=69, intervals={"loss": (15.0, 17.5)}, time=3.0))
    assert told_of(progress).facts == (f"{ITS_VALUES} On 69 test rows: loss <b>16.2</b> (15 to 17.5).",)


def with_guess(*objectives: float, guess: float, **more: Any) -> StudyProgress:
    """Return a study with these results, in which always guessing the mean scores `guess`."""
    progress = progress_with(*objectives, **more)
    progress.apply(BaselinesMeasured(trial=1, scores={Baseline.CONSTANT: {"val_loss": guess}}))
    return progress


def test_that_what_guessing_scores_comes_last_and_is_never_taken_for_a_score_on_the_test_part() -> None:
    guess = "Always guessing the mean scores 84.4."
    running = with_guess(15.0, guess=84.42, under_way=1)
    told = told_of(running, Job.STUDY, Phase.RUNNING)
    assert told.facts == (f"{ITS_VALUES} {guess}", '<a href="trial:2">Trial 2</a> now tries 0.01 and 10.')
    assert told_of(running, Job.STUDY, Phase.PAUSED).facts[0].endswith(guess)
    finished = with_guess(*[15.0 + number for number in range(20)], guess=84.42, end=StudyEnd.FINISHED)
    finished.apply(TrialTested(trial=1, metrics={"loss": (16.2,)}, rows=69, intervals={"loss": (15, 17.5)}, time=3.0))
    told = told_of(finished)
    assert told.facts == (
        f"{ITS_VALUES} On 69 test rows: loss <b>16.2</b> (15 to 17.5). "
        "Always guessing the mean scores 84.4 in validation.",
    )
    assert told.shorter[-1] == "On 69 test rows: loss <b>16.2</b> (15 to 17.5)."
    assert (
        told_of(running, Job.STUDY, Phase.PAUSED)
        .shorter[-1]
        .endswith("learning rate <b>0.01</b>, batch size <b>10</b>.")
    )
    assert told.shorter[0] == f"{ITS_VALUES} On 69 test rows: loss <b>16.2</b> (15 to 17.5)."
    assert told.warning == ""


@pytest.mark.parametrize(
    ("best", "said"),
    [
        (90.0, "Worse than always guessing the mean, which scores 84.42."),
        (84.4201, "No better than always guessing the mean, which scores 84.42."),
    ],
)
def test_that_a_best_that_is_no_better_than_a_guess_is_told_first_and_warned_of_at_the_end(
    best: float, said: str
) -> None:
    running = with_guess(best, guess=84.42, under_way=1)
    for phase in (Phase.RUNNING, Phase.PAUSED):
        told = told_of(running, Job.STUDY, phase)
        assert told.facts[0].startswith(f"<b>{said}</b> ")
        assert len(told.facts) == 1  # on both lines, so that the values have room after it
        assert told.warning == ""  # it may still find better
    told = told_of(with_guess(best, guess=84.42, end=StudyEnd.STOPPED))
    assert told.warning == f"<b>{said}</b>"
    assert said not in told.facts[0]


def test_that_the_metric_of_the_objective_comes_first_in_older_studies_too() -> None:
    progress = progress_with(0.9, data=DataSettings(dataset="breast_cancer"), objective=ACCURACY)
    progress.apply(TrialTested(trial=1, metrics={"loss": (0.1,), "accuracy": (0.95,)}, time=3.0))
    assert "On the test part: accuracy <b>0.95</b>, loss <b>0.1</b>." in " ".join(told_of(progress).facts)


def test_that_ties_are_told() -> None:
    assert " 2 trials tie for the best." in told_of(progress_with(15.0, 15.0)).facts[0]


@pytest.mark.parametrize("stranger", ["<b>loud</b>", "a & b", '"quoted"'])
def test_that_a_strangers_text_is_shown_as_text(stranger: str) -> None:
    paused = progress_with(end=StudyEnd.PAUSED, message=f"{stranger}: {stranger}")
    stopped = progress_with(end=StudyEnd.STOPPED, message=stranger)
    told = [
        going_on_in_words(Job.STUDY, Phase.BLOCKED, None, stranger),
        told_of(paused),
        told_of(stopped),
        ready_in_words(Draft(problem=f"{stranger}. {stranger}")),
        ready_in_words(Draft(tutorial_settings(), doubt=stranger)),
    ]
    assert not [one for one in told if stranger in f"{one.title}{one.facts}"]


def test_that_what_can_be_done_for_a_blocked_study_stands_on_a_line_of_its_own_however_long_a_path_is() -> None:
    trouble = f"The disk is full. Not there either: There is no folder /{'w' * 500}/studies"
    why, remedies = told_of(progress_with(15.0), Job.STUDY, Phase.BLOCKED, trouble).facts
    assert why.startswith("The disk is full. Not there either")
    assert remedies.startswith("Resume tries again; Save study as… uses another file. Nothing is lost")


def test_that_a_lost_process_is_told_with_what_can_be_done() -> None:
    told = told_of(progress_with(15.0), Job.STUDY, Phase.HELD, "It was <killed>")
    assert told.title == "Paused: a process was lost"
    assert told.facts == ("It was &lt;killed&gt;. Nothing is lost: Resume tries again, Stop ends the study.",)


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
    progress.apply(TrialStarted(trial=1, values=VALUES, seed=1, origin=PointOrigin.INITIAL))
    for change in changes:
        progress.apply(DataFileChanged(change=change, time=1.0))
    return progress


def test_that_data_that_changed_are_told_while_the_study_runs_and_afterwards() -> None:
    progress = on_a_table("<houses>.csv has changed since it was imported")
    told = told_of(progress, Job.STUDY, Phase.RUNNING)
    assert told.warning == (
        "<b>&lt;houses&gt;.csv has changed since it was imported.</b> The study goes on with the rows that it has "
        "loaded."
    )
    progress.apply(StudyEnded(reason=StudyEnd.FINISHED, message="", time=2.0))
    assert "The study went on with the rows that it had loaded" in told_of(progress).warning
    progress.apply(StudyResumed(time=3.0, trials=20))
    assert not told_of(progress, Job.STUDY, Phase.RUNNING).warning


def test_that_data_that_are_as_they_were_again_are_no_trouble_but_stay_in_the_list() -> None:
    progress = on_a_table("houses.csv is not in /there any more", "")
    assert not told_of(progress, Job.STUDY, Phase.RUNNING).warning
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
        told_of(progress),
        told_of(progress, Job.STUDY, Phase.BLOCKED, message),
        told_of(progress, Job.STUDY, Phase.HELD, message),
        ready_in_words(Draft(problem=message)),
        ready_in_words(Draft(tutorial_settings(), doubt=message)),
    )
    for one in told:
        text = f"{one.title} {' '.join(one.facts)}"
        assert "&lt;b&gt;WWW" in text
        assert "end" in text
        assert len(text) < 1500
        assert "\u202e" not in text
        assert "\x1b" not in text


def test_that_a_long_problem_is_told_in_two_lines() -> None:
    problem = "500 MB is too little memory per trial: TensorFlow itself needs 1,000 MB"
    told = ready_in_words(Draft(problem=problem))

    assert "500 MB is too little memory per trial" in told.title
    assert "TensorFlow itself needs" not in told.title
    assert told.facts[0].startswith("TensorFlow itself needs 1,000 MB.")
