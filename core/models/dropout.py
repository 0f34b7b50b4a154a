"""Dropout whose rate is a variable."""

from typing import Any

import keras


class Dropout(keras.layers.Layer):  # type: ignore[misc]
    """Drops the same values as `keras.layers.Dropout` with the same seed, but one traced graph serves every rate.

    `rate` is the share that is dropped, from 0 up to, but not including, 1.
    """

    def __init__(self, rate: float, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.rate = self.add_weight(
            name="rate", shape=(), initializer=keras.initializers.Constant(rate), trainable=False
        )
        self.built = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training:
            return inputs
        kept = keras.random.uniform(keras.ops.shape(inputs), seed=self.seed_generator) >= self.rate
        return keras.ops.where(kept, inputs / (1.0 - self.rate), 0.0)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape
