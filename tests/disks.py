"""Disks that are full."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from errno import ENOSPC
from pathlib import Path
from unittest import mock

import pytest

resource = pytest.importorskip("resource", reason="the system has no limits for files")
_ROOM = 20  # bytes


def full_disk() -> AbstractContextManager[None]:
    """Let the system itself take the first bytes of a file only, whoever writes them."""
    return disk_with_room_for(_ROOM)


@contextmanager
def disk_with_room_for(size: int) -> Iterator[None]:
    """Let the system itself take so many bytes of each file, whoever writes them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def late_full_disk() -> Iterator[None]:
    """Let the system find only when all is to be safe that there is no room for it, as those do that write later."""
    with mock.patch("os.fsync", side_effect=OSError(ENOSPC, os.strerror(ENOSPC))):
        yield


def names(folder: Path) -> list[str]:
    """Return the names of all that is in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())
