"""Whether a column of numbers is so skewed that its logarithm is the better target."""

import polars as pl

_MIN_VALUES = 20
_STRONG = 2.0
"""The skewness from which on a few large values make up most of a squared error. An exponential distribution has 2."""
_SHARE = 0.5
"""The logarithm must have at most this share of the skewness, of either sign."""


def suggests_logarithm(values: pl.Series) -> bool:
    """Return whether the numbers, but for nulls, are all above 0 and strongly skewed, and their logarithms are not."""
    filled = values.drop_nulls().cast(pl.Float64)
    if len(filled) < _MIN_VALUES or filled.n_unique() < 3 or float(filled.min()) <= 0:  # type: ignore[arg-type]
        return False
    raw, logarithms = filled.skew(), filled.log().skew()
    return raw is not None and logarithms is not None and raw > _STRONG and abs(logarithms) <= _SHARE * raw
