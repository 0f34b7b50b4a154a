"""Evaluation: the best trial of a study is trained again and measured on the test part, which the search never saw."""

import math
import statistics
import time

import msgspec

from core.errors import NotEvaluated
from core.events import RowsScored, TrialState, TrialTested
from core.objective import EpochChoice, ObjectiveSettings, is_metric_name
from core.progress import StudyProgress
from core.settings import StudySettings
from core.study.control import StudyControl
from core.study.reruns import Rerun, rerun
from core.trainers.trainer import Trainer
from core.training.request import TrialRequest, trial_request
from core.trial_progress import TrialProgress

_VALIDATION = "val_"


def why_not_evaluated(progress: StudyProgress) -> str:
    """Return a sentence on why the best trial cannot be evaluated on the test part; empty when it can."""
    if progress.best is None:
        return "No trial has finished yet"
    if not progress.settings.data.test_fraction:
        return "The study kept no test part"
    return ""


def evaluation_request(progress: StudyProgress) -> TrialRequest:
    """Return the request of the evaluation: the best trial as it was, but the test part replaces the validation part.

    Each repeat trains for the number of epochs that counted in the trial. With a hold-out this is the repeat's own
    number. With k-fold cross-validation, where all data but the test part train, it is the mean over all trainings,
    rounded. Raises NotEvaluated.
    """
    why_not = why_not_evaluated(progress)
    settings, best = progress.settings, progress.best
    if why_not or best is None:
        raise NotEvaluated(why_not)
    return msgspec.structs.replace(
        trial_request(progress.settings_of(best), best.number, best.values, best.seed, conduct=progress.conduct),
        objective=msgspec.structs.replace(settings.objective, epoch=EpochChoice.LAST),
        test_epochs=_epochs(best, settings),
    )


def _epochs(best: TrialProgress, settings: StudySettings) -> tuple[int, ...]:
    counting = [epoch or best.epochs for epoch in best.counting_epochs(settings.objective)]
    if not settings.data.folds and len(counting) == settings.data.repeats:
        return tuple(counting)
    return (round(statistics.fmean(counting)),) * settings.data.repeats


def evaluate(request: TrialRequest, trainer: Trainer, control: StudyControl) -> TrialTested | None:
    """Train the request and return its result; None when the user stopped it. Raises NotEvaluated, TrainerLost."""
    outcome = next(rerun([request], trainer, control), None)
    return None if outcome is None else _tested(outcome, request.objective)


def _tested(outcome: Rerun, objective: ObjectiveSettings) -> TrialTested:
    """Return the result of an evaluation, the objective's metric first. Raises NotEvaluated."""
    end, epochs = outcome.end, outcome.last_epochs
    if end.state is not TrialState.COMPLETE:
        raise NotEvaluated(f"The best trial could not be trained again. {end.message}")
    metrics = {"loss": tuple(epoch.val_loss for epoch in epochs)}
    for name in epochs[0].metrics:
        numbers = tuple(epoch.metrics.get(name, math.nan) for epoch in epochs)
        own = name.removeprefix(_VALIDATION)
        if own != name and is_metric_name(own) and all(map(math.isfinite, numbers)):
            metrics[own] = numbers
    metrics = objective.first(metrics)
    found = outcome.rows or RowsScored(trial=end.trial, rows=0, intervals={})
    intervals = {name: found.intervals[name] for name in metrics if name in found.intervals}
    return TrialTested(trial=end.trial, metrics=metrics, time=time.time(), rows=found.rows, intervals=intervals)
