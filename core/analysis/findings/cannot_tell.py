"""The finding that nothing can be told yet, or that many trials cannot be told from the best one as believed."""

from collections.abc import Iterable

from core.analysis.findings.explains_little import is_doubted
from core.analysis.findings.finding import Badge, Facts, Finding, Known
from core.analysis.when import results

_LEAST, _SHARE = 3, 0.2
"""So many trials are worth pointing out, at least, and such a share of all results."""


class CannotTell(Facts, frozen=True):
    """That `alike` of so many `results` cannot be told from that of `trial`, the best as believed, which is among them.

    `told` is the number of parameters of which can be told where the best is; `scatter` is the deviation of one
    training, None where it is unknown.
    """

    trial: int
    alike: int
    results: int
    told: int
    scatter: float | None


def cannot_tell(known: Known) -> Iterable[Finding]:
    """Yield it if no value can be told from another, or the belief explains nothing, or many trials are alike."""
    belief = known.belief
    if belief is None or not belief.as_good:
        return
    shown = results(known.progress)
    told, alike = 0 if is_doubted(known.trust) else sum(one.told for one in belief.slices), len(belief.as_good)
    if not told or (alike >= _LEAST and alike >= _SHARE * len(shown)):
        facts = CannotTell(belief.lowest_trial, alike, len(shown), told, belief.noise)
        yield Finding("cannot_tell", Badge.KNOW, facts)
