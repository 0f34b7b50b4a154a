"""Why a study that is resumed cannot go on identically, in words."""

from collections.abc import Iterator

from core.formatting import in_short
from core.progress import StudyProgress

_MAX_LABEL_LENGTH = 60


ORDER_LOST = "The study cannot go on identically: its class “"
RECURRENT_DROPOUT = (
    "The study may not go on identically: its model has recurrent layers with dropout, and until now the random "
    "numbers of a trial depended on which trials the same process had trained before. Trials before and after this may "
    "differ by that."
)


def other_threads_in_words(recorded: int, threads: int) -> str:
    """Return the sentence on a process that computes on another number of threads than the study's."""
    began = f"{recorded} thread{'' if recorded == 1 else 's'}"
    return (
        f"The study may not go on identically: it began with {began} of TensorFlow, and this process, which cannot "
        f"change that any more, has {threads}: convolutions then add up in another order. Started anew, Afina goes on "
        "with the study's number."
    )


def order_lost_in_words(label: str) -> str:
    """Return the sentences on a class that had no place in the order of classes of an earlier Afina."""
    return (
        f"{ORDER_LOST}{in_short(label, _MAX_LABEL_LENGTH)}” reads as a number "
        "without a value, so until now the classes stood in another order in each process. From here on they have one "
        "order, numbers before texts; trials before and after this cannot be compared."
    )


def caveats_in_words(progress: StudyProgress) -> Iterator[str]:
    """Yield a sentence on each time when the study could not go on identically: "Resumed after trial 3: …"."""
    for trial, caveat in progress.caveats:
        yield f"Resumed after trial {trial}: {caveat[:1].lower()}{caveat[1:]}"
