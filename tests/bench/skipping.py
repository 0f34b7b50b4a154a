"""How soon a skipped trial ends, at its worst moments: `python -m tests.bench.skipping`.

Each trial has a structure of its own and thousands of epochs, so that its loops are traced and compiled first. It is
skipped so long after its start; what is measured is the time from then until its end is reported.
"""

import statistics
import sys
import time
from collections.abc import Iterator, Mapping

from core.datasets.settings import DataSettings
from core.events import TrialEnded, TrialState
from core.models.catalogue import FAMILIES
from core.parameters import Value
from core.settings import LimitSettings
from core.trainers.workers import WorkerTrainer
from core.training.request import TrialRequest

WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds from a trial's start until it is skipped."""
STUDIES = (("mlp", "boston_housing", "units"), ("cnn", "digits", "filters"))
"""Model family, data, and the parameter of the model's structure that is another one with each trial."""


def main() -> int:
    trainer = WorkerTrainer()
    try:
        for family, dataset, structure in STUDIES:
            waits = list(_waits(trainer, family, dataset, structure))
            print(f"{family:8}median {statistics.median(waits):.2f} s, worst {max(waits):.2f} s")
    finally:
        trainer.close()
    return 0


def _waits(trainer: WorkerTrainer, family: str, dataset: str, structure: str) -> Iterator[float]:
    defaults = {parameter.name: parameter.default for parameter in FAMILIES[family].parameters}
    for number, wait in enumerate(WAITS, 1):
        _finish(trainer, _request("linear", {"learning_rate": 0.01, "batch_size": 32, "epochs": 2}, "boston_housing"))
        while not trainer.spare_ready:  # as in a study that has run for some seconds
            time.sleep(0.05)
        values = defaults | {"epochs": 5000}
        values[structure] = int(values[structure]) + number
        trainer.start(_request(family, values, dataset))
        began = time.monotonic()
        while time.monotonic() - began < wait:
            trainer.reports(0.01)
        skipped = time.monotonic()
        trainer.give_up(1, TrialState.SKIPPED)
        _await_end(trainer)
        yield time.monotonic() - skipped


def _request(family: str, values: Mapping[str, Value], dataset: str) -> TrialRequest:
    data = DataSettings(dataset=dataset)
    whole = {p.name: values.get(p.name, p.default) for p in FAMILIES[family].parameters}
    return TrialRequest(1, family, whole, seed=1, data=data, split_seed=0, limits=LimitSettings())


def _finish(trainer: WorkerTrainer, request: TrialRequest) -> None:
    while not trainer.ready(0.1):
        pass
    trainer.start(request)
    _await_end(trainer)


def _await_end(trainer: WorkerTrainer) -> None:
    while not any(isinstance(report, TrialEnded) for report in trainer.reports(0.01)):
        pass


if __name__ == "__main__":
    sys.exit(main())
