"""The finding that one parameter explains most of the differences."""

from collections.abc import Iterable

from core.analysis.answers import ImportanceAnswer
from core.analysis.findings.finding import Badge, Facts, Finding, Known

PROBABLY, SURELY = 0.7, 0.95
"""In which share of the resamples a parameter is the first where it probably explains most, and where it does."""
NOTHING = 0.02
"""A share whose interval begins below this cannot be told from nothing."""
RESAMPLES = 20
"""Of fewer resamples nothing is told."""


class ExplainsMost(Facts, frozen=True):
    """The share of a parameter with its 90 % interval, and of the next one that can be told from nothing, if any.

    `first` is the share of the resamples in which it is the first.
    """

    parameter: str
    share: float
    low: float
    high: float
    first: float
    trials: int
    next: str | None = None
    next_share: float | None = None
    next_low: float | None = None
    next_high: float | None = None

    @property
    def subject(self) -> str:
        return self.parameter

    @property
    def is_sure(self) -> bool:
        """Whether it is told without "probably"."""
        return self.first >= SURELY


def is_settled(importance: ImportanceAnswer | None) -> bool:
    """Return whether the answer has intervals that something can be told from."""
    return importance is not None and importance.resamples >= RESAMPLES


def explains_most(known: Known) -> Iterable[Finding]:
    """Yield it if a parameter, of several, is the first in most of the resamples, and not by chance."""
    importance = known.importance
    if importance is None or not is_settled(importance) or len(importance.shares) < 2:
        return
    most, *others = importance.shares
    if most.first < PROBABLY or most.low < NOTHING:
        return
    behind = next((other for other in others if other.low >= NOTHING), None)
    facts = ExplainsMost(most.parameter, most.total, most.low, most.high, most.first, importance.trials)
    if behind is not None:
        facts = ExplainsMost(
            most.parameter,
            most.total,
            most.low,
            most.high,
            most.first,
            importance.trials,
            behind.parameter,
            behind.total,
            behind.low,
            behind.high,
        )
    yield Finding("explains_most", Badge.KNOW, facts)
