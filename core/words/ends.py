"""How a study ended, in a sentence for the user."""

from typing import assert_never

from core.events import FailureReason, StudyEnd, TrialState
from core.formatting import format_number
from core.progress import StudyProgress
from core.search.settings import SearchMethod


def end_in_words(progress: StudyProgress, reason: StudyEnd, failures: int) -> str:
    """Return the sentence that goes with the end of a study; `failures` are those in a row just before it."""
    done = len(progress.finished)
    found = _found(progress)
    match reason:
        case StudyEnd.EXHAUSTED:
            grid = progress.settings.search.method is SearchMethod.GRID
            return f"All {done} points of the {'grid' if grid else 'search space'} have been tried.{found}"
        case StudyEnd.STOPPED:
            return f"Stopped after {done} of {progress.budget} trials.{found}"
        case StudyEnd.TIME_UP:
            return f"The time is up after {done} of {progress.budget} trials.{found}"
        case StudyEnd.TARGET_REACHED:
            return f"The target was reached after {done} of {progress.budget} trials.{found}"
        case StudyEnd.PAUSED if failures >= progress.settings.limits.failures_in_a_row:
            every = progress.best is None and found
            why = found if every else f" {last_failure(progress)}{found}"
            return f"Paused: {_times(failures)} in a row.{why}"
        case StudyEnd.PAUSED:
            return f"Paused after {done} of {progress.budget} trials.{found}"
        case StudyEnd.FINISHED | StudyEnd.FAILED:
            return f"Finished {done} trials.{found}"
        case _:
            assert_never(reason)


def _found(progress: StudyProgress) -> str:
    """Return what came out: the best trial, or what to change when every trial failed."""
    best = progress.best
    if best is not None and best.objective is not None:
        return f" Best {progress.objective.label} {format_number(best.objective)} at trial {best.number}."
    ended = [progress.trials[number] for number in progress.finished]
    if ended and all(trial.state is TrialState.FAILED for trial in ended):
        return " " + advice_on_failures(progress)
    return ""


def advice_on_failures(progress: StudyProgress) -> str:
    """Return a sentence on what to change when every trial failed."""
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
    """Return a sentence on what the last failed trial said."""
    failed = (progress.trials[number] for number in reversed(progress.finished))
    said = next((trial.message for trial in failed if trial.state is TrialState.FAILED), "")
    return f"The last one said: {said.rstrip('.')}."


def _times(failures: int) -> str:
    return "A trial failed" if failures == 1 else f"{failures} trials failed"
