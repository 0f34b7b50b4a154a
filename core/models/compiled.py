"""What a Keras model was compiled with, and which of Keras's methods it has in a way of its own."""

from collections.abc import Iterable
from typing import Any

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras


def compiled_metrics(model: keras.Model) -> list[keras.metrics.Metric]:
    """Return the metrics that the model was compiled with; of those that are only named, none before they are made."""
    return [metric for group in model.metrics if group.name == "compile_metrics" for metric in group.metrics]


def overridden(model: keras.Model, methods: Iterable[str]) -> list[str]:
    """Return those of Keras's methods that the model's class has in a way of its own."""
    return [name for name in methods if getattr(type(model), name) is not getattr(keras.Model, name)]


def name_of_loss(loss: Any) -> str:
    """Return the name of a loss, which is given as its name, a function or an object."""
    return str(loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__))
