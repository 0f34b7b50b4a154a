"""What places of the window say while there is nothing to see in them yet: what has to happen before."""

from core.phases import Job, Phase
from core.progress import StudyProgress
from core.words.going_on import numbered

_WAITING = {
    Phase.PAUSING: "The study pauses before its first {}.",
    Phase.PAUSED: "The study is paused before its first {}. Resume goes on.",
    Phase.BLOCKED: "The study waits for its file: nothing is trained before that can be written.",
    Phase.HELD: "The study stands still because a process was lost. Resume tries again.",
    Phase.STOPPING: "The study stops before its first {}.",
}
"""Why nothing comes now; in the gap stands what a study has not got yet, a trial or a result."""


def awaited(
    job: Job | None,
    phase: Phase | None,
    progress: StudyProgress | None,
    first: str,
    of_trial: str = "its point comes when it has ended",
) -> str:
    """Return why there is nothing to see yet; empty without a study.

    `first` says what comes, "the first curve begins in some seconds", and `of_trial`, which begins with
    "its", what comes of a trial under way.
    """
    if job is Job.STUDY and phase is Phase.STARTING:
        return f"TensorFlow is loading: {first}."
    if progress is None:
        return ""
    if job is None:
        done = "has ended" if progress.trials else "has begun"
        return f"No trial {done} yet. After Resume {first}." if progress.resumable else f"No trial {done}."
    if phase in _WAITING:
        return _WAITING[phase].format("result" if progress.under_way else "trial")
    if progress.under_way:
        several = len(progress.under_way) > 1
        promised = of_trial.replace("its ", "each one's ", 1) if several else of_trial
        return f"{numbered(progress.under_way)} {'are' if several else 'is'} under way: {promised}."
    return f"The first trial is about to begin: {first}."
