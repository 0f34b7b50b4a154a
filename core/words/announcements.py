"""Announcements: what a screen reader says by itself of a study that goes on; plain sentences."""

from core.letters import on_one_line
from core.progress import StudyProgress


def best_announced(progress: StudyProgress) -> str:
    """Return "New best: trial 6, validation loss 15.76"; empty while no trial has a result."""
    best = progress.best
    return "" if best is None else f"New best: trial {best.number}, {_result(progress)}"


def standing_announced(title: str, progress: StudyProgress | None) -> str:
    """Return the headline's title, as plain text, with the best result so far."""
    result = "" if progress is None or progress.best is None else _result(progress)
    return on_one_line(f"{title}. {result[0].upper()}{result[1:]}" if result else title)


def _result(progress: StudyProgress) -> str:
    assert progress.best is not None
    return on_one_line(f"{progress.objective.label} {progress.best.objective_in_words}")
