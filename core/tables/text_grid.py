"""Reads text as columns of cells."""

from collections.abc import Callable, Collection
from pathlib import Path

from core.tables.first_rules import read_by_first_rules
from core.tables.grid import Grid
from core.tables.table_format import TableFormat


def read_text(path: Path, layout: TableFormat, texts: Collection[str], progress: Callable[[int, int], object]) -> Grid:
    """Return the columns of a text, those in `texts` as texts."""
    return read_by_first_rules(path, layout)
