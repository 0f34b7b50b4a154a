"""Announcements: what a screen reader says by itself of a study that goes on; plain sentences."""

from core.events import TrialState
from core.letters import on_one_line
from core.phases import Phase
from core.progress import StudyProgress


def best_announced(progress: StudyProgress) -> str:
    """Return "New best: trial 6, validation loss 15.76"; empty while no trial has a result."""
    best = progress.best
    return "" if best is None else f"New best: trial {best.number}, {_result(progress)}"


def end_announced(progress: StudyProgress, place: int) -> str:
    """Return what is to be heard of a trial that has ended, by its place among those that have; mostly nothing.

    Of several failures in a row the first one is told.
    """
    number, *before = progress.finished[place::-1][:2]
    match progress.trials[number].state:
        case TrialState.SKIPPED:
            return f"Trial {number} was given up"
        case TrialState.FAILED if not any(progress.trials[other].state is TrialState.FAILED for other in before):
            return f"Trial {number} failed"
    return ""


def going_on_announced(was: Phase | None, *, is_new: bool) -> str:
    """Return what is to be heard when a study, new or resumed, runs after a phase; mostly nothing."""
    match was:
        case Phase.STARTING:
            return "Training begins" if is_new else "Training goes on"
        case Phase.PAUSED:
            return "Resumed"
        case Phase.BLOCKED | Phase.HELD:
            return "The study goes on"
    return ""


def opened_announced(name: str, title: str, progress: StudyProgress | None) -> str:
    """Return which study was opened, and what became of it, as the headline's title says it in plain text."""
    return on_one_line(f"Opened {name}. {standing_announced(title, progress)}")


def standing_announced(title: str, progress: StudyProgress | None) -> str:
    """Return the headline's title, as plain text, with the best result so far, and whose it is.

    At the end of a study, it says how many trials failed.
    """
    if progress is not None and progress.end is not None:
        failed = sum(trial.state is TrialState.FAILED for trial in progress.trials.values())
        title = f"{title}; {failed:,} failed" if failed else title
    best = None if progress is None else progress.best
    if progress is None or best is None:
        return on_one_line(title)
    result = _result(progress)
    if f"trial {best.number} is the best" in title:
        return on_one_line(f"{title}. {result[0].upper()}{result[1:]}")
    return on_one_line(f"{title}. The best so far is trial {best.number}, {result}")


def _result(progress: StudyProgress) -> str:
    assert progress.best is not None
    return on_one_line(f"{progress.objective.label} {progress.best.objective_in_words}")
