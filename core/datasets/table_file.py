"""Reads a file as a table: every column has a name of its own, and missing cells are null."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np
import polars as pl

from core.datasets.description import MAX_COLUMNS
from core.datasets.table_format import MAX_CELL_LENGTH, MISSING, FileKind, TableFormat
from core.errors import DataError

if TYPE_CHECKING:
    from numpy.lib.npyio import NpzFile

_SHOWN = 60
"""The most characters of a row that a message shows."""
_SCHEMA_ROWS = 10_000
"""Rows that give the columns' types. All rows are used, which is slow, only when later rows do not fit."""


@dataclass(frozen=True)
class TableFile:
    """A table that was read. `notes` are sentences on faults in the file."""

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()


def read_table(path: Path, layout: TableFormat) -> TableFile:
    """Return the table in the file. Raises DataError with a sentence that names the file."""
    try:
        table = _read(path, layout)
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
    return replace(table, frame=_without_empty_texts(table.frame))


def _read(path: Path, layout: TableFormat) -> TableFile:
    match layout.kind:
        case FileKind.TEXT:
            return _read_text(path, layout)
        case FileKind.PARQUET:
            return TableFile(pl.read_parquet(path, use_pyarrow=False))
        case FileKind.EXCEL:
            return _read_excel(path, layout)
        case FileKind.NPZ:
            return _read_npz(path)
        case _:
            assert_never(layout.kind)


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


def _without_empty_texts(frame: pl.DataFrame) -> pl.DataFrame:
    texts = pl.col(pl.String, pl.Categorical, pl.Enum)
    return frame.with_columns(pl.when(texts.cast(pl.String) != "").then(texts))


def _require_cells(path: Path, frame: pl.DataFrame) -> None:
    if not frame.width or not frame.height:
        raise DataError(f"{path.name} holds no rows under its header")
    _require_few_columns(path, frame.width)


def _require_few_columns(path: Path, count: int) -> None:
    if count > MAX_COLUMNS:
        raise DataError(
            f"{path.name} has {count:,} columns; Afina takes up to {MAX_COLUMNS:,}: leave some out of the file"
        )


def _read_text(path: Path, layout: TableFormat) -> TableFile:
    content = path.read_bytes()
    if layout.encoding.lower().replace("_", "-") != "utf-8":
        content = content.decode(layout.encoding).encode()
    cells, line_end, lines = _first_row(path, content, layout.separator)
    _require_few_columns(path, len(cells))
    names, notes = unique_names(cells if layout.header else [""] * len(cells))
    options: dict[str, Any] = {
        "separator": layout.separator,
        "eol_char": line_end,
        "has_header": False,
        "skip_lines": lines.stop if layout.header else lines.start,
        "null_values": list(MISSING),
        "decimal_comma": layout.decimal_comma,
    }
    try:
        frame = pl.read_csv(io.BytesIO(content), infer_schema_length=_SCHEMA_ROWS, **options)
    except pl.exceptions.ComputeError:  # a later row has cells of another type, or more cells
        frame = pl.read_csv(io.BytesIO(content), infer_schema_length=None, **options)
    except pl.exceptions.NoDataError:
        raise DataError(f"{path.name} holds no rows under its header") from None
    if frame.width > len(names):
        first = f"“{layout.separator.join(cells)[:_SHOWN]}”"
        raise DataError(
            f"{path.name} has rows with more cells than its first row, {first}: "
            "check the separator, and remove what stands above the table"
        )
    missing = [pl.lit(None, pl.String).alias(name) for name in names[frame.width :]]  # all rows end early
    return TableFile(frame.rename(dict(zip(frame.columns, names, strict=False))).with_columns(missing), notes)


def _first_row(path: Path, content: bytes, separator: str) -> tuple[list[str], str, range]:
    """Return the cells of the first row that is not blank, the character that ends its line, and its range of lines.

    A cell between quotes may span several lines. Raises DataError.
    """
    line = ""
    ends: list[str] = []

    def lines() -> Iterator[str]:
        nonlocal line
        for line in io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""):
            ends.append(line[-1])
            yield line

    before = 0
    try:
        for cells in csv.reader(lines(), delimiter=separator):
            end = "\r" if line.endswith("\r") else "\n"
            after = ends.count(end)
            if len(cells) > 1 or "".join(cells).strip():
                return cells, end, range(before, after)
            before = after
    except csv.Error:
        raise DataError(
            f"The first row of {path.name} has a cell of more than {MAX_CELL_LENGTH:,} letters: check the quotes"
        ) from None
    raise DataError(f"{path.name} holds no rows under its header")


def unique_names(given: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return a unique name for every column, and sentences on names that had to be changed."""
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
    import fastexcel

    with _excel_errors(path):
        frame = pl.read_excel(
            path,
            sheet_name=layout.sheet or None,
            sheet_id=None if layout.sheet else 1,
            has_header=layout.header,
            infer_schema_length=None,
            drop_empty_cols=False,
        )
        given = [""] * frame.width
        if layout.header:  # read again: polars has already made the names in the frame unique
            sheet = fastexcel.read_excel(path).load_sheet(layout.sheet or 0, header_row=None, n_rows=1, dtypes="string")
            given = [cell or "" for cell in sheet.to_polars().row(0)]
    names, notes = unique_names(given)
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    if layout.header:  # empty columns without a name lie beside the table
        beside = [name for name, cell in zip(names, given, strict=True) if not cell and frame[name].is_null().all()]
        frame = frame.drop(beside)
    return TableFile(frame, notes)


def _read_npz(path: Path) -> TableFile:
    """Return the arrays of the file side by side; columns of a matrix have its name and a number."""
    given: list[str] = []
    columns: list[Any] = []
    notes: list[str] = []
    loaded: NpzFile
    # The file is opened here because NumPy does not close a file that it cannot read.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as loaded:
        arrays = {name: loaded[name] for name in loaded.files}
    rows = {len(array) for array in arrays.values() if array.ndim}
    if len(rows) > 1:
        raise DataError(f"The arrays in {path.name} have different numbers of rows: {sorted(rows)}")
    for name, array in arrays.items():
        if not array.ndim:
            notes.append(f"“{name}” is a single value, not a column: it is left out")
            continue
        flat = array.reshape(len(array), -1)
        given += [name] if flat.shape[1] == 1 else [f"{name}_{index}" for index in range(flat.shape[1])]
        columns += list(flat.T)
    names, copies = unique_names(given)
    return TableFile(pl.DataFrame(dict(zip(names, columns, strict=True))), (*notes, *copies))
