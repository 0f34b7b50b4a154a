"""The activity of a study in words: for the window's title, the status bar and the terminal."""

import math
from collections.abc import Set
from enum import Enum, auto

from core.formatting import format_duration, format_number
from core.phases import RELOAD_INTERVAL, RETRY_INTERVAL, Job, Phase
from core.progress import StudyProgress
from core.words.beliefs import describe_belief

OPENING = "Opening a study…"
NO_STUDY = "New study"
ALL_STUDIES = "Studies"
SAVED_ELSEWHERE = (
    "The study will be saved in another file, “… rescued”, beside it or, where that cannot be, in another folder."
)
_SHORT_WORDS = {
    Phase.PAUSING: "Pausing…",
    Phase.PAUSED: "Paused",
    Phase.BLOCKED: "Waiting for the file",
    Phase.HELD: "Paused",
    Phase.STOPPING: "Stopping…",
}

_AT = {
    Phase.PAUSING: "Paused at ",
    Phase.PAUSED: "Paused at ",
    Phase.BLOCKED: "Waiting at ",
    Phase.HELD: "Waiting at ",
}
"""What stands in the window's title before the share that is done."""


# The title of the window


def title_in_words(name: str, job: Job | None, phase: Phase | None, progress: StudyProgress | None) -> str:
    """Return what is going on and the study's name: "62 % – wine"; only the name when nothing runs."""
    if job is None or progress is None:
        return name
    if job is Job.EVALUATION:
        return f"Evaluating – {name}"
    percent = f"{math.floor(100 * progress.share_done)} %"
    return f"{_AT.get(phase or Phase.RUNNING, '')}{percent} – {name}"


# Empty places


class Awaited(Enum):
    """What an empty place of the window waits for: a trial, or one that has trained an epoch, or one with a result."""

    TRIAL = auto()
    EPOCH = auto()
    RESULT = auto()


_AWAITED_OF_A_TRIAL = {Awaited.TRIAL: "begun", Awaited.EPOCH: "trained an epoch", Awaited.RESULT: "ended"}
_NOT_NOW = {
    Phase.PAUSING: "The study is being paused; the first one appears after Resume.",
    Phase.PAUSED: "The study is paused; the first one appears after Resume.",
    Phase.BLOCKED: "The study waits for its file; the first one appears when it goes on.",
    Phase.HELD: "The study waits for a process that was lost; the first one appears after Resume.",
    Phase.STOPPING: "The study is being stopped.",
}


def awaited(job: Job | None, phase: Phase | None, progress: StudyProgress | None, what: Awaited = Awaited.TRIAL) -> str:
    """Return a sentence on when the first of what an empty place waits for will be there.

    "The first one appears as soon as TensorFlow is loaded."
    """
    if job is None:
        return _without_a_job(progress)
    if phase in _NOT_NOW:
        return _NOT_NOW[phase]
    if phase is Phase.STARTING:
        return "The first one appears as soon as TensorFlow is loaded."
    if progress is None or not progress.under_way:
        return "The first one appears as soon as its values are chosen."
    return f"The first one appears when trial {min(progress.under_way)} has {_AWAITED_OF_A_TRIAL[what]}."


def _without_a_job(progress: StudyProgress | None) -> str:
    if progress is None:
        return "The first one appears some seconds after Start."
    ended = "ended" if progress.end is not None else "was cut off"
    return f"None appeared before the study {ended}{'; Resume goes on.' if progress.resumable else '.'}"


# Opening a study


def log_missing_in_words(name: str) -> str:
    """Return the sentence on a study whose log is not beside its file."""
    return (
        f"{name} was copied while the study ran, or its log, {name}-wal, was lost: there may be more in the study than "
        "is shown. Its original has all"
    )


# The status bar


def state_in_words(
    job: Job | None, phase: Phase | None, progress: StudyProgress | None, skipping: Set[int] = frozenset()
) -> str:
    """Return a short word: "Training"; `skipping` are the trials that are being given up."""
    if job is None:
        return _end_in_a_word(progress)
    if job is Job.WATCH:
        return "Following"
    if phase in _SHORT_WORDS:
        return _SHORT_WORDS[phase]
    if job is Job.EVALUATION:
        return "Evaluating…"
    if phase is Phase.STARTING:
        return "Loading TensorFlow…"
    if progress is None or not progress.under_way:
        return "Choosing a point"
    return "Skipping…" if progress.under_way.keys() & skipping else "Training"


def _end_in_a_word(progress: StudyProgress | None) -> str:
    if progress is None:
        return "No study is open"
    return progress.end.reason.value.capitalize() if progress.end is not None else "Interrupted"


def trials_in_words(progress: StudyProgress) -> str:
    """Return which trials are under way: "Trials 3 and 5 of 20"."""
    first, last = min(progress.under_way, default=len(progress.finished)), max(progress.under_way, default=0)
    match len(progress.under_way):
        case 0 | 1:
            return f"Trial {first} of {progress.budget}"
        case 2:
            return f"Trials {first} and {last} of {progress.budget}"
        case count:
            return f"{count} trials, {first} to {last} of {progress.budget}"


def points_left_in_words(tried: int, points: int | None) -> str:
    """Return "3 of 300 points tried, 297 left"; empty for an infinite space, where `points` is None."""
    return "" if points is None else f"{tried:,} of {points:,} points tried, {points - tried:,} left"


def epochs_in_words(progress: StudyProgress) -> str:
    """Return the epochs of the trials under way: "Epochs 3 and 5 of 10"; empty for none and for more than two."""
    under_way, settings = list(progress.under_way.values()), progress.settings
    if len(under_way) > 2 or not under_way:
        return ""
    if len(under_way) == 1 and settings.data.fits > 1:
        trial = under_way[0]
        return f"{settings.data.fit_in_words(len(trial.fits))}, epoch {trial.epoch} of {trial.epochs}"
    count = {trial.epochs for trial in under_way}
    done = " and ".join(str(trial.epoch) for trial in under_way)
    return f"{'Epoch' if len(under_way) == 1 else 'Epochs'} {done}" + (f" of {count.pop()}" if len(count) == 1 else "")


def time_left_in_words(seconds: float | None) -> str:
    """Return "About 3 min left"; empty while the time is not known."""
    return "" if seconds is None else f"About {format_duration(max(1.0, seconds))} left"


def best_so_far(progress: StudyProgress | None) -> str:
    """Return "Best 15.71"; empty when there is no best trial."""
    best = None if progress is None else progress.best
    return "" if best is None or best.objective is None else f"Best {best.objective_in_words}"


def observed_and_believed(progress: StudyProgress | None) -> str:
    """Return the best trial as observed and, on a second line, the best without the noise of training."""
    best = None if progress is None else progress.best
    if progress is None or best is None or best.objective is None:
        return ""
    objective, belief = progress.objective, progress.belief
    observed = (
        f"{objective.title} {objective.when}, the {objective.extreme} is the best\n"
        f"Best observed: trial {best.number}, {format_number(best.objective)}"
    )
    return observed if belief is None else f"{observed}\nBy the surrogate's mean: {describe_belief(belief)}"


# The terminal


def phase_in_a_line(phase: Phase) -> str:
    """Return the text before the progress bar of a study in that phase."""
    return "Loading TensorFlow" if phase is Phase.STARTING else "Trials"


def best_in_a_line(progress: StudyProgress | None) -> str:
    """Return "best val loss 15.71 (trial 17)"; empty when there is no best trial."""
    best = None if progress is None else progress.best
    if progress is None or best is None or best.objective is None:
        return ""
    return f"best {progress.objective.name} {format_number(best.objective)} (trial {best.number})"


def waiting_in_a_line(trouble: str, go_on: str) -> str:
    """Return the line on a study that waits because its file cannot be written; `go_on` is what the user can do."""
    again = f"Afina tries again every {RETRY_INTERVAL:.0f} seconds"
    return (
        f"Waiting: {trouble.rstrip('.')}. Nothing is lost; {again}. To go on in another file: {go_on}. "
        "To end, with the study saved in another file: Ctrl-C."
    )


def held_in_a_line(trouble: str, go_on: str) -> str:
    """Return the line on a study that stands still because a process is lost; `go_on` is what the user can do."""
    again = f"Afina tries again after {RELOAD_INTERVAL:.0f} seconds; at once"
    return f"Paused: {trouble.rstrip('.')}. Nothing is lost; {again}: {go_on}. To end: Ctrl-C."
