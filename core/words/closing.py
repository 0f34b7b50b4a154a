"""What closing the window does to what is under way in it, in words."""

from dataclasses import dataclass

from core.formatting import listed
from core.phases import Job, Phase
from core.progress import StudyProgress
from core.words.going_on import SAVED_ELSEWHERE


@dataclass(frozen=True)
class Closing:
    """A question before the window closes: what is going on, what becomes of it, and the button that agrees."""

    title: str
    text: str
    button: str


def closing_in_words(job: Job | None, phase: Phase | None, progress: StudyProgress | None, trouble: str) -> Closing:
    """Tell what closing does now; `trouble` says why the study waits for its file."""
    match job, phase:
        case _, Phase.BLOCKED:
            return Closing("The study is waiting for its file", f"{trouble.rstrip('.')}. {SAVED_ELSEWHERE}", "Close")
        case Job.EVALUATION, _:
            lost = "It is given up; nothing of the study is lost. Evaluate again when the study is open the next time."
            return Closing("The test part is being evaluated", lost, "Give up and close")
        case _, Phase.STOPPING:
            return Closing("The study is being stopped", _kept(progress), "Close")
        case _, Phase.PAUSED | Phase.HELD:
            return Closing("A study is paused", _kept(progress), "Close")
    return Closing("A study is running", _kept(progress), "Pause and close")


def _kept(progress: StudyProgress | None) -> str:
    begun = [str(number) for number in (() if progress is None else progress.under_way)]
    again = {0: "", 1: f"; trial {listed(begun)} then begins again"}.get(
        len(begun), f"; trials {listed(begun)} then begin again"
    )
    return f"Finished trials are safe in its file. Open it again and press Resume to go on{again}."
