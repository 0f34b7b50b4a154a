"""The end of every model: the output layer, the loss and the metrics that the task needs."""

from collections.abc import Mapping, Sequence
from math import ceil

import keras

from core.models.family import HEADS, DataShape
from core.models.optimizers import make_optimizer
from core.parameters import Value
from core.tables.description import Task


def compiled(layers: Sequence[keras.Layer], values: Mapping[str, Value], data: DataShape, seed: int) -> keras.Model:
    """Return the compiled model: an input, the layers, and an output.

    `seed` draws the output layer's weights; `values` needs batch_size, epochs and the values for `make_optimizer`.
    """
    head = HEADS[data.task]
    output = keras.layers.Dense(
        max(1, data.classes) if data.task is Task.MULTICLASS else 1,
        activation=head.activation,
        kernel_initializer=keras.initializers.GlorotUniform(seed=seed),
    )
    model = keras.Sequential([keras.Input(data.inputs), *layers, output])
    steps = int(values["epochs"]) * ceil(data.rows / int(values["batch_size"]))
    model.compile(optimizer=make_optimizer(values, steps), loss=head.loss, metrics=list(head.metrics))
    return model


def flat(data: DataShape) -> list[keras.Layer]:
    """Return the layers that flatten an image into one row of numbers; none for other data."""
    return [keras.layers.Flatten()] if len(data.inputs) > 1 else []
