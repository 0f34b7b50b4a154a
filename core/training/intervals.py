"""Confidence intervals of a mean over rows: of a share of right answers, of a loss, of a root of squares."""

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Interval = tuple[float, float]

_TAIL = 0.975
"""95 % in the middle leave 2.5 % on each side."""
_NORMAL = 1.959963984540054
"""The quantile of the normal distribution at `_TAIL`."""


def of_share(answers: Numbers, groups: NDArray[np.int64] | None = None) -> Interval | None:
    """Return the interval of a share; `answers` (rows) are 1 for right, 0 for wrong, or a mean of such.

    It is the score interval of E. B. Wilson, Probable inference, the law of succession, and statistical inference
    (1927). Rows of one group answer alike, so they count as the number of single rows that would be as uncertain.
    None for a single group.
    """
    share, rows = float(answers.mean()), len(answers)
    if groups is None:
        return wilson(share, rows)
    variance, count = _variance_of_mean(answers, groups)
    if count < 2:
        return None
    binomial = share * (1 - share) * count / (count - 1)
    worth = binomial / variance if variance > 0 else count
    return wilson(share, min(rows, worth), _quantile(count - 1))


def wilson(share: float, rows: float, quantile: float = _NORMAL) -> Interval:
    """Return Wilson's score interval of a share found in so many independent rows."""
    weight = quantile**2 / rows
    middle = (share + weight / 2) / (1 + weight)
    half = quantile / (1 + weight) * math.sqrt(share * (1 - share) / rows + weight / (4 * rows))
    return max(0.0, middle - half), min(1.0, middle + half)


def of_mean(values: Numbers, groups: NDArray[np.int64] | None = None) -> Interval | None:
    """Return Student's interval of the mean of the values (rows); not below 0 if no value is.

    Rows of one group are alike, so the interval is that of a mean of clusters: the groups' sums of deviations vary as
    if they were independent. None for a single row or group.
    """
    variance, count = _variance_of_mean(values, groups)
    if count < 2:
        return None
    mean, half = float(values.mean()), _quantile(count - 1) * math.sqrt(variance)
    low = mean - half
    return (max(0.0, low) if values.min() >= 0 else low), mean + half


def of_root(squares: Numbers, root: float, groups: NDArray[np.int64] | None = None) -> Interval | None:
    """Return the interval of the root of the mean of squares (rows), from that of the mean.

    `root` is what it is the interval of: the root itself or, of several trainings, the mean of their roots, which is a
    little lower than the root of the mean over all.
    """
    found, whole = of_mean(squares, groups), math.sqrt(float(squares.mean()))
    if found is None:
        return None
    ratio = root / whole if whole else 1.0
    return ratio * math.sqrt(found[0]), ratio * math.sqrt(found[1])


def _variance_of_mean(values: Numbers, groups: NDArray[np.int64] | None) -> tuple[float, int]:
    """Return the variance of the mean of values in clusters, and the number of clusters; each row may be one."""
    deviations = values - values.mean()
    sums = deviations if groups is None else np.bincount(groups, deviations)
    count = len(sums)
    if count < 2:
        return math.nan, count
    return float(np.square(sums).sum()) * count / (count - 1) / len(values) ** 2, count


def _quantile(freedom: int) -> float:
    """Return the quantile of Student's distribution at `_TAIL`."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, _TAIL))
