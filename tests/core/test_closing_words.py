"""What is said before the window closes while something is under way."""

import pytest

from core.phases import Job, Phase
from core.words.closing import closing_in_words
from tests.core.told_studies import progress_with


@pytest.mark.parametrize(
    ("job", "phase", "title", "button"),
    [
        (Job.STUDY, Phase.STARTING, "A study is running", "Pause and close"),
        (Job.STUDY, Phase.RUNNING, "A study is running", "Pause and close"),
        (Job.STUDY, Phase.PAUSED, "A study is paused", "Close"),
        (Job.STUDY, Phase.HELD, "A study is paused", "Close"),
        (Job.STUDY, Phase.STOPPING, "The study is being stopped", "Close"),
        (Job.STUDY, Phase.BLOCKED, "The study is waiting for its file", "Close"),
        (Job.EVALUATION, Phase.RUNNING, "The test part is being evaluated", "Give up and close"),
        (Job.EVALUATION, Phase.BLOCKED, "The study is waiting for its file", "Close"),
    ],
)
def test_that_the_question_says_what_is_going_on_and_what_the_button_does(
    job: Job, phase: Phase, title: str, button: str
) -> None:
    told = closing_in_words(job, phase, progress_with(15.0), "The disk is full.")
    assert (told.title, told.button) == (title, button)


def test_that_only_trials_that_are_under_way_are_said_to_begin_again() -> None:
    def text(under_way: int) -> str:
        return closing_in_words(Job.STUDY, Phase.RUNNING, progress_with(15.0, under_way=under_way), "").text

    safe = "Finished trials are safe in its file. Open it again and press Resume to go on"
    assert text(0) == f"{safe}."
    assert text(1) == f"{safe}; trial 2 then begins again."
    assert text(2) == f"{safe}; trials 2 and 3 then begin again."
    assert closing_in_words(Job.STUDY, Phase.STARTING, None, "").text == f"{safe}."
