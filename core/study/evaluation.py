"""The judgement of a study's result: its best trial, trained again, on the test part that the search never saw."""

import math
import statistics
import time
from collections.abc import Sequence

import msgspec

from core.errors import NotJudged
from core.events import EpochEnded, TrialEnded, TrialState, TrialTested
from core.objective import EpochChoice, is_metric_name
from core.progress import StudyProgress
from core.settings import StudySettings
from core.study.control import StudyControl, StudyPhase
from core.trainers.trainer import Trainer
from core.training.request import TrialRequest, trial_request
from core.trial_progress import TrialProgress

LOOK_INTERVAL = 0.02
"""Seconds between two looks at whether the user has stopped it."""
_VALIDATION = "val_"


def why_not_judged(progress: StudyProgress) -> str:
    """Return why the best trial cannot be judged on the test part, as a sentence; empty when it can."""
    if progress.best is None:
        return "No trial has finished yet"
    if not progress.settings.data.test_fraction:
        return "The study kept no test part"
    return ""


def judgement_request(progress: StudyProgress) -> TrialRequest:
    """Return what a trainer is to train: the best trial as it was, with the test part in place of the validation part.

    Each repeat is trained for as many epochs as counted in the trial: of a hold-out its own; with k-fold
    cross-validation, where all but the test part trains, the mean of the folds. Raises NotJudged.
    """
    why_not = why_not_judged(progress)
    settings, best = progress.settings, progress.best
    if why_not or best is None:
        raise NotJudged(why_not)
    return msgspec.structs.replace(
        trial_request(progress.settings_of(best), best.number, best.values, best.seed),
        objective=msgspec.structs.replace(settings.objective, epoch=EpochChoice.LAST),
        test_epochs=_epochs(best, settings),
    )


def _epochs(best: TrialProgress, settings: StudySettings) -> tuple[int, ...]:
    counting = [epoch or best.epochs for epoch in best.counting_epochs(settings.objective)]
    if not settings.data.folds and len(counting) == settings.data.repeats:
        return tuple(counting)
    return (round(statistics.fmean(counting)),) * settings.data.repeats


def judge(request: TrialRequest, trainer: Trainer, control: StudyControl) -> TrialTested | None:
    """Train what was asked for and return what it came to; None when it was stopped. Raises NotJudged, TrainerLost."""
    control.phase = StudyPhase.WARMING
    while not trainer.ready(LOOK_INTERVAL):
        if control.end_asked is not None:
            return None
    trainer.start(request)
    control.phase = StudyPhase.TRAINING
    last: dict[int, EpochEnded] = {}
    stopped = False
    while True:
        if control.end_asked is not None and not stopped:
            trainer.give_up(request.trial, TrialState.INTERRUPTED)
            stopped = True
        for report in trainer.reports(LOOK_INTERVAL):
            if isinstance(report, EpochEnded):
                last[report.fit] = report
            else:
                return None if stopped else _tested(report, list(last.values()))


def _tested(end: TrialEnded, epochs: Sequence[EpochEnded]) -> TrialTested:
    if end.state is not TrialState.COMPLETE:
        raise NotJudged(f"The best trial could not be trained again. {end.message}")
    metrics = {"loss": tuple(epoch.val_loss for epoch in epochs)}
    for name in epochs[0].metrics:
        numbers = tuple(epoch.metrics.get(name, math.nan) for epoch in epochs)
        own = name.removeprefix(_VALIDATION)
        if own != name and is_metric_name(own) and all(map(math.isfinite, numbers)):
            metrics[own] = numbers
    return TrialTested(trial=end.trial, metrics=metrics, time=time.time())
