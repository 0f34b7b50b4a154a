"""Finds columns that only tell the rows apart: running numbers and identifiers. They say nothing about other rows."""

import re

import polars as pl

_IDENTIFIERS = frozenset({"id", "ids", "uid", "uuid", "guid", "identifier"})
"""Words that, as the first or last of a column's name, mark an identifier."""
_WHOLE_NAMES = frozenset({"index", "key", "no", "no.", "nr", "nr.", "number", "row", "rowid", "row number", "#"})
"""Names of identifiers that mean something else as a part of a longer name."""
_WORDS = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|\d+")


def is_running(column: pl.Series) -> bool:
    """Return whether the numbers are 0, 1, 2 … or 1, 2, 3 … in all rows, in this order."""
    if not column.dtype.is_numeric() or column.null_count() or column[0] not in (0, 1):
        return False
    if column[-1] != column[0] + len(column) - 1:  # most columns end here
        return False
    return bool((column.cast(pl.Float64).diff().drop_nulls() == 1).all())


def is_identifier(column: pl.Series) -> bool:
    """Return whether a column of numbers that are all different is named like an identifier, and holds whole ones."""
    if not _named_like_an_identifier(column.name):
        return False
    if column.dtype.is_integer():
        return True
    return column.dtype.is_float() and bool((column == column.round(0)).all())


def _named_like_an_identifier(name: str) -> bool:
    if name.strip().lower() in _WHOLE_NAMES:
        return True
    words = [word.lower() for word in _WORDS.findall(name)]
    return bool(words) and (words[0] in _IDENTIFIERS or words[-1] in _IDENTIFIERS)
