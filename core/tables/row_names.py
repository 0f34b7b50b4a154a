"""Finds columns that only tell rows, or whose rows they are, apart: they say nothing about other rows."""

import re

import polars as pl

_IDENTIFIERS = frozenset({"id", "ids", "uid", "uuid", "guid", "identifier"})
"""Words that, as the first or last of a column's name, mark an identifier."""
_WHOLE_NAMES = frozenset({"index", "key", "no", "no.", "nr", "nr.", "number", "row", "rowid", "row number", "#"})
"""Names of identifiers that mean something else as a part of a longer name."""
_OWNERS = frozenset(
    {"patient", "subject", "participant", "proband", "person", "customer", "client", "user", "household", "animal"}
)
"""Words that, as the first or last of a column's name, say whose a row is."""
_LEAST_OWNERS = 10
"""Fewer identifiers with several rows each may be a category, such as the ids of three devices."""
_MOST_OWNERS = 0.8
"""The share of rows up to which the values count as repeated."""
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
    return _named_like_an_identifier(column.name) and _is_whole(column)


def names_owners(column: pl.Series) -> bool:
    """Return whether the column says whose the rows are, such as a patient's: an identifier with several rows each."""
    if not _named_like_an_identifier(column.name) and _OWNERS.isdisjoint(_ends(column.name)):
        return False
    if column.dtype != pl.String and not _is_whole(column):
        return False
    return _LEAST_OWNERS <= column.drop_nulls().n_unique() <= _MOST_OWNERS * len(column)


def _is_whole(column: pl.Series) -> bool:
    return column.dtype.is_integer() or (column.dtype.is_float() and bool((column == column.round(0)).all()))


def _named_like_an_identifier(name: str) -> bool:
    return name.strip().lower() in _WHOLE_NAMES or not _IDENTIFIERS.isdisjoint(_ends(name))


def _ends(name: str) -> list[str]:
    """Return the first and the last word of a name."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return [*words[:1], *words[-1:]]
