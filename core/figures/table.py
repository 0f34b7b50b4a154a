"""Tables of what a plot draws, for files: as numbers in the units that its axes show."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.figures.figure import Figure, Points, Series
from core.figures.scales import AxisScale

_DIGITS = 12
"""Digits of a number that was drawn as its logarithm, whose last digits say nothing."""


@dataclass(frozen=True)
class Table:
    """Columns, and rows of as many cells; a cell is a number, a text, or None where there is no value."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]


def table_of(figure: Figure) -> Table:
    """Return what a figure draws: a row for each point of each curve and kind of points, with what its colour says."""
    scales = [figure.x.scale, figure.y.scale]
    if figure.colours is not None:
        scales.append(figure.colours.scale)
    names = dict(figure.legend)
    rows = [
        (names.get(series.kind, series.kind.value.capitalize()), trial, *row)
        for series in (*figure.past, *figure.present)
        for trial, row in _rows(series, scales)
    ]
    return Table(("series", "trial", *(scale.label for scale in scales)), rows)


def _rows(series: Series, scales: Sequence[AxisScale]) -> Iterator[tuple[int, list[float | str | None]]]:
    """Yield the number of the trial and the values of each point that is drawn."""
    colours = series.colours if isinstance(series, Points) else None
    places = [series.x, series.y, np.full(len(series), np.nan) if colours is None else colours][: len(scales)]
    for trial, *point in zip(series.trials.tolist(), *(column.tolist() for column in places), strict=True):
        if math.isfinite(point[0]) and math.isfinite(point[1]):
            yield int(trial), [value_at(scale, place) for scale, place in zip(scales, point, strict=True)]


def value_at(scale: AxisScale, place: float) -> float | int | str | None:
    """Return the value at a place of an axis; None in the lane of those that have none, and for NaN."""
    if not math.isfinite(place):
        return None
    if scale.lane is not None and place < scale.lane[1]:
        return None
    if scale.names:
        return scale.names[min(max(round(place), 0), len(scale.names) - 1)]
    value = 10.0**place if scale.log else place * scale.unit
    value = float(f"{value:.{_DIGITS}g}")
    return int(value) if scale.whole and value.is_integer() else value
