"""Grid: a file as columns of cells, before anything is taken for what it may mean. By the second rules."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

import polars as pl

from core.errors import DataError
from core.tables.description import MAX_COLUMNS
from core.tables.parsing import readable
from core.tables.table_format import SUFFIXES, FileKind, TableFormat

Told = Callable[[int, int], object]
"""Is told how many of how many steps are done."""
_IN_WORDS = {
    FileKind.TEXT: "text",
    FileKind.HTML: "a web page",
    FileKind.EXCEL: "a workbook",
    FileKind.PARQUET: "a Parquet file",
    FileKind.NPZ: "a NumPy file",
}


class SheetUnreadable(DataError):
    """A sheet of a workbook cannot be read; `sheets` are the names of all, so that another can be chosen."""

    def __init__(self, sentence: str, sheets: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.sheets = sheets


@dataclass(frozen=True)
class Grid:
    """The columns in a file. `names` are unique and never blank; `columns` has one series for each.

    A column is plain numbers (Int64 or Float64), when every filled cell is plainly a number with a decimal point, or
    texts: then spaces around them are taken off, empty cells are null, and marks of a missing value still stand there.
    In a file that has types, a column may be of any. `notes` are sentences on the file as a whole, `sheets` the names
    of a workbook's sheets.
    """

    names: tuple[str, ...]
    columns: tuple[pl.Series, ...]
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


def read_grid(
    path: Path,
    layout: TableFormat,
    *,
    texts: Collection[str] = (),
    progress: Told = lambda _done, _steps: None,
) -> Grid:
    """Return the file's columns; those named in `texts` as texts, if the file has text cells.

    Raises DataError with a sentence that names the file.
    """
    with readable(path):
        grid = _read(path, layout, texts, progress)
        require_few_columns(path, len(grid.names))
        if not grid.columns or not len(grid.columns[0]):
            sentence = f"{path.name} holds no rows under its header"
            raise SheetUnreadable(sentence, grid.sheets) if grid.sheets else DataError(sentence)
    return replace(grid, notes=(*_misnamed(path, layout.kind), *grid.notes))


def _misnamed(path: Path, kind: FileKind) -> tuple[str, ...]:
    named = SUFFIXES.get(path.suffix.lower(), kind)
    return () if named is kind else (f"{path.name} is {_IN_WORDS[kind]}, whatever its name says",)


def _read(path: Path, layout: TableFormat, texts: Collection[str], progress: Told) -> Grid:
    match layout.kind:
        case FileKind.TEXT:
            from core.tables.text_grid import read_text

            return read_text(path, layout, texts, progress)
        case FileKind.EXCEL:
            from core.tables.workbook import read_workbook

            return read_workbook(path, layout, texts)
        case FileKind.HTML:
            from core.tables.html_page import read_html

            return read_html(path, layout)
        case FileKind.PARQUET:
            from core.tables.typed_files import read_parquet

            return read_parquet(path)
        case FileKind.NPZ:
            from core.tables.typed_files import read_npz

            return read_npz(path)
        case _:
            assert_never(layout.kind)


def require_few_columns(path: Path, count: int) -> None:
    """Raise DataError for more columns than a table may have."""
    if count > MAX_COLUMNS:
        raise DataError(
            f"{path.name} has {count:,} columns; Afina takes up to {MAX_COLUMNS:,}: leave some out of the file"
        )
