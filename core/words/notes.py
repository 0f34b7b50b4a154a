"""The note on a trial: why it failed, what was special about it, how far it is, or what its duration holds."""

from core.events import TrialState
from core.formatting import format_duration
from core.settings import StudySettings
from core.trial_progress import TrialProgress

_MUCH = 0.5, 0.1
"""Seconds, and the share of a trial's duration, from which on it is noted that the time went into compiling."""


def note_in_words(trial: TrialProgress, settings: StudySettings | None) -> str:
    """Return the note; empty if there is nothing to say."""
    if trial.state is TrialState.RUNNING:
        return _how_far(trial, settings)
    noted = trial.message or ("" if trial.reason is None else trial.reason.value.capitalize())
    seconds = trial.seconds_compiling
    if noted or seconds is None or seconds < max(_MUCH[0], _MUCH[1] * trial.seconds):
        return noted
    return f"{format_duration(seconds)} compiling"


def _how_far(trial: TrialProgress, settings: StudySettings | None) -> str:
    if not trial.epochs_done:
        return "before its first epoch"
    epoch = f"epoch {trial.epoch} of {trial.epochs}"
    fit = "" if settings is None or trial.planned < 2 else settings.data.fit_in_words(len(trial.fits))
    return f"{fit}, {epoch}" if fit else epoch


def compiling_in_words(trial: TrialProgress) -> str:
    """Return the sentence on what of a trial's duration went into its model before it trained; empty if unknown."""
    seconds = trial.seconds_compiling
    return "" if seconds is None else f"About {format_duration(seconds)} of it to build and compile the model"
