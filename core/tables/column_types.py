"""What the types of columns mean: which are numbers, which are labels, and which can be neither."""

import numpy as np
import polars as pl

_SECONDS_PER_DAY = 86_400
_PER_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""The days from 1970-01-01 to the first and the last date of the calendar: years 1 to 9999."""
_SHORT = 10_000
"""Up to so many numbers NumPy counts the different ones faster than polars."""
_LONGEST = 999_999_998
"""The most days of a duration in Python."""


def unusable(column: pl.Series) -> str:
    """Return what the column holds if that is neither numbers nor labels, such as "lists"; else an empty text."""
    dtype = column.dtype
    if isinstance(dtype, pl.List | pl.Array):
        return "lists"
    if isinstance(dtype, pl.Struct):
        return "groups of values"
    if dtype == pl.Binary:
        return "bytes that are no text"
    known = dtype.is_numeric() or dtype.is_temporal() or dtype in (pl.Boolean, pl.Null) or is_text(dtype)
    return "" if known else "values of an unknown kind"


def is_text(dtype: pl.DataType) -> bool:
    """Return whether a column of this type holds texts."""
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum)


def measured(column: pl.Series) -> str:
    """Return how durations, times and dates become numbers, as a sentence; empty for all other columns."""
    match column.dtype:
        case pl.Duration():
            return "Durations, as numbers of seconds"
        case pl.Time():
            return "Times, as seconds since midnight"
        case pl.Date() | pl.Datetime(time_zone=None):
            return "Dates, as days since 1970-01-01"
        case pl.Datetime():
            return "Dates, as days since 1970-01-01 in UTC"
    return ""


def as_numbers(column: pl.Series) -> pl.Series | None:
    """Return the column as float64, null for a cell that is no finite number; None when its type has no numbers.

    Durations are seconds, times of day seconds since midnight, dates days since 1970-01-01.
    """
    name, column = column.name, column.alias("")  # polars takes names such as "^x.*$" for patterns
    if column.dtype.is_temporal():
        numbers = _measure(column)
    elif column.dtype.is_numeric() or column.dtype == pl.Boolean or column.dtype == pl.String:
        stripped = column.str.strip_chars() if column.dtype == pl.String else column
        numbers = stripped.cast(pl.Float64, strict=False)
    else:
        return None
    if np.isfinite(numbers.to_numpy()).sum() == len(numbers) - numbers.null_count():  # which costs next to nothing
        return numbers.alias(name)
    return pl.select(pl.when(numbers.is_finite()).then(numbers)).to_series().alias(name)


def _measure(column: pl.Series) -> pl.Series:
    counted = column.to_physical().cast(pl.Float64)
    match column.dtype:
        case pl.Duration(time_unit=unit):
            return counted / _PER_SECOND[unit]
        case pl.Time():
            return counted / _PER_SECOND["ns"]
        case pl.Datetime(time_unit=unit):
            return counted / (_PER_SECOND[unit] * _SECONDS_PER_DAY)
    return counted


def as_labels(column: pl.Series) -> pl.Series:
    """Return the column as text, for the names of categories and classes; whole numbers have no decimal point."""
    return _labels(column.alias("")).alias(column.name)


def _labels(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        lost = (whole.is_null() & column.is_finite()).any()  # beyond 64 bits
        if not lost and (whole.cast(pl.Float64) == column).all():
            return whole.cast(pl.String)
    if column.dtype == pl.Duration or not writable(column):
        return _labels(_measure(column))
    return column.cast(pl.String, strict=False)


def writable(column: pl.Series) -> bool:
    """Return whether Python can hold all dates and durations in the column: polars panics at any other."""
    match column.dtype:
        case pl.Date() | pl.Datetime():
            days, first, last = _measure(column), _FIRST_DAY, _LAST_DAY
        case pl.Duration():
            days, first, last = _measure(column) / _SECONDS_PER_DAY, -_LONGEST, _LONGEST
        case _:
            return True
    return bool(((days >= first) & (days < last + 1)).all())


def count_distinct(column: pl.Series) -> int:
    """Return the number of different values; 0 when the column is unusable."""
    if unusable(column):
        return 0
    if len(column) < _SHORT and (column.dtype == pl.Float64 or (column.dtype == pl.Int64 and not column.null_count())):
        values = column.to_numpy()
        return len(np.unique(values)) - (column.null_count() > 0)  # a gap is NaN there
    return int(column.n_unique()) - (column.null_count() > 0)
