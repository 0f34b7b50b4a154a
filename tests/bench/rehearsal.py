"""How near forecasts come: studies are rehearsed, and then run.

Run: python -m tests.bench.rehearsal [--runs 3] [--only tutorial,perceptron,images]
The study's processes are loaded before its time is taken, nothing is traced yet. Prints for each study the seconds
that the rehearsal took, those that it foretold (and from where to where), those that the study took and the ratio of
both, the same for the mean trial, and the memory of the training process: foretold, and as the study left it.
"""

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

import msgspec

from core.datasets.settings import DataSettings
from core.events import TrialEnded, TrialState
from core.models.catalogue import family_named
from core.models.settings import ModelSettings
from core.rehearsal.configurations import THOROUGHLY
from core.rehearsal.forecast import Forecast, forecast
from core.rehearsal.rehearser import Rehearser
from core.settings import StudySettings, tutorial_settings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from core.trainers.workers import WorkerTrainer


def _study(family: str, dataset: str) -> StudySettings:
    """Return a study of the family with the ranges that it declares."""
    ranges = {parameter.name: parameter.first_range() for parameter in family_named(family).parameters}
    return StudySettings(data=DataSettings(dataset=dataset), model=ModelSettings(family_name=family, ranges=ranges))


STUDIES = {
    "tutorial": tutorial_settings(),
    "perceptron": _study("mlp", "wine"),
    "images": _study("cnn", "digits"),
}


@dataclass
class _Run:
    """One rehearsal and one study: seconds and bytes."""

    rehearsal: float
    foretold: Forecast
    foretold_memory: int
    study: float
    trial: float
    memory: int

    @property
    def ratio(self) -> float:
        return self.foretold.study.typical / self.study


def rehearse(settings: StudySettings) -> tuple[float, Forecast, int]:
    rehearser = Rehearser()
    began = perf_counter()
    try:
        rehearser.begin(settings, THOROUGHLY)
        while not rehearser.over:
            rehearser.look(0.05)
    finally:
        rehearser.close()
    assert rehearser.rehearsal is not None
    foretold = forecast(rehearser.rehearsal)
    assert foretold is not None
    return perf_counter() - began, foretold, rehearser.rehearsal.memory


def run(settings: StudySettings, path: Path) -> tuple[float, float, int]:
    """Run the study in processes that are loaded; return its seconds, its mean trial's, and its worker's memory."""
    engine = LocalEngine()
    try:
        engine.warm()
        trainer = engine._trainer
        assert isinstance(trainer, WorkerTrainer)
        while not trainer.ready(0.1):
            pass
        sleep(10)  # the search process loads, too
        began = perf_counter()
        engine.start(settings, path, lambda _events: None, StudyControl())
        seconds = perf_counter() - began
        memory = max(worker.memory() for worker in trainer.workers)
    finally:
        engine.close()
    trials = [event for event in read_study(path) if isinstance(event, TrialEnded)]
    complete = [trial.seconds for trial in trials if trial.state is TrialState.COMPLETE]
    return seconds, statistics.mean(complete), memory


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(STUDIES))
    options = parser.parse_args()
    print("| study | rehearsal | foretold | took | ratio | a trial: foretold, mean | memory: foretold, then |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only.split(","):
            runs = []
            for number in range(options.runs):
                settings = msgspec.structs.replace(STUDIES[name], seed=number)
                runs.append(_Run(*rehearse(settings), *run(settings, Path(folder) / f"{name}-{number}.afina")))
                print(_row(f"{name}, seed {number}", runs[-1]), flush=True)
            runs.sort(key=lambda one: one.ratio)
            print(_row(f"**{name}**, median ratio", runs[len(runs) // 2]), flush=True)
    return 0


def _row(name: str, found: _Run) -> str:
    span = found.foretold.study
    return (
        f"| {name} | {found.rehearsal:.1f} s | {span.typical:.1f} s ({span.low:.1f} to {span.high:.0f}) | "
        f"{found.study:.1f} s | {found.ratio:.2f} | {found.foretold.trial.typical:.2f}, {found.trial:.2f} s | "
        f"{found.foretold_memory / 2**20:.0f}, {found.memory / 2**20:.0f} MB |"
    )


if __name__ == "__main__":
    sys.exit(main())
