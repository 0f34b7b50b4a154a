"""The axis of objectives on the pages of what the search believes: in their own unit, up to what counts as bad."""

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import numpy as np

from core.figures.arrays import Flags, Floats
from core.figures.round_numbers import Ticks, round_factors, round_numbers, spaced, written_apart
from core.figures.view import ScaleChoice
from core.formatting import format_number
from core.settings import StudySettings
from core.words.bounds import bounds_of
from core.words.value_axes import names_of_objective

_LOG_FROM = 2.0
"""An axis is logarithmic by itself when its worst value is more than so many times its best."""
_ROOM = 0.06
"""Room beyond the best value, as a share of the axis."""
_MOST_BEYOND = 0.3
"""How far a belief beyond the best observed value makes the axis longer, as a share of the axis without."""
_ROOM_WITHOUT_CUT = 0.04
"""Room beyond the worst value, where nothing is cut off."""


class Stretch(StrEnum):
    """How an axis of objectives is divided; `TO_ONE` is the logarithm of the distance to 1."""

    LINEAR = "linear"
    LOG = "log"
    TO_ONE = "log of the distance to 1"


@dataclass(frozen=True)
class ObjectiveScale:
    """An axis from `low` to `high`, which are values; places on it are from 0, at the bottom, to 1.

    `cut` is the value from which on the search takes all for equally bad: the axis ends there, and a lane beyond it
    holds what is worse. None where nothing is that bad. `can_stretch` is whether it could be logarithmic. `names` are
    the names of the axis, the longest first.
    """

    low: float
    high: float
    stretch: Stretch
    higher_is_better: bool = False
    cut: float | None = None
    can_stretch: bool = False
    names: tuple[str, ...] = ("Objective",)
    arrow: str = "↓"

    @cached_property
    def _ends(self) -> tuple[float, float]:
        low, high = self._stretched(np.array([self.low, self.high])).tolist()
        return low, high

    @property
    def is_log(self) -> bool:
        """Whether the axis is not linear."""
        return self.stretch is not Stretch.LINEAR

    @property
    def cut_label(self) -> str:
        """What stands at the lane: "≥ 25.1"; empty where nothing is cut off."""
        if self.cut is None:
            return ""
        return f"{'≤' if self.higher_is_better else '≥'} {format_number(self.cut, 3)}"

    def places(self, values: Floats) -> Floats:
        """Return the places of values; those beyond an end are there, NaN stays NaN."""
        low, high = self._ends
        return np.clip((self._stretched(np.asarray(values, float)) - low) / (high - low), 0.0, 1.0)

    def place(self, value: float) -> float:
        """Return the place of one value."""
        return float(self.places(np.array([value]))[0])

    def is_beyond(self, values: Floats) -> Flags:
        """Tell which values are as bad as the cut, or worse."""
        values = np.asarray(values, float)
        if self.cut is None:
            return np.zeros(values.shape, bool)
        near = 1e-6 * abs(self.high - self.low)  # the cut is computed from costs, results may be single-precision
        beyond: Flags = values <= self.cut + near if self.higher_is_better else values >= self.cut - near
        return beyond

    def values(self, places: Floats) -> Floats:
        """Return the values at places."""
        low, high = self._ends
        at = low + np.asarray(places, float) * (high - low)
        match self.stretch:
            case Stretch.LINEAR:
                return at
            case Stretch.LOG:
                with np.errstate(over="ignore"):
                    return np.asarray(10.0**at)
            case Stretch.TO_ONE:
                return np.asarray(1 - 10.0**-at)

    def ticks(self, pixels: float, apart: float = 26.0) -> Ticks:
        """Return the ticks of an axis of that length, with labels at least `apart` pixels from each other."""
        share, most = apart / max(pixels, 1.0), max(2, int(pixels / (1.4 * apart)))
        low, high = self._ends
        match self.stretch:
            case Stretch.LINEAR:
                numbers = round_numbers(self.low, self.high, most)
                marks = list(zip(numbers, written_apart(numbers), strict=True))
            case Stretch.LOG:
                numbers = round_factors(_power(low), _power(high))
                marks = [(number, format_number(number, 3)) for number in numbers]
            case Stretch.TO_ONE:
                marks = [
                    (1 - number, _near_one(number)) for number in round_factors(_power(-high), _power(-low), few=True)
                ]
        return spaced(sorted((self.place(value), text) for value, text in marks), share)

    def _stretched(self, values: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            match self.stretch:
                case Stretch.LINEAR:
                    return values
                case Stretch.LOG:
                    return np.where(values > 0, np.log10(np.maximum(values, 0)), _with_nan(values, -np.inf))
                case Stretch.TO_ONE:
                    return np.where(values < 1, -np.log10(np.maximum(1 - values, 0)), _with_nan(values, np.inf))


def _power(exponent: float) -> float:
    """Return a power of ten; infinity where no float is so large."""
    return float(10.0**exponent) if exponent < sys.float_info.max_10_exp else math.inf


def scale_of(
    settings: StudySettings,
    observed: Iterable[float],
    believed: Iterable[float] = (),
    cut: float | None = None,
    choice: ScaleChoice = ScaleChoice.AUTOMATIC,
) -> ObjectiveScale:
    """Return the axis for these observed objectives and believed values, all in the objective's own unit.

    It is logarithmic by itself where all is above 0 and the worst shown is more than twice the best; of a metric that
    is at most 1 and is to be high, the distances to 1 count.
    """
    objective = settings.objective
    higher = objective.higher_is_better
    known = np.array([value for value in observed if math.isfinite(value)])
    if cut is not None:
        known = known[known >= cut] if higher else known[known <= cut]
        known = np.append(known, cut)
    if not len(known):
        known = np.array([0.0, 1.0])
    good, bad = (float(known.max()), float(known.min())) if higher else (float(known.min()), float(known.max()))
    bounded = higher and bounds_of(objective.quantity, settings)[1] == 1 and good <= 1
    stretch = _possible(good, bad, bounded=bounded)
    wanted = _wanted(good, bad, stretch, choice)
    better = max if higher else min
    limit = _beyond(good, bad, wanted, higher=higher)
    shown = (value if better(value, limit) == limit else limit for value in believed if _has_place(value, wanted))
    good = better([good, *shown])
    low, high = (bad, good) if higher else (good, bad)
    low, high = _with_room(low, high, wanted, higher=higher, cut=cut is not None)
    return ObjectiveScale(
        low,
        high,
        wanted,
        higher,
        cut,
        stretch is not None,
        names_of_objective(objective),
        objective.arrow,
    )


def _beyond(good: float, bad: float, stretch: Stretch, *, higher: bool) -> float:
    """Return the best value that is shown however good the belief is: so much beyond the best observed."""
    if good == bad:
        return good
    bare = ObjectiveScale(min(good, bad), max(good, bad), stretch, higher)
    return float(bare.values(np.array([1 + _MOST_BEYOND if higher else -_MOST_BEYOND]))[0])


def _possible(good: float, bad: float, *, bounded: bool) -> Stretch | None:
    """Return which stretch other than linear the values allow."""
    if bounded:
        return Stretch.TO_ONE if good < 1 else None
    return Stretch.LOG if min(good, bad) > 0 else None


def _wanted(good: float, bad: float, stretch: Stretch | None, choice: ScaleChoice) -> Stretch:
    if stretch is None or choice is ScaleChoice.LINEAR:
        return Stretch.LINEAR
    if choice is ScaleChoice.LOG:
        return stretch
    ratio = (1 - bad) / (1 - good) if stretch is Stretch.TO_ONE else max(good, bad) / min(good, bad)
    return stretch if ratio > _LOG_FROM else Stretch.LINEAR


def _has_place(value: float, stretch: Stretch) -> bool:
    if not math.isfinite(value):
        return False
    return {Stretch.LINEAR: True, Stretch.LOG: value > 0, Stretch.TO_ONE: value < 1}[stretch]


def _with_room(low: float, high: float, stretch: Stretch, *, higher: bool, cut: bool) -> tuple[float, float]:
    """Return the ends with some room beyond the best value, and beyond the worst if nothing is cut off there."""
    beyond_good, beyond_bad = _ROOM, 0.0 if cut else _ROOM_WITHOUT_CUT
    if high <= low:
        spread = abs(high) / 10 or 1.0
        spread = min(spread, (1 - high) / 2) if stretch is Stretch.TO_ONE else spread
        return low - spread, high + spread
    below, above = (beyond_bad, beyond_good) if higher else (beyond_good, beyond_bad)
    bare = ObjectiveScale(low, high, stretch, higher)
    first, last = bare.values(np.array([-below, 1 + above])).tolist()
    return first, last


def _with_nan(values: Floats, otherwise: float) -> Floats:
    return np.where(np.isnan(values), np.nan, otherwise)


def _near_one(distance: float) -> str:
    """Write 1 minus a round distance, with the decimals that it needs."""
    decimals = max(0, -int(Decimal(f"{distance:.3g}").normalize().as_tuple().exponent))
    return f"{1 - distance:.{decimals}f}".replace("-", "−")
