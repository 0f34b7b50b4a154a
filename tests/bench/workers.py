"""How much faster two workers are than one: the same study, its trials of some seconds each, with each number of them.

Run: python -m tests.bench.workers [--runs 3] [--workers 1 2] [--trials 12] [--seconds 3]
Workers are warm, study file and events are on. Prints the seconds of each study, their medians and the ratios.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import msgspec

from core.events import TrialEnded
from core.models.catalogue import family_named
from core.models.settings import ModelSettings
from core.parameters import Fixed, FloatRange
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine


def study_settings(trials: int, epochs: int, workers: int) -> StudySettings:
    """Return a study of perceptrons of one size on the tutorial's data, whose trials take about equally long."""
    tutorial = tutorial_settings()
    ranges = {parameter.name: parameter.first_range() for parameter in family_named("mlp").parameters}
    ranges |= {"layers": Fixed(2), "units": Fixed(64), "dropout": Fixed(0.0), "learning_rate": FloatRange(1e-5, 1e-4)}
    ranges |= {"batch_size": Fixed(8), "epochs": Fixed(epochs)}
    return msgspec.structs.replace(
        tutorial,
        model=ModelSettings(family_name="mlp", ranges=ranges),
        budget=BudgetSettings(trials=trials),
        search=SearchSettings(initial_points=min(4, trials)),
        workers=workers,
    )


def run(engine: LocalEngine, settings: StudySettings, path: Path) -> tuple[float, float]:
    """Run the study; return its seconds and the median seconds of its trials."""
    began = perf_counter()
    engine.start(settings, path, lambda _events: None, StudyControl())
    seconds = perf_counter() - began
    trials = [event.seconds for event in read_study(path) if isinstance(event, TrialEnded)]
    return seconds, statistics.median(trials)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--trials", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long a trial is to take with one worker")
    options = parser.parse_args()
    taken: dict[int, list[float]] = {count: [] for count in options.workers}
    engines = {count: LocalEngine() for count in options.workers}  # one each, or a worker would be cold in every run
    with tempfile.TemporaryDirectory() as folder:
        try:
            paths = (Path(folder) / f"{number}.afina" for number in range(10_000))
            epochs = 100
            for _ in range(3):  # the first trials say how many epochs take the seconds that are asked for
                _all, median = run(
                    engines[options.workers[0]], study_settings(4, epochs, options.workers[0]), next(paths)
                )
                epochs = max(1, round(epochs * options.seconds / median))
            print(f"{options.trials} trials of {epochs} epochs")
            for count in options.workers:  # each worker traces its loops once
                run(engines[count], study_settings(2 * count + 2, epochs, count), next(paths))
            for _ in range(options.runs):
                for count in options.workers:
                    seconds, median = run(engines[count], study_settings(options.trials, epochs, count), next(paths))
                    taken[count].append(seconds)
                    print(f"workers {count}: {seconds:6.1f} s, a trial {median:.1f} s", flush=True)
        finally:
            for engine in engines.values():
                engine.close()
    first = options.workers[0]
    for count, seconds_of_runs in taken.items():
        ratios = [one / other for one, other in zip(taken[first], seconds_of_runs, strict=True)]
        print(
            f"workers {count}: median {statistics.median(seconds_of_runs):.1f} s, "
            f"{statistics.median(ratios):.2f} times as fast as {first}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
