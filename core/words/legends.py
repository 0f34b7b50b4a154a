"""The texts of the figures' legends."""

from collections.abc import Collection, Sequence

from core.formatting import listed
from core.objective import EpochChoice, ObjectiveSettings
from core.search.proposal import PointOrigin
from core.trial_progress import TrialProgress

BEST_SO_FAR = "Best so far"
BEST = "Best"
SELECTED = "Selected"
CHOSEN = "Chosen"
FAILED = "Failed"
UNFINISHED = "Not finished"
WORSE = "Worse"
DEVIATION = "± 1 std. dev."
TRAINING = "training"

_MAX_BEYOND = 5
"""The most trials beyond the view that are named one by one."""
_MAX_NAMED = 3
"""The most trials that are named one by one."""
_ORIGINS = {
    PointOrigin.INITIAL: "spread",
    PointOrigin.RANDOM: "random",
    PointOrigin.GRID: "grid",
}


def running_trials(running: Sequence[int]) -> str:
    """Return "Trials 3, 5" for the numbers of the trials under way, of which there is at least one."""
    if len(running) > _MAX_NAMED:
        return f"{len(running)} trials"
    return f"{'Trial' if len(running) == 1 else 'Trials'} {', '.join(map(str, running))}"


def validation_of(running: Sequence[int]) -> str:
    """Return "Trials 3, 5: validation" for the numbers of the trials under way."""
    return f"{running_trials(running)}: validation"


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


def earlier_trials(shown: int, *, all_shown: bool, others: bool) -> str:
    """Return the name of the lines of trials that have ended; `shown` is the number of trials.

    `others` is whether none runs, and the best has a line of its own.
    """
    if not all_shown:
        return "Latest trial" if shown == 1 else f"Latest {shown:,} trials"
    return "Other trials" if others else "Earlier trials"


def best_trials(shown: int, known: int, *, all_known: bool) -> str:
    """Return the name of the lines of the best trials that have ended, of those that are known."""
    return f"The {shown:,} best of {'' if all_known else 'the latest '}{known:,}"


def origins(found: Collection[PointOrigin]) -> str:
    """Return "Spread or random": the origins of the points, for those not chosen by the surrogate."""
    return " or ".join(_ORIGINS[origin] for origin in found).capitalize()


def beyond_the_view(*, higher_is_better: bool) -> str:
    """Return the name of the marks of objectives that are too bad for the view."""
    return "Below" if higher_is_better else "Above"


def stay_beyond(trials: Sequence[int], *, higher_is_better: bool) -> str:
    """Return "▲ trials 1, 4 and 8 stay above", for trials that the view shows nothing of; empty without any."""
    if not len(trials):
        return ""
    mark, side = ("▼", "below") if higher_is_better else ("▲", "above")
    if len(trials) == 1:
        return f"{mark} trial {trials[0]} stays {side}"
    named = f"trials {listed(map(str, trials))}" if len(trials) <= _MAX_BEYOND else f"{len(trials):,} trials"
    return f"{mark} {named} stay {side}"
