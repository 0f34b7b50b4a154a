"""What every export of the best settings begins with: the best trial, or a sentence that there is none."""

from core.errors import ExportError
from core.progress import StudyProgress, TrialProgress
from core.settings import StudySettings


def best_of(progress: StudyProgress) -> tuple[StudySettings, TrialProgress, float]:
    """Return the study's settings, its best trial and that trial's objective, or raise ExportError.

    The data in the settings are those on which that trial was trained.
    """
    best = progress.best
    if progress.settings is None or best is None or best.objective is None:
        raise ExportError("No trial has finished yet, so there are no best settings to export")
    return progress.settings_of(best), best, best.objective
