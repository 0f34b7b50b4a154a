"""How far the belief can be trusted, in sentences: rich text, a paragraph each, or plain for those who listen."""

from core.analysis.answers import BeliefAnswer, TrustAnswer
from core.analysis.findings.explains_little import LITTLE, is_doubted, is_trusted
from core.analysis.when import trust_from
from core.progress import StudyProgress
from core.words.believed import ALMOST_ALL, explained_share, scatter_in_words
from core.words.too_few import is_over, what_is_missing


def as_told(answer: BeliefAnswer | None, trust: TrustAnswer | None) -> BeliefAnswer | None:
    """Return the belief as it may be told of ranges: one that may explain nothing tells no value from another."""
    return answer if answer is None or is_trusted(trust) else answer.untold


def trust_in_words(progress: StudyProgress, trust: TrustAnswer, noise: float | None) -> tuple[str, ...]:
    """Return what the belief explains, how many results lie where they were predicted, and what one training scatters.

    `noise` is the deviation of one training, None where it is unknown.
    """
    interval = f"(90 %: {_ends(trust.r2_low, trust.r2_high)})"
    if is_doubted(trust):
        little = "It explains little" if not trust.r2 >= LITTLE else "It may explain nothing"
        first = (
            f"<b>{little} so far</b>: leave-one-out R² <b>{_share(trust.r2)}</b> {interval}. "
            "More trials, or repeats against the noise, would help."
        )
    else:
        first = (
            f"<b>It explains {explained_share(trust.r2)} %</b> of what differs between trials that it was not told of: "
            f"leave-one-out R² <b>{_share(trust.r2)}</b> {interval}."
        )
    scatter = scatter_in_words(progress, noise)
    return tuple(filter(None, (first, _inside(trust), f"One {scatter}." if scatter else "")))


def _inside(trust: TrustAnswer) -> str:
    lie = "lies" if trust.inside == 1 else "lie"
    return f"{trust.inside:,} of {len(trust.trials):,} results {lie} in the 95 % predicted without them."


def _share(share: float) -> str:
    return "over 0.99" if ALMOST_ALL <= share < 1 else f"{round(share, 2) + 0.0:.2f}".replace("-", "−")


def _ends(low: float, high: float) -> str:
    return _share(low) if low >= ALMOST_ALL and low < 1 else f"{_share(low)} to {_share(high)}"


def trust_read_out(progress: StudyProgress, trust: TrustAnswer, noise: float | None) -> str:
    """Return the same in plain words."""
    said = " ".join(trust_in_words(progress, trust, noise))
    return said.replace("<b>", "").replace("</b>", "").replace(" %", " percent").replace("R²", "R squared")


def no_trust_yet(progress: StudyProgress, results: int) -> str:
    """Return what stands in the place of the plot before anything can be judged, after so many results."""
    first = trust_from(len(progress.settings.varied))
    if results >= first:
        return "Each result is being predicted from the others."
    if is_over(progress, results):
        return what_is_missing(progress, first, results)
    how = "each result is predicted from the others, and this place says how well"
    return f"From trial {first} on, {how}."
