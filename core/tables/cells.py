"""The one policy by which cells are read: a column and its recorded reading become typed values."""

from dataclasses import dataclass

import polars as pl

from core.tables.readings import ColumnReading
from core.tables.table_format import TableFormat


@dataclass(frozen=True)
class CellsRead:
    """A column's typed `values`; null is missing.

    `odd` counts the filled cells that could not be read as what the column holds, and count as missing; `odd_example`
    is the first. `notes` are sentences on what was done to the cells.
    """

    values: pl.Series
    odd: int = 0
    odd_example: str = ""
    notes: tuple[str, ...] = ()


def read_cells(column: pl.Series, reading: ColumnReading, layout: TableFormat) -> CellsRead:
    """Return the values of a column."""
    return CellsRead(column)
