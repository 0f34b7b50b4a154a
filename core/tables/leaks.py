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


class Leak(Enum):
    """How a column tells the target: by the same value, on a line, in the same order, or a class for each value."""

    EQUAL = auto()
    LINE = auto()
    ORDER = auto()
    CLASS = auto()


class LeakFinder:
    """Looks at columns beside a target: numbers, or the labels of `classes`; null where it is missing."""

    def __init__(self, goal: pl.Series, *, classes: bool) -> None:
        self._classes = classes
        self._kept = goal.is_not_null()
        self._goal = goal.drop_nulls()
        self._step = max(1, -(-len(self._goal) // _SCREEN))
        self._screen = self._goal.gather_every(self._step)

    def look_at(self, column: pl.Series, *, as_label: bool) -> Leak | None:
        """Return how the column tells the target; None when it does not. `as_label`: it is used as a category."""
        cells = column.filter(self._kept) if len(self._goal) < len(column) else column
        if self._find(cells.gather_every(self._step), self._screen, as_label, _ON_SCREEN) is None:
            return None
        return self._find(cells, self._goal, as_label, _CORRELATED)

    def _find(self, cells: pl.Series, goal: pl.Series, as_label: bool, least: float) -> Leak | None:
        numbers = None if as_label or cells.dtype == pl.String else as_numbers(cells)
        known = (cells if numbers is None else numbers).is_not_null()
        if not known.all():
            cells, goal = cells.filter(known), goal.filter(known)
            numbers = None if numbers is None else numbers.filter(known)
        if len(cells) < _MIN_ROWS:
            return None
        if not self._classes and numbers is not None:
            return _relation(numbers.to_numpy(), goal.to_numpy(), least)
        classes = _codes(goal)
        if numbers is not None and _parts(numbers.to_numpy(), classes):
            return Leak.CLASS
        labels = _codes(cells if numbers is None else numbers)
        if not _tells(labels, classes):
            return None
        return Leak.EQUAL if len(labels) == len(goal) and as_labels(cells).equals(as_labels(goal)) else Leak.CLASS


def _codes(values: pl.Series) -> NDArray[np.int64]:
    """Return the number of each value in order, from 0."""
    plain = values if values.dtype.is_numeric() else as_labels(values)
    codes: NDArray[np.int64] = plain.rank("dense").to_numpy().astype(np.int64) - 1
    return codes


def _others(codes: NDArray[np.int64]) -> int:
    """Return how many rows do not have the most frequent value."""
    return len(codes) - int(np.bincount(codes).max())


def _relation(x: Numbers, y: Numbers, least: float) -> Leak | None:
    """Return how one column of numbers follows the other; `least` is the least correlation on a line."""
    if np.array_equal(x, y):
        return Leak.EQUAL
    with np.errstate(all="ignore"):
        correlation = abs(np.corrcoef(x, y)[0, 1])
    if not (correlation >= least or _in_order(x, y) or _in_order(-x, y)):
        return None
    if min(_others(_codes(pl.Series(x))), _others(_codes(pl.Series(y)))) < _MIN_OTHERS:
        return None
    return Leak.LINE if correlation >= least else Leak.ORDER


def _in_order(x: Numbers, y: Numbers) -> bool:
    """Return whether x never falls where y rises; equal values of the one may have several of the other."""
    order = np.lexsort((x, y))
    return bool((np.diff(x[order]) >= 0).all())


def _parts(x: Numbers, classes: NDArray[np.int64]) -> bool:
    """Return whether each class has a range of numbers of its own."""
    count = int(classes.max()) + 1
    if len(x) < _MIN_ROWS_TO_PART or count < 2 or _others(classes) < _MIN_OTHERS:
        return False
    order = np.lexsort((classes, x))
    changes = np.flatnonzero(np.diff(classes[order]))
    numbers = x[order]
    return len(changes) == count - 1 and bool((numbers[changes] < numbers[changes + 1]).all())


def _tells(labels: NDArray[np.int64], classes: NDArray[np.int64]) -> bool:
    """Return whether nearly every row's class is the one that most rows with its label have."""
    rows, few = len(labels), len(labels) / _ROWS_A_VALUE
    values, count = int(labels.max()) + 1, int(classes.max()) + 1
    others = _others(classes)
    if not 2 <= values <= few or not 2 <= count <= few or others < _MIN_OTHERS:
        return False
    pairs, times = np.unique(labels * count + classes, return_counts=True)
    starts = np.flatnonzero(np.diff(pairs // count, prepend=-1))
    lost = rows - int(np.maximum.reduceat(times, starts).sum())
    return lost <= _MOST_LOST * min(rows, 10 * others)
