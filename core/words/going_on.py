"""The activity of a study in words: for the window's title, the status bar and the terminal."""

import math
from collections.abc import Iterable, Mapping, Set

from core.formatting import format_duration, format_number, format_running
from core.phases import RELOAD_INTERVAL, RETRY_INTERVAL, Doing, Job, Phase, Stage
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

_STAGES = {
    Stage.LOADING: ("waits for TensorFlow", "wait for TensorFlow"),
    Stage.PREPARING: ("is prepared", "are prepared"),
    Stage.COMPILING: ("compiles", "compile"),
}
"""What one trial does before it trains, and what several do."""
_AT_ONCE = 1.0
"""Seconds in which a trial may do anything without a word: most do, and the words would flicker."""
_AT = {
    Phase.PAUSING: "Pausing at ",
    Phase.PAUSED: "Paused at ",
    Phase.BLOCKED: "Waiting at ",
    Phase.HELD: "Waiting at ",
}
"""What stands in the window's title before the share that is done."""
_NOTHING: Mapping[int, Doing] = {}


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
    job: Job | None,
    phase: Phase | None,
    progress: StudyProgress | None,
    skipping: Set[int] = frozenset(),
    doing: Mapping[int, Doing] = _NOTHING,
) -> str:
    """Return a short word: "Training", or "Trial 3 compiles, 12 s".

    `skipping` are the trials that are being given up, `doing` is what those do that are under way.
    """
    if job is None:
        return _end_in_a_word(progress)
    if job is Job.WATCH:
        return "Following"
    if phase in (Phase.RUNNING, Phase.PAUSED) and progress is not None and progress.under_way.keys() & skipping:
        return "Skipping…"
    if phase in _SHORT_WORDS:
        return _SHORT_WORDS[phase]
    before = before_training(doing)
    if before:
        return before
    if job is Job.EVALUATION:
        return "Evaluating…"
    if phase is Phase.STARTING:
        return "Loading TensorFlow…"
    return "Training" if progress is not None and progress.under_way else "Choosing the next trial"


def before_training(doing: Mapping[int, Doing]) -> str:
    """Return what keeps trials from training, "Trial 3 compiles, 12 s"; empty where nothing does for long."""
    waiting = {trial: now for trial, now in doing.items() if now.stage in _STAGES and now.seconds >= _AT_ONCE}
    if not waiting:
        return ""
    longest = max(waiting.values(), key=lambda now: now.seconds)
    trials = [trial for trial, now in waiting.items() if now.stage is longest.stage]
    words = _STAGES[longest.stage][len(trials) > 1]
    return f"{numbered(trials)} {words}, {format_running(longest.seconds)}"


def numbered(trials: Iterable[int]) -> str:
    """Return how trials are called: "Trial 3", "Trials 3 and 5" or "4 trials"."""
    match sorted(trials):
        case [only]:
            return f"Trial {only}"
        case [first, last]:
            return f"Trials {first} and {last}"
        case several:
            return f"{len(several)} trials"


def _end_in_a_word(progress: StudyProgress | None) -> str:
    if progress is None:
        return "No study is open"
    return progress.end.reason.value.capitalize() if progress.end is not None else "Interrupted"


def trials_in_words(progress: StudyProgress, job: Job | None = None, phase: Phase | None = None) -> str:
    """Return which trials are under way, "Trials 3 and 5 of 20"; else how many are done, "12 of 20 trials".

    While the next point is chosen, that is the point of the next trial.
    """
    under_way, done, budget = progress.under_way, len(progress.finished), progress.budget
    if not under_way and job is Job.STUDY and phase is Phase.RUNNING:
        return f"Trial {min(done + 1, budget)} of {budget}"
    match len(under_way):
        case 0:
            return f"{done} of {budget} {'trial' if budget == 1 else 'trials'}"
        case 1 | 2:
            return f"{numbered(under_way)} of {budget}"
        case count:
            return f"{count} trials, {min(under_way)} to {max(under_way)} of {budget}"


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


def epochs_now(progress: StudyProgress, doing: Mapping[int, Doing], job: Job | None) -> str:
    """Return the epochs of the trials under way, as `epochs_in_words`, and of one without an epoch what is known of it.

    "In epoch 1 of 10" where its first epoch takes long; nothing while it is not trained.
    """
    under_way = list(progress.under_way.values())
    if len(under_way) != 1 or under_way[0].epochs_done:
        return epochs_in_words(progress)
    (trial,) = under_way
    if job is Job.WATCH:
        return f"No epoch of {trial.epochs} yet"
    now = doing.get(trial.number)
    if now is None or now.seconds < _AT_ONCE:
        return epochs_in_words(progress)
    return f"In epoch 1 of {trial.epochs}" if now.stage is Stage.TRAINING else ""


def time_left_in_words(seconds: float | None) -> str:
    """Return "About 3 min left"; empty while the time is not known."""
    if seconds is None:
        return ""
    whole = max(1, round(seconds))
    if whole < 100:
        return f"About {whole} s left"
    return f"About {f'{round(whole / 60)} min' if whole < 6000 else format_duration(whole)} left"


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


def phase_in_a_line(phase: Phase, progress: StudyProgress | None = None, doing: Mapping[int, Doing] = _NOTHING) -> str:
    """Return the text before the progress bar of a study in that phase: "Trials", or what a long trial does."""
    if phase in (Phase.BLOCKED, Phase.HELD):
        return "Waiting"
    if phase is Phase.STARTING:
        return "Loading TensorFlow"
    training = all(now.stage is Stage.TRAINING and now.seconds >= _AT_ONCE for now in doing.values())
    if progress is None or len(progress.under_way) != 1 or not doing or not training:
        return before_training(doing) or "Trials"
    epochs = epochs_now(progress, doing, Job.STUDY)
    return f"{numbered(progress.under_way)}, {epochs[:1].lower()}{epochs[1:]}"


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
