"""What plots say while there is nothing to draw yet: what has to happen before."""

from core.phases import Job, Phase
from core.progress import StudyProgress

_WAITING = {
    Phase.PAUSING: "The study pauses before its first trial.",
    Phase.PAUSED: "The study was paused before its first trial. Resume goes on.",
    Phase.BLOCKED: "The study waits for its file: nothing is trained before that can be written.",
    Phase.HELD: "The study stands still because a process was lost. Resume tries again.",
    Phase.STOPPING: "The study stops before its first trial.",
}


def awaited(job: Job | None, phase: Phase | None, progress: StudyProgress | None, first: str) -> str:
    """Return why there is nothing to see yet; empty without a study.

    `first` says what comes: "the first curve begins in some seconds".
    """
    if job is Job.STUDY and phase is Phase.STARTING:
        return f"TensorFlow is loading: {first}."
    if progress is None:
        return ""
    if progress.under_way:
        return f"Trial {min(progress.under_way)} trains now: its point comes when it has ended."
    if job is None:
        return f"No trial has begun yet. After Resume {first}."
    return _WAITING.get(phase or Phase.RUNNING, f"The first trial is about to begin: {first}.")
