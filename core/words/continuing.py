"""Why a study that is resumed cannot go on identically, in words."""

from collections.abc import Iterator

from core.formatting import in_short
from core.progress import StudyProgress

_MAX_LABEL_LENGTH = 60


def order_lost_in_words(label: str) -> str:
    """Return the sentences on a class that had no place in the order of classes of an earlier Afina."""
    return (
        f"The study cannot go on identically: its class “{in_short(label, _MAX_LABEL_LENGTH)}” reads as a number "
        "without a value, so until now the classes stood in another order in each process. From here on they have one "
        "order, numbers before texts; trials before and after this cannot be compared."
    )


def caveats_in_words(progress: StudyProgress) -> Iterator[str]:
    """Yield a sentence on each time when the study could not go on identically: "Resumed after trial 3: …"."""
    for trial, caveat in progress.caveats:
        yield f"Resumed after trial {trial}: {caveat[:1].lower()}{caveat[1:]}"
