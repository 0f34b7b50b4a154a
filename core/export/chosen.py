"""The trial that an export of settings is about, or an error in a sentence when there is none."""

from core.errors import ExportError
from core.progress import StudyProgress
from core.settings import StudySettings
from core.trial_progress import TrialProgress


def chosen_trial(progress: StudyProgress, number: int | None = None) -> tuple[StudySettings, TrialProgress, float]:
    """Return the study's settings, the trial with this number (None: the best), and its objective.

    The data in the settings are those that the trial was trained on. Raises ExportError.
    """
    trial = progress.best if number is None else progress.trials.get(number)
    if progress.best is None:
        raise ExportError("No trial has finished yet, so there are no best settings to export")
    if trial is None or trial.objective is None:
        raise ExportError(f"Trial {number} has no result, so there is nothing of it to export")
    return progress.settings_of(trial), trial, trial.objective
