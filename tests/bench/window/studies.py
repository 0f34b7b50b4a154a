"""Large studies for the window's benchmark, as files: recorded by the real Store, in one go or epoch by epoch."""

import math
import random
from collections.abc import Iterator
from pathlib import Path

from core.events import EpochEnded, Event, StudyEnd, StudyEnded, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, StudySettings
from core.store.writer import Store

TRIALS, EPOCHS = 10_000, 50
_LEARNED_AFTER = 15


def large_study(path: Path, *, trials: int = TRIALS, epochs: int = EPOCHS, slow_share: float = 0.5) -> Path:
    """Make a study file in which that share of the trials had slow epochs, each a row of its own; return its path.

    The epochs of the others came in three batches a trial, as those of a fast training do.
    """
    first = StudyStarted(settings=StudySettings(budget=BudgetSettings(trials=trials)), time=1.0, versions={})
    rng = random.Random(1)
    with Store.create(path, first) as store:
        store._connection.execute("PRAGMA synchronous = OFF")  # only to be made quickly
        for number in range(1, trials + 1):
            begun, *trained, ended = trial(rng, number, epochs)
            step = 1 if rng.random() < slow_share else math.ceil(epochs / 3)
            store.record([begun])
            for start in range(0, epochs, step):
                store.record(trained[start : start + step])
            store.record([ended])
        store.record([StudyEnded(reason=StudyEnd.FINISHED, message="Finished.", time=2.0)])
    return path


def trial(rng: random.Random, number: int, epochs: int) -> list[Event]:
    """Return the events of a trial that learns as well as its learning rate is near to a good one; some diverge."""
    rate = 10.0 ** rng.uniform(-4, -1)
    values: dict[str, Value] = {
        "learning_rate": rate,
        "batch_size": rng.randint(1, 100),
        "epochs": epochs,
        "optimizer": "sgd",
    }
    floor = 15 + 20 * (math.log10(rate) + 2) ** 2 + rng.expovariate(0.2)
    origin = PointOrigin.INITIAL if number <= 8 else PointOrigin.MODEL
    losses = [floor * (1 + 20 * math.exp(-epoch / _LEARNED_AFTER)) * rng.uniform(0.97, 1.03) for epoch in range(epochs)]
    end = TrialEnded(
        trial=number, state=TrialState.COMPLETE, epoch=epochs, seconds=0.1 * epochs, objective=losses[-1] * 1.1
    )
    return [
        TrialStarted(trial=number, values=values, seed=number, origin=origin),
        *_epochs(number, losses),
        end,
    ]


def _epochs(number: int, losses: list[float]) -> Iterator[EpochEnded]:
    for epoch, loss in enumerate(losses, start=1):
        metrics = {"mae": math.sqrt(loss), "val_mae": 1.1 * math.sqrt(loss)}
        yield EpochEnded(
            trial=number, epoch=epoch, loss=loss, val_loss=1.1 * loss, metrics=metrics, seconds=0.1 * epoch
        )
