"""All trials in words: what the brushes leave, what is drawn one by one, and what those hear who cannot see it."""

from core.formatting import counted, format_number
from core.progress import StudyProgress

PARALLEL_HELP = (
    "A line is a trial: it goes through its result, whose axis has the colours, and through the value of each "
    "parameter, those first that matter most. Drag along an axis, or click on one of its lanes, to leave only the "
    "trials that go through there; a double-click takes that back."
)
OVER_HELP = (
    "Every result over each parameter as it was observed: the other parameters were as they were, so what looks like "
    "an effect can be another's. Brushed trials keep their colour."
)


def no_trials(progress: StudyProgress) -> str:
    """Return why no trial is drawn."""
    if progress.finished:
        return "No trial has a result yet, and failed and skipped trials are hidden."
    return "The first trial appears here when it has ended."


def brushed_in_words(
    total: int, brushed: int | None, median: float | None, median_of_all: float | None, best: int | None
) -> str:
    """Return "brushed: 20 of 60, median 14.05 (all: 15.31)", or what is drawn without a brush.

    `best` is how many of the best are drawn one by one, None where all are. A median is None without any result.
    """
    if brushed is None:
        if best is None:
            return f"{counted(total, 'trial')}; drag along an axis to brush"
        return f"{counted(total, 'trial')} as a shade, the best {best:,} as lines; none brushed"
    medians = ""
    if median is not None and median_of_all is not None:
        medians = f", median {format_number(median)} (all: {format_number(median_of_all)})"
    single = "" if best is None else f"; the best {best:,} of them as lines"
    return f"brushed: {brushed:,} of {total:,}{medians}{single}"


def over_in_words(panels: int, parameters: int, *, sorted_: bool, brushed: bool, best: int | None) -> str:
    """Return what is drawn over the parameters: "as observed, the others as they were; brushed trials in colour".

    `sorted_` is whether it is known which parameters matter most.
    """
    which = f"the {panels} that matter most" if sorted_ else f"the first {panels}"
    some = f"{which} of {parameters}; " if panels < parameters else ""
    if best is not None:
        whose = "the best of those brushed" if brushed else f"the best {best:,}"
        return f"{some}{whose} as points, the others as a shade"
    colour = "; brushed trials in colour" if brushed else ""
    return f"{some}as observed, the others as they were{colour}"


def colours_of_trials(first: int, last: int) -> tuple[str, str]:
    """Return what the strongest colour and the weakest stand for, where colours show when a trial began."""
    return f"trial {last}, the latest", f"trial {first}"


COLOURS_OF_ORIGINS = "chosen by the surrogate", "spread, random or of the grid"
"""The same where they show who chose a point."""


def parallel_read_out(
    objective: str, axes: list[str], total: int, without: tuple[int, int], best: str, brushed: str
) -> str:
    """Return what parallel axes show; `without` are the numbers of failed and of skipped trials that are drawn."""
    failed, skipped = without
    more = [f"{failed:,} failed"] if failed else []
    more += [f"{skipped:,} skipped"] if skipped else []
    among = f", {' and '.join(more)} among them" if more else ""
    left = f" {brushed[:1].upper()}{brushed[1:]}." if brushed.startswith("brushed") else ""
    return f"{counted(total, 'trial')} as lines through {objective} and {', '.join(axes)}{among}. {best}.{left}"


def over_read_out(objective: str, panels: list[str], best: str) -> str:
    """Return what the panels show."""
    return f"{objective[:1].upper()}{objective[1:]} over {', '.join(panels)}, a point for each trial. {best}."


def brushed_of(brushed: int, ended: int) -> str:
    """Return "12 of 60 trials are brushed"."""
    return f"{brushed:,} of {counted(ended, 'trial')} {'is' if ended == 1 else 'are'} brushed"
