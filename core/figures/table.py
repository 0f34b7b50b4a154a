"""Tables of what a plot draws, for files: as numbers in the units that its axes show."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.figures.figure import Figure, Series
from core.figures.scales import AxisScale

_DIGITS = 12
"""Digits of a number that was drawn as its logarithm, whose last digits say nothing."""


@dataclass(frozen=True)
class Table:
    """Columns, and rows of as many cells; a cell is a number, a text, or None where there is no value."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]


def table_of(figure: Figure) -> Table:
    """Return what a figure draws: a row for each point of each curve and kind of points."""
    names = dict(figure.legend)
    columns = "series", "trial", figure.x.scale.label, figure.y.scale.label
    rows = [
        (names.get(series.kind, series.kind.value), *row)
        for series in (*figure.past, *figure.present)
        for row in _rows(figure, series)
    ]
    return Table(columns, rows)


def _rows(figure: Figure, series: Series) -> Iterator[tuple[object, ...]]:
    for trial, x, y in zip(series.trials.tolist(), series.x.tolist(), series.y.tolist(), strict=True):
        if math.isfinite(x) and math.isfinite(y):
            number = int(trial) if math.isfinite(trial) else None
            yield number, value_at(figure.x.scale, x), value_at(figure.y.scale, y)


def value_at(scale: AxisScale, place: float) -> float | int | str | None:
    """Return the value at a place of an axis; None in the lane of those that have none."""
    if scale.lane is not None and place < scale.lane[1]:
        return None
    if scale.names:
        return scale.names[min(max(round(place), 0), len(scale.names) - 1)]
    value = 10.0**place if scale.log else place * scale.unit
    value = float(f"{value:.{_DIGITS}g}")
    return int(value) if scale.whole and value.is_integer() else value
