"""A small convolutional network for images: blocks of convolution and pooling, a Dense layer, the output layer."""

from collections.abc import Mapping
from typing import Any

from core.models.declarations import (
    ACTIVATION,
    BATCH_NORMALISATION,
    BATCH_SIZE,
    DROPOUT,
    EPOCHS,
    L2,
    LEARNING_RATE,
    MOMENTUM,
    OPTIMISER_OF_NETWORKS,
    PATIENCE,
    SCHEDULE,
)
from core.models.family import DataShape, ModelFamily
from core.models.preset import Preset
from core.models.script import normalise_line, options_line, with_options
from core.parameters import Choices, Fixed, FloatRange, IntegerParameter, IntegerRange, Scale, Value
from core.rules import Relation, Rule

BLOCKS = IntegerParameter(
    name="blocks",
    label="Blocks",
    help="How many times the image is convolved and then halved. More see larger shapes; small images allow few.",
    default=2,
    low=1,
    high=3,
    minimum=1,
    maximum=8,
)
FILTERS = IntegerParameter(
    name="filters",
    label="Filters",
    unit="in the first block",
    help="How many patterns the first block looks for; each further block looks for twice as many.",
    default=16,
    low=8,
    high=64,
    minimum=1,
    maximum=1024,
    scale=Scale.LOG,
)
KERNEL = IntegerParameter(
    name="kernel",
    label="Kernel",
    unit="pixels",
    help="How wide and high the patterns are.",
    default=3,
    low=2,
    high=5,
    minimum=1,
    maximum=15,
    vary=False,
)
UNITS = IntegerParameter(
    name="units",
    label="Units",
    unit="in the dense layer",
    help="How wide the layer between the last block and the output is.",
    default=64,
    low=16,
    high=128,
    minimum=1,
    maximum=16_384,
    scale=Scale.LOG,
)


def build(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
    """Return the compiled model for images (height, width, channels).

    `values` needs blocks, filters, kernel, units, activation, dropout, learning_rate and optimizer. Each block halves
    the image until it is one pixel wide or high. Each layer has a seed of its own.
    """
    import keras

    from core.models.dropout import Dropout
    from core.models.heads import compiled
    from core.models.weighted import convolution, dense

    blocks, side = int(values["blocks"]), min(data.inputs[:2])
    layers: list[keras.Layer] = []
    for block in range(blocks):
        layers += convolution(int(values["filters"]) * 2**block, int(values["kernel"]), values, seed + block)
        if side > 1:
            layers.append(keras.layers.MaxPooling2D())
            side //= 2
    layers += [keras.layers.Flatten(), *dense(int(values["units"]), values, seed + blocks)]
    if values["dropout"]:
        layers.append(Dropout(float(values["dropout"]), seed=seed + blocks + 1))
    return compiled(layers, values, data, seed + blocks + 2)


def script(values: Mapping[str, Value]) -> str:
    """Return the lines that build the same model in an exported script."""
    options, normalise = with_options(values), normalise_line(values)
    dropout = "layers.append(Dropout(DROPOUT, seed=TRIAL_SEED + BLOCKS + 1))\n"
    dropout = dropout if values.get(DROPOUT.name) else ""
    return f"""\
layers = []
{options_line(values)}\
side = min(x_train.shape[1:3])
for block in range(BLOCKS):
    weights = keras.initializers.GlorotUniform(seed=TRIAL_SEED + block)
    filters = FILTERS * 2**block
    layers.append(keras.layers.Conv2D(filters, KERNEL, padding="same", kernel_initializer=weights{options}))
{normalise}\
    layers.append(keras.layers.Activation(ACTIVATION))
    if side > 1:
        layers.append(keras.layers.MaxPooling2D())
        side //= 2
weights = keras.initializers.GlorotUniform(seed=TRIAL_SEED + BLOCKS)
layers.append(keras.layers.Flatten())
layers.append(keras.layers.Dense(UNITS, kernel_initializer=weights{options}))
{normalise.lstrip()}\
layers.append(keras.layers.Activation(ACTIVATION))
{dropout}\
output_seed = TRIAL_SEED + BLOCKS + 2
"""


FAMILY = ModelFamily(
    name="cnn",
    label="Convolutional network",
    help="Blocks of convolution and pooling, then a Dense layer with dropout, before the output layer. For images.",
    gist="Convolution and pooling, then a Dense layer.",
    parameters=(
        BLOCKS,
        FILTERS,
        KERNEL,
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
        OPTIMISER_OF_NETWORKS,
        MOMENTUM,
    ),
    build=build,
    script=script,
    newer=frozenset(p.name for p in (BATCH_NORMALISATION, L2, SCHEDULE, MOMENTUM, PATIENCE)),
    presets=(
        Preset(
            name="Small and quick",
            help="One or two blocks of few filters, Adam, large batches: a first look within minutes.",
            ranges={
                "blocks": IntegerRange(1, 2),
                "filters": IntegerRange(4, 16, Scale.LOG, 2),
                "units": IntegerRange(16, 64, Scale.LOG, 2),
                "dropout": Fixed(0.0),
                "learning_rate": FloatRange(1e-3, 1e-2, Scale.LOG),
                "batch_size": IntegerRange(32, 128, Scale.LOG, 2),
                "epochs": Fixed(5),
                "optimizer": Fixed("adam"),
            },
        ),
        Preset(
            name="Thorough",
            help="Up to four blocks, kernels of 3 or 5 pixels, dropout, optimisers compared. Takes long.",
            ranges={
                "blocks": IntegerRange(1, 4),
                "filters": IntegerRange(8, 64, Scale.LOG),
                "kernel": IntegerRange(3, 5, step=2),
                "units": IntegerRange(16, 256, Scale.LOG),
                "dropout": FloatRange(0.0, 0.5),
                "learning_rate": FloatRange(1e-4, 1e-1, Scale.LOG),
                "batch_size": IntegerRange(16, 128, Scale.LOG, 2),
                "epochs": IntegerRange(10, 40, Scale.LOG),
                "optimizer": Choices(("sgd", "adam", "rmsprop")),
            },
            rules=(Rule("filters", Relation.AT_MOST, 128.0, "blocks"),),
        ),
    ),
    images=True,
    place=3,
)
