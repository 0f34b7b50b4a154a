"""Layers with weights, by the values of a trial: with an L2 penalty, with batch normalisation, with both or none."""

from collections.abc import Mapping
from typing import Any

import keras

from core.parameters import Value


class _Penalised(keras.layers.Layer):  # type: ignore[misc]
    """Adds `l2` times the sum of the squared kernel to the loss in training, as an L2 `kernel_regularizer` would.

    The validation loss does not include the penalty, or trials with different strengths could not be compared. The
    strength is a variable, so that one traced graph serves all strengths.
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
    """Return a Dense layer of `units` units and the layers that belong to it; `seed` draws its first weights.

    `values` needs activation, and may have l2 (0: off) and batch_normalisation.
    """
    return _weighted(keras.layers.Dense, PenalisedDense, values, seed, units=units)


def convolution(filters: int, kernel: int, values: Mapping[str, Value], seed: int) -> list[keras.Layer]:
    """Return a Conv2D layer that keeps the image's size, and the layers that belong to it; arguments as in `dense`."""
    sizes = {"filters": filters, "kernel_size": kernel, "padding": "same"}
    return _weighted(keras.layers.Conv2D, PenalisedConv2D, values, seed, **sizes)


def _weighted(plain: Any, penalised: Any, values: Mapping[str, Value], seed: int, **options: Any) -> list[keras.Layer]:
    options["kernel_initializer"] = keras.initializers.GlorotUniform(seed=seed)
    l2 = float(values.get("l2", 0.0))
    if l2:
        plain, options["l2"] = penalised, l2
    if not values.get("batch_normalisation"):
        return [plain(activation=values["activation"], **options)]
    # Normalise before the activation and without a bias, as in the method's paper: Ioffe and Szegedy, arXiv
    # 1502.03167. The gradient of a bias would be rounding errors only, and Adam would turn them into full steps.
    return [
        plain(use_bias=False, **options),
        keras.layers.BatchNormalization(),
        keras.layers.Activation(values["activation"]),
    ]
