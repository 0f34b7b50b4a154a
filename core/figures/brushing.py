"""Brushes: what is left of the trials by intervals and lanes on several axes at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.figures.arrays import Flags
from core.figures.dimensions import OBJECTIVE
from core.figures.objective_scale import ObjectiveScale
from core.figures.trial_columns import TrialColumns, lanes_at

WITHOUT = -1
"""The lane of the trials to which a parameter does not apply."""
BEYOND, NO_RESULT = -2, -3
"""The lanes of the objective: results that are worse than the axis shows, and trials without one."""


@dataclass(frozen=True)
class Brush:
    """An interval of places, and lanes; a trial is left that lies in either.

    On the axis of the objective the interval is one of values.
    """

    low: float = math.nan
    high: float = math.nan
    lanes: frozenset[int] = frozenset()

    @property
    def has_interval(self) -> bool:
        """Whether it has an interval, and not only lanes."""
        return not math.isnan(self.low)


Brushes = Mapping[str, Brush]
"""The brush of each axis that has one, by the parameter's name; OBJECTIVE for that of the objective."""


def left_by(brushes: Brushes, columns: TrialColumns, scale: ObjectiveScale) -> frozenset[int] | None:
    """Return the numbers of the trials that all brushes leave; None without any brush."""
    known = {name: brush for name, brush in brushes.items() if name == OBJECTIVE or name in columns.axes}
    if not known:
        return None
    left: Flags = np.ones(len(columns), bool)
    for name, brush in known.items():
        left &= _results(brush, columns, scale) if name == OBJECTIVE else _values(brush, columns, name)
    return frozenset(columns.trials[left].astype(int).tolist())


def _values(brush: Brush, columns: TrialColumns, name: str) -> Flags:
    places = columns.places(name)
    lanes = lanes_at(columns.axes[name], places)
    within: Flags = np.isin(lanes, list(brush.lanes))
    if not columns.axes[name].lanes:
        within |= (places >= brush.low) & (places <= brush.high) & np.isnan(lanes)
    return within


def _results(brush: Brush, columns: TrialColumns, scale: ObjectiveScale) -> Flags:
    objectives = columns.objectives
    beyond, without = scale.is_beyond(objectives), np.isnan(objectives)
    held: Flags = (objectives >= brush.low) & (objectives <= brush.high) & ~beyond
    if BEYOND in brush.lanes:
        held = held | beyond
    return held | without if NO_RESULT in brush.lanes else held
