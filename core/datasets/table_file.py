"""Reading a file as a table: every column with a name of its own, missing cells as nulls."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from core.datasets.table_format import MISSING, FileKind, TableFormat
from core.errors import DataError

if TYPE_CHECKING:
    from numpy.lib.npyio import NpzFile

MOST_COLUMNS = 5000
_SCHEMA_ROWS = 10_000
"""Rows from which the columns' types are taken; all of them, which is slow, only when later ones do not fit."""


@dataclass(frozen=True)
class TableFile:
    """A table that was read. `notes` are sentences on what was not as it should be."""

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()


def read_table(path: Path, layout: TableFormat) -> TableFile:
    """Return the table in the file. Raises DataError with a sentence that names the file."""
    try:
        match layout.kind:
            case FileKind.TEXT:
                table = _read_text(path, layout)
            case FileKind.PARQUET:
                table = TableFile(pl.read_parquet(path, use_pyarrow=False))
            case FileKind.EXCEL:
                table = _read_excel(path, layout)
            case FileKind.NPZ:
                table = TableFile(_read_npz(path))
    except DataError:
        raise
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} is not text in the encoding {layout.encoding}: {error.reason}") from None
    except MemoryError:
        raise DataError(f"{path.name} does not fit into the memory") from None
    except (ValueError, zipfile.BadZipFile, LookupError, pl.exceptions.PolarsError, RuntimeError) as error:
        said = str(error).strip().partition("\n")[0]
        if "utf-8" in said.lower():
            raise DataError(f"{path.name} is not text in the encoding {layout.encoding}") from None
        raise DataError(f"{path.name} cannot be read as a table: {said}") from None
    _require_cells(path, table.frame)
    return table


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of an Excel file's sheets. Raises DataError."""
    import fastexcel

    with _excel_errors(path):
        return tuple(fastexcel.read_excel(path).sheet_names)


@contextmanager
def _excel_errors(path: Path) -> Iterator[None]:
    import fastexcel

    try:
        yield
    except fastexcel.FastExcelError as error:
        said = str(error).strip().partition("\n")[0]
        raise DataError(f"{path.name} cannot be read as a table: {said}") from None


def _require_cells(path: Path, frame: pl.DataFrame) -> None:
    if not frame.width or not frame.height:
        raise DataError(f"{path.name} holds no rows under its header")
    if frame.width > MOST_COLUMNS:
        raise DataError(f"{path.name} has {frame.width:,} columns; Afina takes up to {MOST_COLUMNS:,}")


def _read_text(path: Path, layout: TableFormat) -> TableFile:
    content = path.read_bytes()
    if layout.encoding.lower().replace("_", "-") != "utf-8":
        content = content.decode(layout.encoding).encode()
    first, _, _rest = content.partition(b"\n")
    cells = _split(first.decode("utf-8").rstrip("\r"), layout.separator)
    if len(cells) > MOST_COLUMNS:
        raise DataError(f"{path.name} has {len(cells):,} columns; Afina takes up to {MOST_COLUMNS:,}")
    names, notes = unique_names(cells if layout.header else [""] * len(cells))
    options: dict[str, Any] = {
        "separator": layout.separator,
        "has_header": False,
        "skip_rows": int(layout.header),
        "null_values": list(MISSING),
        "decimal_comma": layout.decimal_comma,
    }
    try:
        frame = pl.read_csv(io.BytesIO(content), infer_schema_length=_SCHEMA_ROWS, **options)
    except pl.exceptions.ComputeError:  # a later row has cells of another type, or more of them
        frame = pl.read_csv(io.BytesIO(content), infer_schema_length=None, **options)
    except pl.exceptions.NoDataError:
        raise DataError(f"{path.name} holds no rows under its header") from None
    if frame.width > len(names):
        raise DataError(f"{path.name} has rows with more cells than its first row: check the separator")
    missing = [pl.lit(None, pl.String).alias(name) for name in names[frame.width :]]  # all rows end early
    return TableFile(frame.rename(dict(zip(frame.columns, names, strict=False))).with_columns(missing), notes)


def _split(line: str, separator: str) -> list[str]:
    import csv

    return next(csv.reader([line], delimiter=separator), [])


def unique_names(given: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return a name of its own for every column, and sentences on those that had to be made up."""
    names: list[str] = []
    notes = []
    taken = set()
    for number, cell in enumerate(given, start=1):
        wanted = cell.strip() or f"column {number}"
        name, copy = wanted, 1
        while name in taken:
            copy += 1
            name = f"{wanted} ({copy})"
        if copy > 1:
            notes.append(f"The name “{wanted}” stands more than once; column {number} is called “{name}” here")
        taken.add(name)
        names.append(name)
    return names, tuple(notes)


def _read_excel(path: Path, layout: TableFormat) -> TableFile:
    with _excel_errors(path):
        frame = pl.read_excel(
            path,
            sheet_name=layout.sheet or None,
            sheet_id=None if layout.sheet else 1,
            has_header=layout.header,
            infer_schema_length=None,
        )
    names, notes = unique_names(frame.columns if layout.header else [""] * frame.width)
    return TableFile(frame.rename(dict(zip(frame.columns, names, strict=True))), notes)


def _read_npz(path: Path) -> pl.DataFrame:
    """Return the arrays of the file side by side: columns of a matrix are named for it and numbered."""
    columns: dict[str, Any] = {}
    loaded: NpzFile
    # The file is opened here because NumPy leaves one that it cannot read open.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as loaded:
        rows = {len(loaded[name]) for name in loaded.files if loaded[name].ndim}
        if len(rows) != 1:
            raise DataError(f"The arrays in {path.name} have different numbers of rows: {sorted(rows)}")
        for name in loaded.files:
            array = loaded[name]
            flat = array.reshape(len(array), -1)
            if flat.shape[1] == 1:
                columns[name] = flat[:, 0]
            else:
                columns |= {f"{name}_{index}": flat[:, index] for index in range(flat.shape[1])}
    return pl.DataFrame(columns)
