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
_COUNTERS = frozenset({"number", "no", "nr", "num", "index", "idx", "row", "record"})
"""Words that, as the last of a column's name, mark a number that counts."""
_TIMES = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year", "cycle", "lap", "round"})
"""Words that, as the first of such a name, mark a number that counts time, which says more."""
_MOST_PARTS, _LEAST_COUNTED = 5, 30
"""The most parts of a table whose rows are counted one by one, and the fewest rows that they have on average."""
_WORDS = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|\d+")


def is_running(column: pl.Series) -> bool:
    """Return whether the numbers are 0, 1, 2 … or 1, 2, 3 … in this order, in all rows or anew in each of a few parts.

    A number that begins anew must be named like one that counts: "Sample Number".
    """
    if not column.dtype.is_numeric() or column.null_count() or column[0] not in (0, 1):
        return False
    anew = _named_like_a_counter(column.name)
    if not anew and column[-1] != column[0] + len(column) - 1:  # most columns end here
        return False
    numbers = column.alias("").cast(pl.Float64)
    begins, follows = numbers[1:] == numbers[0], numbers.diff()[1:] == 1
    parts = 1 + int(begins.sum())
    few = parts <= _MOST_PARTS and len(column) >= _LEAST_COUNTED * parts
    return bool((begins | follows).all()) and (parts == 1 or (anew and few))


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


def _named_like_a_counter(name: str) -> bool:
    words = _ends(name)
    return bool(words) and words[-1] in _COUNTERS and words[0] not in _TIMES


def _ends(name: str) -> list[str]:
    """Return the first and the last word of a name."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return [*words[:1], *words[-1:]]
