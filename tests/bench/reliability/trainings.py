"""Line 24: a study of real trainings that was stopped goes on with the numbers of one that ran through."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from core.events import EpochEnded, Event, TrialEnded
from core.models.catalogue import FAMILIES
from core.models.custom.declared import Declared
from core.models.custom.model_file import ModelFile
from core.models.settings import ModelSettings
from core.parameters import Fixed, Range
from core.progress import StudyProgress
from core.ranges import FloatRange, IntegerRange, Scale
from core.search.searchers import InlineSearcher
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.loop import Study, study_started
from core.trainers.inline import InlineTrainer
from core.trial_progress import TrialProgress
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure

_FILE = """
import keras
from afina import Float, Integer
{before}
PARAMETERS = [Float("rate", 0.001, 0.05, scale="log"), Integer("units", 3, 6)]


def build_model(values, data):
    model = keras.Sequential([keras.Input(data.inputs), {layers}, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(values["rate"]), "mse", metrics=["mae"])
    return model
"""
_NOISY = """
class Noisy(keras.layers.Layer):
    def __init__(self, seed=None):
        super().__init__()
        self.generator = keras.random.SeedGenerator(seed) if seed else None

    def call(self, inputs):
        return inputs + keras.random.normal(keras.ops.shape(inputs), stddev=0.2, seed=self.generator)
"""
_TENSORFLOW = """
import tensorflow as tf


class Noisy(keras.layers.Layer):
    def call(self, inputs):
        return inputs + 0.2 * tf.random.normal(tf.shape(inputs))
"""
_ROW = "keras.layers.Reshape((-1, 1))"
KINDS = {
    "perceptron": "",
    "convolution": f"{_ROW}, keras.layers.Conv1D(values['units'], 3), keras.layers.Flatten()",
    "LSTM with both dropouts": f"{_ROW}, keras.layers.LSTM(values['units'], dropout=0.3, recurrent_dropout=0.2)",
    "GRU": f"{_ROW}, keras.layers.GRU(4, dropout=0.4)",
    "own random layer": "Noisy(7), keras.layers.Dense(values['units'], 'relu')",
    "own, without a seed": "Noisy(), keras.layers.Dense(values['units'], 'relu')",
    "own, TensorFlow's": "Noisy(), keras.layers.Dense(5, 'relu')",
    "noise and normalisation": (
        "keras.layers.GaussianNoise(0.2), keras.layers.Dense(6, 'relu'), keras.layers.BatchNormalization(), "
        "keras.layers.AlphaDropout(0.1), keras.layers.GaussianDropout(0.1)"
    ),
}
"""The layers of each kind's model file; the perceptron is Afina's own."""
_BEFORE = {"own random layer": _NOISY, "own, without a seed": _NOISY, "own, TensorFlow's": _TENSORFLOW}
_QUICK = ("LSTM with both dropouts", "own, without a seed")

_RATE, _UNITS = FloatRange(0.001, 0.05, scale=Scale.LOG), IntegerRange(3, 6)

Case = tuple[Path, str, int, int]
"""Folder, kind, trials, and after which trial the study was stopped; 0: inside the last but one."""


def measure(quick: bool, folder: Path) -> list[Figure]:
    kinds, trials = (_QUICK, 4) if quick else (tuple(KINDS), 6)
    inside: list[Case] = [(folder, kind, trials, 0) for kind in kinds]
    between: list[Case] = [
        (folder, kind, trials, after) for kind in kinds for after in ((2,) if quick else range(1, trials))
    ]
    # Each study runs in a process that has trained nothing before.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        equal = dict(zip(inside, pool.map(_runs_equally, inside), strict=True))
        equal |= zip(between, pool.map(_goes_on_equally, between), strict=True)
    found = {kind: [same for (_folder, of, _trials, _after), same in equal.items() if of == kind] for kind in kinds}
    return [
        Figure(
            24,
            "real trainings, stopped after each trial and inside one: all numbers as in a study that ran through",
            "; ".join(f"{kind}: {sum(same)} of {len(same)} equal" for kind, same in found.items()),
            "all",
            all(equal.values()),
            len(equal),
        )
    ]


def settings(kind: str, trials: int) -> StudySettings:
    """Return a study of short trials with models of this kind."""
    given: dict[str, Range] = {"batch_size": Fixed(64), "epochs": Fixed(30), "patience": Fixed(0)}
    if not KINDS[kind]:
        given |= {"learning_rate": _RATE, "units": _UNITS, "dropout": Fixed(0.2)}
        first = {parameter.name: parameter.first_range() for parameter in FAMILIES["mlp"].parameters}
        model = ModelSettings(family_name="mlp", ranges=first | given)
    else:
        given |= {"rate": _RATE, "units": _UNITS}
        declared = (Declared(name="rate", range=_RATE, default=0.01), Declared(name="units", range=_UNITS, default=4))
        source = _FILE.format(before=_BEFORE.get(kind, ""), layers=KINDS[kind])
        file = ModelFile(path="/model.py", source=source, parameters=declared)
        model = ModelSettings(file=file, ranges=given)
    return StudySettings(
        model=model, search=SearchSettings(initial_points=3), budget=BudgetSettings(trials=trials), seed=1
    )


def _through(folder: Path, kind: str) -> Path:
    return folder / f"{kind}.afina"


def _runs_equally(case: Case) -> bool:
    """Run the study through; run it once more in this process, stop inside a trial and resume; compare the two."""
    folder, kind, trials, _after = case
    first, control, stopped = study_started(settings(kind, trials)), StudyControl(), folder / f"{kind}, inside.afina"
    through, trainer = _through(folder, kind), InlineTrainer()
    with Store.create(through, first) as store:
        Study([first], store, trainer, InlineSearcher(), lambda _events: None, StudyControl()).start()

    def stop_inside(events: Sequence[Event]) -> None:
        if any(isinstance(event, EpochEnded) and event.trial == trials - 1 for event in events):
            control.stop()

    with Store.create(stopped, first) as store:
        Study([first], store, trainer, InlineSearcher(), stop_inside, control).start()
    is_inside = len(StudyProgress.of(read_study(stopped)).finished) == trials - 2
    _resume(stopped, trials, trainer)
    return is_inside and _numbers(stopped) == _numbers(through)


def _goes_on_equally(case: Case) -> bool:
    """Go on with the study as it was after a trial."""
    folder, kind, trials, after = case
    events, path = read_study(_through(folder, kind)), folder / f"{kind}, {after}.afina"
    end = next(n for n, event in enumerate(events) if isinstance(event, TrialEnded) and event.trial == after)
    studies.write(path, events[: end + 1])
    _resume(path, trials, InlineTrainer())
    return _numbers(path) == _numbers(_through(folder, kind))


def _resume(path: Path, trials: int, trainer: InlineTrainer) -> None:
    events = read_study(path)
    with Store.open(path) as store:
        Study(events, store, trainer, InlineSearcher(), lambda _events: None, StudyControl()).resume(trials)


def _numbers(path: Path) -> list[TrialProgress]:
    """Return all that is recorded of the trials, but the times."""
    trials = StudyProgress.of(read_study(path)).trials
    return [replace(trial, seconds=0.0, first_epoch_at=None) for trial in trials.values()]
