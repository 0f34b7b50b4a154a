"""Announcements: what a screen reader says by itself of a study that goes on; plain sentences."""

from core.letters import on_one_line
from core.progress import StudyProgress


def best_announced(progress: StudyProgress) -> str:
    """Return "New best: trial 6, validation loss 15.76"; empty while no trial has a result."""
    best = progress.best
    return "" if best is None else f"New best: trial {best.number}, {_result(progress)}"


def standing_announced(title: str, progress: StudyProgress | None) -> str:
    """Return the headline's title, as plain text, with the best result so far, and whose it is."""
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
