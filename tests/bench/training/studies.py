"""Whole studies: the tutorial's, and one of perceptrons, as a user has them; and where their time goes."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import psutil

from core.events import Event, TrialEnded, TrialState
from core.models.declarations import OPTIMISER, UNITS
from core.models.families.mlp import FAMILY as PERCEPTRON
from core.models.settings import ModelSettings
from core.progress import StudyProgress
from core.search.searchers import SearchProcess
from core.settings import BudgetSettings, LimitSettings, StudySettings, tutorial_settings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from core.training.request import TrialRequest

_REST = 3.0
"""Seconds that the processes of an engine must have been idle before it counts as warm."""


@dataclass
class Budget:
    """Seconds of a study, in all and for each thing that it waits for; its best objective, failures and record."""

    total: float = 0.0
    proposing: float = 0.0
    writing: float = 0.0
    training: float = 0.0
    best: float = 0.0
    failed: int = 0
    progress: StudyProgress | None = None

    @property
    def other(self) -> float:
        return self.total - self.proposing - self.writing - self.training


def settings_of(*, mlp: bool, seed: int, trials: int) -> StudySettings:
    """Return the settings of the tutorial's study, or of one in which units, layers and dropout vary too."""
    settings = tutorial_settings()
    if mlp:
        ranges = {p.name: p.first_range() for p in PERCEPTRON.parameters}
        ranges[UNITS.name] = UNITS.range(8, 128)
        ranges[OPTIMISER.name] = OPTIMISER.fixed("sgd")  # as the peers
        settings = msgspec.structs.replace(settings, model=ModelSettings(PERCEPTRON.name, ranges))
    limits = LimitSettings(failures_in_a_row=1000)  # the peers go on whatever diverges
    return msgspec.structs.replace(settings, seed=seed, budget=BudgetSettings(trials=trials), limits=limits)


def run_study(*, mlp: bool, seed: int, trials: int) -> Budget:
    """Run a study with a loaded worker in which nothing is traced yet."""
    budget = Budget()
    with TemporaryDirectory(prefix="afina-bench-") as folder, _warm_engine(Path(folder)) as engine:
        settings = settings_of(mlp=mlp, seed=seed, trials=trials)
        path = Path(folder) / "study.afina"
        with _timed(Store, "record") as writing, _timed(SearchProcess, "answer") as proposing:
            began = time.perf_counter()
            engine.start(settings, path, _nobody, StudyControl())
            budget.total = time.perf_counter() - began
        budget.proposing, budget.writing = proposing[0], writing[0]
        budget.progress = StudyProgress.of(read_study(path))
    ended = budget.progress.trials.values()
    budget.training = sum(trial.seconds for trial in ended)
    budget.failed = sum(trial.state is TrialState.FAILED for trial in ended)
    best = budget.progress.best
    budget.best = best.objective if best is not None and best.objective is not None else float("nan")
    return budget


@contextmanager
def _warm_engine(folder: Path) -> Iterator[LocalEngine]:
    """Yield an engine whose processes are loaded and idle.

    Trials on another split have been trained in it, as each peer trains a model before its clock starts.
    """

    engine = LocalEngine()
    try:
        other = settings_of(mlp=False, seed=1_000_000, trials=8)
        engine.start(other, folder / "warm.afina", _nobody, StudyControl())
        _wait_until_idle()
        yield engine
    finally:
        engine.close()


def _wait_until_idle() -> None:
    children = psutil.Process().children(recursive=True)
    quiet_since, used = time.monotonic(), 0.0
    while time.monotonic() - quiet_since < _REST:
        time.sleep(0.1)
        now = sum(sum(child.cpu_times()[:2]) for child in children if child.is_running())
        if now > used + 0.02:
            quiet_since = time.monotonic()
        used = now
        children = psutil.Process().children(recursive=True)


def _nobody(events: Sequence[Event]) -> None:
    """Take published events without a look at them."""


def parts_of_training(progress: StudyProgress) -> dict[str, float]:
    """Train the trials of a study again in this process; return the seconds for each part of it."""
    from core.training.loop_cache import LoopCache
    from core.training.strategies import FitJob
    from core.training.trial import Training

    _train_again(Training(), progress)  # TensorFlow has been used
    training = Training()
    with _timed(FitJob, "__init__") as building, _timed(LoopCache, "_made") as tracing:
        began = time.perf_counter()
        _train_again(training, progress)
        total = time.perf_counter() - began
    return {
        "building the Keras models": building[0],
        "tracing": tracing[0],
        "steps inside TensorFlow, Python": total - building[0] - tracing[0],
    }


def _train_again(training: Any, progress: StudyProgress) -> None:
    settings = progress.settings
    assert settings is not None
    for trial in progress.trials.values():
        run = training.begin(
            TrialRequest(
                trial.number, settings.model.family_name, trial.values, trial.seed, settings.data, settings.seed
            )
        )
        while not any(isinstance(report, TrialEnded) for report in run.advance()):
            pass


@contextmanager
def _timed(owner: type, name: str) -> Iterator[list[float]]:
    """Yield a list of one number, the seconds spent in a method of a class so far."""
    method = getattr(owner, name)
    seconds = [0.0]

    def timed(*arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return method(*arguments)
        finally:
            seconds[0] += time.perf_counter() - began

    setattr(owner, name, timed)
    try:
        yield seconds
    finally:
        setattr(owner, name, method)
