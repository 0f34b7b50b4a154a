"""Studies for tests of figures, as their events, and how figures are compared."""

import math
from collections.abc import Sequence

import numpy as np

from core.datasets.settings import DataSettings
from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.figures.figure import Figure
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import StudySettings

ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)


def begun(settings: StudySettings) -> Event:
    return StudyStarted(settings=settings, time=0.0, versions={})


def trained(number: int, *fits: Sequence[float], origin: PointOrigin = PointOrigin.INITIAL) -> list[Event]:
    """Return the events of a trial under way whose trainings have these validation losses; accuracies follow them."""
    values: dict[str, Value] = {"learning_rate": 0.1 / number, "batch_size": 5 * number, "epochs": 4}
    values["optimizer"] = "sgd"
    events: list[Event] = [TrialStarted(trial=number, values=values, seed=number, origin=origin)]
    for fit, losses in enumerate(fits, 1):
        for epoch, loss in enumerate(losses, 1):
            accuracy = 1 / (1 + loss)
            metrics = {"accuracy": 0.9 * accuracy, "val_accuracy": accuracy}
            events.append(
                EpochEnded(
                    trial=number, epoch=epoch, loss=0.9 * loss, val_loss=loss, metrics=metrics, seconds=epoch, fit=fit
                )
            )
    return events


def complete(
    number: int,
    *fits: Sequence[float],
    objective: ObjectiveSettings | None = None,
    origin: PointOrigin = PointOrigin.INITIAL,
) -> list[Event]:
    """Return the events of a trial with these validation losses and the objective that they give."""
    objective = objective or ObjectiveSettings()
    courses = fits if objective.metric == "val_loss" else [[1 / (1 + loss) for loss in losses] for losses in fits]
    scores = tuple(objective.of(course) for course in courses)
    mean = math.fsum(scores) / len(scores)
    end = TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=4, seconds=1.0, objective=mean, scores=scores)
    return [*trained(number, *fits, origin=origin), end]


def without_objective(number: int, state: TrialState) -> list[Event]:
    reason = FailureReason.DIVERGED if state is TrialState.FAILED else None
    end = TrialEnded(trial=number, state=state, epoch=2, seconds=1.0, reason=reason)
    return [*trained(number, [900.0, 950.0]), end]


def _mixed() -> list[Event]:
    """Return a study that was stopped: some trials complete, one failed, one skipped, one interrupted."""
    return [
        begun(StudySettings()),
        *complete(1, [400.0, 90.0, 40.0, 30.0]),
        *complete(3, [300.0, 80.0, 60.0, 50.0]),
        *complete(2, [500.0, 70.0, 30.0, 20.0], origin=PointOrigin.MODEL),
        *without_objective(4, TrialState.FAILED),
        *without_objective(5, TrialState.SKIPPED),
        *complete(6, [400.0, 1e9, 1e12]),
        *complete(7, [90.0, 20.0], origin=PointOrigin.RANDOM),
        *trained(8, [300.0, 200.0]),
        StudyEnded(reason=StudyEnd.STOPPED, message="", time=1.0),
    ]


def _under_way() -> list[Event]:
    """Return a study in which three trials run, one of them without an epoch yet."""
    ended = [*complete(1, [400.0, 90.0, 40.0, 30.0]), *complete(2, [300.0, 60.0])]
    return [
        begun(StudySettings(workers=3)),
        *ended,
        *trained(3, [350.0, 70.0, 65.0]),
        *trained(4, [250.0]),
        *trained(5),
    ]


def _maximised() -> list[Event]:
    """Return a study of the best epoch's accuracy, with ties."""
    settings = StudySettings(data=DataSettings(dataset="wine"), objective=ACCURACY)
    losses = ([1.0, 0.5, 0.7], [0.9, 0.25, 0.3], [0.8, 0.25], [3.0, 2.0], [0.7, 0.25])
    ended = [event for number, one in enumerate(losses, 1) for event in complete(number, one, objective=ACCURACY)]
    return [begun(settings), *ended, *without_objective(6, TrialState.FAILED), *trained(7, [0.6, 0.5])]


def _folds() -> list[Event]:
    """Return a study with three trainings a trial."""
    settings = StudySettings(data=DataSettings(dataset="wine", folds=3), objective=ACCURACY)
    return [
        begun(settings),
        *complete(1, [1.0, 0.5, 0.7], [0.8, 0.6, 0.4], [0.9, 0.5, 0.6], objective=ACCURACY),
        *complete(2, [1.1, 0.4], [0.8, 0.9], [0.7, 0.6, 0.3], objective=ACCURACY),
        *trained(3, [1.0, 0.9, 0.8], [0.7]),
    ]


def _repeats() -> list[Event]:
    """Return a study of the loss with two trainings a trial."""
    return [
        begun(StudySettings(data=DataSettings(repeats=2))),
        *complete(1, [100.0, 50.0], [90.0, 60.0]),
        *complete(2, [80.0, 40.0], [70.0, 500.0]),
    ]


STUDIES = {
    "mixed": _mixed(),
    "under way": _under_way(),
    "maximised": _maximised(),
    "folds": _folds(),
    "repeats": _repeats(),
}


def assert_same(one: Figure, other: Figure) -> None:
    """Compare all that the figures hold."""
    for name in ("title", "x", "y", "legend", "summary", "labels", "colours", "note", "is_empty"):
        assert getattr(one, name) == getattr(other, name), name
    both = [*zip(one.past, other.past, strict=True), *zip(one.present, other.present, strict=True)]
    for mine, others in both:
        assert (type(mine), mine.kind) == (type(others), others.kind)
        for name in ("trials", "x", "y"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(others, name), f"{mine.kind} {name}")
