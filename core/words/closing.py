"""What closing the window does to what is under way in it, in words."""

from dataclasses import dataclass

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
            return Closing("The study is being stopped", _kept(phase, progress), "Close")
        case _, Phase.PAUSED | Phase.HELD:
            return Closing("A study is paused", _kept(phase, progress), "Close")
    return Closing("A study is running", _kept(phase, progress), "Pause and close")


def _kept(phase: Phase | None, progress: StudyProgress | None) -> str:
    """Tell what is kept, without what may have changed by the time that it is read: trials go on meanwhile."""
    still = phase in (Phase.PAUSED, Phase.HELD) and (progress is None or not progress.under_way)
    again = "" if still else "; trials that are half done begin again"
    return f"It is safe in its file. Open it again and press Resume to go on{again}."
