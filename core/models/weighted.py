"""Layers with weights, as the values of a trial say: penalised by L2, their sums normalised by batch, or neither."""

from collections.abc import Mapping
from typing import Any

import keras

from core.parameters import Value


class _Penalised(keras.layers.Layer):  # type: ignore[misc]
    """Adds `l2` times the sum of the kernel's squares to the loss in training, as an L2 `kernel_regularizer` would.

    The validation loss is without it, or trials of another strength could not be compared. The strength is a variable,
    so that one traced graph serves every one.
    """

    def __init__(self, *arguments: Any, l2: float, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.l2 = self.add_weight(name="l2", shape=(), initializer=keras.initializers.Constant(l2), trainable=False)

    def call(self, inputs: Any, training: bool = False) -> Any:
        if training:
            self.add_loss(self.l2 * keras.ops.sum(keras.ops.square(self.kernel)))
        return super().call(inputs)


class PenalisedDense(_Penalised, keras.layers.Dense):  # type: ignore[misc]
    """A Dense layer with a penalty."""


class PenalisedConv2D(_Penalised, keras.layers.Conv2D):  # type: ignore[misc]
    """A Conv2D layer with a penalty."""


def dense(units: int, values: Mapping[str, Value], seed: int) -> list[keras.Layer]:
    """Return a Dense layer of that width and what goes with it; its first weights are those of `seed`.

    `values` needs activation, and may have l2 (0: off) and batch_normalisation.
    """
    return _weighted(keras.layers.Dense, PenalisedDense, values, seed, units=units)


def convolution(filters: int, kernel: int, values: Mapping[str, Value], seed: int) -> list[keras.Layer]:
    """Return a Conv2D layer that keeps the image's size, and what goes with it; arguments as in `dense`."""
    sizes = {"filters": filters, "kernel_size": kernel, "padding": "same"}
    return _weighted(keras.layers.Conv2D, PenalisedConv2D, values, seed, **sizes)


def _weighted(plain: Any, penalised: Any, values: Mapping[str, Value], seed: int, **options: Any) -> list[keras.Layer]:
    options["kernel_initializer"] = keras.initializers.GlorotUniform(seed=seed)
    l2 = float(values.get("l2", 0.0))
    if l2:
        plain, options["l2"] = penalised, l2
    if not values.get("batch_normalisation"):
        return [plain(activation=values["activation"], **options)]
    # Before the activation and in place of the bias, as in the method's paper: Ioffe and Szegedy, arXiv 1502.03167. A
    # bias would get no gradient but rounding errors, of which Adam would make whole steps.
    return [
        plain(use_bias=False, **options),
        keras.layers.BatchNormalization(),
        keras.layers.Activation(values["activation"]),
    ]
