"""Traced and compiled loops, kept from one trial to the next of the same graph."""

import json
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any

import core.training.runtime  # noqa: F401  isort: skip  first

import keras

from core.datasets.prepare import PreparedData
from core.training.loops import DataTensors, TrainingLoops
from core.training.plan import Plan
from core.training.ways import Task

_KEPT = 8


class KeptLoops:
    """Gives each task loops that need neither be traced nor compiled any more. Keeps those of one data set."""

    def __init__(self) -> None:
        self._data: PreparedData | None = None
        self._tensors: DataTensors | None = None
        self._loops: OrderedDict[Hashable, TrainingLoops] = OrderedDict()

    def hold(self, data: PreparedData) -> bool:
        """Return whether TensorFlow has these data already."""
        return data is self._data

    def ready(self, task: Task, plan: Plan) -> TrainingLoops:
        """Return loops that hold the task's model as it begins. Raises what the model raises when it is traced."""
        tensors = self._tensors_of(task.data)
        key = (_graph_key(task.model), plan.whole_epochs, task.batch_size if plan.xla else None)
        loops = self._loops.pop(key, None)
        if loops is None:
            loops = TrainingLoops(task.model, tensors, task.batch_size if plan.xla else None)
            loops.prepare(task.batch_size, plan.whole_epochs)
        else:
            loops.take_over(task.model)
        self._loops[key] = loops
        if len(self._loops) > _KEPT:
            self._loops.popitem(last=False)
        return loops

    def _tensors_of(self, data: PreparedData) -> DataTensors:
        if self._tensors is None or data is not self._data:
            self._loops.clear()
            self._data, self._tensors = data, DataTensors(data)
        return self._tensors


def _graph_key(model: keras.Model) -> Hashable:
    """Return what is equal for two models exactly when one's traced graph can train the other."""
    if not type(model).__module__.startswith("keras."):
        return object()  # what a class of its own does need not show in its configuration

    def essence(config: Any) -> Any:
        if isinstance(config, Mapping):
            return {key: essence(value) for key, value in config.items() if not _is_a_value(key, value)}
        if isinstance(config, list | tuple):
            return [essence(item) for item in config]
        return config

    optimizer = model.optimizer
    parts = [model.get_config(), type(optimizer).__name__, optimizer.get_config(), model.loss]
    return json.dumps(essence(parts), sort_keys=True, default=str)


def _is_a_value(key: str, setting: object) -> bool:
    """Return whether a setting only says what a variable begins with: of no concern to a graph."""
    if key == "learning_rate":
        return isinstance(setting, float | int)
    return key in ("name", "seed") or key.endswith("_initializer")
