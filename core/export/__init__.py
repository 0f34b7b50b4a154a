"""Exports: the formats in which a study's results are taken away, and how they are saved."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from core.datasets.builtin import Dataset
from core.datasets.data_file import DataFile
from core.datasets.samples import read_samples, write_samples
from core.errors import DataError, ExportError
from core.export.chosen import chosen_trial
from core.export.keras_script import write_keras_script
from core.export.settings_json import write_settings_json
from core.export.trials_csv import write_trials_csv
from core.progress import StudyProgress
from core.settings import DataSettings


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """A format.

    `suffix` is that of its files; `write` makes its text from the progress, from where the data set is if it
    `refers_to_data`, and from the number of the trial that it is of, None for the best, unless it is `of_all_trials`.
    """

    name: str
    label: str
    suffix: str
    help: str
    write: Callable[[StudyProgress, str, int | None], str]
    refers_to_data: bool = False
    of_all_trials: bool = False

    def text(self, progress: StudyProgress, data_path: str = "", number: int | None = None) -> str:
        """Return the text to export of the trial of that number, or of the best; ExportError with a sentence.

        `data_path` is where the text says that the data set is: the file that comes with Afina unless told
        otherwise; a bare name means the folder of the exported file.
        """
        if self.refers_to_data and not data_path:
            source = chosen_trial(progress, number)[0].data.source
            data_path = str(source.path) if isinstance(source, Dataset) else samples_name(source)
        return self.write(progress, data_path, number)


JSON = Exporter(
    name="json",
    label="Settings (JSON)",
    suffix=".json",
    help="The trial's values, losses and seed, for another program to read.",
    write=lambda progress, _, number: write_settings_json(progress, number),
)
CSV = Exporter(
    name="csv",
    label="All trials (CSV)",
    suffix=".csv",
    help="One row for each trial, for a spreadsheet or pandas.",
    write=lambda progress, *_: write_trials_csv(progress),
    of_all_trials=True,
)
PYTHON = Exporter(
    name="python",
    label="Keras script (Python)",
    suffix=".py",
    help="A short script that trains the trial again, with the same result, and saves the model. Needs no Afina.",
    write=write_keras_script,
    refers_to_data=True,
)

EXPORTERS: dict[str, Exporter] = {exporter.name: exporter for exporter in (JSON, CSV, PYTHON)}


def save_export(exporter: Exporter, progress: StudyProgress, path: Path, number: int | None = None) -> list[Path]:
    """Write the export to `path`, with the data set beside it if it refers to one; return the files.

    It is of the trial of that number, of the best unless told otherwise.
    A file appears whole or not at all. Raises ExportError with a sentence.
    """
    data = put_data_beside(path, chosen_trial(progress, number)[0].data) if exporter.refers_to_data else None
    return save_text(exporter, progress, path, data, number)


def put_data_beside(path: Path, data: DataSettings) -> Path | None:
    """Write the data into the folder of `path`, under a name that no other file has; None when a package has them.

    The slow part of an export: a large table is read and written. Raises ExportError.
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
    exporter: Exporter, progress: StudyProgress, path: Path, data: Path | None, number: int | None = None
) -> list[Path]:
    """Write the export's text to `path`; `data` is what lies beside it already. Returns both. Raises ExportError."""
    with _explained(path):
        _write(path, exporter.text(progress, data.name if data else "", number).encode())
    return [path, data] if data else [path]


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say in a sentence why `path` could not be saved."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"{path.name} cannot be saved: {error.strerror or error}") from error
    except DataError as error:
        raise ExportError(f"{path.name} cannot be saved without its data: {error}") from error


def samples_name(source: DataFile) -> str:
    """Return the name of the file that a script's data are written to."""
    return f"{source.label} samples.csv"


def _put_beside(path: Path, wanted: str, content: bytes) -> Path:
    stem, suffix = Path(wanted).stem, Path(wanted).suffix
    number = 1
    while True:
        name = wanted if number == 1 else f"{stem}-{number}{suffix}"
        beside = path.with_name(name)
        if beside != path:
            if not os.path.lexists(beside):
                _write(beside, content)
                return beside
            if beside.is_file() and beside.read_bytes() == content:
                return beside
        number += 1


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or, when that fails, leave what was there."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
