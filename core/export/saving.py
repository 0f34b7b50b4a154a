"""Saves exports: whole or not at all, and with the data that a script reads beside it."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

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

Exports: TypeAlias = Sequence[tuple[Exporter, Path]]
"""Formats, each with the file that it is to be saved in."""


@dataclass
class Outcome:
    """What came of saving several formats: the files written, and a sentence for each that could not be."""

    written: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


Data = Callable[[], Path | None]
"""Writes the data that a script reads, and returns their path; None if they need no file. It raises ExportError."""


def save_exports(
    exports: Exports, progress: StudyProgress, number: int | None = None, study: Path | None = None
) -> Outcome:
    """Save each export, with the data set beside it if it refers to one; what is wrong with one keeps no other back.

    They export the trial with this number (None: the best). A file appears whole or not at all, and never in place of a
    study, this `study`'s file or a file that the study uses. Raises ExportError, before anything is written, when a
    path must not be written.
    """
    kept = files_in_use(study, progress.settings)
    check_targets(exports, kept)
    steps = saving(exports, progress, number, kept)
    try:
        write = next(steps)
        while True:
            try:
                data = write()
            except ExportError as error:
                write = steps.throw(error)
            else:
                write = steps.send(data)
    except StopIteration as over:
        outcome: Outcome = over.value
        return outcome


def saving(
    exports: Exports, progress: StudyProgress, number: int | None, kept: Iterable[Path]
) -> Generator[Data, Path | None, Outcome]:
    """Save exports whose paths may be written. It yields what writes data, which is slow and may be done in a thread.

    It wants to be sent what that returns, or to be thrown its ExportError. Those that need data come last: then the
    name of their data is free for sure.
    """
    outcome, kept = Outcome(), list(kept)
    for exporter, path in sorted(exports, key=lambda export: export[0].refers_to_data):
        data = None
        try:
            if exporter.refers_to_data:
                data = yield partial(put_data_beside, path, chosen_trial(progress, number)[0].data)
            outcome.written += save_text(exporter, progress, path, data, number, kept)
        except ExportError as error:
            outcome.problems.append(str(error))
            outcome.written += [data] if data else []
    return outcome


def check_targets(exports: Exports, kept: Iterable[Path]) -> None:
    """Raise ExportError unless all paths may be written, and no two are the same."""
    paths = [path for _exporter, path in exports]
    for number, path in enumerate(paths):
        check_target(path, kept)
        if any(os.path.normcase(path).casefold() == os.path.normcase(other).casefold() for other in paths[:number]):
            raise ExportError(f"Two files cannot both be called {path.name}: give one of them another name")


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
