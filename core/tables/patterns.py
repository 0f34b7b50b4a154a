"""Regular expressions that are tried on a whole column."""

import polars as pl


def match_whole(texts: pl.Series, pattern: str) -> pl.Series:
    """Return which texts match from their beginning to their end; a missing one does not."""
    return texts.str.contains(f"^(?:{pattern})$").fill_null(value=False)
