"""How well it can be told what is noise: `python -m tests.bench.noise`, and with `--repeats 3` of studies with repeats.

A default study of each data set of ours, with several seeds, as the window starts it when the data set is chosen. The
settings of its best trial are then trained again with other seeds. Nine of ten differences between two of these results
are to be less than the number that is said: 80 to 97 % count as right. With repeats the number is the headline's;
without, it is that of two rules that were tried (`rules`).
"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from core.datasets.builtin import DATASETS
from core.datasets.settings import DataSettings
from core.events import Event, TrialEnded
from core.noise import BOUND, noise_of
from core.progress import StudyProgress
from core.settings import StudySettings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from core.training.request import trial_request, trial_seed
from core.training.trial import Training
from tests.bench.noise.rules import EXPLAINED, estimate

SEEDS, AGAIN = 5, 30
RIGHT = 0.80, 0.97
_OTHER_SEEDS = 1_000_000
"""Numbers of trials from here on give seeds that no study of a benchmark has."""
_HEADLINE, _LEARNT, _WIDER = "headline", "learnt", "wider"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=sorted(DATASETS), choices=sorted(DATASETS))
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--again", type=int, default=AGAIN, help="how often the best is trained again")
    parser.add_argument("--repeats", type=int, default=1)
    options = parser.parse_args()
    shares: dict[str, list[float]] = {}
    with TemporaryDirectory(prefix="afina-bench-") as folder:
        for dataset in options.only:
            data = DataSettings(dataset=dataset, repeats=options.repeats)
            seeds = range(options.first, options.first + options.seeds)
            for seed, progress in _studies(Path(folder), data, seeds):
                differences = _differences(progress, options.again)
                right = differences[math.ceil(0.9 * len(differences)) - 1]
                print(f"{dataset:16} {seed:4}  right {right:<8.2g}", end="")
                for rule, bound in _said(progress).items():
                    share = sum(difference < bound for difference in differences) / len(differences)
                    shares.setdefault(rule, []).append(share)
                    print(f"  {rule} {bound:.2g}, above {share:.1%}", end="")
                print(flush=True)
    for rule, found in shares.items():
        count = sum(RIGHT[0] <= share <= RIGHT[1] for share in found)
        print(f"{rule}: right in {count} of {len(found)} studies of which it says something")
    return 0


def _studies(folder: Path, data: DataSettings, seeds: Sequence[int]) -> Iterator[tuple[int, StudyProgress]]:
    engine = LocalEngine()
    try:
        for seed in seeds:
            path = folder / f"{data.dataset} {seed}.afina"
            engine.start(StudySettings(data=data, seed=seed), path, _nobody, StudyControl())
            yield seed, StudyProgress.of(read_study(path))
    finally:
        engine.close()


def _said(progress: StudyProgress) -> dict[str, float]:
    """Return the number of each rule that says one of the study."""
    if progress.settings.data.repeats > 1:
        noise = noise_of(progress)
        return {} if noise is None else {_HEADLINE: noise.bound}
    found = estimate(progress)
    if found.explained < EXPLAINED:
        return {}
    return {_LEARNT: BOUND * found.learnt, _WIDER: BOUND * found.wider}


def _differences(progress: StudyProgress, times: int) -> list[float]:
    """Train the settings of the best trial again so often; return the differences of the results, in order."""
    best, settings, training = progress.best, progress.settings, Training()
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
    return sorted(abs(one - other) for one, other in combinations(found, 2))


def _nobody(events: Sequence[Event]) -> None:
    """Take published events without a look at them."""


if __name__ == "__main__":
    sys.exit(main())
