"""The answers of the analysis: plain structs that can go through a pipe.

All results, means and bounds are costs, in the objective's own unit: lower is better, as the search is told them. Who
shows them turns them round for a maximised metric (`ObjectiveSettings.cost` is its own inverse), and takes `low` for
`high` then. Tuples of one field have one number per entry of the field that says for what.
"""

from enum import StrEnum

import msgspec

from core.parameters import Value

Numbers = tuple[float, ...]


class Believer(StrEnum):
    """Who believes: the surrogate that proposes, or a Gaussian process that is fitted for looking only."""

    PROCESS = "process"
    TREES = "trees"
    ONLOOKER = "onlooker"


class Band(msgspec.Struct, frozen=True):
    """The belief about the mean, without noise, at some points: 95 % from `low` to `high`.

    One deviation is from `below` to `above`; the spread of trees has none, and these are empty.
    """

    mean: Numbers
    low: Numbers
    high: Numbers
    below: Numbers = ()
    above: Numbers = ()


class Estimate(msgspec.Struct, frozen=True):
    """The belief about the mean at one point: 95 % from `low` to `high`; `deviation` is half of ±1 deviation."""

    mean: float
    low: float
    high: float
    deviation: float


class Slice(msgspec.Struct, frozen=True):
    """The belief along one parameter, whose `values` are spread evenly over its axis, or are all that it has.

    `as_good` tells for each value whether it is as good as the best of the slice as far as can be told: the one-sided
    95 % bound of the difference includes 0. Trees know no such bound, so by them all are. `improvement` is the expected
    improvement as a share of that at the next point; empty where no belief stands behind that point. `nearness` is, per
    told trial, the kernel's correlation between its point and the point of the slice with its value: from 0, far off,
    to 1, on the slice. A parameter that does not apply where the slice is has no values. `told` is whether what is as
    good as the best covers less than 90 % of the axis, and `good_levels` the values that are so, of a choice, a
    boolean, or where there are at most 12. `covered` is the share of what rules allow of the axis that is as good; of
    numbers, `stretches` are the ends of each run of such values, None where it does not end before the axis.
    `worse_low` and `worse_high` are the ends of 95 % of the difference of each value from the best of the slice, in the
    unit, above 0 where it is worse; trees have none, and these are empty. `allowed` tells which values rules allow with
    the rest of the point, and is empty where all are; another value is as good as none.
    """

    parameter: str
    values: tuple[Value, ...]
    band: Band
    as_good: tuple[bool, ...]
    improvement: Numbers
    nearness: Numbers
    told: bool = False
    good_levels: tuple[Value, ...] = ()
    allowed: tuple[bool, ...] = ()
    covered: float = 1.0
    worse_low: Numbers = ()
    worse_high: Numbers = ()
    stretches: tuple[tuple[float | None, float | None], ...] = ()

    @property
    def from_(self) -> float | None:
        """Where what is as good as the best begins; None where that is not after the axis begins."""
        return self.stretches[0][0] if self.stretches else None

    @property
    def to(self) -> float | None:
        """Where what is as good as the best ends; None where that is not before the axis ends."""
        return self.stretches[-1][1] if self.stretches else None

    @property
    def lowest(self) -> int | None:
        """The place of the value with the lowest mean among those that rules allow; None if there is none."""
        places = [place for place in range(len(self.values)) if not self.allowed or self.allowed[place]]
        return min(places, key=lambda place: self.band.mean[place], default=None)

    @property
    def untold(self) -> "Slice":
        """The same slice where nothing is told of any value."""
        as_good = self.allowed or (True,) * len(self.values)
        levels = tuple(v for v, good in zip(self.values, as_good, strict=True) if good) if self.good_levels else ()
        return msgspec.structs.replace(self, as_good=as_good, told=False, stretches=(), covered=1.0, good_levels=levels)


class BeliefAnswer(msgspec.Struct, frozen=True, tag=True):
    """The belief along each parameter.

    `trials` are the numbers of the trials that the belief was told of, at most `MAX_HELD`, of `total`; `cut` is the
    cost from which on all count as equal, None where none is that bad. `through` is the point of the slices, which is
    that of the trial `through_trial`, if it is one's, and `here` the belief there; `lowest` is the belief at that told
    point where the mean is lowest, of trial `lowest_trial`. `next` is the point that the search would try next, None
    where none is left, and `next_improvement` the improvement to be expected there, in the objective's unit; `spread`
    is whether that point comes from the initial design, so no belief stands behind it. `next_trial` is the number of
    the trial that has it, if that was interrupted and runs again before the search proposes another. `noise` is the
    scatter of one training at `lowest`, in the unit. `averaged` tells that all other parameters are averaged over.
    `as_good` are the trials with a result of which it cannot be told that their mean is above the lowest, by the
    one-sided 95 % bound of the difference; that of the lowest is among them. Trees tell none. `held` is the number of
    results that the slices are drawn from, of `results`: means over the other parameters are of fewer than slices
    through a point.
    """

    believer: Believer
    trials: tuple[int, ...]
    total: int
    cut: float | None
    through: dict[str, Value]
    through_trial: int | None
    here: Estimate | None
    lowest: Estimate
    lowest_trial: int
    next: dict[str, Value] | None
    next_improvement: float | None
    spread: bool
    noise: float | None
    slices: tuple[Slice, ...]
    averaged: bool = False
    as_good: tuple[int, ...] = ()
    held: int = 0
    results: int = 0
    next_trial: int | None = None

    @property
    def untold(self) -> "BeliefAnswer":
        """The same belief where it is not trusted: any value that rules allow may be as good as the best."""
        return msgspec.structs.replace(self, slices=tuple(one.untold for one in self.slices))


class MapAnswer(msgspec.Struct, frozen=True, tag=True):
    """The belief over two parameters: each grid has one row per value of `up`, with one number per value of `across`.

    `improvement` is a share of that at the next point, and empty where no belief stands behind that. `allowed` is
    false where rules or conditions exclude the point. `held` is the number of results that the map is drawn from, of
    `results`.
    """

    across: str
    up: str
    across_values: tuple[Value, ...]
    up_values: tuple[Value, ...]
    mean: tuple[Numbers, ...]
    deviation: tuple[Numbers, ...]
    improvement: tuple[Numbers, ...]
    allowed: tuple[tuple[bool, ...], ...]
    held: int = 0
    results: int = 0


class TrustAnswer(msgspec.Struct, frozen=True, tag=True):
    """Each result beside its prediction without it, noise included: 95 % from `low` to `high`.

    `scale_observed`, `scale_predicted`, `scale_low` and `scale_high` are the same on the search's own, warped scale,
    on which `r2` is computed, with its 90 % interval. `inside` of the results lie in their 95 %.
    """

    trials: tuple[int, ...]
    observed: Numbers
    predicted: Numbers
    low: Numbers
    high: Numbers
    scale_observed: Numbers
    scale_predicted: Numbers
    scale_low: Numbers
    scale_high: Numbers
    r2: float
    r2_low: float
    r2_high: float
    inside: int


class Share(msgspec.Struct, frozen=True):
    """The share of the variance over the ranges that a parameter explains: with the others, and alone.

    `low` and `high` are the 90 % interval of `total`. `first` is the share of the resamples in which it is the first.
    """

    parameter: str
    total: float
    low: float
    high: float
    alone: float
    first: float


class Pair(msgspec.Struct, frozen=True):
    """The share of the variance that two parameters explain only together, with its 90 % interval."""

    parameters: tuple[str, str]
    share: float
    low: float
    high: float


class ImportanceAnswer(msgspec.Struct, frozen=True, tag=True):
    """How much of the differences over the ranges each parameter explains, the largest first.

    `trials` is the number of all results; `held` is the number of those that it is computed from.
    `resamples` is 0 while the intervals are still to come: they are then from 0 to 1.
    """

    shares: tuple[Share, ...]
    pairs: tuple[Pair, ...]
    trials: int
    resamples: int
    held: int = 0


class Unanswerable(msgspec.Struct, frozen=True, tag=True):
    """There is no answer; `reason` is a sentence for the user."""

    reason: str


Answer = BeliefAnswer | MapAnswer | TrustAnswer | ImportanceAnswer | Unanswerable
