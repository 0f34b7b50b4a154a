"""Opening a study: read its file and fold its events; the window does it in a thread of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.progress import StudyProgress
from core.store.lock import in_use
from core.store.reader import StudyReader
from core.words.going_on import log_missing_in_words


@dataclass(frozen=True)
class OpenedStudy:
    """A study as read from its file, after `known` events.

    `runs_elsewhere`: another Afina runs it. `log_missing`: it may have more records, in a log that is not beside it.
    """

    path: Path
    progress: StudyProgress
    known: int
    runs_elsewhere: bool
    log_missing: bool


def read(path: Path) -> OpenedStudy:
    """Read the study in the file. Raises StoreError."""
    runs_elsewhere = in_use(path)  # asked first: events recorded before it ends are read below
    with StudyReader(path) as reader:
        progress = StudyProgress.of(reader.records())
        known, log_missing = reader.event_count, reader.log_missing
    if not runs_elsewhere:
        progress.mark_interrupted()
    return OpenedStudy(path, progress, known, runs_elsewhere, log_missing)


def read_progress(path: Path, note: Callable[[str], object]) -> StudyProgress:
    """Return the progress of the study in the file, with no trial under way. Raises StoreError.

    `note` takes a sentence to tell, if there may be more in the study than there is in the file.
    """
    with StudyReader(path) as reader:
        progress = StudyProgress.of(reader.records())
        if reader.log_missing:
            note(log_missing_in_words(path.name))
    progress.mark_interrupted()
    return progress
