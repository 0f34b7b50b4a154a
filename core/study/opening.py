"""Opening a study: its file read and folded, for a large one in a thread of its own."""

from dataclasses import dataclass
from pathlib import Path

from core.progress import StudyProgress
from core.store.lock import in_use
from core.store.reader import StudyReader

SMALL = 500_000
"""Bytes of a file that is read before anybody could notice: some 50 milliseconds' work."""


@dataclass(frozen=True)
class OpenedStudy:
    """A study as its file tells of it, after `known` events; `runs_elsewhere` when another Afina goes on with it."""

    path: Path
    progress: StudyProgress
    known: int
    runs_elsewhere: bool


def is_small(path: Path) -> bool:
    """Return whether the study can be read at once, as it can when there is none."""
    try:
        return path.stat().st_size <= SMALL
    except (OSError, ValueError):
        return True  # reading says what is wrong


def read(path: Path) -> OpenedStudy:
    """Read the study in the file. Raises StoreError."""
    runs_elsewhere = in_use(path)  # asked first: what is recorded before that one ends is read below
    with StudyReader(path) as reader:
        progress = StudyProgress.of(reader.records())
        known = reader.event_count
    if not runs_elsewhere:
        progress.mark_interrupted()
    return OpenedStudy(path, progress, known, runs_elsewhere)


def read_progress(path: Path) -> StudyProgress:
    """Return what the study's file tells of it, with nothing under way. Raises StoreError."""
    progress = read(path).progress
    progress.mark_interrupted()
    return progress
