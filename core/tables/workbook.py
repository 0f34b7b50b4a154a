"""Reads a sheet of a workbook by the second rules, and proposes which. Other sheets need not be readable."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from core.errors import DataError
from core.files import open_file
from core.tables.grid import Grid, SheetUnreadable, require_few_columns
from core.tables.header import named, top_of
from core.tables.parsing import UNREADABLE, readable
from core.tables.sheet import SheetReading, sheet_columns
from core.tables.table_format import MISSING, RULES, FileKind, TableFormat
from core.tables.workbook_file import LISTED, View, Workbook

_TRIED, _ROWS, _LEAST_ROWS = 20, 100, 10
"""How many sheets are looked at to propose one, how many rows of each, and how many of them make a table."""


def read_workbook(path: Path, layout: TableFormat, texts: Collection[str]) -> Grid:
    """Return the columns of the sheet that the format names. Raises DataError, and SheetUnreadable with the sheets."""
    book = _opened(path)
    sheet = layout.sheet or book.sheets[0]
    try:
        grid = _read_sheet(path, book, sheet, layout, texts)
    except DataError as error:
        raise SheetUnreadable(str(error), book.sheets) from error.__cause__
    return Grid(grid.names, grid.columns, grid.notes, book.sheets)


def _opened(path: Path) -> Workbook:
    with open_file(path) as file:
        return Workbook(path, file.read())


def _read_sheet(path: Path, book: Workbook, sheet: str, layout: TableFormat, texts: Collection[str]) -> Grid:
    if sheet not in book.sheets:
        raise DataError(f"{path.name} has no sheet “{sheet}”; it has {', '.join(book.sheets[:LISTED])}")
    cells = book.cells(sheet, "string")
    if not cells.width:
        raise DataError(f"{path.name} {UNREADABLE}: its sheet “{sheet}” has no cells")
    require_few_columns(path, cells.width)
    begin = layout.skip + (layout.header_rows if layout.header else 0)
    header = _rows(cells[layout.skip : begin])
    names, notes = named(header, cells.width)
    body = cells[begin:]
    reading = SheetReading(
        marks=layout.missing,
        as_texts={place for place, name in enumerate(names) if name in texts},
        decimal_comma=layout.decimal_comma,
        timeless=book.is_open_document,
    )

    def load(view: View, places: Sequence[int]) -> list[pl.Series]:
        return list(book.cells(sheet, view, places)[begin:])

    columns = sheet_columns(list(body), load, reading)
    filled = pl.select(pl.any_horizontal(column.is_not_null() for column in columns)).to_series()
    kept = [
        (name, column.filter(filled))
        for place, (name, column) in enumerate(zip(names, columns, strict=True))
        if not layout.header or any(row[place] for row in header) or column.is_not_null().any()
    ]
    return Grid(tuple(name for name, _column in kept), tuple(column for _name, column in kept), notes)


def propose_workbook(path: Path) -> TableFormat:
    """Return how the workbook is likely to be read: its first sheet with a table, from where that begins.

    Raises DataError when it cannot be opened.
    """
    with readable(path):
        book = _opened(path)
    found = {}
    for sheet in book.sheets[:_TRIED]:
        with suppress(DataError):
            found[sheet] = _rows(book.cells(sheet, "string", rows=_ROWS))
        if sheet in found and _is_table(found[sheet], _LEAST_ROWS):
            break
    tables = [sheet for rows in (_LEAST_ROWS, 1) for sheet in found if _is_table(found[sheet], rows)]
    sheet = next(iter([*tables, *found, *book.sheets]))
    top = top_of(found.get(sheet, ()))
    return TableFormat(
        kind=FileKind.EXCEL,
        sheet=sheet,
        skip=top.skip,
        header=top.header,
        header_rows=top.header_rows,
        missing=MISSING[1:],
        rules=RULES,
    )


def _rows(cells: pl.DataFrame) -> list[list[str]]:
    return [[(cell or "").strip() for cell in row] for row in cells.iter_rows()]


def _is_table(rows: Sequence[Sequence[str]], least: int) -> bool:
    """Return whether so many rows beside the header have two cells or more."""
    return sum(sum(map(bool, row)) > 1 for row in rows) > least
