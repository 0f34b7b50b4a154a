"""Slices: the belief along each parameter, through a point or averaged over the other parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import Band, Numbers, Slice
from core.analysis.fitted import ONE_SIDED, TWO_SIDED, Fitted, numbers
from core.axis import Axis
from core.parameters import Value
from core.ranges import Choices, FloatRange, OffOrOn
from core.search.designs import initial_design
from core.search.encoding import ARRAYS
from core.search.gaussian_process import Array, Averages, Posterior, likeness
from core.search.settings import InitialDesign

Bools = NDArray[np.bool_]

POINTS = 65
"""The number of values along a slice, where a parameter has more."""
LANES = 12
"""The maximum number of whole numbers that are told one by one."""
SAMPLE = 32
"""The number of points that a mean over the other parameters is taken of."""
_DRAWN = 1024
"""The number of points drawn where conditions or rules leave out some."""
_ASKED = 8
"""Of the sample, the points that the expected improvement is averaged over."""
_TOLD = 0.9
"""A parameter is told when less than this share of its axis is as good as its best value."""


def slices(fitted: Fitted, through: dict[str, Value]) -> tuple[Slice, ...]:
    """Return the slice along each parameter through the point."""
    unit = fitted.encoding.units([through])[0]
    axes = fitted.space.axes
    values = {name: slice_values(axes[name]) if name in through else () for name in axes}
    snapped = fitted.snapped(np.vstack([_along(fitted, name, unit, values[name]) for name in axes]))
    inputs = fitted.encoding.inputs(snapped.units)
    lines = _line(fitted, inputs[:, None], np.ones((len(inputs), 1)), snapped.allowed, many=False)
    shares = fitted.shares
    improvement = np.zeros(0) if shares is None else shares(*lines.moments_of_knowing(inputs))
    found, begin = [], 0
    for place, (name, axis) in enumerate(axes.items()):
        part = slice(begin, begin := begin + len(values[name]))
        nearness = numbers(_nearness(fitted, place, unit))
        if name in through:
            found.append(lines.part(part).told_of(name, axis, values[name], numbers(improvement[part]), nearness))
        else:
            found.append(_nowhere(name, nearness))
    return tuple(found)


def averaged_slices(fitted: Fitted) -> tuple[Slice, ...]:
    """Return the mean over all other parameters along each one, wherever it applies and rules allow.

    The mean is over a fixed Sobol' sample of the others, and the band is that of this mean.
    """
    constrained = bool(fitted.space.conditions or fitted.space.rules)
    count = _DRAWN if constrained else SAMPLE
    sample = initial_design(InitialDesign.SOBOL, count, len(fitted.space.ranges), 0)
    return tuple(_averaged(fitted, name, place, sample) for place, name in enumerate(fitted.space.ranges))


def slice_values(axis: Axis) -> tuple[Value, ...]:
    """Return the values along a slice: all that the parameter has, if these are not too many, or evenly spread ones."""
    if isinstance(axis.given, Choices | OffOrOn):
        return tuple(axis.levels or ())
    if 0 < axis.count <= (LANES if axis.levels is None else POINTS):
        return tuple(axis.all_values())
    return tuple(axis.grid(POINTS))


def units_of(axis: Axis, values: tuple[Value, ...]) -> Array:
    """Return the coordinates of values of a parameter."""
    places = [float(value) if axis.levels is None else axis.places[value] for value in values]
    return np.asarray(axis.unit(np.array(places, dtype=float), ARRAYS))


def _along(fitted: Fitted, name: str, unit: Array, values: tuple[Value, ...]) -> Array:
    """Return the units of the point with each of the values."""
    units = np.tile(unit, (len(values), 1))
    units[:, list(fitted.space.axes).index(name)] = units_of(fitted.space.axes[name], values)
    return units


def _averaged(fitted: Fitted, name: str, place: int, sample: Array) -> Slice:
    axis = fitted.space.axes[name]
    values = slice_values(axis)
    sample = _where_it_applies(fitted, place, sample)
    if not len(sample):
        return _nowhere(name)
    units = np.tile(sample, (len(values), 1))
    units[:, place] = np.repeat(units_of(axis, values), len(sample))
    snapped = fitted.snapped(units)
    counts = np.reshape(snapped.allowed & snapped.applies[:, place], (len(values), -1))
    inputs = fitted.encoding.inputs(snapped.units).reshape(len(values), len(sample), -1)
    some = np.asarray(counts.any(axis=1))
    weights = np.where(some[:, None], counts, True) / np.where(some, counts.sum(axis=1), len(sample))[:, None]
    line = _line(fitted, inputs, weights, some, many=True)
    return line.told_of(name, axis, values, _mean_improvement(fitted, inputs, weights), ())


def _where_it_applies(fitted: Fitted, place: int, sample: Array) -> Array:
    """Return the first of the points at which the parameter applies and that rules allow."""
    snapped = fitted.snapped(sample)
    return sample[snapped.applies[:, place] & snapped.allowed][:SAMPLE]


def _mean_improvement(fitted: Fitted, inputs: Array, weights: Array) -> tuple[float, ...]:
    """Return the mean share of the expected improvement over some of the sample."""
    shares = fitted.shares
    if shares is None:
        return ()
    some = inputs[:, :_ASKED]
    found = shares(*fitted.few_knowing.moments(some.reshape(-1, inputs.shape[-1]))).reshape(len(inputs), -1)
    kept = weights[:, :_ASKED]
    total = kept.sum(axis=1)
    return numbers((found * kept).sum(axis=1) / np.where(total > 0, total, 1))


def _nowhere(name: str, nearness: tuple[float, ...] = ()) -> Slice:
    return Slice(name, (), Band((), (), ()), (), (), nearness)


def _nearness(fitted: Fitted, place: int, unit: Array) -> Array:
    """Return how near each told trial is to the point of the slice that has its value of the parameter."""
    feet = np.tile(unit, (len(fitted.units), 1))
    feet[:, place] = fitted.units[:, place]
    inputs = fitted.encoding.inputs(fitted.snapped(feet).units)
    if isinstance(fitted.told, Posterior):
        return fitted.told.likeness(inputs, fitted.inputs)
    return likeness(inputs - fitted.inputs)  # trees have no kernel: as if each length scale were one range


@dataclass(frozen=True)
class _Line:
    """The belief along one parameter: mean and deviation of warped costs at each value, and what rules allow.

    `averages` has the covariances; trees have none.
    """

    fitted: Fitted
    mean: Array
    deviation: Array
    allowed: Bools
    averages: Averages | None

    def told_of(
        self, name: str, axis: Axis, values: tuple[Value, ...], improvement: Numbers, nearness: Numbers
    ) -> Slice:
        good = self.worse <= 0
        fine = tuple(value for value, is_good in zip(values, good.tolist(), strict=True) if is_good)
        lanes = 0 < axis.count <= LANES or isinstance(axis.given, Choices)
        learnt = bool((~good & self.allowed).any())  # what a rule excludes is no value to be learnt of
        numeric = not isinstance(axis.given, Choices | OffOrOn)
        stretches = self._stretches(axis, values) if numeric else ()
        covered = self._covered(axis, values, stretches) if numeric else self._share_as_good()
        worse_low, worse_high = self._differences()
        return Slice(
            parameter=name,
            values=values,
            band=self.band(),
            as_good=tuple(good.tolist()),
            improvement=tuple(np.where(self.allowed, improvement, 0.0).tolist()) if improvement else (),
            nearness=nearness,
            told=learnt and (covered < _TOLD or not numeric),
            good_levels=fine if lanes else (),
            allowed=() if self.allowed.all() else tuple(self.allowed.tolist()),
            covered=covered,
            worse_low=worse_low,
            worse_high=worse_high,
            stretches=stretches,
        )

    def band(self) -> Band:
        unit, mean, deviation = self.fitted.unit, self.mean, self.deviation
        low, high = unit(mean - TWO_SIDED * deviation), unit(mean + TWO_SIDED * deviation)
        middle = unit(mean)
        if self.averages is None:
            return Band(numbers(middle), numbers(low), numbers(high))
        below, above = unit(mean - deviation), unit(mean + deviation)
        return Band(numbers(middle), numbers(low), numbers(high), numbers(below), numbers(above))

    def part(self, of: slice) -> "_Line":
        """Return the belief at some of the values."""
        averages = None if self.averages is None else self.averages.part(of)
        return _Line(self.fitted, self.mean[of], self.deviation[of], self.allowed[of], averages)

    def moments_of_knowing(self, inputs: Array) -> tuple[Array, Array]:
        """Return mean and deviation at the values' inputs of the belief that knows the trials under way."""
        if self.fitted.knowing is self.fitted.told:
            return self.mean, self.deviation
        return self.fitted.knowing.moments(inputs)

    @cached_property
    def worse(self) -> Array:
        """By how much each value is surely worse than the best one, on the warped scale; at most 0 is as good.

        The spread of trees is not a belief about the mean and knows no covariance: by it no value is told from another.
        """
        if self.averages is None:
            return np.where(self.allowed, 0.0, np.inf)
        if not self.allowed.any():
            return np.full(len(self.mean), np.inf)
        best = int(np.argmin(np.where(self.allowed, self.mean, np.inf)))
        surely = self.mean - self.mean[best] - ONE_SIDED * self.averages.deviation_from(best)
        surely[best] = min(surely[best], 0.0)
        return np.where(self.allowed, surely, np.inf)

    def _differences(self) -> tuple[Numbers, Numbers]:
        """Return the ends of 95 % of the difference of each value from the best one, whose mean is taken for known."""
        if self.averages is None:
            return (), ()
        best = int(np.argmin(np.where(self.allowed, self.mean, np.inf)))
        spread, unit = TWO_SIDED * self.averages.deviation_from(best), self.fitted.unit
        (least,) = unit(self.mean[[best]])
        return numbers(unit(self.mean - spread) - least), numbers(unit(self.mean + spread) - least)

    def _stretches(self, axis: Axis, values: tuple[Value, ...]) -> tuple[tuple[float | None, float | None], ...]:
        """Return the ends of each run of values that are as good as the best, None at an end of what rules allow."""
        possible = np.flatnonzero(self.allowed)
        good = np.flatnonzero(self.worse[possible] <= 0)
        found: list[tuple[float | None, float | None]] = []
        for run in np.split(good, np.flatnonzero(np.diff(good) > 1) + 1) if len(good) else ():
            first, last = int(run[0]), int(run[-1])
            found.append(
                (
                    None if first == 0 else self._end(axis, values, possible[first], possible[first - 1]),
                    None if last == len(possible) - 1 else self._end(axis, values, possible[last], possible[last + 1]),
                )
            )
        return tuple(found)

    def _end(self, axis: Axis, values: tuple[Value, ...], inside: int, outside: int) -> float:
        """Return where being as good ends between two neighbouring values; of whole numbers and steps the inner one."""
        beyond = self.worse[outside]
        if not isinstance(axis.given, FloatRange) or axis.levels is not None or not np.isfinite(beyond):
            return float(values[inside])
        share = -self.worse[inside] / (beyond - self.worse[inside])
        ends = units_of(axis, (values[inside], values[outside]))
        return float(axis.value(float(ends[0] + share * (ends[1] - ends[0]))))

    def _share_as_good(self) -> float:
        """Return the share of the values that rules allow which is as good as the best."""
        return float((self.worse <= 0)[self.allowed].mean()) if self.allowed.any() else 1.0

    def _covered(
        self, axis: Axis, values: tuple[Value, ...], stretches: Sequence[tuple[float | None, float | None]]
    ) -> float:
        """Return the share that is as good of what rules allow of the axis; of levels by their number."""
        if not np.any(self.worse <= 0):
            return 1.0
        if (axis.count and len(values) == axis.count) or not self.allowed.all():
            return self._share_as_good()
        return sum(
            (1.0 if to is None else _unit(axis, to, values)) - (0.0 if from_ is None else _unit(axis, from_, values))
            for from_, to in stretches
        )


def _unit(axis: Axis, number: float, values: tuple[Value, ...]) -> float:
    """Return the coordinate of a number, of levels that of the nearest one among the values."""
    value = number if axis.levels is None else min(values, key=lambda value: abs(float(value) - number))
    return float(units_of(axis, (value,))[0])


def _line(fitted: Fitted, inputs: Array, weights: Array, allowed: Bools, *, many: bool) -> _Line:
    """Return the belief about the weighted means of inputs (values × points × columns); `many`: of fewer trials."""
    belief = fitted.few_told if many else fitted.told
    if isinstance(belief, Posterior):
        averages = belief.averages(weights, inputs)
        return _Line(fitted, averages.mean, averages.deviation, allowed, averages)
    mean, spread = belief.moments(inputs.reshape(-1, inputs.shape[-1]))
    shape = weights.shape
    means = [(part.reshape(shape) * weights).sum(axis=1) for part in (mean, spread)]
    return _Line(fitted, means[0], means[1], allowed, None)
