"""The finding that the best lies at an end of a parameter's range, so that beyond it may be better."""

from collections.abc import Iterable, Sequence

from core.analysis.answers import BeliefAnswer, Slice
from core.analysis.findings.explains_little import is_trusted
from core.analysis.findings.finding import Badge, Facts, Finding, Known, Widened
from core.analysis.findings.widening import widened
from core.axis import Axis
from core.errors import InvalidSetting
from core.progress import StudyProgress
from core.ranges import FloatRange, IntegerRange
from core.search.proposal import PointOrigin

_COVERED = 0.6
"""Of the axis, less than this share must be as good as the best."""
_NEAR = 0.95
"""A trial lies at the upper end from this share of the axis on."""


class RangeEdge(Facts, frozen=True):
    """Where the mean is best: at the end `at` of the range from `low` to `high`, its `upper` one or not.

    `believed` is the mean there, through `trial`, the best observed one; `other_believed` that at `other`, a value that
    is surely worse; `better` is by how much the end is better, with its 95 % interval. No value beyond `good_to`, seen
    from the end, is as good. `near` of the `chosen` trials that the surrogate proposed lie at the end.
    """

    parameter: str
    upper: bool
    low: float
    high: float
    at: float
    trial: int
    believed: float
    other: float
    other_believed: float
    better: float
    better_low: float
    better_high: float
    good_to: float
    near: int
    chosen: int

    @property
    def subject(self) -> str:
        return f"{self.parameter}:{'upper' if self.upper else 'lower'}"


def range_edges(known: Known) -> Iterable[Finding]:
    """Yield one for each range of numbers at whose end the best lies and that could be wider there.

    Of a belief that may explain nothing, none is told.
    """
    belief = known.belief
    if belief is None or belief.averaged or belief.through_trial is None or not is_trusted(known.trust):
        return
    for one in belief.slices:
        given = known.progress.settings.varied.get(one.parameter)
        if not isinstance(given, FloatRange | IntegerRange) or not _is_at_an_end(one):
            continue
        change, other = _change(known.progress, one, given), _worse(one)
        if change is not None and other is not None:
            yield Finding("range_edge", Badge.ACT, _facts(known.progress, belief, one, other, given), change)


def _is_at_an_end(one: Slice) -> bool:
    """Return whether the mean is lowest at an end, and what is as good reaches from there over a part of the axis."""
    if not any(one.as_good) or not one.worse_low or one.covered >= _COVERED or all(one.as_good):
        return False
    best = one.lowest
    good = [place for place, is_good in enumerate(one.as_good) if is_good]
    return best in (good[0], good[-1]) and best in (0, len(one.values) - 1) and good[-1] - good[0] == len(good) - 1


def _change(progress: StudyProgress, one: Slice, given: FloatRange | IntegerRange) -> Widened | None:
    """Return the wider range; None if the parameter, or the settings in force with it, cannot have one."""
    parameter = next(each for each in progress.settings.family.parameters if each.name == one.parameter)
    change = widened(parameter, given, upper=one.lowest != 0)
    try:
        if change is not None:
            change.applied(progress.settings_in_force)
    except InvalidSetting:
        return None
    return change


def _facts(
    progress: StudyProgress, belief: BeliefAnswer, one: Slice, other: int, given: FloatRange | IntegerRange
) -> RangeEdge:
    best, cost = one.lowest, progress.objective.cost
    assert best is not None
    assert belief.through_trial is not None
    upper = best > 0
    good = [place for place, is_good in enumerate(one.as_good) if is_good]
    last = good[0] if upper else good[-1]
    ends = one.to if not upper else one.from_
    near, chosen = _near_the_end(progress, one.parameter, given, belief.trials, upper=upper)
    return RangeEdge(
        parameter=one.parameter,
        upper=upper,
        low=given.low,
        high=given.high,
        at=_number(one.values[best]),
        trial=belief.through_trial,
        believed=cost(one.band.mean[best]),
        other=_number(one.values[other]),
        other_believed=cost(one.band.mean[other]),
        better=one.band.mean[other] - one.band.mean[best],
        better_low=one.worse_low[other],
        better_high=one.worse_high[other],
        good_to=_number(one.values[last]) if ends is None or isinstance(given, IntegerRange) else ends,
        near=near,
        chosen=chosen,
    )


def _worse(one: Slice) -> int | None:
    """Return the place of a value to compare the end with: the middle of all those that are worse.

    If that one's interval holds no difference, it is the one that is most surely worse; None if that is not sure.
    """
    good = [place for place, is_good in enumerate(one.as_good) if is_good]
    beyond = range(good[0]) if one.lowest != 0 else range(good[-1] + 1, len(one.values))
    worse = [place for place in beyond if not one.allowed or one.allowed[place]]
    if not worse:
        return None
    middle = worse[len(worse) // 2]
    surest = max(worse, key=lambda place: one.worse_low[place])
    return next((place for place in (middle, surest) if one.worse_low[place] > 0), None)


def _near_the_end(
    progress: StudyProgress, name: str, given: FloatRange | IntegerRange, told: Sequence[int], *, upper: bool
) -> tuple[int, int]:
    """Return how many of the trials that the surrogate proposed lie at the end, and how many it proposed."""
    axis = Axis(given)
    proposed = (progress.trials[number] for number in told if number in progress.trials)
    values = [trial.values.get(name) for trial in proposed if trial.origin is PointOrigin.MODEL]
    shares = [_share(axis, float(value)) for value in values if isinstance(value, int | float)]
    at_end = [share >= _NEAR if upper else share <= 1 - _NEAR for share in shares]
    return sum(at_end), len(at_end)


def _share(axis: Axis, number: float) -> float:
    """Return the position of a number on the axis, from 0 to 1; of levels by their places."""
    if axis.levels is None:
        return float(axis.share(number))
    place = min(range(axis.count), key=lambda place: abs(float((axis.levels or ())[place]) - number))
    return float(axis.share(place))


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value
