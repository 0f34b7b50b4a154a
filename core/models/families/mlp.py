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
    OPTIMISER_OF_NETWORKS,
    PATIENCE,
    SCHEDULE,
    UNITS,
    UNITS_OF_LAYERS,
)
from core.models.family import DataShape, ModelFamily
from core.models.preset import Preset
from core.models.script import normalise_line, options_line, with_options
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Parameter, Scale, Value
from core.rules import Relation, Rule

_NEWER: tuple[Parameter, ...] = (*UNITS_OF_LAYERS, BATCH_NORMALISATION, L2, SCHEDULE, MOMENTUM, PATIENCE)


def build(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
    """Return the compiled model; `values` needs layers, units, activation, learning_rate and optimizer.

    Each layer has a seed of its own: `seed` and the numbers after it, two for each hidden layer.
    """
    import keras

    from core.models.dropout import Dropout
    from core.models.heads import compiled, flat
    from core.models.weighted import dense

    widths, dropout = [int(values[name]) for name in _units(values)], float(values["dropout"])
    layers: list[keras.Layer] = flat(data)
    for layer_seed, width in zip(range(seed, seed + 2 * len(widths), 2), widths, strict=True):
        layers += dense(width, values, layer_seed)
        if dropout:
            layers.append(Dropout(dropout, seed=layer_seed + 1))
    return compiled(layers, values, data, seed + 2 * len(widths))


def _units(values: Mapping[str, Value]) -> list[str]:
    """Return, for each hidden layer, the name of the parameter that sets its width."""
    names = [UNITS.name]
    for layer in range(2, int(values["layers"]) + 1):
        own = f"{UNITS.name}_{layer}"
        names.append(own if values.get(own) else names[-1])
    return names


def script(values: Mapping[str, Value]) -> str:
    """Return the lines that build the same model in an exported script."""
    units = _units(values)
    widths = f"[{', '.join(units).upper()}]" if len(set(units)) > 1 else f"[{UNITS.name.upper()}] * LAYERS"
    dropout = "    layers.append(Dropout(DROPOUT, seed=TRIAL_SEED + 2 * number + 1))\n"
    dropout = dropout if values.get(DROPOUT.name) else ""
    return f"""\
layers = []
{options_line(values)}\
for number, width in enumerate({widths}):
    weights = keras.initializers.GlorotUniform(seed=TRIAL_SEED + 2 * number)
    layers.append(keras.layers.Dense(width, kernel_initializer=weights{with_options(values)}))
{normalise_line(values)}\
    layers.append(keras.layers.Activation(ACTIVATION))
{dropout}\
output_seed = TRIAL_SEED + 2 * LAYERS
"""


FAMILY = ModelFamily(
    name="mlp",
    label="Multilayer perceptron",
    help="Some Dense layers, each with dropout, before the output layer. All are equally wide, or each as it likes.",
    gist="Dense layers, each with dropout.",
    parameters=(
        LAYERS,
        UNITS,
        *UNITS_OF_LAYERS,
        ACTIVATION,
        BATCH_NORMALISATION,
        DROPOUT,
        L2,
        LEARNING_RATE,
        SCHEDULE,
        BATCH_SIZE,
        EPOCHS,
        PATIENCE,
        OPTIMISER_OF_NETWORKS,
        MOMENTUM,
    ),
    build=build,
    script=script,
    newer=frozenset(parameter.name for parameter in _NEWER),
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
