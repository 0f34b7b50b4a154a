"""The finding that the belief explains little of what it was not told of."""

from collections.abc import Iterable

from core.analysis.findings.finding import Badge, Facts, Finding, Known

LITTLE = 0.2
"""Below this R² the belief explains little."""


class ExplainsLittle(Facts, frozen=True):
    """The share explained of so many results that were left out one by one, with its 90 % interval."""

    r2: float
    low: float
    high: float
    trials: int


def explains_little(known: Known) -> Iterable[Finding]:
    """Yield it if the belief explains little."""
    trust = known.trust
    if trust is not None and not trust.r2 >= LITTLE:
        facts = ExplainsLittle(trust.r2, trust.r2_low, trust.r2_high, len(trust.trials))
        yield Finding("explains_little", Badge.KNOW, facts)
