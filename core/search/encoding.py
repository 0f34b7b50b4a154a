"""Points as numbers: coordinates in the unit cube, and the input columns of a surrogate."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ranges import Choices, FloatRange, IntegerRange, Range, Scale, Value, levels_of
from core.space import Point, Space

Array = NDArray[np.float64]


class Encoding:
    """Turns many points of a space at once into numbers.

    A unit is a point's coordinates in the unit cube, as `Space.decode` takes them; a snapped one lies in the middle of
    all that decode to the same point, so that the surrogate is asked about points that can be tried (Garrido-Merchán
    and Hernández-Lobato, Neurocomputing 2020). `parameters` tells for each input column its parameter's place. A
    parameter that does not apply to a point counts as in the middle of its range.
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self._axes = [_Axis(given) for given in space.ranges.values()]
        widths = [axis.width for axis in self._axes]
        self.parameters = tuple(np.repeat(np.arange(len(widths)), widths).tolist())
        self.counts = np.array([axis.count for axis in self._axes])
        """How many values each parameter has, 0 for real numbers."""
        self.unordered = np.array([axis.unordered for axis in self._axes])

    def units(self, points: Iterable[Mapping[str, Value]]) -> Array:
        """Return the units of the points (points × parameters)."""
        whole = ([point.get(name, middle_of(given)) for name, given in self.space.ranges.items()] for point in points)
        rows = [[axis.number(value) for axis, value in zip(self._axes, values, strict=True)] for values in whole]
        values = np.array(rows, dtype=float).reshape(-1, len(self._axes))
        return np.column_stack([axis.unit(values[:, c]) for c, axis in enumerate(self._axes)])

    def all_units(self) -> Array:
        """Return the unit of every point of a finite space."""
        return self.units(self.space.all_points())

    def snap(self, units: Array) -> Array:
        """Return the units, each coordinate moved to the middle of those that decode to the same value."""
        clipped = np.clip(units, 0, np.nextafter(1, 0))
        if self.space.conditions:
            return self.units(self.space.decode(unit) for unit in clipped.tolist())
        return np.column_stack([axis.unit(axis.value(clipped[:, c])) for c, axis in enumerate(self._axes)])

    def allowed(self, units: Array) -> NDArray[np.bool_]:
        """Return which of the snapped units rules allow."""
        rules, conditional = self.space.rules, self.space.conditions
        if not rules:
            return np.ones(len(units), dtype=bool)
        if conditional:
            return np.array([self.space.allows(self.space.decode(unit)) for unit in units.tolist()], dtype=bool)
        columns = dict(zip(self.space.ranges, zip(self._axes, units.T, strict=True), strict=True))

        def numbers(name: str) -> Any:
            if name in self.space.fixed:
                return self.space.fixed[name]
            axis, column = columns[name]
            return axis.numbers(column)

        allowed = np.all([np.broadcast_to(rule.compare(numbers), len(units)) for rule in rules], axis=0)
        return np.asarray(allowed)

    def within_rules(self, units: Array) -> Array:
        """Return those of the snapped units that rules allow, and where these are few, some others moved there."""
        allowed = self.allowed(units)
        kept, enough = units[allowed], len(units) // 4
        if len(kept) >= enough:
            return kept
        moved = (self.space.nearest(unit) for unit in units[~allowed][: enough - len(kept)].tolist())
        return np.vstack([kept, self.units(point for point in moved if point is not None)])

    def inputs(self, units: Array) -> Array:
        """Return what skopt makes of the points at these snapped units: numbers from 0 to 1, choices one-hot."""
        return np.hstack([axis.inputs(column) for axis, column in zip(self._axes, units.T, strict=True)])

    def point(self, unit: Array) -> Point:
        return self.space.decode(unit.tolist())


@lru_cache(maxsize=1000)  # asked for each value of each point
def middle_of(given: Range) -> Value:
    """Return what a parameter that does not apply counts as: a constant, so that nothing is learnt from it."""
    return Space({"": given}).decode([0.5])[""]


class _Axis:
    """One parameter's values, as many at once. Those of a range with levels are the levels' places in it."""

    def __init__(self, given: Range) -> None:
        self.unordered = isinstance(given, Choices)
        self._given = given
        self._levels = levels_of(given)
        self._places = {level: place for place, level in enumerate(self._levels or ())}

    @property
    def count(self) -> int:
        """How many values there are, 0 for real numbers."""
        if self._levels is not None:
            return len(self._levels)
        return self._given.high - self._given.low + 1 if isinstance(self._given, IntegerRange) else 0

    @property
    def width(self) -> int:
        """How many input columns it takes."""
        return self.count if self.unordered and self.count > 2 else 1

    def number(self, value: Value) -> float:
        """Return the level's place, or the number itself; ValueError if there is no such level."""
        if self._levels is None:
            return float(value)
        if value not in self._places:
            raise ValueError(f"{value!r} is not among the levels")
        return self._places[value]

    def value(self, unit: Array) -> Array:
        """Return the numbers at coordinates in [0, 1); compare `Space.decode`."""
        match self._given:
            case _ if self._levels is not None:
                return np.minimum(np.floor(unit * self.count), self.count - 1)
            case IntegerRange(low=low, high=high, scale=scale):
                return np.clip(np.round(_between(unit, low - 0.5, high + 0.5, scale)), low, high)
            case FloatRange(low=low, high=high, scale=scale):
                return _between(unit, low, high, scale)
        raise AssertionError(self._given)

    def numbers(self, unit: Array) -> Array:
        """Return the numbers themselves, also where `value` gives their places."""
        values = self.value(unit)
        return values if self._levels is None else np.asarray(self._levels, dtype=float)[values.astype(int)]

    def unit(self, value: Array) -> Array:
        """Return the coordinates of numbers: the inverse of `value`."""
        match self._given:
            case _ if self._levels is not None:
                return (value + 0.5) / self.count
            case IntegerRange(low=low, high=high, scale=scale):
                return _share(value, low - 0.5, high + 0.5, scale)
            case FloatRange(low=low, high=high, scale=scale):
                return _share(value, low, high, scale)
        raise AssertionError(self._given)

    def inputs(self, unit: Array) -> Array:
        """Return the input columns at snapped coordinates (points × width), each from 0 to 1."""
        values = self.value(unit)
        match self._given:
            case _ if self.width > 1:
                return np.asarray(values[:, None] == np.arange(self.count), dtype=float)
            case _ if self._levels is not None:
                return values[:, None] / (self.count - 1)
            case IntegerRange(low=low, high=high, scale=scale):
                return _share(values, low, high, scale)[:, None]
        return unit[:, None]


def _between(share: Array, low: float, high: float, scale: Scale) -> Array:
    if scale is Scale.LOG:
        return np.asarray(np.exp(np.log(low) + share * (np.log(high) - np.log(low))))
    return low + share * (high - low)


def _share(value: Array, low: float, high: float, scale: Scale) -> Array:
    if scale is Scale.LOG:
        return np.asarray((np.log(value) - np.log(low)) / (np.log(high) - np.log(low)))
    return (value - low) / (high - low)
