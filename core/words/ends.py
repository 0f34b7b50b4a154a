"""How a study ended, in a sentence for the user: one function for each way to end."""

from core.events import FailureReason, TrialState
from core.formatting import format_number
from core.progress import StudyProgress
from core.search.settings import SearchMethod


def finished(progress: StudyProgress) -> str:
    """Say that all trials of the budget are done."""
    return f"Finished {len(progress.finished)} trials.{_found(progress)}"


def exhausted(progress: StudyProgress) -> str:
    """Say that the search has no point left."""
    return f"{all_tried(progress)}.{_found(progress)}"


def all_tried(progress: StudyProgress) -> str:
    """Say how many points have been tried, of a study with no point left; without a full stop."""
    grid = progress.settings.search.method is SearchMethod.GRID
    return f"All {len(progress.finished)} points of the {'grid' if grid else 'search space'} have been tried"


def target_reached(progress: StudyProgress) -> str:
    """Say that a trial is good enough."""
    return f"The target was reached {_when(progress)}"


def time_up(progress: StudyProgress) -> str:
    """Say that the study's time is up."""
    return f"The time is up {_when(progress)}"


def stopped(progress: StudyProgress) -> str:
    """Say that the user stopped the study."""
    return f"Stopped {_when(progress)}"


def paused(progress: StudyProgress) -> str:
    """Say that the study was paused so that it can be resumed, as when the window closes."""
    return f"Paused {_when(progress)}"


def paused_by_failures(progress: StudyProgress) -> str:
    """Say how many failures in a row paused the study, with the last one's message or advice when all trials failed.

    Another trial that was under way may have ended well meanwhile: then it is any other pause.
    """
    failures, found = progress.failures_in_a_row, _found(progress)
    if failures < progress.settings.limits.failures_in_a_row:
        return paused(progress)
    all_failed = progress.best is None and found
    why = found if all_failed else f" {last_failure(progress)}{found}"
    return f"Paused: {_times(failures)} in a row.{why}"


def paused_by_data(change: str, progress: StudyProgress) -> str:
    """Say that a trial would have to read the data anew, which are not the same any more."""
    return f"Paused: {change.rstrip('.')}, so the trials to come cannot load it again.{_found(progress)}"


def _when(progress: StudyProgress) -> str:
    return f"after {len(progress.finished)} of {progress.budget} trials.{_found(progress)}"


def _found(progress: StudyProgress) -> str:
    """Return a sentence on the best trial, or advice when every trial failed; empty otherwise."""
    best = progress.best
    if best is not None and best.objective is not None:
        return f" Best {progress.objective.label} {format_number(best.objective)} at trial {best.number}."
    ended = [progress.trials[number] for number in progress.finished]
    if ended and all(trial.state is TrialState.FAILED for trial in ended):
        return " " + advice_on_failures(progress)
    return ""


def advice_on_failures(progress: StudyProgress) -> str:
    """Return advice on the settings for a study in which every trial failed."""
    settings = progress.settings
    failed = [trial for trial in progress.trials.values() if trial.state is TrialState.FAILED]
    count = f"All {len(failed)} trials" if len(failed) > 1 else "The only trial"
    diverged = bool(failed) and all(trial.reason is FailureReason.DIVERGED for trial in failed)
    if not diverged:
        return f"{count} failed, so there is nothing to learn from. {last_failure(progress)}"
    if not settings.data.standardise:
        return f"{count} diverged. Switch “Standardise the features” on, or lower the learning rate's range."
    return f"{count} diverged. Lower the learning rate's range, or choose another optimiser."


def last_failure(progress: StudyProgress) -> str:
    """Return a sentence with the message of the last failed trial."""
    failed = (progress.trials[number] for number in reversed(progress.finished))
    said = next((trial.message for trial in failed if trial.state is TrialState.FAILED), "")
    return f"The last one said: {said.rstrip('.')}."


def _times(failures: int) -> str:
    return "A trial failed" if failures == 1 else f"{failures} trials failed"
