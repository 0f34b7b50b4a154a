"""A figure in which only some trials stand out, because others are beside a brush, or hidden."""

from collections.abc import Set
from dataclasses import replace

import numpy as np

from core.figures.arrays import Flags, Floats
from core.figures.figure import Figure, Kind, Points, Series

_ALWAYS = frozenset({Kind.BEST_SO_FAR})
"""What belongs to no single trial."""
_OF_FAILURES = frozenset({Kind.FAILED, Kind.UNFINISHED})
"""Kinds that the legend does not name where all of them are hidden."""
_NONE: frozenset[int] = frozenset()


class Linked:
    """Makes figures of one plot, and keeps the layer of the past, which is the same object until it changes."""

    def __init__(self) -> None:
        self._made: tuple[object, Set[int] | None, Set[int], tuple[Series, ...]] | None = None

    def figure(self, figure: Figure, brushed: Set[int] | None = None, hidden: Set[int] = _NONE) -> Figure:
        """Return the figure without hidden trials, in which those that are not brushed fade; None: there is no brush.

        Trials under way, the best and the selected one never fade.
        """
        if brushed is None and not hidden:
            self._made = None
            return figure
        present = tuple(_without(series, hidden) for series in figure.present)
        past = self._past_of(figure, brushed, hidden)
        seen = {series.kind for series in (*past, *present) if len(series)}
        legend = tuple((kind, name) for kind, name in figure.legend if kind not in _OF_FAILURES or kind in seen)
        return replace(figure, past=past, present=present, legend=legend)

    def _past_of(self, figure: Figure, brushed: Set[int] | None, hidden: Set[int]) -> tuple[Series, ...]:
        made = self._made
        if made is None or made[0] is not figure.past or made[1:3] != (brushed, hidden):
            seen = [_without(series, hidden) for series in figure.past]
            past = seen if brushed is None else [part for series in seen for part in _divided(series, brushed)]
            made = self._made = figure.past, brushed, hidden, tuple(past)
        return made[3]


def _without(series: Series, hidden: Set[int]) -> Series:
    return series if series.kind in _ALWAYS or not hidden else _part(series, ~_are_in(series.trials, hidden))


def _divided(series: Series, brushed: Set[int]) -> tuple[Series, ...]:
    """Return what stands out of a series, and what fades."""
    if series.kind in _ALWAYS:
        return (series,)
    stands_out = _are_in(series.trials, brushed)
    faded = _part(series, ~stands_out)
    return _part(series, stands_out), type(series)(Kind.FADED, faded.trials, faded.x, faded.y)


def _are_in(trials: Floats, numbers: Set[int]) -> Flags:
    return np.isin(trials, np.fromiter(numbers, float, len(numbers)))


def _part(series: Series, shown: Flags) -> Series:
    columns = series.trials[shown], series.x[shown], series.y[shown]
    if isinstance(series, Points):
        return Points(series.kind, *columns, None if series.colours is None else series.colours[shown])
    return type(series)(series.kind, *columns)
