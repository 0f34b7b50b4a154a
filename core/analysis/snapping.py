"""Drawn points of a space as points that can be tried, all at once, also where parameters are conditional."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.conditions import AtLeast, AtMost, IsOneOf, Single, parents_first, singles
from core.search.encoding import ARRAYS, Encoding

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Snapped(NamedTuple):
    """Points × parameters: snapped `units`, and whether each parameter `applies`; `allowed` by the rules, a point."""

    units: Array
    applies: Bools
    allowed: Bools


class Snapping:
    """Does for all points at once what `Encoding.snap` does one by one in a conditional space.

    A parameter that does not apply is moved to the middle of its range, as the surrogate is told of it.
    """

    def __init__(self, encoding: Encoding) -> None:
        space = encoding.space
        self._space = space
        self._axes = space.axes
        self._places = {name: place for place, name in enumerate(space.ranges)}
        self._middles = encoding.units([{}])[0]
        self._order = parents_first(space.given, space.conditions)

    def __call__(self, units: Array) -> Snapped:
        """Return the points with these coordinates (points × parameters, each from 0 to 1)."""
        clipped = np.clip(units, 0, np.nextafter(1, 0))
        numbers = {name: self._axes[name].number(clipped[:, place], ARRAYS) for name, place in self._places.items()}
        applying = self._applying(numbers, len(units))
        applies = np.column_stack([applying[name] for name in self._places])
        snapped = np.column_stack([self._axes[name].unit(numbers[name], ARRAYS) for name in self._places])
        return Snapped(np.where(applies, snapped, self._middles), applies, self._allowed(numbers, applying, len(units)))

    def _applying(self, numbers: dict[str, Array], count: int) -> dict[str, Bools]:
        """Return for each parameter, given ones among them, whether it applies to each point."""
        found: dict[str, Bools] = {}
        for name in self._order:
            found[name] = np.ones(count, dtype=bool)
            for single in singles(self._space.conditions.get(name)):
                found[name] &= found[single.parameter] & self._holds(single, numbers)
        return found

    def _holds(self, single: Single, numbers: dict[str, Array]) -> Any:
        name = single.parameter
        if name not in numbers:
            return single.holds(self._space.fixed[name])
        levels = self._axes[name].levels
        if levels is not None:
            return np.array([single.holds(level) for level in levels])[numbers[name].astype(int)]
        match single:
            case AtLeast(number=number):
                return numbers[name] >= number
            case AtMost(number=number):
                return numbers[name] <= number
            case IsOneOf(values=values):
                return np.isin(numbers[name], [value for value in values if not isinstance(value, str)])

    def _allowed(self, numbers: dict[str, Array], applying: dict[str, Bools], count: int) -> Bools:
        """Return which points the rules allow; a rule holds where one of its parameters does not apply."""

        def number(name: str) -> Any:
            if name in self._space.fixed:
                return self._space.fixed[name]
            levels = self._axes[name].levels
            return numbers[name] if levels is None else np.asarray(levels, dtype=float)[numbers[name].astype(int)]

        allowed = np.ones(count, dtype=bool)
        for rule in self._space.rules:
            together = np.all([applying[name] for name in rule.names], axis=0)
            allowed &= ~together | rule.compare(number)
        return allowed
