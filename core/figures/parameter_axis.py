"""The axis of a varied parameter, or its lanes: places from 0, at the left or below, to 1."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.axis import Axis
from core.figures.arrays import Floats
from core.figures.dimensions import GOLDEN
from core.figures.round_numbers import Ticks, log_labels, round_numbers, spaced, written_apart
from core.figures.scales import NO_VALUE
from core.parameters import FloatRange, IntegerRange, Levels, Parameter, Range, Scale, Value
from core.settings import StudySettings
from core.words.captions import told_apart, with_unit
from core.words.trials import parameters_by_name

NO_VALUE_LANE = 0.2
"""The width of the lane of trials to which the parameter does not apply, as a share of the axis."""
BOX = 0.64
"""The width of a box, as a share of its lane."""
_SHORT, _FEW, _APART = 200.0, 3, 60.0
"""A linear axis of less than so many pixels has at most so many labels; a longer one has them so many pixels apart."""
_PAD = 0.03
"""Room beyond the ends of a range of numbers, as a share of the axis."""


@dataclass(frozen=True)
class ParameterAxis:
    """Where the values of a parameter lie. `lanes` are its values where each has a lane, with their `names`.

    `label` is what the parameter is called, told from others.

    `can_lack` is whether there are trials to which it does not apply: they have the lane "–" before all values.
    """

    name: str
    label: str
    given: Range
    parameter: Parameter
    lanes: tuple[Value, ...] = ()
    names: tuple[str, ...] = ()
    can_lack: bool = False

    @property
    def caption(self) -> str:
        """What the axis is called: the label with the unit of its values."""
        return with_unit(self.label, self.parameter)

    @property
    def begin(self) -> float:
        """Where the lane of trials without a value ends, and the values begin; 0 where all trials have one."""
        return NO_VALUE_LANE if self.can_lack else 0.0

    @property
    def no_value(self) -> float:
        """The middle of the lane of trials without a value."""
        return self.begin / 2

    @property
    def lane_width(self) -> float:
        """The width of the lane of one value."""
        return (1 - self.begin) / max(1, len(self.lanes))

    @property
    def is_log(self) -> bool:
        """Whether the numbers lie on a logarithmic axis."""
        return not self.lanes and isinstance(self.given, FloatRange | IntegerRange) and self.given.scale is Scale.LOG

    @cached_property
    def _axis(self) -> Axis:
        return Axis(self.given)

    @cached_property
    def _level_shares(self) -> tuple[Floats, Floats]:
        """The levels, and the share of the way at which each lies."""
        levels = np.array(self._axis.levels, float)
        return levels, np.linspace(0, 1, len(levels))

    @cached_property
    def _lane_of(self) -> dict[Value, int]:
        return {value: lane for lane, value in enumerate(self.lanes)}

    def place(self, value: Value | None) -> float:
        """Return the place of a value, the middle of its lane where it has one; NaN for one that is not on the axis."""
        if value is None:
            return self.no_value if self.can_lack else math.nan
        if self.lanes:
            lane = self._lane_of.get(value)
            return math.nan if lane is None else self.begin + (lane + 0.5) * self.lane_width
        if isinstance(value, str):
            return math.nan
        return self._inside(self._share(value))

    def spread_place(self, value: Value | None, trial: int) -> float:
        """Return the place of a trial's value: within a lane trials are spread, for none to cover another."""
        place, aside = self.place(value), 2 * (trial * GOLDEN % 1.0) - 1
        if value is None:
            return place + 0.35 * self.begin * aside
        return place + 0.4 * BOX * self.lane_width * aside if self.lanes else place

    def spread_places(self, values: Sequence[Value | None], trials: Sequence[int]) -> Floats:
        """Return the places of many trials' values, as `spread_place` does."""
        places = np.array([self.place(value) for value in values]) if self.lanes else self._places(values)
        if not self.lanes and not self.can_lack:
            return places
        aside = 2 * (np.array(trials, float) * GOLDEN % 1.0) - 1
        lacking = np.array([value is None for value in values], bool)
        spread = 0.4 * BOX * self.lane_width if self.lanes else 0.0
        return places + np.where(lacking, 0.35 * self.begin, spread) * aside

    def _places(self, values: Sequence[Value | None]) -> Floats:
        """Return the places of many values of an axis of numbers."""
        numbers = np.array([math.nan if value is None or isinstance(value, str) else value for value in values], float)
        if isinstance(self.given, Levels):
            shares = np.interp(numbers, *self._level_shares)
        else:
            assert isinstance(self.given, FloatRange | IntegerRange)
            low, high = float(self.given.low), float(self.given.high)
            if self.given.scale is Scale.LOG:
                length = math.log10(high) - math.log10(low)
                shares = (np.log10(numbers) - math.log10(low)) / length if length else np.full(len(numbers), 0.5)
            else:
                shares = (numbers - low) / (high - low)
        places = self.begin + (1 - self.begin) * (_PAD + (1 - 2 * _PAD) * shares)
        return np.where(np.isnan(numbers), self.no_value if self.can_lack else math.nan, places)

    def value_at(self, place: float) -> Value:
        """Return the value of the range that is nearest to a place."""
        share = min(1.0, max(0.0, (place - self.begin) / (1 - self.begin)))
        if self.lanes:
            return self.lanes[min(len(self.lanes) - 1, int(share * len(self.lanes)))]
        share = min(1.0, max(0.0, (share - _PAD) / (1 - 2 * _PAD)))
        levels = self._axis.levels
        if levels is not None:
            return levels[round(share * (len(levels) - 1))]
        number = self._number(share)
        assert isinstance(self.given, FloatRange | IntegerRange)
        number = min(self.given.high, max(self.given.low, number))
        return round(number) if isinstance(self.given, IntegerRange) else number

    def beside(self, value: Value, steps: int) -> Value:
        """Return the value so many steps above another: lanes and whole numbers are steps, or fiftieths of the axis."""
        if self.lanes:
            lane = self._lane_of.get(value, 0)
            return self.lanes[min(len(self.lanes) - 1, max(0, lane + steps))]
        place, moved = self.place(value), steps
        while abs(moved) <= 50:
            found = self.value_at(min(1.0, max(self.begin, place + moved * (1 - self.begin) / 50)))
            if found != value:
                return found
            moved += 1 if steps > 0 else -1
        return value

    def ticks(self, pixels: float, label_width: float = 34.0) -> Ticks:
        """Return the ticks of an axis of that length."""
        lacking = ((self.no_value, NO_VALUE),) if self.can_lack else ()
        if self.lanes:
            middles = (self.begin + (lane + 0.5) * self.lane_width for lane in range(len(self.lanes)))
            return (*lacking, *zip(middles, self.names, strict=True))
        length = pixels * (1 - self.begin)
        low, high = (self._number(share) for share in (-_PAD / (1 - 2 * _PAD), 1 + _PAD / (1 - 2 * _PAD)))
        marks = self._log_marks(low, high, length) if self.is_log else self._linear_marks(low, high, length)
        placed = ((self._inside(self._share(at)), text) for at, text in marks)
        return (*lacking, *spaced(placed, label_width / max(pixels, 1.0)))

    @staticmethod
    def _log_marks(low: float, high: float, length: float) -> list[tuple[float, str]]:
        named, lines = log_labels(math.log10(low), math.log10(high), length)
        return sorted([*((10.0**at, text) for at, text in named), *((10.0**at, "") for at in lines)])

    def _linear_marks(self, low: float, high: float, length: float) -> list[tuple[float, str]]:
        if isinstance(self.given, Levels):
            levels = self.given.values
            step = max(1, int(len(levels) / max(1.0, length)))  # more than one a pixel are never seen
            return [(level, self.parameter.text(level)) for level in levels[::step]]
        numbers = round_numbers(low, high, _FEW if length < _SHORT else max(_FEW, int(length / _APART)))
        if isinstance(self.given, IntegerRange):
            numbers = [number for number in numbers if float(number).is_integer()]
        return list(zip(numbers, written_apart(numbers), strict=True))

    def lines(self, pixels: float) -> tuple[float, ...]:
        """Return the places of grid lines that are finer than the ticks of a linear axis of numbers."""
        if self.lanes or self.is_log or isinstance(self.given, Levels):
            return ()
        assert isinstance(self.given, FloatRange | IntegerRange)
        numbers = round_numbers(self.given.low, self.given.high, max(6, int(pixels / 18)))
        return tuple(self._inside(self._share(number)) for number in numbers)

    def text(self, value: Value) -> str:
        """Write a value as the window shows it."""
        return self.parameter.text(value)

    def _inside(self, share: float) -> float:
        return self.begin + (1 - self.begin) * (_PAD + (1 - 2 * _PAD) * share)

    def _share(self, number: float) -> float:
        """Return the share of the way from the lowest to the highest value."""
        if isinstance(self.given, Levels):
            return float(np.interp(number, *self._level_shares))
        assert isinstance(self.given, FloatRange | IntegerRange)
        low, high = self.given.low, self.given.high
        if self.given.scale is Scale.LOG:
            length = math.log10(high) - math.log10(low)
            return (math.log10(number) - math.log10(low)) / length if length and number > 0 else 0.5
        return (number - low) / (high - low)

    def _number(self, share: float) -> float:
        """Return the number at a share of the way; one beyond the floats ends there."""
        if not isinstance(self.given, FloatRange | IntegerRange):
            return share
        low, high = float(self.given.low), float(self.given.high)
        if self.given.scale is Scale.LOG:
            return float(
                10.0 ** min(308.0, max(-307.0, math.log10(low) + share * (math.log10(high) - math.log10(low))))
            )
        return low + share * (high - low)


def parameter_axes(settings: StudySettings) -> dict[str, ParameterAxis]:
    """Return the axis of each varied parameter, in the form's order."""
    parameters = parameters_by_name(settings)
    labels = told_apart({name: parameters[name].label for name in settings.varied}, ["Objective", "Trial"])
    return {
        name: _axis_of(parameters[name], labels[name], given, settings.conditions)
        for name, given in settings.varied.items()
    }


def _axis_of(parameter: Parameter, label: str, given: Range, conditions: Mapping[str, object]) -> ParameterAxis:
    lanes = Axis(given).lanes
    names = tuple(parameter.text(value) for value in lanes)
    return ParameterAxis(parameter.name, label, given, parameter, lanes, names, parameter.name in conditions)
