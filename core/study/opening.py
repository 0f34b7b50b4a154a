"""Opening a study: read its file and fold its events; the window does it in a thread of its own."""

from dataclasses import dataclass
from pathlib import Path

from core.progress import StudyProgress
from core.store.lock import in_use
from core.store.reader import StudyReader


@dataclass(frozen=True)
class OpenedStudy:
    """A study as read from its file, after `known` events. `runs_elsewhere`: another Afina runs it."""

    path: Path
    progress: StudyProgress
    known: int
    runs_elsewhere: bool


def read(path: Path) -> OpenedStudy:
    """Read the study in the file. Raises StoreError."""
    runs_elsewhere = in_use(path)  # asked first: events recorded before it ends are read below
    with StudyReader(path) as reader:
        progress = StudyProgress.of(reader.records())
        known = reader.event_count
    if not runs_elsewhere:
        progress.mark_interrupted()
    return OpenedStudy(path, progress, known, runs_elsewhere)


def read_progress(path: Path) -> StudyProgress:
    """Return the progress of the study in the file, with no trial under way. Raises StoreError."""
    with StudyReader(path) as reader:
        progress = StudyProgress.of(reader.records())
    progress.mark_interrupted()
    return progress
