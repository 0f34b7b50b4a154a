"""The activity of a study in words: for the window's title, the status bar and the terminal."""

import math
from collections.abc import Set

from core.formatting import format_duration, format_number
from core.phases import RELOAD_INTERVAL, RETRY_INTERVAL, Job, Phase
from core.progress import StudyProgress
from core.words.noise import noise_in_words

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


def best_in_detail(progress: StudyProgress | None) -> str:
    """Return what counts, the best trial and, on a line of its own, what is noise."""
    best = None if progress is None else progress.best
    if progress is None or best is None or best.objective is None:
        return ""
    objective = progress.objective
    lines = (
        f"{objective.title} {objective.when}, the {objective.extreme} is the best",
        f"Best: trial {best.number}, {format_number(best.objective)}",
        "" if progress.running else noise_in_words(progress),  # with many trials it takes too long to tell at each
    )
    return "\n".join(filter(None, lines))


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
