"""Saves exports: whole or not at all, and with the data that a script reads beside it."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from core.datasets.builtin import Dataset
from core.datasets.samples import read_samples, write_samples
from core.datasets.settings import DataSettings
from core.errors import DataError, ExportError
from core.export.chosen import chosen_trial
from core.export.exporters import Exporter, samples_name
from core.files import numbered_paths, write_file
from core.progress import StudyProgress
from core.settings import files_in_use
from core.targets import require_target


def save_export(
    exporter: Exporter, progress: StudyProgress, path: Path, number: int | None = None, study: Path | None = None
) -> list[Path]:
    """Write the export to `path`, and the data set beside it if the export refers to one; return the files.

    It exports the trial with this number (None: the best). A file appears whole or not at all, and never in place of a
    study, this `study`'s file or a file that the study uses. Raises ExportError with a sentence.
    """
    kept = files_in_use(study, progress.settings)
    check_target(path, kept)
    data = put_data_beside(path, chosen_trial(progress, number)[0].data) if exporter.refers_to_data else None
    return save_text(exporter, progress, path, data, number, kept)


def check_target(path: Path, kept: Iterable[Path]) -> None:
    """Raise ExportError unless an export may be written to the path; a file of `kept` is not replaced."""
    with _explained(path):
        require_target(path, kept)


def put_data_beside(path: Path, data: DataSettings) -> Path | None:
    """Write the data into the folder of `path` under a free name; return the path, None for data in a package.

    A file with the same content is reused. This is the slow part of an export: it reads and writes a large table.
    Raises ExportError.
    """
    source = data.source
    with _explained(path):
        if isinstance(source, Dataset):
            return _put_beside(path, source.file, source.path.read_bytes()) if source.file else None
        with TemporaryDirectory() as folder:
            rows = Path(folder) / "samples.csv"
            write_samples(read_samples(data), source.target, rows)
            return _put_beside(path, samples_name(source), rows.read_bytes())


def save_text(
    exporter: Exporter,
    progress: StudyProgress,
    path: Path,
    data: Path | None,
    number: int | None,
    kept: Iterable[Path],
) -> list[Path]:
    """Write the export's text to `path`; `data` is the file already beside it. Return both. Raises ExportError.

    A file of `kept` is not replaced.
    """
    with _explained(path):
        write_file(path, exporter.text(progress, data.name if data else "", number).encode(), kept=kept)
    return [path, data] if data else [path]


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn errors into an ExportError with a sentence on why `path` cannot be saved."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"{path.name or path} cannot be saved: {error.strerror or error}") from error
    except DataError as error:
        raise ExportError(f"{path.name} cannot be saved without its data: {error}") from error


def _put_beside(path: Path, wanted: str, content: bytes) -> Path:
    others = (beside for beside in numbered_paths(path.with_name(wanted)) if beside != path)
    beside = next(beside for beside in others if not os.path.lexists(beside) or _holds(beside, content))
    if not os.path.lexists(beside):
        write_file(beside, content)
    return beside


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
