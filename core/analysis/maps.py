"""The answer about the belief over two parameters."""

import numpy as np

from core.analysis.answers import MapAnswer, Numbers
from core.analysis.fitted import Fitted, NothingToTell, fitted, numbers
from core.analysis.questions import MapQuestion
from core.analysis.slices import units_of
from core.axis import Axis
from core.parameters import Value
from core.ranges import Choices, OffOrOn
from core.search.gaussian_process import Array
from core.search.surrogate import quietly

SIDE = 33
"""The number of values along a side, where a parameter has more."""


def belief_map(question: MapQuestion) -> MapAnswer:
    """Return the belief over the two parameters, drawn from a selection of the trials where these are many.

    Raises NothingToTell, and the errors of `core.search.surrogate.fit`.
    """
    with quietly():
        found = fitted(question.request).leading_to(question.repeated)
        names = list(found.space.ranges)
        if question.across == question.up or not {question.across, question.up} <= set(names):
            raise NothingToTell("A map needs two parameters that are varied")
        across, up = names.index(question.across), names.index(question.up)
        columns, rows = (_values(found.space.axes[name]) for name in (question.across, question.up))
        through, _ = found.point(question.through, question.best)
        units = np.tile(found.encoding.units([through])[0], (len(columns) * len(rows), 1))
        units[:, across] = np.tile(units_of(found.space.axes[question.across], columns), len(rows))
        units[:, up] = np.repeat(units_of(found.space.axes[question.up], rows), len(columns))
        snapped = found.snapped(units)
        inputs = found.encoding.inputs(snapped.units)
        mean, deviation = found.few_told.moments(inputs)
        half = found.unit(mean + deviation) / 2 - found.unit(mean - deviation) / 2
        allowed = snapped.allowed & snapped.applies[:, across] & snapped.applies[:, up]
        return MapAnswer(
            across=question.across,
            up=question.up,
            across_values=columns,
            up_values=rows,
            mean=_grid(found.unit(mean), len(columns)),
            deviation=_grid(half, len(columns)),
            improvement=_improvement(found, inputs, len(columns)),
            allowed=tuple(tuple(row) for row in allowed.reshape(-1, len(columns)).tolist()),
            held=found.held(few=True),
            results=found.count,
        )


def _values(axis: Axis) -> tuple[Value, ...]:
    if isinstance(axis.given, Choices | OffOrOn) or 0 < axis.count <= SIDE:
        return tuple(axis.all_values())
    return tuple(axis.grid(SIDE))


def _improvement(found: Fitted, inputs: Array, width: int) -> tuple[Numbers, ...]:
    shares = found.shares
    return () if shares is None else _grid(shares(*found.few_knowing.moments(inputs)), width)


def _grid(values: Array, width: int) -> tuple[Numbers, ...]:
    return tuple(numbers(row) for row in values.reshape(-1, width))
