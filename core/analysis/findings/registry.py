"""All kinds of findings, a line each, and the findings about a study in the order in which they are told."""

from collections.abc import Callable, Iterable

from core.analysis.findings.cannot_tell import cannot_tell
from core.analysis.findings.explains_little import explains_little
from core.analysis.findings.explains_most import explains_most
from core.analysis.findings.finding import Badge, Finding, Known
from core.analysis.findings.range_edge import range_edges

KINDS: tuple[Callable[[Known], Iterable[Finding]], ...] = (
    range_edges,
    explains_most,
    cannot_tell,
    explains_little,
)
"""The kinds, in the order in which they are told within a badge; each returns its findings, none where it has none."""


def findings(known: Known) -> tuple[Finding, ...]:
    """Return all findings, first those with something to do."""
    found = (finding for kind in KINDS for finding in kind(known))
    return tuple(sorted(found, key=lambda finding: list(Badge).index(finding.badge)))
