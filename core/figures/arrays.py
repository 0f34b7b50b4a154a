"""Arrays for the plots: a table that grows cheaply, searches for the nearest mark, and ranges."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Marks = tuple[Floats, Floats, Floats]
"""The numbers of trials, and x and y of their marks."""

BEYOND_SENSE = 1e15
"""Magnitudes above this are not drawn: the drawing library's geometry breaks on them."""
SHORTEST = 1e-100
"""Lengths below this are nothing: the product of two scales overflows in the drawing library's transforms."""


class GrowingTable:
    """Columns of floats that are only appended to. The memory doubles when full, so appending stays cheap."""

    def __init__(self, columns: int) -> None:
        self._cells: Floats = np.empty((columns, 256))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, *columns: Floats | float) -> None:
        """Append rows, given as one array (or one number for all rows) a column."""
        end = self._count + max(np.size(column) for column in columns)
        if end > self._cells.shape[1]:
            larger = np.empty((len(self._cells), max(end, 2 * self._cells.shape[1])))
            larger[:, : self._count] = self._cells[:, : self._count]
            self._cells = larger
        for target, column in zip(self._cells, columns, strict=True):
            target[self._count : end] = column
        self._count = end

    def column(self, index: int) -> Floats:
        """Return the rows of one column so far; it stays as it is when more are appended. It cannot be written to."""
        rows: Floats = self._cells[index, : self._count]
        rows.flags.writeable = False
        return rows


def drawable(values: Floats, *, log: bool) -> Floats:
    """Return the values as they are drawn, on a log axis their logarithms; NaN where there is nothing to draw."""
    sensible = np.abs(values) < BEYOND_SENSE
    if log:
        sensible &= values > 0
        return np.log10(values, out=np.full(values.shape, np.nan), where=sensible)
    return np.where(sensible, values, np.nan)


def placed(values: Floats, *, log: bool) -> Floats:
    """Return the values as they are drawn, like `drawable`, but ±∞ for those beyond the axis and NaN for NaN alone."""
    places = drawable(values, log=log)
    beyond = np.isnan(places) & ~np.isnan(values)
    return np.where(beyond, np.where(values > 0, np.inf, -np.inf), places)


def extremes(y: Floats, parts: int) -> NDArray[np.intp]:
    """Return the places of the lowest and the highest value of each part of a curve, rising, and its last place.

    A part without any value gives a place of its own, so that a gap of its length stays one.
    """
    size = math.ceil(len(y) / max(parts, 1))
    if size <= 2:
        return np.arange(len(y))
    rows = np.full((math.ceil(len(y) / size), size), np.nan)
    rows.ravel()[: len(y)] = y
    starts = size * np.arange(len(rows))
    lowest, highest = (starts + np.where(np.isnan(rows), np.inf, sign * rows).argmin(axis=1) for sign in (1, -1))
    return np.unique(np.concatenate((lowest, highest, [len(y) - 1])))


def with_gaps(lines: Sequence[Floats]) -> Floats:
    """Return the lines one after the other, with a NaN between each two, where a curve is broken."""
    if not lines:
        return np.empty(0)
    if len(lines) == 1:
        return lines[0]
    gap = np.array([np.nan])
    return np.concatenate([part for line in lines for part in (line, gap)][:-1])


def finite(values: Floats) -> Floats:
    """Return the values that are neither NaN nor infinite."""
    return values[np.isfinite(values)]


def padded(low: float, high: float, below: float = 0.05, above: float = 0.05) -> tuple[float, float]:
    """Return the range widened by shares of its length; one of no length, or of less than SHORTEST, gets some."""
    length = next(each for each in (high - low, abs(high) * 0.5, 1.0) if each > SHORTEST)
    return low - below * length, high + above * length


def nearly_same(one: Sequence[float], other: Sequence[float]) -> bool:
    """Return whether two ranges differ by less than can be seen: a fiftieth of their length."""
    tolerance = 0.02 * abs(other[1] - other[0])
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def same(one: Floats, other: Floats) -> bool:
    """Return whether the arrays hold the same, NaN in the same places."""
    return bool(np.array_equal(one, other, equal_nan=True))


def nearest_trial(points: Marks, lines: Marks, at: tuple[float, float], reach: float) -> int | None:
    """Return the number of the trial whose point or line is nearest to `at`, if it is within reach."""
    near: list[tuple[float, int]] = []
    for (trials, x, y), nearest in ((points, nearest_point), (lines, nearest_segment)):
        found = nearest(x, y, at)
        if found is not None and found[1] <= reach:
            near.append((found[1], int(trials[found[0]])))
    return min(near)[1] if near else None


def nearest_point(x: Floats, y: Floats, at: tuple[float, float]) -> tuple[int, float] | None:
    """Return the index of the point nearest to `at`, and its distance; points with a NaN do not count."""
    distances = np.hypot(x - at[0], y - at[1])
    return _smallest(distances)


def nearest_segment(x: Floats, y: Floats, at: tuple[float, float]) -> tuple[int, float] | None:
    """Return where the line segment nearest to `at` begins, and its distance; those with a NaN do not count."""
    along_x, along_y = np.diff(x), np.diff(y)
    from_x, from_y = at[0] - x[:-1], at[1] - y[:-1]
    squares = along_x**2 + along_y**2
    share = np.divide(from_x * along_x + from_y * along_y, squares, out=np.zeros_like(squares), where=squares > 0)
    share = np.clip(share, 0.0, 1.0)
    return _smallest(np.hypot(from_x - share * along_x, from_y - share * along_y))


def _smallest(distances: Floats) -> tuple[int, float] | None:
    if not np.isfinite(distances).any():
        return None
    index = int(np.nanargmin(distances))
    return index, float(distances[index])
