"""Keras optimisers by the names that the optimizer parameter takes."""

from collections.abc import Mapping

import keras

from core.parameters import Value

OPTIMIZERS: dict[str, type[keras.optimizers.Optimizer]] = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "rmsprop": keras.optimizers.RMSprop,
}


def make_optimizer(values: Mapping[str, Value]) -> keras.optimizers.Optimizer:
    """Return a new optimiser from the values of optimizer and learning_rate."""
    return OPTIMIZERS[str(values["optimizer"])](learning_rate=values["learning_rate"])
