"""Linear regression in Keras: one Dense(1) layer on mean squared error."""

from collections.abc import Mapping

import keras

from core.models.optimizers import make_optimizer
from core.parameters import Value


def build(values: Mapping[str, Value], features: int, seed: int) -> keras.Model:
    """Return the compiled model; `values` needs learning_rate and optimizer."""
    weights = keras.initializers.GlorotUniform(seed=seed)
    model = keras.Sequential([keras.Input((features,)), keras.layers.Dense(1, kernel_initializer=weights)])
    model.compile(optimizer=make_optimizer(values), loss="mse", metrics=["mae"])
    return model
