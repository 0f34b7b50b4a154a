"""Reruns: trainings outside the search, which are not trials in the study's record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.events import EpochEnded, RowsScored, TrialEnded, TrialState
from core.study.control import POLL_INTERVAL, StudyControl, StudyPhase
from core.trainers.trainer import Trainer
from core.training.request import TrialRequest


@dataclass(frozen=True)
class Rerun:
    """The outcome of one request: its end, the last epoch of each of its trainings, and what is known of the rows."""

    end: TrialEnded
    last_epochs: tuple[EpochEnded, ...]
    rows: RowsScored | None = None


def rerun(requests: Iterable[TrialRequest], trainer: Trainer, control: StudyControl) -> Iterator[Rerun]:
    """Train the requests one after the other and yield each outcome; end early when the user stops it.

    Raises TrainerLost.
    """
    for request in requests:
        if not _wait_for(trainer, control):
            return
        outcome = _train(request, trainer, control)
        if outcome is None:
            return
        yield outcome


def _wait_for(trainer: Trainer, control: StudyControl) -> bool:
    """Wait until a training can begin and return True; return False when the user stops it first."""
    control.phase = StudyPhase.WARMING
    while control.end_asked is None:
        if trainer.ready(POLL_INTERVAL):
            return True
    return False


def _train(request: TrialRequest, trainer: Trainer, control: StudyControl) -> Rerun | None:
    """Train the request and return the outcome; None when the user stopped it."""
    trainer.start(request)
    control.phase = StudyPhase.TRAINING
    last_epochs: dict[int, EpochEnded] = {}
    rows: RowsScored | None = None
    stopped = False
    while True:
        if control.end_asked is not None and not stopped:
            trainer.give_up(request.trial, TrialState.INTERRUPTED)
            stopped = True
        reports = trainer.reports(POLL_INTERVAL)
        control.stages = trainer.stages
        for report in reports:
            if isinstance(report, TrialEnded):
                return None if stopped else Rerun(report, tuple(last_epochs.values()), rows)
            if isinstance(report, EpochEnded):
                last_epochs[report.fit] = report
            if isinstance(report, RowsScored):
                rows = report
