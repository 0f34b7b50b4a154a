"""The lock of a study: only one Afina at a time writes it."""

from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import StoreBlocked, StudyInUse

_PATIENCE = 1.0
"""Seconds to wait for a lock; `in_use`, which only tests the lock, holds it for less than a millisecond."""


class StudyLock:
    """A lock that is held from its creation until `release`.

    The operating system holds it for the process (flock or similar), so the lock ends with the process, however the
    process ends: there are no stale locks. Raises StudyInUse or StoreBlocked.
    """

    def __init__(self, path: Path) -> None:
        self._file = _lock_file(path)
        if not self._file.parent.is_dir():
            raise StoreBlocked(f"There is no folder {self._file.parent}")
        self._lock = _file_lock(self._file)
        try:
            self._lock.acquire(timeout=_PATIENCE)
        except Timeout:
            raise StudyInUse(f"Another Afina is running {path.name}") from None
        except (OSError, NotImplementedError, ValueError) as error:
            raise StoreBlocked(f"{path.name} cannot be locked: {getattr(error, 'strerror', None) or error}") from error

    def release(self) -> None:
        """Release the lock, and remove its file, so that others can write the study."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)  # while held: a process that waits for it sees this and makes another
        self._lock.release()


def in_use(path: Path) -> bool:
    """Return whether an Afina, this one included, is running the study."""
    try:
        file = _lock_file(path)
        if not file.exists():
            return False
        lock = _file_lock(file)
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except (OSError, NotImplementedError, ValueError):
        return False
    lock.release()
    return False


def _file_lock(file: Path) -> FileLock:
    # No fallback to a lock by the mere existence of a file: the file would outlive its process.
    return FileLock(file, is_singleton=False, thread_local=False, fallback_to_soft=False)


def _lock_file(path: Path) -> Path:
    return path.absolute().with_name(f".{path.name}.lock")
