"""One trial: build the model, train it epoch by epoch, report each epoch. The only module that runs Keras."""

import json
import math
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import msgspec
import numpy as np
import tensorflow as tf

from core.datasets.prepare import PreparedData, prepare
from core.errors import AfinaError, TrialFailed
from core.events import EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.formatting import format_number
from core.models.family import family_named
from core.training_request import TrialRequest, time_limit_message

PIECE_SECONDS = 0.025
"""Training returns to Python after a batch, or after as many as take about this long."""
VALIDATION_ROWS = 1024
"""Rows that go through the model at once in validation."""
BEYOND_SENSE = 1e6
"""A loss this many times that of always predicting the mean is taken for divergence."""
_KEPT_GRAPHS = 8
_LONGEST_MESSAGE = 2000

tf.get_logger().setLevel("ERROR")


class TracedModel:
    """A Keras model whose training and validation steps run in loops inside TensorFlow.

    One trace serves every batch size, learning rate and seed, so a trial whose graph is known already begins
    without tracing: `take_over` gives it the variables of a freshly built model. The loops call the model's own
    `train_step` and `test_step`, so the numbers are those of `fit` with the same batches, within rounding.
    """

    def __init__(self, model: keras.Model, data: PreparedData) -> None:
        self.model = model
        self._x, self._y = tf.constant(data.x_train), tf.constant(data.y_train)
        self._x_val, self._y_val = tf.constant(data.x_val), tf.constant(data.y_val)
        model.optimizer.build(model.trainable_variables)
        model.test_step((self._x_val[:1], self._y_val[:1]))  # makes the metrics' variables, which a graph may not
        model.reset_metrics()
        # The loops are TensorFlow's own already; to translate them would only leave files in the temporary folder.
        self._train = tf.function(self._train_loop, autograph=False)
        self._validate = tf.function(self._validate_loop, autograph=False)

    def take_over(self, fresh: keras.Model) -> None:
        """Take weights, random states, optimiser state and learning rate from a model of the same graph."""
        fresh.optimizer.build(fresh.trainable_variables)
        for mine, theirs in zip(_state(self.model), _state(fresh), strict=True):
            mine.assign(theirs)
        self.model.reset_metrics()

    def train(self, order: tf.Tensor, batch_size: int, limit: float, first: int, last: int) -> tuple[int, float]:
        """Train steps `first` to `last` (excluded) of an epoch; stop early at a loss that is not below `limit`.

        Returns the next step and the mean loss of the epoch so far.
        """
        step, loss = self._train(
            order,
            tf.constant(batch_size, tf.int32),
            tf.constant(first, tf.int32),
            tf.constant(last, tf.int32),
            tf.constant(limit, tf.float32),
        )
        return int(step), float(loss)

    def validate(self, first: int, last: int) -> tuple[int, float]:
        """Add validation steps `first` to `last` (excluded) to the metrics; return `last` and nothing of note."""
        self._validate(tf.constant(first, tf.int32), tf.constant(last, tf.int32))
        return last, 0.0

    def _train_loop(
        self, order: tf.Tensor, batch_size: tf.Tensor, first: tf.Tensor, last: tf.Tensor, limit: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        def go_on(step: tf.Tensor, loss: tf.Tensor) -> tf.Tensor:
            return (step < last) & (loss < limit)  # a NaN is not below anything

        def one_step(step: tf.Tensor, _loss: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            rows = order[step * batch_size : (step + 1) * batch_size]
            logs = self.model.train_step((tf.gather(self._x, rows), tf.gather(self._y, rows)))
            return step + 1, tf.cast(logs["loss"], tf.float32)

        result: tuple[tf.Tensor, tf.Tensor] = tf.while_loop(
            go_on, one_step, (first, tf.constant(0.0)), parallel_iterations=1
        )
        return result

    def _validate_loop(self, first: tf.Tensor, last: tf.Tensor) -> None:
        def one_step(step: tf.Tensor) -> tuple[tf.Tensor]:
            rows = slice(step * VALIDATION_ROWS, (step + 1) * VALIDATION_ROWS)
            self.model.test_step((self._x_val[rows], self._y_val[rows]))
            return (step + 1,)

        tf.while_loop(lambda step: step < last, one_step, (first,), parallel_iterations=1)

    def take_metrics(self) -> dict[str, float]:
        """Return the metrics so far and begin to count anew."""
        logs = {name: float(value) for name, value in self.model.get_metrics_result().items()}
        self.model.reset_metrics()
        return logs


class Training:
    """Trains trials in this process and thread, one at a time, and keeps traced graphs between them."""

    def __init__(self, threads: int | None = None) -> None:
        """Let TensorFlow compute on so many threads; unless told otherwise one core stays free for the window."""
        with suppress(RuntimeError):  # TensorFlow runs in this process already, with threads of its own choice
            tf.config.threading.set_intra_op_parallelism_threads(threads or max(1, (os.cpu_count() or 2) - 1))
            tf.config.threading.set_inter_op_parallelism_threads(1)
        self._data: PreparedData | None = None
        self._traced: OrderedDict[str, TracedModel] = OrderedDict()

    def begin(self, request: TrialRequest) -> "TrialRun":
        """Return the trial, ready to be advanced; nothing is built yet."""
        return TrialRun(request, self._steps(request))

    def _steps(self, request: TrialRequest) -> Iterator[EpochEnded | None]:
        """Yield each epoch's report, and None wherever the training may stand still or be given up."""
        data = prepare(request.data, request.split_seed)
        model = family_named(request.family).build(request.values, data.x_train.shape[1], request.seed)
        traced = self._traced_model(model, data)
        yield None
        rows, batch_size = len(data.x_train), int(request.values["batch_size"])
        # Of all simple predictors the mean has the least squared error: the variance.
        limit = BEYOND_SENSE * max(1.0, float(np.var(data.y_train)))
        began = perf_counter()
        for epoch in range(1, int(request.values["epochs"]) + 1):
            order = tf.constant(np.random.default_rng([request.seed, epoch]).permutation(rows), tf.int32)
            train = partial(traced.train, order, batch_size, limit)
            for loss in _in_pieces(math.ceil(rows / batch_size), train):
                _check(loss, limit, epoch)
                yield None
            logs = traced.take_metrics()
            for _ in _in_pieces(
                math.ceil(len(data.x_val) / VALIDATION_ROWS),
                traced.validate,
            ):
                yield None
            val_logs = {f"val_{name}": value for name, value in traced.take_metrics().items()}
            _check(val_logs["val_loss"], limit, epoch)
            metrics = {name: value for name, value in (logs | val_logs).items() if name not in ("loss", "val_loss")}
            yield EpochEnded(
                trial=request.trial,
                epoch=epoch,
                loss=logs["loss"],
                val_loss=val_logs["val_loss"],
                metrics=metrics,
                seconds=perf_counter() - began,
            )

    def _traced_model(self, model: keras.Model, data: PreparedData) -> TracedModel:
        if data is not self._data:
            self._traced.clear()
            self._data = data
        key = _graph_key(model)
        traced = self._traced.pop(key, None)
        if traced is None:
            traced = TracedModel(model, data)
        else:
            traced.take_over(model)
        self._traced[key] = traced
        if len(self._traced) > _KEPT_GRAPHS:
            self._traced.popitem(last=False)
        return traced


class TrialRun:
    """One trial under way. Between two calls of `advance` it stands still; time is counted inside them only."""

    def __init__(self, request: TrialRequest, steps: Iterator[EpochEnded | None]) -> None:
        self._request = request
        self._steps = steps
        self._last: EpochEnded | None = None
        self._seconds = 0.0

    def advance(self) -> list[TrialReport]:
        """Train a piece: a batch, or as many as take about 25 ms. Return what there is to report, often nothing.

        After the TrialEnded nothing more may be asked for. An error of the model ends the trial, never the caller.
        """
        began = perf_counter()
        try:
            report = next(self._steps)
        except StopIteration:
            return [self._ended(TrialState.COMPLETE)]
        except BaseException as error:  # noqa: BLE001  whatever a model raises is the trial's result
            return [self._failed(error)]
        finally:
            self._seconds += perf_counter() - began
        if report is None:
            limit = self._request.limits.trial_seconds
            if limit is not None and self._seconds > limit:
                return [self._ended(TrialState.FAILED, FailureReason.TIME_LIMIT, time_limit_message(limit))]
            return []
        self._last = msgspec.structs.replace(report, seconds=self._seconds)
        return [self._last]

    def _failed(self, error: BaseException) -> TrialEnded:
        """Return the end of the trial that the error means; raise what is no trial's."""
        match error:
            case TrialFailed():
                reason, message = FailureReason(error.reason), error.message
            case AfinaError():
                reason, message = FailureReason.MODEL_ERROR, str(error)
            case MemoryError() | tf.errors.ResourceExhaustedError():
                first = str(error).partition("\n")[0]
                reason, message = FailureReason.OUT_OF_MEMORY, f"The memory did not suffice. {first}"
            case SystemExit():
                code = "" if error.code is None else repr(error.code)
                reason, message = FailureReason.MODEL_ERROR, f"The model ended the program: sys.exit({code})"
            case Exception():
                reason, message = FailureReason.MODEL_ERROR, f"{type(error).__name__}: {error}"
            case _:
                raise error
        return self._ended(TrialState.FAILED, reason, message[:_LONGEST_MESSAGE])

    def give_up(self, state: TrialState) -> TrialEnded:
        """End the trial where it stands, as SKIPPED or INTERRUPTED."""
        return self._ended(state)

    def _ended(self, state: TrialState, reason: FailureReason | None = None, message: str = "") -> TrialEnded:
        done = self._last.epoch if self._last is not None else 0
        complete = state is TrialState.COMPLETE
        return TrialEnded(
            trial=self._request.trial,
            state=state,
            epoch=done if complete else done + 1,
            seconds=self._seconds,
            objective=self._last.val_loss if complete and self._last is not None else None,
            reason=reason,
            message=message,
        )


def _in_pieces(steps: int, run: Callable[[int, int], tuple[int, float]]) -> Iterator[float]:
    """Call `run(first, last) → (next, loss)` over all steps in pieces of about PIECE_SECONDS; yield each loss."""
    step, size = 0, 8
    while step < steps:
        began = perf_counter()
        before = step
        step, loss = run(step, min(steps, step + size))
        per_step = (perf_counter() - began) / max(1, step - before)
        size = max(1, min(2 * size, int(PIECE_SECONDS / per_step)))
        yield loss


def _check(loss: float, limit: float, epoch: int) -> None:
    if loss < limit:
        return
    size = "not a number" if math.isnan(loss) else "infinite" if math.isinf(loss) else format_number(loss)
    raise TrialFailed(FailureReason.DIVERGED, f"The loss became {size} in epoch {epoch}", epoch)


def _state(model: keras.Model) -> list[Any]:
    """Return all variables that a trial begins with: weights, random states, the optimiser's own."""
    metrics = {id(variable) for variable in model.metrics_variables}
    own = [variable for variable in model.variables if id(variable) not in metrics]
    return own + list(model.optimizer.variables)


def _graph_key(model: keras.Model) -> str:
    """Return a text that is the same for two models exactly when one's traced graph can train the other."""

    def essence(config: Any) -> Any:
        if isinstance(config, Mapping):
            return {
                key: essence(value)
                for key, value in config.items()
                if key not in ("name", "seed", "learning_rate") and not key.endswith("_initializer")
            }
        if isinstance(config, list | tuple):
            return [essence(item) for item in config]
        return config

    optimizer = model.optimizer
    parts = [model.get_config(), type(optimizer).__name__, optimizer.get_config(), model.loss]
    return json.dumps(essence(parts), sort_keys=True, default=str)
