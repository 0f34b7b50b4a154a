"""Leaks: columns that nearly equal the target, or that are made from it, so that scores are too good to be true."""

from enum import Enum, auto

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.tables.column_types import as_labels, as_numbers

_SCREEN = 1000
"""Rows, spread over the table, on which each column is tried; all rows are looked at only where these agree."""
_MIN_ROWS = 10
_MIN_OTHERS = 5
"""How many rows must have another value than the most frequent one: with fewer, columns agree by chance."""
_CORRELATED, _ON_SCREEN = 0.999, 0.99
_MOST_LOST = 0.001
"""The share of rows in which a category may tell the wrong class."""
_ROWS_A_VALUE = 5
_MIN_ROWS_TO_PART = 20
"""The fewest rows of which it is told that a number alone parts the classes."""

Numbers = NDArray[np.float64]
"""Numbers, or the numbers of labels; NaN for a gap."""


class Leak(Enum):
    """How a column tells the target: by the same value, on a line, in the same order, or a class for each value."""

    EQUAL = auto()
    LINE = auto()
    ORDER = auto()
    CLASS = auto()


class LeakFinder:
    """Looks at columns beside a target: numbers, or texts, which are classes; null where it is missing."""

    def __init__(self, goal: pl.Series) -> None:
        self._goal = goal
        self._classes = not goal.dtype.is_numeric()
        kept = np.flatnonzero(goal.is_not_null().to_numpy())
        self._screen = kept[:: max(1, -(-len(kept) // _SCREEN))]
        self._goal_on_screen = _values(goal.gather(self._screen), as_label=self._classes)

    def look_at(self, column: pl.Series, *, as_label: bool) -> Leak | None:
        """Return how the column tells the target; None when it does not. `as_label`: it is used as a category."""
        as_label |= column.dtype == pl.String
        if as_label:
            first = _values(column.gather(self._screen), as_label=True)
        else:  # thousands of columns are numbers: NumPy takes a few of them much faster
            first = _values(column, as_label=False)[self._screen]
        if self._find(first, self._goal_on_screen, as_label, _ON_SCREEN) is None:
            return None
        goal = _values(self._goal, as_label=self._classes)
        leak = self._find(_values(column, as_label=as_label), goal, as_label, _CORRELATED)
        if leak is Leak.CLASS and as_labels(column).equals(as_labels(self._goal), check_names=False):
            return Leak.EQUAL
        return leak

    def _find(self, x: Numbers, goal: Numbers, as_label: bool, least: float) -> Leak | None:
        known = ~(np.isnan(x) | np.isnan(goal))
        x, y = x[known], goal[known]
        if len(x) < _MIN_ROWS or x.min() == x.max() or y.min() == y.max():
            return None
        if not (as_label or self._classes):
            return _relation(x, y, least)
        return Leak.CLASS if (not as_label and _parts(x, y)) or _tells(x, y) else None


def _values(column: pl.Series, *, as_label: bool) -> Numbers:
    """Return a column's numbers or, of labels, the place of each among all."""
    numbers = None if as_label else as_numbers(column)
    if numbers is None:
        numbers = as_labels(column).rank("dense").cast(pl.Float64)
    return numbers.to_numpy()


def _others(values: Numbers) -> int:
    """Return how many rows do not have the most frequent value."""
    return len(values) - int(np.unique(values, return_counts=True)[1].max())


def _relation(x: Numbers, y: Numbers, least: float) -> Leak | None:
    """Return how one column of numbers follows the other; `least` is the least correlation on a line."""
    with np.errstate(all="ignore"):
        correlation = abs(_correlation(x, y))
    in_line = correlation >= least
    if not (in_line or _in_order(x, y) or _in_order(-x, y)) or min(_others(x), _others(y)) < _MIN_OTHERS:
        return None
    if np.array_equal(x, y):
        return Leak.EQUAL
    return Leak.LINE if in_line else Leak.ORDER


def _correlation(x: Numbers, y: Numbers) -> float:
    """Return the correlation, NaN where numbers are too large; scaled first, or squares would overflow."""
    x, y = (values / np.abs(values).max() for values in (x, y))
    x, y = x - x.mean(), y - y.mean()
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def _in_order(x: Numbers, y: Numbers) -> bool:
    """Return whether x never falls where y rises; of equal values each may have several others."""
    ordered = x[np.lexsort((x, y))]
    return bool((ordered[1:] >= ordered[:-1]).all())


def _parts(x: Numbers, classes: Numbers) -> bool:
    """Return whether each class has a range of numbers of its own."""
    if len(x) < _MIN_ROWS_TO_PART:
        return False
    order = np.lexsort((classes, x))
    numbers, starts = x[order], _starts(classes[order])[1:]
    if len(starts) >= len(x) / _ROWS_A_VALUE or len(starts) != len(np.unique(classes)) - 1:
        return False
    return bool((numbers[starts - 1] < numbers[starts]).all()) and _others(classes) >= _MIN_OTHERS


def _tells(labels: Numbers, classes: Numbers) -> bool:
    """Return whether nearly every row's class is the one that most rows with its label have."""
    few = len(labels) / _ROWS_A_VALUE
    order = np.lexsort((classes, labels))
    labels, classes = labels[order], classes[order]
    of_labels = _starts(labels)
    if len(of_labels) > few:
        return False
    of_pairs = np.union1d(of_labels, _starts(classes))
    times = np.diff(of_pairs, append=len(labels))
    lost = len(labels) - int(np.maximum.reduceat(times, np.searchsorted(of_pairs, of_labels)).sum())
    others = _others(classes)
    enough = others >= _MIN_OTHERS and len(np.unique(classes)) <= few
    return enough and lost <= _MOST_LOST * min(len(labels), 10 * others)


def _starts(values: Numbers) -> NDArray[np.int64]:
    """Return the places at which another value begins than the one before; the first is 0."""
    return np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
