"""A multilayer perceptron: Dense layers, each with dropout, then the output layer."""

from collections.abc import Mapping
from typing import Any

from core.models.declarations import (
    ACTIVATION,
    BATCH_NORMALISATION,
    BATCH_SIZE,
    DROPOUT,
    EPOCHS,
    L2,
    LAYERS,
    LEARNING_RATE,
    MOMENTUM,
    OPTIMISER,
    PATIENCE,
    SCHEDULE,
    UNITS,
)
from core.models.family import DataShape, ModelFamily
from core.models.script import normalise_line, penalty_option
from core.parameters import Value


def build(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
    """Return the compiled model; `values` needs layers, units, activation, learning_rate and optimizer.

    Each layer draws by a seed of its own: `seed` and the numbers after it, two for each hidden layer.
    """
    import keras

    from core.models.dropout import Dropout
    from core.models.heads import compiled, flat
    from core.models.weighted import dense

    hidden, dropout = int(values["layers"]), float(values["dropout"])
    layers: list[keras.Layer] = flat(data)
    for layer_seed in range(seed, seed + 2 * hidden, 2):
        layers += dense(int(values["units"]), values, layer_seed)
        if dropout:
            layers.append(Dropout(dropout, seed=layer_seed + 1))
    return compiled(layers, values, data, seed + 2 * hidden)


def script(values: Mapping[str, Value]) -> str:
    """Return the lines that build the same model in an exported script."""
    return f"""\
layers = []
for seed in range(TRIAL_SEED, TRIAL_SEED + 2 * LAYERS, 2):
    weights = keras.initializers.GlorotUniform(seed=seed)
    layers.append(keras.layers.Dense(UNITS, kernel_initializer=weights{penalty_option(values)}))
{normalise_line(values)}\
    layers.append(keras.layers.Activation(ACTIVATION))
    layers.append(keras.layers.Dropout(DROPOUT, seed=seed + 1))
output_seed = TRIAL_SEED + 2 * LAYERS
"""


FAMILY = ModelFamily(
    name="mlp",
    label="Multilayer perceptron",
    help="Some Dense layers of equal width, each with dropout, before the output layer.",
    parameters=(
        LAYERS,
        UNITS,
        ACTIVATION,
        BATCH_NORMALISATION,
        DROPOUT,
        L2,
        LEARNING_RATE,
        SCHEDULE,
        BATCH_SIZE,
        EPOCHS,
        PATIENCE,
        OPTIMISER,
        MOMENTUM,
    ),
    build=build,
    script=script,
    newer=frozenset(p.name for p in (BATCH_NORMALISATION, L2, SCHEDULE, MOMENTUM, PATIENCE)),
    place=2,
)
