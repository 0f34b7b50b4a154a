"""A data set of 1,000,000 × 20: the memory of the process that trains on it, and its speed.

`python -m tests.bench.training.large ROWS BATCH_SIZE` trains three trials in this process and prints JSON.
"""

import json
import resource
import sys
import time
from typing import Any

import numpy as np
import psutil

from core.datasets.builtin import Dataset
from core.datasets.settings import DataSettings
from core.events import EpochEnded, TrialEnded
from core.training.request import TrialRequest
from core.training.trial import Training

FEATURES = 20
EPOCHS = 3


def read(_dataset: Dataset, _excluded: Any = ()) -> Any:
    """Stand in for a data set's own reading: as many rows as the command line says."""
    random, rows = np.random.default_rng(0), int(sys.argv[1])
    x = random.normal(size=(rows, FEATURES))
    return x, x @ random.normal(size=FEATURES) + random.normal(size=rows), tuple(map(str, range(FEATURES)))


def megabytes() -> dict[str, float]:
    """Return the memory of this process: now, and the most so far."""
    return {
        "now": psutil.Process().memory_info().rss / 2**20,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10,
    }


def main() -> None:
    Dataset.read = read  # type: ignore[method-assign,assignment]
    training = Training()
    _train(
        training, TrialRequest(0, "linear", _values(100) | {"epochs": 1}, 1, DataSettings(validation_fraction=0.9), 1)
    )
    found: dict[str, Any] = {"loaded": megabytes(), "trials": []}
    for number in range(1, 4):
        began = time.perf_counter()
        seconds = _train(training, TrialRequest(number, "linear", _values(int(sys.argv[2])), number, DataSettings(), 0))
        found["trials"].append({"seconds": time.perf_counter() - began, "epoch": seconds, **megabytes()})
    print(json.dumps(found))


def _values(batch_size: int) -> dict[str, Any]:
    return {"learning_rate": 0.001, "batch_size": batch_size, "epochs": EPOCHS, "optimizer": "sgd"}


def _train(training: Training, asked: TrialRequest) -> float:
    """Train a trial; return the seconds of its last epoch."""
    run, seconds = training.begin(asked), [0.0]
    while True:
        for report in run.advance():
            if isinstance(report, TrialEnded):
                assert report.objective is not None, report.message
                return seconds[-1] - seconds[-2]
            assert isinstance(report, EpochEnded)
            seconds.append(report.seconds)


if __name__ == "__main__":
    main()
