"""How a trial is trained, chosen by counting its work: never by a clock, or its numbers would not reproduce."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

XLA_STEPS = 15_000
"""Steps from which on compiling pays: XLA takes about a second more to begin with and 50 to 100 µs less a step."""
SHORT_EPOCH = 0.1
"""Seconds up to which an epoch is short: some of them at once run inside TensorFlow. Longer ones go in pieces."""
VALIDATION_ROWS = 1024
"""Rows that go through the model at once in validation."""
_GRAPH_STEP, _XLA_STEP = 1e-4, 5e-6
"""Seconds that a step takes besides its arithmetic."""
_MULTIPLICATIONS = 2e9
"""A second's, of weights with values, on a core of a slow laptop."""


@dataclass(frozen=True)
class Plan:
    """`xla`: the loop is compiled for this trial's batch size; otherwise a graph serves every batch size.

    `whole_epochs`: epochs are so short that TensorFlow is left only after some of them.
    """

    xla: bool
    whole_epochs: bool


def make_plan(*, rows: int, validation_rows: int, batch_size: int, epochs: int, weights: int, random: bool) -> Plan:
    """Return the fastest way to train.

    `weights` is the number of the model's weights. `random`: its training draws random numbers, as dropout does. XLA
    draws others than `fit` would, so such a model stays with the graph.
    """
    steps = ceil(rows / batch_size)
    xla = not random and steps * epochs >= XLA_STEPS
    arithmetic = weights * (3 * rows + validation_rows) / _MULTIPLICATIONS  # forwards once, backwards twice
    overhead = (steps + ceil(validation_rows / VALIDATION_ROWS)) * (_XLA_STEP if xla else _GRAPH_STEP)
    return Plan(xla=xla, whole_epochs=arithmetic + overhead <= SHORT_EPOCH)


def row_order(seed: int, epoch: int, rows: int) -> NDArray[np.int32]:
    """Return the order in which a trial with that seed goes through its rows in that epoch; epochs count from 1."""
    return np.random.default_rng([seed, epoch]).permutation(rows).astype(np.int32)
