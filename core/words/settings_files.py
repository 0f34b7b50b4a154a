"""What is in a file of settings, in words: what it lacks, and what can be loaded of it."""

from core.exported_trial import TrialValues
from core.formatting import some

_NAMED = 6
"""The settings that a sentence names."""


def lacking_in_words(lacking: tuple[str, ...]) -> str:
    """Say which settings a file does not have."""
    return f"These settings are not in the file, and have their defaults: {some(lacking, _NAMED)}."


def study_and_trial_in_words(name: str, trial: TrialValues) -> str:
    """Say that the file of that name has a study and the values of a trial, of which one is to be loaded."""
    return (
        f"{name} has the settings of a study, with the ranges that were searched, and the values of its trial "
        f"{trial.number}. With the values held fixed, you choose anew what is varied."
    )


def earlier_in_words(trial: TrialValues, *, form_kept: bool) -> str:
    """Say what an export of an earlier version lacks, and what was made of it.

    `form_kept`: the rest is as it was in the form, not as in the tutorial.
    """
    kept = "as it was in the form" if form_kept else "as in the tutorial, since the form had a mistake"
    return (
        f"The file has the values of trial {trial.number}, not the ranges that were searched, because an earlier "
        "version of Afina wrote it. The values are held fixed; data, model, objective, method and seed are those of "
        f"the study; all else is {kept}."
    )
