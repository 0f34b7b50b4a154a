"""What more trials of a study come to, in words."""

from core.formatting import format_duration, format_number, format_roughly
from core.progress import StudyProgress
from core.words.ends import all_tried


def total_in_words(progress: StudyProgress, total: int) -> str:
    """Say what trials are to come when a study goes on up to `total` in all: "40 in all, about 12 s"."""
    points, to_come = progress.settings.points, total - len(progress.finished)
    coming = [f"{to_come:,} to come"] if len(progress.finished) < progress.budget else []
    seconds = progress.seconds_left(total if points is None else min(total, points))
    limit = progress.settings.budget.seconds
    if seconds is not None and limit is not None:
        seconds = min(seconds, limit)
    lasting = [] if seconds is None else [f"about {format_roughly(seconds)}"]
    return ", ".join([f"{total:,} in all", *coming, *lasting])


def cautions(progress: StudyProgress, total: int) -> list[str]:
    """Return sentences on what else ends, or ended, a study that goes on up to `total` trials in all."""
    limits, points = progress.settings.budget, progress.settings.points
    told = []
    if points is not None and points < total:
        left = points - len(progress.finished)
        told.append(
            f"Only {left:,} {'point is' if left == 1 else 'points are'} left to try: the study ends after that."
        )
    if limits.target is not None and (progress.target_reached or progress.target_passed):
        told.append(f"The target, {format_number(limits.target)}, was reached: it does not end the study again.")
    if limits.seconds is not None:
        told.append(f"The time limit, {format_duration(limits.seconds)}, counts anew.")
    return told


def nothing_left(progress: StudyProgress) -> str:
    """Say that no trials can be added, because every point has been tried, and what can be done."""
    return f"{all_tried(progress)}; a new study with wider ranges has more"
