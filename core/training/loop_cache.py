"""Caches traced and compiled loops between trials with the same graph."""

import json
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras
import tensorflow as tf

from core.datasets.prepare import PreparedData
from core.models.dropout import Dropout
from core.models.keras_state import unmoved
from core.phases import Stage
from core.training.loops import DataTensors, TrainingLoops
from core.training.plan import Plan
from core.training.strategies import FitJob

_MAX_GRAPHS = 32
"""The most graphs in the cache. Keras frees hardly any memory of a dropped graph, so a small cache saves nothing: 60
trials with 24 graphs made the process grow by 560 MB with 8 cached graphs and by 350 MB, in half the time, with 32."""
_OF_ANY_SIZE = (
    keras.layers.InputLayer,
    keras.layers.Dense,
    keras.layers.BatchNormalization,
    keras.layers.Activation,
    Dropout,
)
"""Layers with the same graph for any width: the graph gets the size of their variables when it runs."""
_VALUES = frozenset({"name", "seed"})
"""Settings, besides initialisers, that set only a variable's first value and so do not change the graph."""
_SIZES = frozenset({"units", "build_config", "rate"})
"""Settings that do not change a graph of layers of any size."""


class LoopCache:
    """Gives each job loops that are already traced and compiled.

    TensorFlow holds the data of one fold at a time; loops that are not compiled also take the data of the next fold.
    """

    def __init__(self) -> None:
        self._data: PreparedData | None = None
        self._tensors: DataTensors | None = None
        self._loops: OrderedDict[Hashable, TrainingLoops] = OrderedDict()

    def hold(self, data: PreparedData) -> bool:
        """Return whether TensorFlow already holds these data."""
        return data is self._data

    def draws_unseen(self, job: FitJob) -> Generator[Stage, None, bool]:
        """Return whether the training draws random numbers of which the model's variables tell nothing.

        Yields COMPILING before the model is traced, and raises whatever it raises then.
        """
        if _is_plain(job.model):
            return False
        yield Stage.COMPILING
        with unmoved(job.variables):
            return TrainingLoops(job.model, self._tensors_of(job.data)).draws()

    def ready(self, job: FitJob, plan: Plan) -> Generator[Stage, None, TrainingLoops]:
        """Return loops with the job's untrained model.

        Yields COMPILING before the model is traced, if it has to be, and raises whatever it raises then.
        """
        tensors = self._tensors_of(job.data)
        any_size = (
            not plan.xla
            and all(isinstance(layer, _OF_ANY_SIZE) for layer in job.model.layers)
            and not job.model.optimizer.gradient_accumulation_steps  # its condition needs known sizes
            and _is_plain(job.model)
        )
        sizes = (job.batch_size, tensors.rows, tensors.validation_rows) if plan.xla else None
        key = (_graph_key(job.model, any_size), _around_graphs(), job.is_exact, plan.whole_epochs, sizes)
        loops = self._loops.pop(key, None)
        if loops is None:
            yield Stage.COMPILING
            with unmoved(job.variables) if job.is_exact else nullcontext():
                loops = self._made(job, plan, tensors, any_size)
        if loops.model is not job.model:
            loops.take_over(job.model)
        self._loops[key] = loops
        if len(self._loops) > _MAX_GRAPHS:
            self._loops.popitem(last=False)
        return loops

    def _made(self, job: FitJob, plan: Plan, tensors: DataTensors, any_size: bool) -> TrainingLoops:
        within = partial(tf.variable_creator_scope, _of_any_size) if any_size else nullcontext
        model = job.build(within) if any_size else job.model
        with within():
            loops = TrainingLoops(model, tensors, job.batch_size if plan.xla else None, exact=job.is_exact)
        loops.prepare(job.batch_size, plan.whole_epochs)
        return loops

    def _tensors_of(self, data: PreparedData) -> DataTensors:
        if self._tensors is None:
            self._tensors = DataTensors(data)
        elif data is not self._data:
            self._tensors.put(data)
        self._data = data
        return self._tensors


def _around_graphs() -> Hashable:
    """Return what a graph depends on besides its model: parts of Keras's configuration become constants in it."""
    return keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format()


def _graph_key(model: keras.Model, any_size: bool) -> Hashable:
    """Return a key that is equal for two models only if the traced graph of one can train the other."""
    if not _is_plain(model):
        return object()
    values = _VALUES | _SIZES if any_size else _VALUES

    def essence(config: Any) -> Any:
        if isinstance(config, Mapping):
            return {key: essence(value) for key, value in config.items() if not is_a_value(key, value)}
        if isinstance(config, list | tuple):
            return [essence(item) for item in config]
        return config

    def is_a_value(key: str, setting: object) -> bool:
        if key == "learning_rate":
            return isinstance(setting, float | int)  # a schedule is part of the graph
        return key in values or key.endswith("_initializer")

    return json.dumps(essence([model.get_config(), model.get_compile_config()]), sort_keys=True, default=str)


def _is_plain(model: keras.Model) -> bool:
    """Return whether the configuration describes the whole model: a class or function of its own may do anything."""
    if not type(model).__module__.startswith("keras."):
        return False
    try:
        return _names_known_only([model.get_config(), model.get_compile_config()])
    except Exception:  # noqa: BLE001  a layer without a configuration, or with one that fails
        return False


def _names_known_only(config: Any) -> bool:
    """Return whether every class in a configuration is Keras's or Afina's, and none wraps a function."""
    if isinstance(config, list | tuple):
        return all(map(_names_known_only, config))
    if not isinstance(config, Mapping):
        return config is None or isinstance(config, str | bool | int | float)
    if "class_name" in config:
        known = str(config.get("module")).startswith(("keras", "core.models."))
        if not known or config["class_name"] in ("Lambda", "function"):
            return False
    return all(map(_names_known_only, config.values()))


def _of_any_size(create: Callable[..., tf.Variable], **options: Any) -> tf.Variable:
    """Create a variable that can later take a value of another size."""
    value = options["initial_value"]
    value = tf.convert_to_tensor(value() if callable(value) else value, dtype=options.get("dtype"))
    return create(**options | {"initial_value": value, "shape": tf.TensorShape([None] * value.shape.rank)})
