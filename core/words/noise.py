"""How sure it is which trial is the best, in words: what is below the noise of training, and why."""

from collections.abc import Callable

from core.formatting import format_number, in_letters, listed
from core.noise import noise_of
from core.progress import StudyProgress

_NAMED = 3
"""As many trials that are as good are named; more are counted."""


def noise_in_words(
    progress: StudyProgress, written: Callable[[int], str] = str, word: str = "noise", *, brief: bool = False
) -> str:
    """Return "Differences below about 0.35 are noise: trials 6 and 20 are as good."; empty where nothing is known.

    `written` returns what is written for the number of a trial, such as a link; `word` is what is written for noise.
    In `brief`, it is not said which trials are as good.
    """
    noise = noise_of(progress)
    if noise is None:
        return ""
    said = f"Differences below about {format_number(noise.bound, digits=2)} are {word}"
    if brief:
        return f"{said}."
    match len(noise.as_good):
        case 0:
            others = "no other trial is as good"
        case 1:
            others = f"trial {written(*noise.as_good)} is as good"
        case count if count <= _NAMED:
            others = f"trials {listed(map(written, noise.as_good))} are as good"
        case count:
            others = f"{count:,} others are as good"
    return f"{said}: {others}."


def noise_explained(progress: StudyProgress) -> str:
    """Return sentences on what `noise_in_words` says: whence noise comes, how its size is known, how well, what to do.

    How well is measured by `tests.bench.noise`.
    """
    noise = noise_of(progress)
    if noise is None:
        return ""
    return (
        "Trained again with other seeds, the same settings give a slightly different number. "
        f"The {in_letters(progress.settings.data.repeats)} repeats of each trial show by how much: nine of ten such "
        f"differences are below about {format_number(noise.bound, digits=2)}. "
        "That is an estimate from few repeats: of 16 studies in which we checked it, it was about right in ten. "
        "What is closer cannot be told apart; more repeats (Validation) make it smaller."
    )
