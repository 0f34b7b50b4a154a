"""The first rules of reading, of earlier versions. Frozen: a study made by them must read the same for ever."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, assert_never

import polars as pl

from core.errors import DataError
from core.files import open_file
from core.tables.arrays import read_arrays
from core.tables.description import MAX_COLUMNS
from core.tables.grid import Grid, require_few_columns
from core.tables.names import unique_names
from core.tables.parsing import UNREADABLE, parsed, readable, require_encoding
from core.tables.table_format import MAX_CELL_LENGTH, FileKind, TableFormat
from core.tables.typed_files import parquet_frame
from core.tables.workbook_file import Workbook

_SHOWN = 60
"""The most characters of a row that a message shows."""
_SCHEMA_ROWS = 10_000
"""Rows that give the columns' types. All rows are used, which is slow, only when later rows do not fit."""
_MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-")
"""Cells of a text that mean a missing value."""

_Read = tuple[pl.DataFrame, tuple[str, ...], tuple[str, ...]]
"""The table, sentences on faults in the file, and the names of a workbook's sheets."""


def read_by_first_rules(path: Path, layout: TableFormat) -> Grid:
    """Return the table in the file; its columns have their types. Raises DataError with a sentence on the file."""
    with readable(path):
        frame, notes, sheets = _read(path, layout)
    _require_cells(path, frame)
    frame = _without_empty_texts(_with_texts_of_bytes(frame))
    return Grid(tuple(frame.columns), tuple(frame), notes, sheets)


def _read(path: Path, layout: TableFormat) -> _Read:
    match layout.kind:
        case FileKind.TEXT:
            return _read_text(path, layout)
        case FileKind.PARQUET:
            return _read_parquet(path)
        case FileKind.EXCEL:
            return _read_excel(path, layout)
        case FileKind.NPZ:
            return _read_npz(path)
        case FileKind.HTML:
            with open_file(path):  # what is no file at all is told first
                raise DataError(f"{path.name} is a web page, which no earlier version could read: import it anew")
        case _:
            assert_never(layout.kind)


def _content(path: Path) -> bytes:
    """Return the file's bytes, read once: polars would map a file into memory, and crash when that becomes shorter."""
    with open_file(path) as file:
        return file.read()


def _with_texts_of_bytes(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the table with columns of bytes as text where they are text: some programs write no other texts."""
    for name, kind in frame.schema.items():
        if kind == pl.Binary:
            with suppress(pl.exceptions.ComputeError):
                frame = frame.with_columns(pl.col(name).cast(pl.String))
    return frame


def _without_empty_texts(frame: pl.DataFrame) -> pl.DataFrame:
    texts = pl.col(pl.String, pl.Categorical, pl.Enum)
    return frame.with_columns(pl.when(texts.cast(pl.String) != "").then(texts))


def _require_cells(path: Path, frame: pl.DataFrame) -> None:
    if not frame.width or not frame.height:
        raise DataError(f"{path.name} holds no rows under its header")
    require_few_columns(path, frame.width)


def _read_text(path: Path, layout: TableFormat) -> _Read:
    _check_separator(path, layout.separator)
    content = _as_utf8(path, layout.encoding)
    cells, line_end, lines = _first_row(path, content, layout.separator)
    require_few_columns(path, len(cells))
    names, notes = unique_names(cells if layout.header else [""] * len(cells))
    options: dict[str, Any] = {
        "separator": layout.separator,
        "eol_char": line_end,
        "has_header": False,
        "skip_lines": lines.stop if layout.header else lines.start,
        "null_values": list(_MISSING),
        "decimal_comma": layout.decimal_comma,
    }
    with parsed(lambda: _fault_in_words(path, content, layout.separator)):
        try:
            frame = _read_csv(content, options, layout.decimal_comma)
        except pl.exceptions.NoDataError:
            raise DataError(f"{path.name} holds no rows under its header") from None
    if frame.width > len(names):
        first = f"“{layout.separator.join(cells)[:_SHOWN]}”"
        raise DataError(
            f"{path.name} has rows with more cells than its first row, {first}: "
            "check the separator, and remove what stands above the table"
        )
    missing = [pl.lit(None, pl.String).alias(name) for name in names[frame.width :]]  # all rows end early
    return frame.rename(dict(zip(frame.columns, names, strict=False))).with_columns(missing), notes, ()


def _read_csv(content: bytes, options: dict[str, Any], decimal_comma: bool) -> pl.DataFrame:
    """Return the rows, with types found out from the first of them, from all or, if there is no other way, as texts."""
    try:
        return pl.read_csv(io.BytesIO(content), infer_schema_length=_SCHEMA_ROWS, **options)
    except pl.exceptions.ComputeError:  # a later row has cells of another type, or more cells
        try:
            return pl.read_csv(io.BytesIO(content), infer_schema_length=None, **options)
        except pl.exceptions.ComputeError:  # a cell has digits that polars counts as such and cannot read
            if decimal_comma:
                raise
            return pl.read_csv(io.BytesIO(content), infer_schema=False, **options)


def _as_utf8(path: Path, encoding: str) -> bytes:
    """Return the text in the file; UTF-8 is not checked. Raises DataError when it is not in another encoding."""
    content = _content(path)
    if _is_utf8(encoding):
        return content
    require_encoding(path, encoding)
    try:
        return content.decode(encoding).encode()
    except UnicodeError as error:
        raise DataError(_unfit(path, content, encoding, error)) from None


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") == "utf-8"


def _unfit(path: Path, content: bytes, encoding: str, error: UnicodeError) -> str:
    """Return the sentence on a text that is not in its encoding, with the line if it is known."""
    where = ""
    if isinstance(error, UnicodeDecodeError) and not encoding.startswith(("utf-16", "utf-32")):
        where = f": its line {_line(content, error.start):,} does not fit"
    return f"{path.name} is not text in the encoding {encoding}{where}. Choose another encoding"


def _line(content: bytes, place: int) -> int:
    """Return the number of the line in which the byte at `place` stands."""
    return content.count(b"\n" if b"\n" in content else b"\r", 0, place) + 1


def _check_separator(path: Path, separator: str) -> None:
    if len(separator) != 1 or not separator.isascii() or separator in '"\r\n':
        raise DataError(
            f"{path.name} cannot be read with the separator “{separator[:_SHOWN]}”: it must be one sign of ASCII, and "
            "no quote or line end"
        )


def _fault_in_words(path: Path, content: bytes, separator: str) -> str:
    """Return a sentence on what keeps the text from being a table, with the line, as far as that can be found."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return _unfit(path, content, "utf-8", error)
    lonely = re.search(rb'[^\r\n"%b]"[^\r\n"%b]' % ((re.escape(separator.encode()),) * 2), content)
    if lonely is not None:
        return (
            f"Line {_line(content, lonely.start() + 1):,} of {path.name} has a quote inside a cell: take it out, or "
            "write it twice and put quotes around the cell"
        )
    if content.count(b'"') % 2:
        return f"{path.name} {UNREADABLE}: a quote is opened and never closed"
    return f"{path.name} {UNREADABLE}: check the separator, and that all rows have as many cells"


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
    except UnicodeDecodeError:
        raise DataError(_fault_in_words(path, content, separator)) from None
    except csv.Error:
        raise DataError(
            f"The first row of {path.name} has a cell of more than {MAX_CELL_LENGTH:,} letters: check the quotes"
        ) from None
    raise DataError(f"{path.name} holds no rows under its header")


def _read_parquet(path: Path) -> _Read:
    return parquet_frame(path), (), ()


def _read_excel(path: Path, layout: TableFormat) -> _Read:
    book = Workbook(path, _content(path))
    frame, given = book.read(layout.sheet, header=layout.header)
    require_few_columns(path, frame.width)
    names, notes = unique_names(given)
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    if layout.header:  # empty columns without a name lie beside the table
        beside = [name for name, cell in zip(names, given, strict=True) if not cell and frame[name].is_null().all()]
        frame = frame.drop(beside)
    return frame, notes, book.sheets


def _read_npz(path: Path) -> _Read:
    """Return the arrays of the file side by side."""
    arrays = read_arrays(path, MAX_COLUMNS)
    require_few_columns(path, len(arrays.columns))
    names, copies = unique_names(arrays.names)
    return pl.DataFrame(dict(zip(names, arrays.columns, strict=True))), (*arrays.notes, *copies), ()
