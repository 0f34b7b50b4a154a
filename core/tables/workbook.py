"""Reads a sheet of a workbook by the second rules, and proposes which. Other sheets need not be readable."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

import polars as pl

from core.errors import DataError
from core.files import open_file
from core.tables.grid import Grid, SheetUnreadable, require_few_columns
from core.tables.header import named, top_of
from core.tables.parsing import readable
from core.tables.sheet import SheetReading, sheet_columns
from core.tables.table_format import MARKS, RULES, FileKind, TableFormat
from core.tables.workbook_file import View, Workbook

_TRIED, _ROWS, _LEAST_ROWS = 20, 100, 10
"""How many sheets are looked at to propose one, how many rows of each, and how many of them make a table."""


def read_workbook(path: Path, layout: TableFormat, texts: Collection[str]) -> Grid:
    """Return the columns of the sheet that the format names. Raises DataError, and SheetUnreadable with the sheets."""
    book = _opened(path)
    try:
        grid = _read_sheet(path, book, layout, texts)
    except DataError as error:
        raise SheetUnreadable(str(error), book.sheets) from error.__cause__
    return Grid(grid.names, grid.columns, grid.notes, book.sheets)


def _opened(path: Path) -> Workbook:
    with open_file(path) as file:
        return Workbook(path, file.read()).with_long_times


def _read_sheet(path: Path, book: Workbook, layout: TableFormat, texts: Collection[str]) -> Grid:
    sheet = book.named(layout.sheet)
    cells = book.cells(sheet, "string")
    book.require_cells(sheet, cells)
    require_few_columns(path, cells.width)
    above = _filled(cells).arg_true()
    above = above.filter(above >= layout.skip).head(layout.header_rows if layout.header else 0)
    begin = int(above[-1]) + 1 if len(above) else layout.skip
    header = _rows(cells[above])
    names, notes = named(header, cells.width)
    reading = SheetReading(
        marks=layout.missing,
        as_texts={place for place, name in enumerate(names) if name in texts},
        decimal_comma=layout.decimal_comma,
        timeless=book.is_open_document,
    )

    def load(view: View, places: Sequence[int]) -> list[pl.Series]:
        return list(book.cells(sheet, view, places)[begin:])

    found = sheet_columns(list(cells[begin:]), load, lambda place: book.has_durations(sheet, place, begin), reading)
    frame = pl.DataFrame([column.alias(name) for name, column in zip(names, found, strict=True)])
    if layout.header:
        has_name = [any(row[place] for row in header) for place in range(cells.width)]
        frame = frame.select(
            column for column, is_named in zip(frame, has_name, strict=True) if is_named or _any(column)
        )
    frame = frame.filter(_filled(frame))
    return Grid(tuple(frame.columns), tuple(frame), notes)


def propose_workbook(path: Path) -> TableFormat:
    """Return how the workbook is likely to be read: its first sheet with a table, from where that begins.

    A sheet of notes has few rows, or one column; a hidden one comes last. Raises DataError when the workbook cannot be
    opened.
    """
    with readable(path):
        book = _opened(path)
    found = _first_rows(book)
    tables = (sheet for rows in (_LEAST_ROWS, 1) for sheet in found if _is_table(found[sheet], rows))
    sheet = next(chain(tables, found, book.sheets))
    top = top_of(found.get(sheet, ()))
    return TableFormat(
        kind=FileKind.EXCEL,
        sheet=sheet,
        skip=top.skip,
        header=top.header,
        header_rows=top.header_rows,
        missing=MARKS,
        rules=RULES,
    )


def _first_rows(book: Workbook) -> dict[str, list[list[str]]]:
    """Return the first rows of the sheets that can be read, up to the first with a table; hidden ones come last."""
    found: dict[str, list[list[str]]] = {}
    hidden: dict[str, list[list[str]]] = {}
    for sheet in book.sheets[:_TRIED]:
        with suppress(DataError):
            head, shown = book.head(sheet, _ROWS)
            (found if shown else hidden)[sheet] = _rows(head)
        if sheet in found and _is_table(found[sheet], _LEAST_ROWS):
            break
    return found | hidden


def _filled(cells: pl.DataFrame) -> pl.Series:
    """Return whether each row has a filled cell."""
    return cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()


def _any(column: pl.Series) -> bool:
    return column.null_count() < len(column)


def _rows(cells: pl.DataFrame) -> list[list[str]]:
    return [[(cell or "").strip() for cell in row] for row in cells.iter_rows()]


def _is_table(rows: Sequence[Sequence[str]], least: int) -> bool:
    """Return whether so many rows beside the header have two cells or more."""
    return sum(sum(map(bool, row)) > 1 for row in rows) > least
