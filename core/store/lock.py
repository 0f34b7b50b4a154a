"""The locks of a study: only one Afina at a time writes it, by whatever name it was opened."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

from filelock import FileLock, Timeout

from core.errors import StoreBlocked, StudyInUse

_PATIENCE = 1.0
"""Seconds to wait for a lock; `in_use`, which only tests the lock, holds it for less than a millisecond."""


class StudyLock:
    """Two locks, of the path and of the file there, that are held from the creation of this object until `release`.

    The lock of the path lies beside the study, where Afinas on other computers see it, too. The lock of the file goes
    by device and inode (on Windows, volume and file index), because hard links give one file several paths. It lies in
    a folder of the user's own, so that two users share only the lock of the path.

    The operating system holds the locks for the process (flock or similar), so they end with the process, however the
    process ends: there are no stale locks. Raises StudyInUse or StoreBlocked.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        try:
            self._path = Path(os.path.realpath(path))
        except (OSError, ValueError) as error:
            raise self._blocked(error) from None
        self._of_path: FileLock | None = self._acquired(_beside(self._path))
        self._of_file: FileLock | None = None
        try:
            self.cover_file()
        except BaseException:
            self.release()
            raise

    def cover_file(self) -> None:
        """Lock the file that is at the path now; it may be new there. Raises StudyInUse.

        Where this lock cannot be had, as with a full folder for temporary files, the one of the path has to do.
        """
        before = self._of_file
        with suppress(OSError, StoreBlocked):
            wanted = _of_file(self._path)
            if before is None or before.lock_file != str(wanted):
                self._of_file = self._acquired(wanted)
                _release(before)

    def release(self) -> None:
        """Release the locks, and remove their files, so that others can write the study."""
        of_path, of_file, self._of_path, self._of_file = self._of_path, self._of_file, None, None
        _release(of_file)
        _release(of_path)

    def _acquired(self, file: Path) -> FileLock:
        if not file.parent.is_dir():
            raise StoreBlocked(f"There is no folder {file.parent}")
        lock = _file_lock(file)
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout:
            raise StudyInUse(f"Another Afina is running {self._name}") from None
        except (OSError, NotImplementedError, ValueError) as error:
            raise self._blocked(error) from error
        return lock

    def _blocked(self, error: Exception) -> StoreBlocked:
        return StoreBlocked(f"{self._name} cannot be locked: {getattr(error, 'strerror', None) or error}")


def in_use(path: Path) -> bool:
    """Return whether an Afina, this one included, is running the study, by this name or another."""
    return _is_held(_beside, path) or _is_held(_of_file, path)


def _is_held(lock_of: Callable[[Path], Path], path: Path) -> bool:
    try:
        file = lock_of(Path(os.path.realpath(path)))
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


def _release(lock: FileLock | None) -> None:
    if lock is not None:
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)  # while held: who waits for it sees this and makes another
        lock.release()


def _beside(path: Path) -> Path:
    """Return the file that locks the path; Afina has always used it."""
    return path.with_name(f".{path.name}.lock")


def _of_file(path: Path) -> Path:
    """Return the file that locks the file at the path, the same for all its names. Raises OSError."""
    found = path.stat()
    return _folder() / f"{found.st_dev:x}-{found.st_ino:x}.lock"


def _folder() -> Path:
    """Return the user's folder for locks of files, the same in all sessions on this computer. Raises OSError."""
    if os.name == "nt":
        folder = Path(gettempdir()) / "afina-locks"  # the temporary folder is the user's own
        folder.mkdir(exist_ok=True)
        return folder
    folder = Path("/tmp") / f"afina-locks-{os.getuid()}"  # noqa: S108  gettempdir may differ from session to session
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.getuid():
        raise PermissionError(f"{folder} is another user's")
    return folder
