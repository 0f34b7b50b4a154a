"""The finding that the belief explains little of what it was not told of."""

from collections.abc import Iterable

from core.analysis.answers import TrustAnswer
from core.analysis.findings.finding import Badge, Facts, Finding, Known

LITTLE = 0.2
"""Below this R² the belief explains little."""


def is_trusted(trust: TrustAnswer | None) -> bool:
    """Return whether the belief is known to explain something: its R² is not little, nor may it be nothing."""
    return trust is not None and trust.r2 >= LITTLE and trust.r2_low > 0


def is_doubted(trust: TrustAnswer | None) -> bool:
    """Return whether it is known that the belief explains little, or may explain nothing."""
    return trust is not None and not is_trusted(trust)


class ExplainsLittle(Facts, frozen=True):
    """The share explained of so many results that were left out one by one, with its 90 % interval."""

    r2: float
    low: float
    high: float
    trials: int


def explains_little(known: Known) -> Iterable[Finding]:
    """Yield it if the belief explains little, or may explain nothing."""
    trust = known.trust
    if trust is not None and is_doubted(trust):
        facts = ExplainsLittle(trust.r2, trust.r2_low, trust.r2_high, len(trust.trials))
        yield Finding("explains_little", Badge.KNOW, facts)
