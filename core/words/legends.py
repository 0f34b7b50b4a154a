"""The texts of the figures' legends."""

from collections.abc import Collection, Sequence

from core.objective import EpochChoice, ObjectiveSettings
from core.search.proposal import PointOrigin
from core.trial_progress import TrialProgress

BEST_SO_FAR = "Best so far"
BEST = "Best"
SELECTED = "Selected"
SURROGATE = "Surrogate"
FAILED = "Failed"
UNFINISHED = "Not finished"
RUNNING = "In training"
DEVIATION = "± 1 standard deviation"
TRAINING = "training"

_MAX_NAMED = 3
"""The most trials that are named one by one."""
_ORIGINS = {
    PointOrigin.INITIAL: "Initial design",
    PointOrigin.RANDOM: "Random",
    PointOrigin.GRID: "Grid",
}


def validation_of(running: Sequence[int]) -> str:
    """Return "Trials 3, 5: validation" for the numbers of the trials under way."""
    if len(running) > _MAX_NAMED:
        return f"{len(running)} trials: validation"
    return f"{'Trial' if len(running) == 1 else 'Trials'} {', '.join(map(str, running))}: validation"


def each_training_of(trials: int) -> str:
    """Return the name of the lines of single trainings, which belong to one trial or to several."""
    return "each of its trainings" if trials == 1 else "each of their trainings"


def best_trial(trial: TrialProgress, objective: ObjectiveSettings, epoch: int) -> str:
    """Return "Best: trial 4, epoch 7"; `epoch` is the one that counted."""
    return f"{BEST}: {_trial_and_epoch(trial, objective, epoch)}"


def selected_trial(trial: TrialProgress, objective: ObjectiveSettings, epoch: int) -> str:
    """Return "Selected: trial 4, epoch 7"; `epoch` is the one that counted."""
    return f"{SELECTED}: {_trial_and_epoch(trial, objective, epoch)}"


def _trial_and_epoch(trial: TrialProgress, objective: ObjectiveSettings, epoch: int) -> str:
    """Return "trial 4", with the epoch that counted unless that is always the last one."""
    if objective.epoch is EpochChoice.LAST or trial.objective is None:
        return f"trial {trial.number}"
    if trial.each_counts_alone(objective):
        return f"trial {trial.number}, mean of the trainings' best epochs"
    return f"trial {trial.number}, epoch {epoch}"


def earlier_trials(shown: int, *, all_shown: bool, running: bool) -> str:
    """Return the name of the lines of trials that have ended; `shown` is the number of trials."""
    if not all_shown:
        return "Latest trial" if shown == 1 else f"Latest {shown:,} trials"
    return "Earlier trials" if running else "All trials"


def origins(found: Collection[PointOrigin]) -> str:
    """Return "Initial design or Random": the origins of the points, for those not proposed by the surrogate."""
    return " or ".join(_ORIGINS[origin] for origin in found)


def objective_scale(objective: ObjectiveSettings) -> str:
    """Return "Objective ↓"; the arrow points to the better values."""
    return f"Objective {objective.arrow}"


def beyond_the_view(*, higher_is_better: bool) -> str:
    """Return the name of the marks of objectives that are too bad for the view."""
    return f"{'Below' if higher_is_better else 'Above'} the view"
