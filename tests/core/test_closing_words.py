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


def test_that_the_question_stays_true_while_trials_begin_and_end() -> None:
    def text(phase: Phase, *objectives: float, under_way: int = 0) -> str:
        return closing_in_words(Job.STUDY, phase, progress_with(*objectives, under_way=under_way), "").text

    safe = "It is safe in its file. Open it again and press Resume to go on"
    again = f"{safe}; trials that are half done begin again."
    assert {text(Phase.RUNNING, *[15.0] * done, under_way=count) for done in (0, 1) for count in (0, 1, 2)} == {again}
    assert closing_in_words(Job.STUDY, Phase.STARTING, None, "").text == again
    assert text(Phase.PAUSED, 15.0, under_way=1) == again
    assert text(Phase.PAUSED, 15.0) == f"{safe}."
