"""The cells of a column as values: the one reading policy for all kinds of files, and for preview, study and script."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import assert_never

import numpy as np
import polars as pl

from core.formatting import in_short
from core.tables.column_types import as_labels, as_numbers, is_text, unusable
from core.tables.dates import read_dates, read_durations, read_times
from core.tables.numerals import is_plain, read_numerals, read_plain
from core.tables.readings import CellKind, ColumnReading
from core.tables.table_format import TYPED, TableFormat

MAX_EXAMPLE = 60
"""The most letters of a cell that a sentence shows."""


@dataclass(frozen=True)
class CellsRead:
    """The values of a column; null is a missing one.

    `odd` counts the filled cells that could not be read as the kind that was asked for, and count as missing;
    `odd_example` is the first of them. `notes` are sentences on what was taken off or left out.
    """

    values: pl.Series
    odd: int = 0
    odd_example: str = ""
    notes: tuple[str, ...] = ()


def read_cells(column: pl.Series, reading: ColumnReading, layout: TableFormat) -> CellsRead:
    """Read a column of a file in this format as the reading says; nothing is guessed.

    Whole numbers become Int64, other numbers Float64, texts String; dates Date or, where one has a time of day,
    Datetime in microseconds; times Time, durations Duration. Columns with a type of their own keep it.
    """
    found = _read(column.alias(""), reading, layout)  # polars takes names such as "^x.*$" for patterns
    return replace(found, values=found.values.alias(column.name))


def _read(column: pl.Series, reading: ColumnReading, layout: TableFormat) -> CellsRead:
    if unusable(column):
        return CellsRead(column)
    if is_text(column.dtype):
        return _read_texts(without_marks(column, layout.marks_of(reading)), reading, layout)
    values = without_values(column, reading, layout)
    match reading.kind:
        case None:
            return CellsRead(values)
        case CellKind.NUMBER if not values.dtype.is_numeric():
            numbers = as_numbers(values)
            return CellsRead(values if numbers is None else numbers)
        case CellKind.TEXT:
            return CellsRead(as_labels(values))
    if _holds(values.dtype, reading.kind):
        return CellsRead(values)
    return _read_texts(as_labels(values), reading, layout)


def without_marks(column: pl.Series, marks: tuple[str, ...]) -> pl.Series:
    """Return the texts without spaces around them, null for an empty one and for a mark."""
    texts = pl.col("text").cast(pl.String).str.strip_chars()
    kept = pl.when(~texts.is_in(["", *marks])).then(texts)
    return column.alias("text").to_frame().select(kept).to_series()


def odd_in_words(odd: int, what: str, example: str) -> str:
    """Return the sentence on `odd` cells that are not `what` the column holds, such as "a number"."""
    if odd == 1:
        return f"1 cell, “{example}”, cannot be read as {what}; it counts as empty"
    return f"{odd:,} cells cannot be read as {what}, such as “{example}”; they count as empty"


def _holds(dtype: pl.DataType, kind: CellKind) -> bool:
    match kind:
        case CellKind.NUMBER:
            return dtype.is_numeric()
        case CellKind.DATE:
            return isinstance(dtype, pl.Date | pl.Datetime)
        case CellKind.TIME:
            return isinstance(dtype, pl.Time)
        case CellKind.DURATION:
            return isinstance(dtype, pl.Duration)
    return False


def without_values(column: pl.Series, reading: ColumnReading, layout: TableFormat) -> pl.Series:
    """Return a column of another type than text with null in place of NaN and of what is marked as missing."""
    values = column.fill_nan(None) if column.dtype.is_float() and np.isnan(column.to_numpy()).any() else column
    marks = layout.marks_of(reading)
    if values.dtype.is_numeric():
        numbers = _numbers_in(marks, comma=layout.has_decimal_comma(reading))
        if not len(numbers):
            return values
        marked = values.is_in(numbers.cast(values.dtype, strict=False).drop_nulls().to_list())
    elif marks:
        marked = as_labels(values).is_in([mark.strip() for mark in marks])
    else:
        return values
    return pl.select(pl.when(~marked).then(values)).to_series() if marked.any() else values


@lru_cache
def _numbers_in(marks: tuple[str, ...], *, comma: bool) -> pl.Series:
    """Return the marks that are plainly numbers, as texts with a decimal point and without zeros at the end."""
    texts = pl.Series(marks, dtype=pl.String).str.strip_chars()
    plain = texts.filter(is_plain(texts, comma=comma))
    return (plain.str.replace(",", ".", literal=True) if comma else plain).str.replace(r"\.0*$", "")


def _read_texts(texts: pl.Series, reading: ColumnReading, layout: TableFormat) -> CellsRead:
    match reading.kind:
        case None:
            return _read_plain(texts, reading, layout)
        case CellKind.TEXT:
            return CellsRead(texts)
        case CellKind.NUMBER:
            return _read_numbers(texts, reading, layout)
        case CellKind.DATE:
            return _read_as(texts, "a date", lambda cells: read_dates(cells, reading.dates))
        case CellKind.TIME:
            return _read_as(texts, "a time of day", read_times)
        case CellKind.DURATION:
            return _read_as(texts, "a duration", read_durations)
        case _:
            assert_never(reading.kind)


def _read_plain(texts: pl.Series, reading: ColumnReading, layout: TableFormat) -> CellsRead:
    """Return numbers if every cell is plainly one, else the texts."""
    if layout.kind in TYPED or texts.null_count() == len(texts):
        return CellsRead(texts)
    numbers = read_plain(texts, comma=layout.has_decimal_comma(reading))
    return CellsRead(texts if numbers is None else without_values(numbers, reading, layout))


def _read_numbers(texts: pl.Series, reading: ColumnReading, layout: TableFormat) -> CellsRead:
    comma = layout.has_decimal_comma(reading)
    numerals = read_numerals(texts, comma=comma)
    notes = list(numerals.notes)
    if comma != layout.decimal_comma and texts.str.contains(r"[0-9],[0-9]" if comma else r"[0-9]\.[0-9]").any():
        notes.append("decimal commas are read as such" if comma else "decimal points are read as such")
    if numerals.rounded:
        notes.append("whole numbers of more than 64 bits are rounded")
    found = _with_odd(texts, numerals.values, "a number", notes)
    return CellsRead(without_values(found.values, reading, layout), found.odd, found.odd_example, found.notes)


def _read_as(texts: pl.Series, what: str, read: Callable[[pl.Series], tuple[pl.Series, tuple[str, ...]]]) -> CellsRead:
    values, notes = read(texts)
    return _with_odd(texts, values, what, list(notes))


def _with_odd(texts: pl.Series, values: pl.Series, what: str, notes: list[str]) -> CellsRead:
    odd = values.null_count() - texts.null_count()
    if not odd:
        return CellsRead(values, notes=tuple(notes))
    example = in_short(texts.filter(texts.is_not_null() & values.is_null())[0], MAX_EXAMPLE)
    return CellsRead(values, odd, example, (*notes, odd_in_words(odd, what, example)))
