"""Keeps what a look at a model would change: its variables, and the random states of this process."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context


@contextmanager
def made_variables() -> Iterator[list[tf.Variable]]:
    """Yield a list of all TensorFlow's variables that are made inside, also of those that no layer knows."""
    made: list[tf.Variable] = []
    with _noting(made.append):
        yield made


@contextmanager
def unmoved(variables: Iterable[tf.Variable]) -> Iterator[None]:
    """Undo inside changes of the variables, of those that are made inside, and of the random states of this process.

    A variable that is made inside gets its first value again.
    """
    saved: list[tuple[tf.Variable, tf.Tensor]] = []

    def save(variable: tf.Variable) -> None:
        saved.append((variable, variable.read_value()))

    for variable in {id(one): one for one in variables}.values():
        save(variable)
    python, numpy = random.getstate(), np.random.get_state()
    tensorflow = getattr(context.context(), "_rng", None)  # what operations draw that have no seed, outside graphs
    drawn = tensorflow and tensorflow.getstate()
    try:
        with _noting(save):
            yield
    finally:
        for variable, value in saved:
            variable.assign(value)
        random.setstate(python)
        np.random.set_state(numpy)
        if tensorflow:
            tensorflow.setstate(drawn)


@contextmanager
def _noting(note: Callable[[tf.Variable], object]) -> Iterator[None]:
    """Call `note` with each variable that is made inside; one in a graph has no value yet, and is left out."""

    def noted(create: Callable[..., tf.Variable], **options: Any) -> tf.Variable:
        variable = create(**options)
        if tf.executing_eagerly():
            note(variable)
        return variable

    with tf.variable_creator_scope(noted):
        yield


def variables_of(model: Any) -> list[tf.Variable]:
    """Return TensorFlow's variables of a model: weights, random states, metrics, the optimiser's."""
    optimizer = getattr(model, "optimizer", None)
    return [variable.value for variable in (*model.variables, *(optimizer.variables if optimizer is not None else ()))]
