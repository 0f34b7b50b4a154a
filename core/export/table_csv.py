"""A plot's table as CSV (RFC 4180)."""

import csv
import io
import math
from numbers import Integral, Real

from core.export.cells import Cell, safe_cell
from core.figures.table import Table


def write_table_csv(table: Table) -> str:
    """Return a header and the rows; a cell without a value, or whose number is not finite, is empty."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow([safe_cell(column) for column in table.columns])
    lines.writerows([safe_cell(_cell(cell)) for cell in row] for row in table.rows)
    return text.getvalue()


def _cell(value: object) -> Cell:
    """Return a value as a plain one, which numbers of NumPy are not: csv would write their type, too."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        number = float(value)
        return number if math.isfinite(number) else None
    return str(value)
