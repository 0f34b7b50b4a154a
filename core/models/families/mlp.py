"""A multilayer perceptron: Dense layers of equal width, each with dropout, then the output layer."""

from collections.abc import Mapping
from typing import Any

from core.models.declarations import (
    ACTIVATION,
    BATCH_SIZE,
    DROPOUT,
    EPOCHS,
    LAYERS,
    LEARNING_RATE,
    OPTIMISER,
    PATIENCE,
    UNITS,
)
from core.models.family import DataShape, ModelFamily
from core.parameters import Value


def build(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
    """Return the compiled model; `values` needs layers, units, activation, dropout, learning_rate and optimizer.

    Each layer draws by a seed of its own: `seed` and the numbers after it, two for each hidden layer.
    """
    import keras

    from core.models.dropout import Dropout
    from core.models.heads import compiled, flat

    hidden, dropout = int(values["layers"]), float(values["dropout"])
    layers: list[keras.Layer] = flat(data)
    for layer_seed in range(seed, seed + 2 * hidden, 2):
        weights = keras.initializers.GlorotUniform(seed=layer_seed)
        layers.append(keras.layers.Dense(values["units"], activation=values["activation"], kernel_initializer=weights))
        if dropout:
            layers.append(Dropout(dropout, seed=layer_seed + 1))
    return compiled(layers, values, data, seed + 2 * hidden)


FAMILY = ModelFamily(
    name="mlp",
    label="Multilayer perceptron",
    help="Some Dense layers of equal width, each with dropout, before the output layer.",
    parameters=(LAYERS, UNITS, ACTIVATION, DROPOUT, LEARNING_RATE, BATCH_SIZE, EPOCHS, PATIENCE, OPTIMISER),
    build=build,
    script="""\
layers = []
for seed in range(TRIAL_SEED, TRIAL_SEED + 2 * LAYERS, 2):
    weights = keras.initializers.GlorotUniform(seed=seed)
    layers += [
        keras.layers.Dense(UNITS, activation=ACTIVATION, kernel_initializer=weights),
        keras.layers.Dropout(DROPOUT, seed=seed + 1),
    ]
output_seed = TRIAL_SEED + 2 * LAYERS
""",
    newer=frozenset({PATIENCE.name}),
    place=2,
)
