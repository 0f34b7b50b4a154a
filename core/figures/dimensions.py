"""What can stand on an axis of the points plot: a varied parameter, or the objective."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import assert_never

from core.figures.arrays import BEYOND_SENSE, SHORTEST, padded
from core.figures.scales import AxisScale
from core.parameters import Fixed, FloatRange, IntegerRange, Parameter, Range, Scale, Value
from core.ranges import Choices, Levels, OffOrOn, levels_of
from core.settings import StudySettings
from core.trial_progress import TrialProgress
from core.words.captions import told_apart, with_unit
from core.words.trials import parameters_by_name

OBJECTIVE = "\nobjective"
"""The name under which the objective is chosen: no parameter has it, since names are of one line."""

LANE = 0.14
"""How wide the lane of those without a value is, as a share of an axis of numbers."""
SPREAD = 0.8
"""Over which part of it they are spread."""
GOLDEN = (math.sqrt(5) - 1) / 2
"""Multiples of it, taken modulo one, are evenly spread however many there are."""


@dataclass(frozen=True)
class PlotDimension:
    """One thing that can stand on an axis.

    `name` is the parameter's; `view` is the range of axis positions to show, None where the data decide.
    """

    name: str
    label: str
    scale: AxisScale
    view: tuple[float, float] | None = None
    choices: tuple[Value, ...] = ()

    def position(self, trial: TrialProgress) -> float:
        """Return where on the axis the trial is: in the lane without a value, NaN when it has no place."""
        if self.name == OBJECTIVE:
            return math.nan if trial.objective is None else trial.objective
        value = trial.values.get(self.name)
        if value is None:
            return self._in_lane(trial.number)
        return self._position_of(value)

    @cached_property
    def _places(self) -> dict[Value, float]:
        """The place of each choice on the axis."""
        return {choice: float(place) for place, choice in enumerate(self.choices)}

    def _in_lane(self, number: int) -> float:
        """Return the place of a trial without a value: they are spread over the lane, for none to cover another."""
        if self.scale.lane is None:
            return math.nan
        middle, first = self.scale.lane
        return middle + SPREAD * (first - middle) * (2 * (number * GOLDEN % 1.0) - 1)

    def _position_of(self, value: Value) -> float:
        if self.choices or isinstance(value, str):
            return self._places.get(value, math.nan)
        if self.scale.log:
            return math.log10(value) if value > 0 else math.nan
        return float(value) / self.scale.unit


def dimensions(settings: StudySettings) -> list[PlotDimension]:
    """Return what can stand on an axis for this study: the varied parameters, then the objective."""
    objective = PlotDimension(OBJECTIVE, "Objective", AxisScale(settings.objective.title))
    parameters = parameters_by_name(settings)
    labels = told_apart({name: parameters[name].label for name in settings.varied}, [objective.label, "Trial"])
    varied = [_dimension(parameters[name], labels[name], range_) for name, range_ in settings.varied.items()]
    conditions = settings.conditions
    varied = [_with_lane(dimension) if dimension.name in conditions else dimension for dimension in varied]
    return [*varied, objective]


def _dimension(parameter: Parameter, label: str, range_: Range) -> PlotDimension:
    caption = with_unit(label, parameter)
    match range_:
        case FloatRange(low=low, high=high, scale=scale) | IntegerRange(low=low, high=high, scale=scale):
            log = scale is Scale.LOG
            unit = 1.0 if log else _unit_for(low, high)
            ends = (math.log10(low), math.log10(high)) if log else (low / unit, high / unit)
            axis = AxisScale(caption, log=log, whole=isinstance(range_, IntegerRange) and not log, unit=unit)
            return PlotDimension(parameter.name, label, axis, padded(*ends, 0.08, 0.08))
        case Fixed() | Choices() | Levels() | OffOrOn():
            values = levels_of(range_) or ()
            names = tuple(parameter.text(value) for value in values)
            view = (-0.5, len(values) - 0.5)
            return PlotDimension(parameter.name, label, AxisScale(caption, names=names), view, values)
        case _:
            assert_never(range_)


def _unit_for(low: float, high: float) -> float:
    """Return the unit in which a linear axis shows this range: 1, or what makes its places drawable."""
    largest = float(max(abs(low), abs(high)))
    if SHORTEST < largest < BEYOND_SENSE:
        return 1.0
    return 10.0 ** math.floor(math.log10(largest)) or largest  # below the least float, a power of ten is 0


def _with_lane(dimension: PlotDimension) -> PlotDimension:
    """Return the dimension with a lane before its values, for trials to which the parameter does not apply."""
    assert dimension.view is not None
    low, high = dimension.view
    width = 1.0 if dimension.choices else LANE * (high - low)
    scale = replace(dimension.scale, lane=(low - width / 2, low))
    return replace(dimension, scale=scale, view=(low - width, high))
