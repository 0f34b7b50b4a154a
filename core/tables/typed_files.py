"""Reads files that say what their columns hold: Parquet, and NumPy's arrays."""

import io
from contextlib import suppress
from itertools import count
from pathlib import Path

import polars as pl

from core.errors import DataError
from core.files import open_file
from core.tables.arrays import read_arrays
from core.tables.cells import without_marks
from core.tables.column_types import is_text
from core.tables.description import MAX_COLUMNS
from core.tables.grid import Grid, require_few_columns
from core.tables.header import named
from core.tables.parsing import UNREADABLE, parsed, require_room

_NUMBER_BYTES = 8


def read_parquet(path: Path) -> Grid:
    """Return the columns of a Parquet file. Raises DataError."""
    frame = parquet_frame(path)
    return Grid(tuple(frame.columns), tuple(map(_without_empty, frame)))


def read_npz(path: Path) -> Grid:
    """Return the arrays of a NumPy file side by side. Raises DataError."""
    arrays = read_arrays(path, MAX_COLUMNS, by_part=True)
    require_few_columns(path, len(arrays.columns))
    names, notes = named([arrays.names], len(arrays.names))
    columns = (column.alias(name) for name, column in zip(names, arrays.columns, strict=True))
    return Grid(names, tuple(map(_without_empty, columns)), (*arrays.notes, *notes))


def parquet_frame(path: Path) -> pl.DataFrame:
    """Return the table in a Parquet file as that has it; only blank names are replaced. Raises DataError."""
    with open_file(path) as file:
        content = file.read()  # polars would map a file into memory, and crash when that becomes shorter
    if b"PARE" in (content[:4], content[-4:]):
        raise DataError(f"{path.name} is encrypted: save it without encryption")
    if not content.startswith(b"PAR1"):
        raise DataError(f"{path.name} {UNREADABLE}: it is no Parquet file, whatever its name says")
    if not content.endswith(b"PAR1"):
        raise DataError(f"{path.name} {UNREADABLE}: it is no whole Parquet file. Its end is missing")
    with parsed(f"{path.name} {UNREADABLE}: it is damaged, encrypted, or of a newer kind of Parquet"):
        columns = pl.read_parquet_schema(io.BytesIO(content))
        require_few_columns(path, len(columns))
        rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
        require_room(path, len(content), rows * len(columns) * _NUMBER_BYTES)
        frame = pl.read_parquet(io.BytesIO(content), use_pyarrow=False)
    for place, blank in enumerate(frame.columns, start=1):
        if not blank.strip():  # other programs' tables have such names
            free = next(name for number in count(place) if (name := f"column {number}") not in frame.columns)
            frame = frame.rename({blank: free})
    return frame


def _without_empty(column: pl.Series) -> pl.Series:
    """Return the column with null for NaN and for empty texts, without spaces around texts.

    A text is never a mark of a missing value here: the file could have said so. Bytes that are all text are text;
    decimal numbers are floating ones or, without a fraction, whole ones.
    """
    dtype = column.dtype
    if dtype.is_float():
        return column.fill_nan(None)
    if isinstance(dtype, pl.Decimal):
        return _plain_numbers(column, dtype)
    if dtype == pl.Binary:
        with suppress(pl.exceptions.ComputeError):
            column = column.cast(pl.String)
    if not is_text(column.dtype):
        return column
    return without_marks(column, ()).alias(column.name)


def _plain_numbers(column: pl.Series, dtype: pl.Decimal) -> pl.Series:
    if dtype.scale:
        return column.cast(pl.Float64)
    whole = column.cast(pl.Int64, strict=False)
    return whole if whole.null_count() == column.null_count() else column.cast(pl.Int128)
