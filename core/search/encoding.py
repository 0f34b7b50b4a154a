"""Points as numbers: coordinates in the unit cube, and the input columns of a surrogate."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from core.parameters import Choices, FloatRange, IntegerRange, Range, Scale, Value
from core.space import Point, Space

Array = NDArray[np.float64]


class Encoding:
    """Turns many points of a space at once into numbers.

    A unit is a point's coordinates in the unit cube, as `Space.decode` takes them; a snapped one lies in the middle of
    all that decode to the same point, so that the surrogate is asked about points that can be tried (Garrido-Merchán
    and Hernández-Lobato, Neurocomputing 2020). `parameters` tells for each input column its parameter's place.
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self._given = list(space.ranges.values())
        widths = [len(g.values) if isinstance(g, Choices) and len(g.values) > 2 else 1 for g in self._given]
        self.parameters = tuple(np.repeat(np.arange(len(widths)), widths).tolist())
        self.counts = np.array([_count(given) for given in self._given])
        """How many values each parameter has, 0 for real numbers."""
        self.unordered = np.array([isinstance(given, Choices) for given in self._given])

    def units(self, points: Iterable[Mapping[str, Value]]) -> Array:
        """Return the units of the points (points × parameters)."""
        names = list(self.space.ranges)
        rows = [[_index(g, p[n]) for n, g in zip(names, self._given, strict=True)] for p in points]
        values = np.array(rows, dtype=float).reshape(-1, len(names))
        return np.column_stack([_unit(g, values[:, c]) for c, g in enumerate(self._given)])

    def all_units(self) -> Array:
        """Return the unit of every point of a finite space."""
        return self.units(self.space.all_points())

    def snap(self, units: Array) -> Array:
        """Return the units, each coordinate moved to the middle of those that decode to the same value."""
        clipped = np.clip(units, 0, np.nextafter(1, 0))
        return np.column_stack([_unit(g, _value(g, clipped[:, c])) for c, g in enumerate(self._given)])

    def inputs(self, units: Array) -> Array:
        """Return what skopt makes of the points at these snapped units: numbers from 0 to 1, choices one-hot."""
        columns = []
        for column, given in zip(units.T, self._given, strict=True):
            values = _value(given, column)
            match given:
                case Choices(values=names) if len(names) > 2:
                    columns.append(values[:, None] == np.arange(len(names)))
                case Choices():
                    columns.append(values[:, None])
                case FloatRange():
                    columns.append(column[:, None])
                case IntegerRange(low=low, high=high, scale=scale):
                    columns.append(_share(values, low, high, scale)[:, None])
        return np.hstack(columns).astype(float)

    def point(self, unit: Array) -> Point:
        return self.space.decode(unit.tolist())


def _count(given: Range) -> int:
    match given:
        case Choices(values=values):
            return len(values)
        case IntegerRange(low=low, high=high):
            return high - low + 1
        case _:
            return 0


def _index(given: Range, value: Value) -> float:
    """Return a choice's place among all, or the number itself."""
    return given.values.index(str(value)) if isinstance(given, Choices) else float(value)


def _value(given: Range, unit: Array) -> Array:
    """Return the numbers, or the places of the choices, at coordinates in [0, 1); compare `Space.decode`."""
    match given:
        case Choices(values=values):
            return np.minimum(np.floor(unit * len(values)), len(values) - 1)
        case IntegerRange(low=low, high=high, scale=scale):
            return np.clip(np.round(_between(unit, low - 0.5, high + 0.5, scale)), low, high)
        case FloatRange(low=low, high=high, scale=scale):
            return _between(unit, low, high, scale)
        case _:
            raise AssertionError(given)


def _unit(given: Range, value: Array) -> Array:
    """Return the coordinates of numbers, or of places of choices: the inverse of `_value`."""
    match given:
        case Choices(values=values):
            return (value + 0.5) / len(values)
        case IntegerRange(low=low, high=high, scale=scale):
            return _share(value, low - 0.5, high + 0.5, scale)
        case FloatRange(low=low, high=high, scale=scale):
            return _share(value, low, high, scale)
        case _:
            raise AssertionError(given)


def _between(share: Array, low: float, high: float, scale: Scale) -> Array:
    if scale is Scale.LOG:
        return np.asarray(np.exp(np.log(low) + share * (np.log(high) - np.log(low))))
    return low + share * (high - low)


def _share(value: Array, low: float, high: float, scale: Scale) -> Array:
    if scale is Scale.LOG:
        return np.asarray((np.log(value) - np.log(low)) / (np.log(high) - np.log(low)))
    return (value - low) / (high - low)
