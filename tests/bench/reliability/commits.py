"""Line 17: what a durable commit costs, that of an epoch and that of a trial's end."""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from core.events import EpochEnded, Event, TrialEnded, TrialStarted, TrialState
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.store.writer import Store
from core.study.loop import study_started
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure, allowed

_EPOCHS = 10
"""Epochs in a trial: each has a commit of its own."""


def measure(quick: bool, folder: Path) -> list[Figure]:
    trials = 30 if quick else 300
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": _EPOCHS, "optimizer": "sgd"}
    epochs: list[float] = []
    ends: list[float] = []
    with Store.create(folder / "a.afina", study_started(studies.settings(10))) as store:
        for trial in range(1, trials + 1):
            store.record([TrialStarted(trial=trial, values=values, seed=1, origin=PointOrigin.RANDOM)])
            for epoch in range(1, _EPOCHS + 1):
                event = EpochEnded(trial=trial, epoch=epoch, loss=1.0, val_loss=1.0, metrics={"mae": 1.0}, seconds=1.0)
                epochs.append(_timed(store, [event]))
            end = TrialEnded(trial=trial, state=TrialState.COMPLETE, epoch=_EPOCHS, seconds=1.0, objective=1.0)
            ends.append(_timed(store, [end]))
    return [
        _figure("ms per durable commit, median / p95", epochs, quick=quick),
        _figure("ms per commit that ends a trial, until the file alone has it, median / p95", ends, quick=quick),
    ]


def _timed(store: Store, events: Sequence[Event]) -> float:
    """Record the events; return the milliseconds that it took."""
    began = time.perf_counter()
    store.record(events)
    return 1000 * (time.perf_counter() - began)


def _figure(name: str, times: Sequence[float], *, quick: bool) -> Figure:
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    middle, most = allowed(10, quick=quick), allowed(30, quick=quick)
    target, met = f"< {middle:.0f} / {most:.0f}", median < middle and p95 < most
    return Figure(17, name, f"{median:.2f} / {p95:.2f}", target, met, len(times))
