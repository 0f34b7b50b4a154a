"""The study that a command reads. A module of its own, because `--help` loads no store."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from core.errors import StoreError
from core.headless.console import note
from core.progress import StudyProgress
from core.study.opening import read_progress


def opened(path: Path) -> StudyProgress:
    """Return the progress of the study in the file. Raises StoreError, also if standard output leads into the file."""
    with suppress(OSError, ValueError):
        if path.is_file() and os.path.samestat(os.fstat(sys.stdout.fileno()), path.stat()):
            raise StoreError(f"Standard output leads into {path.name} itself, and no study is overwritten")
    return read_progress(path, note)
