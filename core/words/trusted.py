"""How far the belief can be trusted, in sentences: rich text, a paragraph each, or plain for those who listen."""

from core.analysis.answers import TrustAnswer
from core.analysis.findings.explains_little import LITTLE
from core.analysis.when import trust_from
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.believed import scatter_in_words


def explains_little(trust: TrustAnswer | None) -> bool:
    """Return whether the belief is known to explain little."""
    return trust is not None and not trust.r2 >= LITTLE


def trust_in_words(progress: StudyProgress, trust: TrustAnswer, noise: float | None) -> tuple[str, ...]:
    """Return what the belief explains, how many results lie where they were predicted, and what one training scatters.

    `noise` is the deviation of one training, None where it is unknown.
    """
    interval = f"(90 %: {_share(trust.r2_low)} to {_share(trust.r2_high)})"
    if explains_little(trust):
        first = (
            f"<b>It explains little so far</b>: leave-one-out R² <b>{_share(trust.r2)}</b> {interval}. "
            "More trials, or repeats against the noise, would help."
        )
    else:
        first = (
            f"<b>It explains {round(100 * trust.r2)} %</b> of what differs between trials that it was not told of: "
            f"leave-one-out R² <b>{_share(trust.r2)}</b> {interval}."
        )
    scatter = scatter_in_words(progress, noise)
    return tuple(filter(None, (first, _inside(trust), f"One {scatter}." if scatter else "")))


def _inside(trust: TrustAnswer) -> str:
    lie = "lies" if trust.inside == 1 else "lie"
    return f"{trust.inside:,} of {len(trust.trials):,} results {lie} in the 95 % predicted without them."


def _share(share: float) -> str:
    return f"{share:.2f}".replace("-", "−")


def trust_read_out(progress: StudyProgress, trust: TrustAnswer, noise: float | None) -> str:
    """Return the same in plain words."""
    said = " ".join(trust_in_words(progress, trust, noise))
    return said.replace("<b>", "").replace("</b>", "").replace(" %", " percent").replace("R²", "R squared")


def no_trust_yet(settings: StudySettings, results: int) -> str:
    """Return what stands in the place of the plot before anything can be judged, after so many results."""
    first = trust_from(len(settings.varied))
    if results >= first:
        return "Each result is being predicted from the others."
    how = "each result is predicted from the others, and this place says how well"
    return f"From trial {first} on, {how}."
