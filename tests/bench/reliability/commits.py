"""Line 17: what a durable commit costs."""

import statistics
import time
from pathlib import Path

from core.events import EpochEnded, TrialStarted
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.store.writer import Store
from core.study.loop import study_started
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure, allowed


def measure(quick: bool, folder: Path) -> list[Figure]:
    count = 300 if quick else 3000
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 10, "optimizer": "sgd"}
    times = []
    with Store.create(folder / "a.afina", study_started(studies.settings(10))) as store:
        store.record([TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.RANDOM)])
        for epoch in range(1, count + 1):
            event = EpochEnded(trial=1, epoch=epoch, loss=1.0, val_loss=1.0, metrics={"mae": 1.0}, seconds=1.0)
            began = time.perf_counter()
            store.record([event])
            times.append(1000 * (time.perf_counter() - began))
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    result = f"{median:.2f} / {p95:.2f}"
    middle, most = allowed(10, quick=quick), allowed(30, quick=quick)
    target, met = f"< {middle:.0f} / {most:.0f}", median < middle and p95 < most
    return [Figure(17, "ms per durable commit, median / p95", result, target, met, count)]
