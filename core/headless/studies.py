"""The study that a command reads or makes. A module of its own, because `--help` loads no store."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from core.children.process import ChildLost
from core.errors import InvalidSetting, ModelFileError, StoreError
from core.files import free_path
from core.headless.console import note
from core.models.custom.inspection import why_unsuitable
from core.progress import StudyProgress
from core.rehearsal.configurations import samples
from core.settings import StudySettings
from core.store.study_file import require_place
from core.study.opening import read_progress
from core.targets import SUFFIX

_POINTS = 5
"""The random points at which a model file has to suit the data once."""


def opened(path: Path) -> StudyProgress:
    """Return the progress of the study in the file. Raises StoreError, also if standard output leads into the file."""
    with suppress(OSError, ValueError):
        if path.is_file() and os.path.samestat(os.fstat(sys.stdout.fileno()), path.stat()):
            raise StoreError(f"Standard output leads into {path.name} itself, and no study is overwritten")
    return read_progress(path, note)


def path_for(out: Path | None) -> Path:
    """Return the absolute path for a study to make: `out`, or a free one named study.afina. Raises AfinaError."""
    path = (out or free_path(Path(f"study{SUFFIX}"))).absolute()
    require_place(path)
    if os.path.lexists(path):
        raise InvalidSetting("out", f"{path.name} exists already; go on with it by: resume {path.name}")
    return path


def require_suitable(settings: StudySettings) -> None:
    """Raise ModelFileError if the model file's models do not suit the data, before a study is made of failed trials."""
    if settings.model.file is None:
        return
    file, data = settings.model.file.beside(Path()), settings.data.absolute
    points = tuple(dict(sample.values) for sample in samples(settings, _POINTS))
    try:
        problem = why_unsuitable(file, data, settings.seed, points)
    except ChildLost:
        return  # the study says what is in its way
    if problem:
        raise ModelFileError(problem)
