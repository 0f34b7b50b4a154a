"""Chooses how a trial is trained, by counting its work. A clock would make the results impossible to reproduce."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

XLA_STEPS = 15_000
"""Compiling pays from this many steps on: XLA takes about 1 s more at the start and 50 to 100 µs less per step."""
SHORT_EPOCH = 0.1
"""Seconds: several epochs up to this length run at once inside TensorFlow; longer epochs run in pieces."""
BY_FIT = "Trained by Keras's fit, which is slower"
"""The beginning of the note on a trial that no loop inside TensorFlow could train."""
NOT_COMPILED = "Not compiled by XLA, which would draw other random numbers"
"""The note on a trial that is long enough for XLA, and whose model draws in a way that only its graph tells."""
VALIDATION_ROWS = 1024
"""Rows of one validation step."""
_GRAPH_STEP, _XLA_STEP = 1e-4, 5e-6
"""Seconds of overhead per step, besides its arithmetic."""
_MULTIPLICATIONS = 2e9
"""Multiplications of weights with values per second on one core of a slow laptop."""


@dataclass(frozen=True)
class Plan:
    """The way to train a trial.

    `xla`: the loop is compiled for this trial's batch size; otherwise one graph serves every batch size.
    `whole_epochs`: epochs are short, so that control returns from TensorFlow only after one or several epochs.
    """

    xla: bool
    whole_epochs: bool


def make_plan(*, rows: int, validation_rows: int, batch_size: int, epochs: int, weights: int, random: bool) -> Plan:
    """Return the fastest way to train.

    `weights` is the number of the model's weights. `random`: its training draws random numbers, as dropout does. XLA
    draws other numbers than `fit`, so a random model is never compiled.
    """
    steps = ceil(rows / batch_size)
    xla = not random and steps * epochs >= XLA_STEPS
    arithmetic = weights * (3 * rows + validation_rows) / _MULTIPLICATIONS  # forwards once, backwards twice
    overhead = (steps + ceil(validation_rows / VALIDATION_ROWS)) * (_XLA_STEP if xla else _GRAPH_STEP)
    return Plan(xla=xla, whole_epochs=arithmetic + overhead <= SHORT_EPOCH)


def row_order(seed: int, epoch: int, rows: int) -> NDArray[np.int32]:
    """Return the order of the rows in an epoch of a trial with this seed; epochs count from 1."""
    return np.random.default_rng([seed, epoch]).permutation(rows).astype(np.int32)
