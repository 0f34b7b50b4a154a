"""Reads a file as a table, by the rules that its format names: every column has a name, and missing cells are null."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from core.tables.cells import CellsRead, read_cells
from core.tables.first_rules import read_by_first_rules
from core.tables.grid import Grid, read_grid
from core.tables.readings import PLAIN, ColumnReading
from core.tables.table_format import FIRST_RULES, TableFormat


@dataclass(frozen=True)
class TableFile:
    """A table that was read.

    `notes` are sentences on the file as a whole, `sheets` the names of a workbook's sheets. `read` says of each column
    what its cells were taken for; it is empty under the first rules.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    read: Mapping[str, CellsRead] = field(default_factory=dict)


def read_table(path: Path, layout: TableFormat, readings: Mapping[str, ColumnReading] | None = None) -> TableFile:
    """Return the table in the file, each column read as `readings` says or, if it is not there, plainly.

    The first rules know no readings. Raises DataError with a sentence that names the file.
    """
    if layout.rules == FIRST_RULES:
        return _table(read_by_first_rules(path, layout), {})
    readings = readings or {}
    grid = read_grid(path, layout, texts=readings.keys())
    read = {
        name: read_cells(column, readings.get(name, PLAIN), layout)
        for name, column in zip(grid.names, grid.columns, strict=True)
    }
    return _table(grid, read)


def _table(grid: Grid, read: Mapping[str, CellsRead]) -> TableFile:
    columns = [found.values for found in read.values()] or grid.columns
    frame = pl.DataFrame([column.alias(name) for name, column in zip(grid.names, columns, strict=True)])
    return TableFile(frame, grid.notes, grid.sheets, read)
