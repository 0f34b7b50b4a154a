"""Training and validation as loops inside TensorFlow: a Keras model without Python between its steps."""

from collections.abc import Callable
from typing import Any

import core.training.runtime  # noqa: F401  isort: skip  first

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.datasets.prepare import PreparedData
from core.training.plan import VALIDATION_ROWS

_MOST_EPOCHS = 64
_ORDER_NUMBERS = 500_000
"""So many row numbers, of all epochs together, are handed to TensorFlow at once."""


class DataTensors:
    """Prepared data where TensorFlow finds it: made once, and shared by all models that are trained on it."""

    def __init__(self, data: PreparedData) -> None:
        self.x, self.y = tf.convert_to_tensor(data.x_train), tf.convert_to_tensor(data.y_train)
        self.x_val, self.y_val = tf.convert_to_tensor(data.x_val), tf.convert_to_tensor(data.y_val)
        self.rows, self.validation_rows = len(data.x_train), len(data.x_val)


class TrainingLoops:
    """A Keras model and the loops that train and validate it.

    The loops call the model's own `train_step` and `test_step`, so the numbers are those of `fit` with the same
    batches, within rounding. Without a `batch_size` one trace serves every batch size, learning rate and seed; with
    one the loops are compiled by XLA, for it alone. A trial whose loops are there already begins without tracing:
    `take_over` gives them the variables of a freshly built model.
    """

    def __init__(self, model: keras.Model, data: DataTensors, batch_size: int | None = None) -> None:
        self.model = model
        self._data = data
        self._compiled_size = batch_size and min(batch_size, data.rows)
        self.most_epochs = max(1, min(_MOST_EPOCHS, _ORDER_NUMBERS // data.rows))
        """The number of epochs that `train_epochs` takes at once."""
        self._names: list[str] = []
        model.optimizer.build(model.trainable_variables)
        model.test_step((data.x_val[:1], data.y_val[:1]))  # makes the metrics' variables, which a graph may not
        model.reset_metrics()
        xla = batch_size is not None
        # The loops are TensorFlow's own already; to translate them would only leave files in the temporary folder.
        self._epochs = tf.function(self._epochs_loop, autograph=False, jit_compile=xla)
        self._steps = tf.function(self._steps_loop, autograph=False, jit_compile=xla)
        self._validation = tf.function(self._validation_loop, autograph=False, jit_compile=xla)

    def take_over(self, fresh: keras.Model) -> None:
        """Take weights, random states, optimiser state and learning rate from a model of the same graph."""
        fresh.optimizer.build(fresh.trainable_variables)
        for mine, theirs in zip(_state(self.model), _state(fresh), strict=True):
            mine.value.assign(theirs.value)  # the Keras variable's own assign would insist on the size
        self.model.reset_metrics()

    def prepare(self, batch_size: int, whole_epochs: bool) -> None:
        """Trace, and compile, what will be called; raise what is raised when the model cannot be trained so."""
        orders = np.zeros((0, self._data.rows), np.int32)
        if whole_epochs:
            self.train_epochs(orders, batch_size, 0.0)
        else:
            self.train_steps(tf.zeros(self._data.rows, tf.int32), batch_size, 0.0, 0, 0)
            self.validate(0, 0)

    def train_epochs(
        self, orders: NDArray[np.int32], batch_size: int, limit: float
    ) -> tuple[list[dict[str, float]], float]:
        """Train and validate epochs, at most `most_epochs`; stop early at a loss that is not below `limit`.

        `orders` (epochs × rows) holds the order of the rows in each. Returns the logs of each epoch that was finished,
        and the loss at which the last one ended or stopped.
        """
        padded = np.zeros((self.most_epochs, self._data.rows), np.int32)
        padded[: len(orders)] = orders
        done, loss, table = self._epochs(
            tf.constant(padded),
            tf.constant(len(orders), tf.int32),
            tf.constant(batch_size, tf.int32),
            tf.constant(limit, tf.float32),
        )
        rows = table.numpy()[: int(done)].tolist()
        return [dict(zip(self._names, row, strict=True)) for row in rows], float(loss)

    def order(self, rows: NDArray[np.int32]) -> tf.Tensor:
        """Return the order of the rows in an epoch as `train_steps` takes it."""
        return tf.constant(rows)

    def train_steps(self, order: tf.Tensor, batch_size: int, limit: float, first: int, last: int) -> float:
        """Train steps `first` to `last` (excluded) of an epoch; return the loss of the epoch so far.

        Stops early at a loss that is not below `limit`.
        """
        _, loss = self._steps(
            order,
            tf.constant(first, tf.int32),
            tf.constant(last, tf.int32),
            tf.constant(batch_size, tf.int32),
            tf.constant(limit, tf.float32),
        )
        return float(loss)

    def validate(self, first: int, last: int) -> None:
        """Add validation steps `first` to `last` (excluded) to the metrics."""
        self._validation(tf.constant(first, tf.int32), tf.constant(last, tf.int32))

    def take_metrics(self) -> dict[str, float]:
        """Return the metrics so far and begin to count anew."""
        logs = {name: float(value) for name, value in self.model.get_metrics_result().items()}
        self.model.reset_metrics()
        return logs

    # What runs inside TensorFlow

    def _epochs_loop(
        self, orders: tf.Tensor, count: tf.Tensor, batch_size: tf.Tensor, limit: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        steps = -(-self._data.rows // batch_size)
        validation_steps = tf.constant(-(-self._data.validation_rows // VALIDATION_ROWS))
        columns = 2 * len(self.model.get_metrics_result())

        def one_epoch(epoch: tf.Tensor, _loss: tf.Tensor, table: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
            _, loss = self._steps_loop(orders[epoch], tf.constant(0), steps, batch_size, limit)
            logs = self._metrics_inside("")
            self._validation_loop(tf.constant(0), validation_steps)
            logs |= self._metrics_inside("val_")
            self._names = list(logs)
            row = tf.stack([tf.cast(value, tf.float32) for value in logs.values()])
            table = tf.tensor_scatter_nd_update(table, [[epoch]], [row])
            loss = tf.where(loss < limit, tf.cast(logs["val_loss"], tf.float32), loss)
            # An epoch that was stopped does not count.
            return epoch + tf.cast(loss < limit, tf.int32), loss, table

        result: tuple[tf.Tensor, tf.Tensor, tf.Tensor] = tf.while_loop(
            lambda epoch, loss, _table: (epoch < count) & (loss < limit),
            one_epoch,
            (tf.constant(0), tf.constant(-np.inf, tf.float32), tf.zeros((self.most_epochs, columns))),
            parallel_iterations=1,
        )
        return result

    def _steps_loop(
        self, order: tf.Tensor, first: tf.Tensor, last: tf.Tensor, batch_size: tf.Tensor, limit: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        begin = (first, tf.constant(-np.inf, tf.float32))
        size = self._compiled_size
        if size is None:
            return self._steps_while(
                lambda step: order[step * batch_size : (step + 1) * batch_size], begin, last, limit
            )
        # XLA needs to know the number of rows, so the last step, which may have fewer, is another one.
        whole = self._data.rows // size
        result = self._steps_while(
            lambda step: tf.slice(order, [step * size], [size]), begin, tf.minimum(last, whole), limit
        )
        if self._data.rows % size:
            result = self._steps_while(lambda _step: order[whole * size :], result, last, limit)
        return result

    def _steps_while(
        self,
        rows: Callable[[tf.Tensor], tf.Tensor],
        begin: tuple[tf.Tensor, tf.Tensor],
        last: tf.Tensor,
        limit: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Train steps until `last` on the rows of each; `begin` is the first step and the loss so far."""

        def one_step(step: tf.Tensor, _loss: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            numbers = rows(step)
            logs = self.model.train_step((tf.gather(self._data.x, numbers), tf.gather(self._data.y, numbers)))
            return step + 1, tf.cast(logs["loss"], tf.float32)

        result: tuple[tf.Tensor, tf.Tensor] = tf.while_loop(
            lambda step, loss: (step < last) & (loss < limit), one_step, begin, parallel_iterations=1
        )  # a NaN is not below anything
        return result

    def _validation_loop(self, first: tf.Tensor, last: tf.Tensor) -> None:
        data = self._data
        whole = data.validation_rows // VALIDATION_ROWS

        def validate(x: tf.Tensor, y: tf.Tensor) -> None:
            self.model.test_step((x, y))

        def whole_step(step: tf.Tensor) -> tuple[tf.Tensor]:
            rows = [step * VALIDATION_ROWS, 0]
            validate(
                tf.slice(data.x_val, rows, [VALIDATION_ROWS, data.x_val.shape[1]]),
                tf.slice(data.y_val, rows, [VALIDATION_ROWS, data.y_val.shape[1]]),
            )
            return (step + 1,)

        def short_step(step: tf.Tensor) -> tuple[tf.Tensor]:
            validate(data.x_val[whole * VALIDATION_ROWS :], data.y_val[whole * VALIDATION_ROWS :])
            return (step + 1,)

        step = first
        if whole:
            (step,) = tf.while_loop(
                lambda step: step < tf.minimum(last, whole), whole_step, (step,), parallel_iterations=1
            )
        if data.validation_rows % VALIDATION_ROWS:
            tf.while_loop(lambda step: step < last, short_step, (step,), parallel_iterations=1)

    def _metrics_inside(self, prefix: str) -> dict[str, Any]:
        logs = {prefix + name: value for name, value in self.model.get_metrics_result().items()}
        self.model.reset_metrics()
        return logs


def _state(model: keras.Model) -> list[Any]:
    """Return all variables that a trial begins with: weights, random states, the optimiser's own."""
    metrics = {id(variable) for variable in model.metrics_variables}
    own = [variable for variable in model.variables if id(variable) not in metrics]
    return own + list(model.optimizer.variables)
