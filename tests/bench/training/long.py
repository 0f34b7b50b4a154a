"""Longer trainings of a small perceptron: against `fit` and against the arithmetic alone.

`python -m tests.bench.training.long BATCH_SIZE STEPS` measures one batch size in this process and prints JSON.
"""

import json
import math
import sys
import time
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

import core.training.strategies
from core.datasets.prepare import PreparedData
from core.datasets.settings import DataSettings
from core.events import EpochEnded, TrialEnded, TrialState
from core.training.request import TrialRequest
from core.training.trial import Training
from tests.bench.training.arithmetic import CompiledSteps, Weights, numpy_steps

ROWS, FEATURES, UNITS = 10_000, 13, 64
RATE = 1e-3
FIT_STEPS = 8_000
"""So many steps, at least, of `fit` are measured, and reckoned up to those of the others."""
_CHECKED_STEPS = 50


@dataclass(frozen=True)
class Long:
    """Seconds for `steps` steps of this batch size: ours, and those of `fit` reckoned from `fit_steps`.

    `numpy_step` and `c_step` are the seconds of a step of the arithmetic alone.
    """

    batch_size: int
    steps: int
    ours: float
    ours_first: float
    fit: float
    fit_steps: int
    numpy_step: float
    c_step: float | None


def data() -> PreparedData:
    """Return standard normal features and a target that a small perceptron learns, 80 % for training."""
    random = np.random.default_rng(0)
    x = random.normal(size=(ROWS, FEATURES)).astype(np.float32)
    y = (x[:, :1] * x[:, 1:2] + np.abs(x[:, 2:3]) + 0.1 * random.normal(size=(ROWS, 1))).astype(np.float32)
    cut = ROWS * 8 // 10
    return PreparedData(x[:cut], y[:cut], x[cut:], y[cut:], tuple("abcdefghijklm"))


def request(batch_size: int, epochs: int) -> TrialRequest:
    values: dict[str, Any] = {"layers": 2, "units": UNITS, "activation": "relu", "dropout": 0.0, "optimizer": "sgd"}
    values |= {"learning_rate": RATE, "batch_size": batch_size, "epochs": epochs}
    return TrialRequest(1, "mlp", values, 7, DataSettings(), 0)


def measure(batch_size: int, steps: int) -> Long:
    prepared = data()
    core.training.strategies.prepare = lambda *_given: prepared  # type: ignore[attr-defined]
    an_epoch = math.ceil(len(prepared.x_train) / batch_size)
    epochs = math.ceil(steps / an_epoch)
    ours, first = _ours(request(batch_size, epochs))
    fit, fit_steps = _fit(request(batch_size, epochs), prepared, an_epoch)
    numpy_step, c_step = _arithmetic(request(batch_size, 1), prepared)
    return Long(batch_size, epochs * an_epoch, ours, first, fit, fit_steps, numpy_step, c_step)


def _ours(asked: TrialRequest) -> tuple[float, float]:
    """Return the seconds of the trial and those until its first epoch was reported."""
    training = Training()
    began = time.perf_counter()
    run, first = training.begin(asked), 0.0
    while True:
        reports = run.advance()
        if reports and not first:
            first = time.perf_counter() - began
        if reports and isinstance(reports[-1], TrialEnded):
            assert reports[-1].state is TrialState.COMPLETE, reports[-1].message
            return time.perf_counter() - began, first
        assert all(isinstance(report, EpochEnded) for report in reports)


def _fit(asked: TrialRequest, prepared: PreparedData, an_epoch: int) -> tuple[float, int]:
    """Return the seconds that `fit` takes for the trial, from its first epoch and the median of some others."""
    from keras.callbacks import LambdaCallback

    from core.training.strategies import FitJob

    epochs = max(3, math.ceil(FIT_STEPS / an_epoch))
    times = [time.perf_counter()]
    job = FitJob(asked)
    job.model.fit(
        prepared.x_train,
        prepared.y_train,
        batch_size=job.batch_size,
        epochs=epochs,
        validation_data=(prepared.x_val, prepared.y_val),
        verbose=0,
        callbacks=[LambdaCallback(on_epoch_end=lambda _epoch, _logs: times.append(time.perf_counter()))],
    )
    first, *others = np.diff(times)
    return float(first + (job.epochs - 1) * median(others)), epochs * an_epoch


def _arithmetic(asked: TrialRequest, prepared: PreparedData) -> tuple[float, float | None]:
    """Return the seconds a step of the NumPy loop and of the C loop, where there is a compiler."""
    from core.training.strategies import FitJob

    job = FitJob(asked)
    whole = len(prepared.x_train) // job.batch_size
    order = job.order(1)[: whole * job.batch_size].reshape(whole, job.batch_size)

    def first_weights() -> Weights:
        return [np.array(variable.numpy()) for variable in job.model.trainable_variables]

    def seconds(steps: Any) -> float:
        _check(steps, order[:_CHECKED_STEPS])
        weights, many = first_weights(), np.concatenate([order] * math.ceil(4000 / whole))
        began = time.perf_counter()
        steps(prepared.x_train, prepared.y_train, many, weights, RATE)
        return (time.perf_counter() - began) / len(many)

    def _check(steps: Any, few: Any) -> None:
        """Make sure that the loop computes what Keras does."""
        ours, model = first_weights(), job.build()
        steps(prepared.x_train, prepared.y_train, few, ours, RATE)
        for rows in few:
            model.train_on_batch(prepared.x_train[rows], prepared.y_train[rows])
        for weights, variable in zip(ours, model.trainable_variables, strict=True):
            np.testing.assert_allclose(weights, variable.numpy(), rtol=1e-2, atol=1e-4)

    try:
        c_step = seconds(CompiledSteps())
    except RuntimeError:
        c_step = None
    return seconds(numpy_steps), c_step


if __name__ == "__main__":
    print(json.dumps(asdict(measure(int(sys.argv[1]), int(sys.argv[2])))))
