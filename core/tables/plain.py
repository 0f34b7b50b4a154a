"""Columns of texts that are plainly numbers, whatever file they come from."""

from collections.abc import Collection

import polars as pl

PLAIN = r"^[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
"""A number with a decimal point and nothing else; a code with a leading zero is none."""
_WHOLE = r"^[+-]?[0-9]+$"


def stripped(texts: pl.Series) -> pl.Series:
    """Return the texts without the spaces around them, null for empty ones."""
    bare = texts.str.strip_chars()
    return pl.select(pl.when(bare != "").then(bare)).to_series().alias(texts.name)


def without(cells: pl.Series, texts: pl.Series, marks: Collection[str]) -> pl.Series:
    """Return the cells, null where the text beside it is a mark of a missing value."""
    marked = texts.is_in(list(marks)).fill_null(value=False)
    return pl.select(pl.when(~marked).then(cells)).to_series().alias(cells.name) if marked.any() else cells


def plainly(texts: pl.Series, marks: Collection[str]) -> pl.Series:
    """Return numbers, null for a mark, when every other cell is plainly one within 64 bits; else the stripped texts."""
    bare = stripped(texts)
    numbers = without(bare, bare, marks)
    if numbers.null_count() == len(numbers) or not numbers.str.contains(PLAIN).fill_null(value=True).all():
        return bare
    whole = numbers.str.contains(_WHOLE).fill_null(value=True)
    if not whole.all():
        large = numbers.filter(whole)
        values = numbers.cast(pl.Float64, strict=False)
        lost = large.cast(pl.Int64, strict=False).null_count() > large.null_count() or not values.is_finite().all()
    else:
        values = numbers.str.strip_chars_start("+").cast(pl.Int64, strict=False)
        lost = values.null_count() > numbers.null_count()
    return bare if lost else values
