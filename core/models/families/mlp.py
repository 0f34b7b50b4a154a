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
    UNITS,
)
from core.models.family import DataShape, ModelFamily
from core.models.preset import Preset
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Scale, Value
from core.rules import Relation, Rule


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
    parameters=(LAYERS, UNITS, ACTIVATION, DROPOUT, LEARNING_RATE, BATCH_SIZE, EPOCHS, OPTIMISER),
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
    presets=(
        Preset(
            name="Small and quick",
            help="One or two narrow layers, Adam, large batches: a first look within minutes.",
            ranges={
                "layers": IntegerRange(1, 2),
                "units": IntegerRange(8, 64, Scale.LOG, 2),
                "dropout": Fixed(0.0),
                "learning_rate": FloatRange(1e-3, 1e-1, Scale.LOG),
                "batch_size": IntegerRange(32, 128, Scale.LOG, 2),
                "epochs": Fixed(10),
                "optimizer": Fixed("adam"),
            },
        ),
        Preset(
            name="Thorough",
            help="Up to four layers of up to 512 units, 1,024 in all at most; activations and optimisers compared.",
            ranges={
                "layers": IntegerRange(1, 4),
                "units": IntegerRange(16, 512, Scale.LOG),
                "activation": Choices(("relu", "elu", "gelu", "tanh")),
                "dropout": FloatRange(0.0, 0.5),
                "learning_rate": FloatRange(1e-4, 1e-1, Scale.LOG),
                "batch_size": IntegerRange(8, 256, Scale.LOG, 2),
                "epochs": IntegerRange(20, 100, Scale.LOG),
                "optimizer": Choices(("sgd", "adam", "rmsprop")),
            },
            rules=(Rule("units", Relation.AT_MOST, 1024.0, "layers"),),
        ),
        Preset(
            name="Few rows",
            help="Narrow layers, much dropout and small batches, against learning a small table by heart.",
            ranges={
                "layers": IntegerRange(1, 2),
                "units": IntegerRange(4, 32, Scale.LOG),
                "dropout": FloatRange(0.1, 0.6),
                "learning_rate": FloatRange(1e-4, 1e-1, Scale.LOG),
                "batch_size": IntegerRange(4, 32, Scale.LOG, 2),
                "epochs": IntegerRange(20, 100, Scale.LOG),
                "optimizer": Fixed("adam"),
            },
        ),
    ),
    place=2,
)
