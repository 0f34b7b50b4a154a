"""A multilayer perceptron in Keras: Dense layers of equal width, each with dropout, then Dense(1), on squared error."""

from collections.abc import Mapping

import keras

from core.models.dropout import Dropout
from core.models.optimizers import make_optimizer
from core.parameters import Value


def build(values: Mapping[str, Value], features: int, seed: int) -> keras.Model:
    """Return the compiled model; `values` needs layers, units, activation, dropout, learning_rate and optimizer.

    Each layer draws by a seed of its own: `seed` and the numbers after it, two for each hidden layer.
    """
    hidden, dropout = int(values["layers"]), float(values["dropout"])
    layers: list[keras.Layer] = []
    for layer_seed in range(seed, seed + 2 * hidden, 2):
        weights = keras.initializers.GlorotUniform(seed=layer_seed)
        layers.append(keras.layers.Dense(values["units"], activation=values["activation"], kernel_initializer=weights))
        if dropout:
            layers.append(Dropout(dropout, seed=layer_seed + 1))
    weights = keras.initializers.GlorotUniform(seed=seed + 2 * hidden)
    model = keras.Sequential([keras.Input((features,)), *layers, keras.layers.Dense(1, kernel_initializer=weights)])
    model.compile(optimizer=make_optimizer(values), loss="mse", metrics=["mae"])
    return model
