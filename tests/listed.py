"""Study files for lists of studies: in every state, written at once, and of any age."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.store.writer import Store
from core.study.loop import study_started

VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 1, "optimizer": "sgd"}


def trials(*objectives: float | None, first: int = 1) -> list[Event]:
    """Return the events of trials with these objectives; None fails."""
    events: list[Event] = []
    for number, objective in enumerate(objectives, start=first):
        failed = objective is None
        events += [
            TrialStarted(trial=number, values=VALUES, seed=1, origin=PointOrigin.INITIAL),
            EpochEnded(trial=number, epoch=1, loss=1.0, val_loss=1.0, metrics={}, seconds=0.1),
            TrialEnded(
                trial=number,
                state=TrialState.FAILED if failed else TrialState.COMPLETE,
                epoch=1,
                seconds=0.1,
                objective=objective,
                reason=FailureReason.DIVERGED if failed else None,
            ),
        ]
    return events


def ended(reason: StudyEnd, message: str = "", time: float = 1.0) -> StudyEnded:
    return StudyEnded(reason=reason, message=message, time=time)


def resumed(budget: int) -> StudyResumed:
    return StudyResumed(time=2.0, trials=budget)


def written(path: Path, events: Sequence[Event], settings: StudySettings | None = None, name: str = "") -> Path:
    """Write a study with these events after its start."""
    with Store.create(path, study_started(settings or tutorial_settings(), name)) as store:
        store.record(events)
    return path


def listed_study(
    folder: Path, stem: str, end: StudyEnd | None, *, name: str = "", age: float = 60.0, now: float = 1e9
) -> Path:
    """Write a study of 20 trials of which two are done, that ended so many seconds ago; None: it was cut off."""
    ends = [] if end is None else [ended(end, "Done.", now - age)]
    settings = msgspec.structs.replace(tutorial_settings(), budget=BudgetSettings(trials=20))
    path = written(folder / f"{stem}.afina", [*trials(3.0, 2.0), *ends], settings, name)
    os.utime(path, (now - age, now - age))
    return path
