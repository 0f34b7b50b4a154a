"""How well the headline knows what is noise: `python -m tests.bench.noise`.

A default study of each data set of ours, with several seeds, as the window starts it when the data set is chosen. The
settings of its best trial are then trained again with other seeds. Nine of ten differences between two of these results
are to be less than the number that the headline says: 80 to 97 % count as right. `--repeats 3` asks for studies with
repeats of the hold-out, whose number is another one.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from core.datasets.builtin import DATASETS
from core.datasets.settings import DataSettings
from core.events import Event, TrialEnded
from core.noise import noise_of
from core.progress import StudyProgress
from core.settings import StudySettings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from core.training.request import trial_request, trial_seed
from core.training.trial import Training

SEEDS, AGAIN = 5, 30
RIGHT = 0.80, 0.97
_OTHER_SEEDS = 1_000_000
"""Numbers of trials from here on give seeds that no study of a benchmark has."""


class Checked(NamedTuple):
    """A study: its best trial, the number said, the one that would be right, and the share of pairs below that said."""

    best: int
    said: float | None
    right: float
    share: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=sorted(DATASETS), choices=sorted(DATASETS))
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--again", type=int, default=AGAIN, help="how often the best is trained again")
    parser.add_argument("--repeats", type=int, default=1)
    options = parser.parse_args()
    checked: list[Checked] = []
    print(f"{'data set':16} seed best  said      right     pairs below")
    with TemporaryDirectory(prefix="afina-bench-") as folder:
        engine, training = LocalEngine(), Training()
        try:
            for dataset in options.only:
                data = DataSettings(dataset=dataset, repeats=options.repeats)
                for seed in range(options.first, options.first + options.seeds):
                    path = Path(folder) / f"{dataset} {seed}.afina"
                    engine.start(StudySettings(data=data, seed=seed), path, _nobody, StudyControl())
                    checked.append(_checked(StudyProgress.of(read_study(path)), training, options.again))
                    print(f"{dataset:16} {seed:4} {_row(checked[-1])}", flush=True)
        finally:
            engine.close()
    told = [one for one in checked if one.said is not None]
    right = sum(RIGHT[0] <= one.share <= RIGHT[1] for one in told)
    print(f"The number is said of {len(told)} of {len(checked)} studies; of {right} it is right.")
    return 0 if right == len(told) else 1


def _row(one: Checked) -> str:
    if one.said is None:
        return f"{one.best:4}  –         {one.right:<9.2g}"
    return f"{one.best:4}  {one.said:<9.2g} {one.right:<9.2g} {one.share:.0%}"


def _checked(progress: StudyProgress, training: Training, times: int) -> Checked:
    """Train the settings of the best trial again so often, and compare the results with what is said."""
    noise, best = noise_of(progress), progress.best
    assert best is not None
    differences = sorted(abs(one - other) for one, other in combinations(_again(progress, training, times), 2))
    right = differences[math.ceil(0.9 * len(differences)) - 1]
    if noise is None:
        return Checked(best.number, None, right, math.nan)
    below = sum(difference < noise.bound for difference in differences)
    return Checked(best.number, noise.bound, right, below / len(differences))


def _again(progress: StudyProgress, training: Training, times: int) -> list[float]:
    best, settings = progress.best, progress.settings
    assert best is not None
    found = []
    for number in range(_OTHER_SEEDS, _OTHER_SEEDS + times):
        seed = trial_seed(settings.seed, number)
        run = training.begin(trial_request(settings, best.number, best.values, seed, conduct=progress.conduct))
        end = None
        while end is None:
            end = next((report for report in run.advance() if isinstance(report, TrialEnded)), None)
        if end.objective is not None:
            found.append(end.objective)
    return found


def _nobody(events: Sequence[Event]) -> None:
    """Take published events without a look at them."""


if __name__ == "__main__":
    sys.exit(main())
