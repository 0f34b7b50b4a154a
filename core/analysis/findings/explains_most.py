"""The finding that one parameter explains more than any other, or that only one can be told to matter."""

from collections.abc import Iterable, Sequence

import msgspec

from core.analysis.answers import ImportanceAnswer, Share
from core.analysis.findings.finding import Badge, Facts, Finding, Known

PROBABLY, SURELY = 0.7, 0.95
"""In which share of the resamples a parameter is the first where it probably explains most, and where it does."""
NOTHING = 0.02
"""A share whose interval begins below this cannot be told from nothing."""
RESAMPLES = 20
"""Of fewer resamples nothing is told."""


class ExplainsMost(Facts, frozen=True):
    """The share of a parameter with its 90 % interval, and of the next one that can be told from nothing, if any.

    `first` is the share of the resamples in which it is the first. `is_most` is whether it can be told that it explains
    most; if not, it is the only one that can be told from nothing. `trials` is the number of results, `held` that of
    those that it is computed from.
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
    is_most: bool = True
    held: int = 0

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


def is_first(shares: Sequence[Share]) -> bool:
    """Return whether the first of these shares, the largest, can be told to be the largest.

    It can be told from nothing, and its interval and those of all others are apart.
    """
    most, *others = shares
    return most.low >= NOTHING and all(other.high < most.low for other in others)


def explains_most(known: Known) -> Iterable[Finding]:
    """Yield it if a parameter, of several, is the first in most of the resamples, and not by chance.

    Where it cannot be told which of several explains most, nothing is told.
    """
    importance = known.importance
    if importance is None or not is_settled(importance) or len(importance.shares) < 2:
        return
    most, *others = importance.shares
    told = [other for other in others if other.low >= NOTHING]
    if most.first < PROBABLY or most.low < NOTHING or (told and not is_first(importance.shares)):
        return
    facts = ExplainsMost(
        most.parameter,
        most.total,
        most.low,
        most.high,
        most.first,
        importance.trials,
        is_most=is_first(importance.shares),
        held=importance.held,
    )
    if told:
        behind = told[0]
        facts = msgspec.structs.replace(
            facts, next=behind.parameter, next_share=behind.total, next_low=behind.low, next_high=behind.high
        )
    yield Finding("explains_most", Badge.KNOW, facts)
