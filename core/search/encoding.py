"""Points as numbers: coordinates in the unit cube, and the input columns of a surrogate."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.axis import Arithmetic, Axis
from core.ranges import Choices, Value
from core.space import Point, Space

Array = NDArray[np.float64]
ARRAYS = Arithmetic(np.exp, np.log, np.floor, np.round, np.clip)
"""The functions for an axis's formulas on arrays, for many points at once."""


class Encoding:
    """Turns many points of a space into numbers at once.

    A unit is a point's coordinates in the unit cube, as `Space.decode` takes them. A snapped unit lies in the middle
    of all units that decode to the same point, so the surrogate is asked only about points that can be tried
    (Garrido-Merchán and Hernández-Lobato, Neurocomputing 2020). `parameters` holds for each input column the place of
    its parameter. A parameter that does not apply to a point counts as in the middle of its range.
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self._axes = list(space.axes.values())
        widths = [_width(axis) for axis in self._axes]
        self.parameters = tuple(np.repeat(np.arange(len(widths)), widths).tolist())
        self.counts = np.array([axis.count for axis in self._axes])
        """The number of values of each parameter; 0 for real numbers."""
        self.unordered = np.array([isinstance(axis.given, Choices) for axis in self._axes])

    def units(self, points: Iterable[Mapping[str, Value]]) -> Array:
        """Return the units of the points (points × parameters)."""
        listed = list(points)
        return np.column_stack(
            [
                axis.unit(_numbers(axis, [point.get(name, axis.middle) for point in listed]), ARRAYS)
                for name, axis in self.space.axes.items()
            ]
        )

    def all_units(self) -> Array:
        """Return the unit of every point of a finite space."""
        return self.units(self.space.all_points())

    def snap(self, units: Array) -> Array:
        """Return the units, each coordinate moved to the middle of all coordinates that decode to the same value."""
        clipped = np.clip(units, 0, np.nextafter(1, 0))
        if self.space.conditions:
            return self.units(self.space.decode(unit) for unit in clipped.tolist())
        numbers = [axis.number(clipped[:, c], ARRAYS) for c, axis in enumerate(self._axes)]
        return np.column_stack([axis.unit(column, ARRAYS) for axis, column in zip(self._axes, numbers, strict=True)])

    def allowed(self, units: Array) -> NDArray[np.bool_]:
        """Return for each snapped unit whether rules allow it."""
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
            found = axis.number(column, ARRAYS)
            return found if axis.levels is None else np.asarray(axis.levels, dtype=float)[found.astype(int)]

        allowed = np.all([np.broadcast_to(rule.compare(numbers), len(units)) for rule in rules], axis=0)
        return np.asarray(allowed)

    def within_rules(self, units: Array) -> Array:
        """Return the snapped units that rules allow; if they are less than a quarter, others are moved there too."""
        allowed = self.allowed(units)
        kept, enough = units[allowed], len(units) // 4
        if len(kept) >= enough:
            return kept
        moved = (self.space.nearest(unit) for unit in units[~allowed][: enough - len(kept)].tolist())
        return np.vstack([kept, self.units(point for point in moved if point is not None)])

    def inputs(self, units: Array) -> Array:
        """Return skopt's inputs (points × columns) for snapped units: numbers from 0 to 1, choices one-hot."""
        return np.hstack([_inputs(axis, column) for axis, column in zip(self._axes, units.T, strict=True)])

    def point(self, unit: Array) -> Point:
        return self.space.decode(unit.tolist())


def _width(axis: Axis) -> int:
    """Return the number of input columns of a parameter."""
    return axis.count if isinstance(axis.given, Choices) and axis.count > 2 else 1


def _numbers(axis: Axis, values: list[Value]) -> Array:
    """Return the places of levels, or the numbers themselves. Raises ValueError for an unknown level."""
    if axis.levels is None:
        return np.array(values, dtype=float)
    places = [axis.places.get(value) for value in values]
    if None in places:
        raise ValueError(f"{values[places.index(None)]!r} is not among the levels")
    return np.array(places, dtype=float)


def _inputs(axis: Axis, unit: Array) -> Array:
    """Return the input columns at snapped coordinates (points × width), each from 0 to 1."""
    if not axis.count:
        return unit[:, None]
    numbers = axis.number(unit, ARRAYS)
    if _width(axis) > 1:
        return np.asarray(numbers[:, None] == np.arange(axis.count), dtype=float)
    return np.asarray(axis.share(numbers, ARRAYS))[:, None]
