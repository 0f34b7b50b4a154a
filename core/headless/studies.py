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
from core.progress import MORE_TRIALS, StudyProgress
from core.rehearsal.configurations import samples
from core.settings import MAX_TRIALS, StudySettings
from core.store.study_file import require_place
from core.study.opening import read_progress
from core.targets import SUFFIX
from core.words.more_trials import cautions, nothing_left

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


def budget_for(progress: StudyProgress, name: str, trials: int | None, more: int | None) -> int:
    """Return the number of trials in all with which the study goes on, and print what else ends it.

    Raises InvalidSetting if it cannot go on.
    """
    if progress.exhausted:
        raise InvalidSetting("trials", f"{name} cannot go on. {nothing_left(progress)}")
    budget = progress.budget_with(more) if more is not None else progress.budget if trials is None else trials
    if not 1 <= budget <= MAX_TRIALS:
        raise InvalidSetting("trials", f"Trials ({budget}) must be between 1 and {MAX_TRIALS}")
    done = len(progress.finished)
    if done >= budget:
        all_its = "all its " if done >= progress.budget else ""
        remedy = f"resume it with --more {MORE_TRIALS}, or with --trials above {done}"
        raise InvalidSetting("trials", f"{name} has {all_its}{done} trials; to add some, {remedy}")
    for caution in cautions(progress, budget):
        note(caution.removesuffix("."))
    return budget


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
