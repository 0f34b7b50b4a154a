"""The catalogue of studies: which study files there are, and each of them in short, read without changing any."""

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from core.errors import StoreBlocked, StoreError
from core.store.glance import Glance, glance
from core.store.lock import in_use
from core.store.log import log_of
from core.targets import has_suffix

_DAY = 24 * 3600.0
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""No calendar goes much further; a drive may have any time for a file."""

_Mark = tuple[tuple[int, int], ...]
"""Size and time of change of a file and its log: as long as they are the same, so is the study."""


@dataclass(frozen=True)
class Listed:
    """A study file in a list. `glance` is None if it cannot be read, and `trouble` says why.

    `when` is the moment of the last change, in seconds since 1970. `running`: an Afina runs it now. `is_known`: another
    look would find the same, as long as the file does not change.
    """

    path: Path
    when: float
    glance: Glance | None = None
    trouble: str = ""
    running: bool = False
    is_known: bool = True

    @property
    def unfinished(self) -> bool:
        """Whether the study runs elsewhere, or stands still although nobody wanted it to stop."""
        return self.running or (self.glance is not None and self.glance.unfinished)


def study_paths(folder: Path, others: Iterable[Path]) -> list[Path]:
    """Return the study files in the folder, and those of `others` that are there: each file once, the latest first.

    What cannot be looked at, as on a drive that is gone, is left out.
    """
    found: dict[tuple[int, int], tuple[float, Path]] = {}
    for path in (*_inside(folder), *others):
        with suppress(OSError, ValueError):
            about = path.stat()
            if stat.S_ISREG(about.st_mode):
                found.setdefault((about.st_dev, about.st_ino), (about.st_mtime, path))
    return [path for _when, path in sorted(found.values(), key=lambda entry: -entry[0])]


def has_studies(folder: Path, others: Iterable[Path]) -> bool:
    """Return whether there is at least one study file, after as few looks as possible."""
    return any(map(os.path.isfile, chain(_inside(folder), others)))  # which raises nothing


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if has_suffix(path) and not path.name.startswith("."))
    except OSError:
        return []


class Catalogue:
    """Tells of studies in short. What was read is kept, and read again only when a file has changed."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[_Mark, Listed]] = {}

    def read(self, paths: Iterable[Path], unwanted: Callable[[], bool]) -> Iterator[Listed]:
        """Yield each study that is there, until the rest is unwanted."""
        for path in paths:
            with suppress(OSError):
                listed = self._listed(path, unwanted)
                if unwanted():
                    return
                yield listed

    def _listed(self, path: Path, unwanted: Callable[[], bool]) -> Listed:
        running = in_use(path)  # asked first: what is recorded before it ends is read below
        mark = _mark(path)
        known, listed = self._known.get(path, ((), None))
        if listed is None or known != mark:
            changed = max(when for _size, when in mark) / 1e9
            listed = _read(path, min(max(changed, 0.0), _LATEST), unwanted)
            if listed.is_known and not unwanted():
                self._known[path] = mark, listed
        return replace(listed, running=running and listed.glance is not None)


def _read(path: Path, changed: float, unwanted: Callable[[], bool]) -> Listed:
    try:
        found = glance(path, unwanted)
    except StoreError as error:
        return Listed(path, changed, trouble=str(error), is_known=not isinstance(error, StoreBlocked))
    recorded = changed if found.end is None else found.end.time
    plausible = 0 < recorded < time.time() + _DAY  # a stranger's file may hold any number
    return Listed(path, recorded if plausible else changed, found)


def _mark(path: Path) -> _Mark:
    """Return what the study file and its log are known by. Raises OSError."""
    marks = [path.stat()]
    with suppress(OSError):
        marks.append(log_of(path).stat())
    return tuple((about.st_size, about.st_mtime_ns) for about in marks)
