"""Keras optimisers by the names that the optimizer parameter takes, with momentum and a learning rate schedule.

Momentum, learning rate and number of steps are variables, so that one traced graph serves them all.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import keras

from core.models.declarations import LAST_SHARE
from core.parameters import Value

OPTIMIZERS: dict[str, type[keras.optimizers.Optimizer]] = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
    "adagrad": keras.optimizers.Adagrad,
}
_SHARES: dict[str, Callable[[Any], Any]] = {
    "cosine": lambda done: 0.5 * (1.0 + keras.ops.cos(math.pi * done)),
    "linear": lambda done: 1.0 - done,
    "exponential": lambda done: LAST_SHARE**done,
}
"""The share of the learning rate that each schedule leaves, as a function of the share of the steps done."""


def make_optimizer(values: Mapping[str, Value], steps: int = 1) -> keras.optimizers.Optimizer:
    """Return a new optimiser; `steps` is the number of steps over which a schedule decays.

    `values` needs optimizer and learning_rate, and may have momentum (0: none) and schedule.
    """
    name, rate = str(values["optimizer"]), float(values["learning_rate"])
    momentum = float(values.get("momentum", 0.0))
    optimizer = _WITH_MOMENTUM[name](rate, momentum) if momentum else OPTIMIZERS[name](learning_rate=rate)
    schedule = str(values.get("schedule", "constant"))
    if schedule != "constant":
        optimizer.learning_rate = Decay(schedule, _number(optimizer, rate), _number(optimizer, max(1, steps)))
    return optimizer


class Decay(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """The same decay as in Keras, of a learning rate over a number of steps, which are both variables."""

    def __init__(self, kind: str, rate: keras.Variable, steps: keras.Variable) -> None:
        super().__init__()
        self._kind, self._rate, self._steps = kind, rate, steps

    def __call__(self, step: Any) -> Any:
        done = keras.ops.minimum(keras.ops.cast(step, self._steps.dtype) / self._steps, 1.0)
        return self._rate * _SHARES[self._kind](done)

    def get_config(self) -> dict[str, str]:
        return {"kind": self._kind}


class _Momentum(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Adds two things to an optimiser: the momentum as a variable, `_carried`, and the last step of each weight."""

    def __init__(self, learning_rate: float, momentum: float) -> None:
        super().__init__(learning_rate)
        self._carried = _number(self, momentum)

    def build(self, variables: Any) -> None:
        if not self.built:
            super().build(variables)
            self._last_steps = self.add_optimizer_variables(variables, "last_step")


class SGDWithMomentum(_Momentum, keras.optimizers.SGD):  # type: ignore[misc]
    """Takes the same steps as Keras's SGD with this momentum."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        last = self._last_steps[self._get_variable_index(variable)]
        self.assign(last, self._carried * last - learning_rate * gradient)
        self.assign_add(variable, last)


class RMSpropWithMomentum(_Momentum, keras.optimizers.RMSprop):  # type: ignore[misc]
    """Takes the same steps as Keras's RMSprop with this momentum."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        place = self._get_variable_index(variable)
        last, square = self._last_steps[place], self._velocities[place]
        self.assign(square, self.rho * square + (1 - self.rho) * keras.ops.square(gradient))
        self.assign(last, self._carried * last + learning_rate * gradient / keras.ops.sqrt(square + self.epsilon))
        self.assign_sub(variable, last)


_WITH_MOMENTUM: dict[str, Callable[[float, float], keras.optimizers.Optimizer]] = {
    "sgd": SGDWithMomentum,
    "rmsprop": RMSpropWithMomentum,
}


def _number(optimizer: keras.optimizers.Optimizer, number: float) -> keras.Variable:
    """Return a variable that is part of the optimiser's state."""
    return optimizer.add_variable(shape=(), initializer=keras.initializers.Constant(number), name="number")
