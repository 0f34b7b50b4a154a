"""The cost of 5-fold cross-validation and of 5 repeats beside 5 hold-outs, on the tutorial and on a perceptron.

Run as `python -m tests.bench.validation`; prints a table.
"""

import statistics
import sys
from pathlib import Path
from time import perf_counter

import msgspec

from core.datasets.prepare import prepare
from core.datasets.settings import DataSettings
from core.events import TrialEnded, TrialState
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.parameters import Fixed, Value
from core.search.proposal import ProposalRequest
from core.search.searchers import InlineSearcher
from core.search.settings import SearchMethod, SearchSettings
from core.settings import StudySettings
from core.training.request import TrialRequest
from core.training.trial import Training
from tests.tables import imported

TRIALS, RUNS = 10, 3
FOLDS = 5


def settings_of(family: str, epochs: int) -> StudySettings:
    """Return a random search over the family's first ranges."""
    ranges = {parameter.name: parameter.first_range() for parameter in FAMILIES[family].parameters}
    model = ModelSettings(family_name=family, ranges=ranges | {"epochs": Fixed(epochs)})
    return StudySettings(model=model, search=SearchSettings(method=SearchMethod.RANDOM))


def points(settings: StudySettings) -> list[dict[str, Value]]:
    """Return the values of the trials: the same for all ways of validation."""
    searcher, found = InlineSearcher(), []
    fixed = {name: given.value for name, given in settings.model.ranges.items() if isinstance(given, Fixed)}
    for number in range(1, TRIALS + 1):
        searcher.ask(
            ProposalRequest(ranges=settings.varied, search=settings.search, seed=0, number=number, observations=())
        )
        proposal = searcher.answer(1.0)
        assert proposal is not None
        found.append(fixed | dict(proposal.point or {}) | {"learning_rate": 1e-4})  # nothing diverges
    return found


def seconds(training: Training, family: str, values: list[dict[str, Value]], data: DataSettings) -> float:
    """Train all points; return how long it took."""
    began = perf_counter()
    for number, point in enumerate(values, 1):
        run = training.begin(TrialRequest(number, family, point, number, data, 0))
        reports = run.advance()
        while not reports or not isinstance(reports[-1], TrialEnded):
            reports = run.advance()
        assert reports[-1].state is TrialState.COMPLETE, reports[-1].message
    return perf_counter() - began


def compare(family: str, epochs: int) -> None:
    """Print a row: seconds of a hold-out, and of folds and repeats as multiples of five hold-outs."""
    settings = settings_of(family, epochs)
    values = points(settings)
    data = DataSettings()
    ways = [data, msgspec.structs.replace(data, folds=FOLDS), msgspec.structs.replace(data, repeats=FOLDS)]
    training = Training()
    first = [seconds(training, family, values, way) for way in ways]
    later = [statistics.median(seconds(training, family, values, way) for _ in range(RUNS)) for way in ways]
    for name, found in (("first", first), ("traced", later)):
        once, folds, repeats = found
        print(
            f"{family:8} {epochs:6} {name:8} {once:8.2f} {folds:8.2f} {repeats:8.2f} "
            f"{folds / once / FOLDS:12.2f} {repeats / once / FOLDS:12.2f}"
        )


def million() -> None:
    """Print what preparing a fold of a million rows takes, in seconds and bytes."""
    from tempfile import TemporaryDirectory

    import numpy as np
    import polars as pl

    from core.tables.description import ColumnRole, Task

    with TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        columns = {f"x{n}": np.random.default_rng(n).normal(size=1_000_000) for n in range(20)}
        pl.DataFrame(columns | {"y": columns["x0"] + columns["x1"]}).write_csv(path)
        roles = dict.fromkeys(columns, ColumnRole.NUMBER)
        file = imported(path, 1_000_000, "y", Task.REGRESSION, roles)
        data = DataSettings(file=file, folds=FOLDS)
        for name, fit in (("first fold, file read", 1), ("another fold", 2), ("a fold that was kept", 1)):
            began = perf_counter()
            prepared = prepare(data, 0, fit)
            print(f"{name:24} {perf_counter() - began:6.2f} s, {prepared.nbytes / 2**20:.0f} MB")


if __name__ == "__main__":
    print("family   epochs          1 hold-out  5 folds 5 repeats  folds/5 h.o. repeats/5 h.o.")
    compare("linear", 10)
    compare("mlp", 10)
    if "--million" in sys.argv:
        million()
