"""Ranges and points in skopt's form, and skopt's points as plain values."""

import math
from collections.abc import Mapping
from typing import Any, assert_never

from skopt.space import Categorical, Dimension, Integer, Real

from core.conditions import applying
from core.ranges import Choices, Fixed, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale, Value, levels_of
from core.space import Point, Space


def dimension(name: str, given: Range) -> Dimension:
    """Return a new dimension, because skopt changes the dimensions that it gets. A level is its place."""
    levels = levels_of(given)
    match given:
        case Choices(values=values):
            return Categorical(list(values), name=name)
        # Without normalising, tree surrogates would always propose log-uniform integers at their upper bound.
        case _ if levels is not None:
            return Integer(0, len(levels) - 1, transform="normalize", name=name)
        case FloatRange(low=low, high=high) if _in_decades(given):
            return Real(math.log10(low), math.log10(high), transform="normalize", name=name)
        case FloatRange(low=low, high=high, scale=scale):
            return Real(low, high, prior=_prior(scale), transform="normalize", name=name)
        case IntegerRange(low=low, high=high, scale=scale):
            return Integer(low, high, prior=_prior(scale), transform="normalize", name=name)
        case Fixed() | Levels() | OffOrOn():
            raise AssertionError(f"{given} has levels")
        case _:
            assert_never(given)


def _in_decades(given: Range) -> bool:
    """Return whether skopt gets a range's logarithms: it takes a log range for one with 0 if its ends' product is 0."""
    match given:
        case FloatRange(low=low, high=high, scale=Scale.LOG, step=0.0):
            return low * high == 0
    return False


def _prior(scale: Scale) -> str:
    return "log-uniform" if scale is Scale.LOG else "uniform"


def skopt_point(space: Space, point: Mapping[str, Value]) -> list[Value]:
    """Return a point in skopt's form: a level as its place, a parameter that does not apply as its middle value.

    Raises ValueError for an unknown level.
    """
    values: list[Value] = []
    for name, axis in space.axes.items():
        value = point.get(name, axis.middle)
        if _in_decades(axis.given):
            value = math.log10(float(value))
        values.append(value if axis.levels is None or isinstance(axis.given, Choices) else axis.levels.index(value))
    return values


def plain_point(space: Space, values: list[Any]) -> Point:
    """Return a skopt point as plain Python values: NumPy's would become blobs in SQLite and errors in Keras."""
    point: Point = {}
    for (name, given), value in zip(space.ranges.items(), values, strict=True):
        levels = levels_of(given)
        match given:
            case Choices():
                point[name] = str(value)
            case _ if levels is not None:
                point[name] = levels[min(len(levels) - 1, max(0, int(value)))]
            case FloatRange(low=low, high=high) if _in_decades(given):
                point[name] = min(high, max(low, 10.0 ** float(value)))
            case FloatRange(low=low, high=high):
                point[name] = min(high, max(low, float(value)))
            case IntegerRange(low=low, high=high):
                point[name] = min(high, max(low, int(value)))
            case Fixed() | Levels() | OffOrOn():
                raise AssertionError(f"{given} has levels")
            case _:
                assert_never(given)
    return applying(point, space.conditions)
