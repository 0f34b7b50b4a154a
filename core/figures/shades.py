"""Shades: how many lines, or points, cross each pixel, for plots of more trials than can be drawn one by one."""

import numpy as np
from numpy.typing import NDArray

from core.figures.arrays import Floats

Counts = NDArray[np.float64]
"""A number for each pixel, in rows from above."""


def shade_of_lines(left: Floats, right: Floats, width: int, height: int) -> Counts:
    """Return how many straight lines cross each pixel of an area.

    Each goes from `left` at its left edge to `right` at its right one, which are shares of the height from below. A
    line has a run of pixels in each column; runs are noted by their first pixel and the one after their last, and
    summed up. Numbers are short ones, which are twice as fast: 10,000 lines take some milliseconds.
    """
    known = np.isfinite(left) & np.isfinite(right)
    top = ((1.0 - left[known]) * (height - 1) + 0.5).astype(np.float32)
    falls = ((left[known] - right[known]) * (height - 1)).astype(np.float32)
    steps = np.linspace(0.0, 1.0, width + 1, dtype=np.float32)[:, None]
    rows = (top + falls * steps).astype(np.int32)
    size = height + 1
    begins = (np.arange(width, dtype=np.int32) * size)[:, None]
    first = np.minimum(rows[:-1], rows[1:]) + begins
    after = np.maximum(rows[:-1], rows[1:]) + (begins + 1)
    changes = np.bincount(first.ravel(), minlength=size * width) - np.bincount(after.ravel(), minlength=size * width)
    return np.asarray(changes.reshape(width, size).cumsum(axis=1)[:, :height].T, float)


def shade_of_points(x: Floats, y: Floats, width: int, height: int, blur: int = 2) -> Counts:
    """Return how dense points are in each pixel of an area; x and y are shares of it, y from below."""
    known = np.isfinite(x) & np.isfinite(y)
    columns = np.clip((x[known] * width).astype(np.intp), 0, width - 1)
    rows = np.clip(((1.0 - y[known]) * height).astype(np.intp), 0, height - 1)
    counts = np.bincount(rows * width + columns, minlength=width * height).reshape(height, width).astype(float)
    for _ in range(2):  # two boxes make a tent, which has no edges
        counts = _blurred(_blurred(counts, blur).T, blur).T
    return counts


def opacity(counts: Counts, full: float) -> Counts:
    """Return from 0 to 1 how opaque counts are drawn: `full` of them hide two thirds of the ground."""
    return np.asarray(1.0 - np.exp(-counts / max(full, 1e-9)))


def _blurred(counts: Counts, reach: int) -> Counts:
    """Return the sums over `2 × reach + 1` rows."""
    padded = np.pad(counts, ((reach + 1, reach), (0, 0)))
    sums = padded.cumsum(axis=0)
    return np.asarray(sums[2 * reach + 1 :] - sums[: -2 * reach - 1])
