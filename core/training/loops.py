"""Training and validation of a Keras model as loops inside TensorFlow, without Python between the steps."""

import re
from collections.abc import Callable
from itertools import chain
from typing import Any, NamedTuple

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.datasets.prepare import PreparedData
from core.training.plan import VALIDATION_ROWS

_MAX_EPOCHS = 64
_ORDER_NUMBERS = 500_000
"""The most row numbers, of all epochs together, that are handed to TensorFlow at once."""


_DRAWING = re.compile("Random|Normal|Multinomial|StatefulUniform")
"""Names of TensorFlow's operations that draw random numbers have one of these in them."""


class Parts(NamedTuple):
    """The rows of prepared data as tensors, or the specifications of these tensors."""

    x: Any
    y: Any
    x_val: Any
    y_val: Any


class DataTensors:
    """Prepared data as tensors, shared by all models that are trained; one fold at a time."""

    def __init__(self, data: PreparedData) -> None:
        self.put(data)

    def put(self, data: PreparedData) -> None:
        """Replace the data."""
        self.parts = Parts(*map(tf.convert_to_tensor, (data.x_train, data.y_train, data.x_val, data.y_val)))
        self.rows, self.validation_rows = len(data.x_train), len(data.x_val)

    def specs(self, *, of_these_sizes: bool) -> Parts:
        """Return the specifications of the tensors for a graph: of these alone, or with any number of rows."""
        return Parts(*(tf.TensorSpec(p.shape if of_these_sizes else [None, *p.shape[1:]], p.dtype) for p in self.parts))


class TrainingLoops:
    """A Keras model and the loops that train and validate it.

    The loops call the model's own `train_step` and `test_step`, so the results are those of `fit` with the same
    batches, within rounding. Without a `batch_size` one trace serves every batch size, learning rate, seed and number
    of rows. With one, XLA compiles the loops for this batch size and this number of rows. A trial with cached loops
    begins without tracing: `take_over` gives the loops the variables of a freshly built model.
    """

    def __init__(
        self, model: keras.Model, data: DataTensors, batch_size: int | None = None, *, exact: bool = True
    ) -> None:
        """Make the loops; this may move the model's random state.

        Without `exact` a metric has 24 bits, and one whose result is its own variable is read after its reset, as it
        was.
        """
        self.model = model
        self._exact = exact
        self._wide = tf.float64 if exact else tf.float32
        self._data = data
        self._compiled_size = batch_size and min(batch_size, data.rows)
        self._names: list[str] = []
        model.optimizer.build(model.trainable_variables)
        model.test_step(
            (data.parts.x_val[:1], data.parts.y_val[:1])
        )  # makes the metrics' variables, because a graph must not make them
        model.reset_metrics()
        xla = batch_size is not None
        # The loops already use TensorFlow's own operations; AutoGraph would only leave files in the temporary folder.
        parts = data.specs(of_these_sizes=xla)
        rows = data.rows if xla else None
        number, limit = tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.float32)

        def made(loop: Callable[..., Any], *arguments: tf.TensorSpec) -> Any:
            return tf.function(loop, (parts, *arguments), autograph=False, jit_compile=xla)

        orders = tf.TensorSpec([self.most_epochs if xla else None, rows], tf.int32)
        self._epochs = made(self._epochs_loop, orders, number, number, limit)
        self._steps = made(self._steps_loop, tf.TensorSpec([rows], tf.int32), number, number, number, limit)
        self._validation = made(self._validation_loop, number, number)

    def draws(self) -> bool:
        """Return whether a step of training draws random numbers, by its graph. Raises whatever the model raises."""
        graph = self._steps.get_concrete_function().graph.as_graph_def()
        nodes = chain(graph.node, *(function.node_def for function in graph.library.function))
        return any(_DRAWING.search(node.op) for node in nodes)

    @property
    def most_epochs(self) -> int:
        """The number of epochs that `train_epochs` takes at once."""
        return max(1, min(_MAX_EPOCHS, _ORDER_NUMBERS // self._data.rows))

    def take_over(self, fresh: keras.Model) -> None:
        """Copy weights, random states, optimiser state and learning rate from a model with the same graph."""
        fresh.optimizer.build(fresh.trainable_variables)
        for mine, theirs in zip(_state(self.model), _state(fresh), strict=True):
            mine.value.assign(theirs.value)  # the Keras variable's own assign would require the same size
        self.model.reset_metrics()

    def prepare(self, batch_size: int, whole_epochs: bool) -> None:
        """Trace, and compile, the loops that will be called. Raises whatever the model raises if that fails."""
        orders = np.zeros((0, self._data.rows), np.int32)
        if whole_epochs:
            self.train_epochs(orders, batch_size, 0.0)
        else:
            self.train_steps(tf.zeros(self._data.rows, tf.int32), batch_size, 0.0, 0, 0)
            self.validate(0, 0)

    def train_epochs(
        self, orders: NDArray[np.int32], batch_size: int, limit: float
    ) -> tuple[list[dict[str, float]], float]:
        """Train and validate at most `most_epochs` epochs; stop early at a loss that is not below `limit`.

        `orders` (epochs × rows) holds the order of the rows in each epoch. Return the logs of each finished epoch, and
        the loss with which the last one ended or stopped. A metric with several numbers, one per class, becomes their
        mean.
        """
        padded = np.zeros((self.most_epochs, self._data.rows), np.int32)
        padded[: len(orders)] = orders
        done, loss, table = self._epochs(
            self._data.parts,
            tf.constant(padded),
            tf.constant(len(orders), tf.int32),
            tf.constant(batch_size, tf.int32),
            tf.constant(limit, tf.float32),
        )
        rows = table.numpy()[: int(done)].tolist()
        return [dict(zip(self._names, row, strict=True)) for row in rows], float(loss)

    def order(self, rows: NDArray[np.int32]) -> tf.Tensor:
        """Return the order of the rows in an epoch as a tensor for `train_steps`."""
        return tf.constant(rows)

    def train_steps(self, order: tf.Tensor, batch_size: int, limit: float, first: int, last: int) -> float:
        """Train steps `first` to `last` (excluded) of an epoch; return the loss of the epoch so far.

        Stops early at a loss that is not below `limit`.
        """
        _, loss = self._steps(
            self._data.parts,
            order,
            tf.constant(first, tf.int32),
            tf.constant(last, tf.int32),
            tf.constant(batch_size, tf.int32),
            tf.constant(limit, tf.float32),
        )
        return float(loss)

    def validate(self, first: int, last: int) -> None:
        """Add validation steps `first` to `last` (excluded) to the metrics."""
        self._validation(self._data.parts, tf.constant(first, tf.int32), tf.constant(last, tf.int32))

    def take_metrics(self) -> dict[str, float]:
        """Return the metrics so far, and reset them."""
        logs = {name: float(np.mean(value)) for name, value in self.model.get_metrics_result().items()}
        self.model.reset_metrics()
        return logs

    # What runs inside TensorFlow

    def _epochs_loop(
        self, data: Parts, orders: tf.Tensor, count: tf.Tensor, batch_size: tf.Tensor, limit: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        steps = -(-_count(data.x) // batch_size)
        validation_steps = tf.convert_to_tensor(-(-_count(data.x_val) // VALIDATION_ROWS))
        columns = 2 * len(self.model.get_metrics_result())

        def one_epoch(epoch: tf.Tensor, _loss: tf.Tensor, table: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
            _, loss = self._steps_loop(data, orders[epoch], tf.constant(0), steps, batch_size, limit)
            logs = self._metrics_inside("")
            self._validation_loop(data, tf.constant(0), validation_steps)
            logs |= self._metrics_inside("val_")
            self._names = list(logs)
            row = tf.stack([self._mean(value) for value in logs.values()])
            table = tf.tensor_scatter_nd_update(table, [[epoch]], [row])
            loss = tf.where(loss < limit, tf.cast(logs["val_loss"], tf.float32), loss)
            # A stopped epoch does not count.
            return epoch + tf.cast(loss < limit, tf.int32), loss, table

        result: tuple[tf.Tensor, tf.Tensor, tf.Tensor] = tf.while_loop(
            lambda epoch, loss, _table: (epoch < count) & (loss < limit),
            one_epoch,
            (tf.constant(0), tf.constant(-np.inf, tf.float32), tf.zeros((_count(orders), columns), self._wide)),
            parallel_iterations=1,
        )
        return result

    def _mean(self, value: tf.Tensor) -> tf.Tensor:
        """Return the mean of a metric with several numbers; of a number itself."""
        value = value if value.dtype == self._wide else tf.cast(value, tf.float32)
        return tf.cast(tf.reduce_mean(value), self._wide)

    def _steps_loop(
        self,
        data: Parts,
        order: tf.Tensor,
        first: tf.Tensor,
        last: tf.Tensor,
        batch_size: tf.Tensor,
        limit: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        begin = (first, tf.constant(-np.inf, tf.float32))
        size = self._compiled_size
        if size is None:
            return self._steps_while(
                data, lambda step: order[step * batch_size : (step + 1) * batch_size], begin, last, limit
            )
        # XLA needs a fixed number of rows, so the last step, which may have fewer, gets a loop of its own.
        whole, rest = divmod(_count(data.x), size)
        result = self._steps_while(
            data, lambda step: tf.slice(order, [step * size], [size]), begin, tf.minimum(last, whole), limit
        )
        if rest:
            result = self._steps_while(data, lambda _step: order[whole * size :], result, last, limit)
        return result

    def _steps_while(
        self,
        data: Parts,
        rows: Callable[[tf.Tensor], tf.Tensor],
        begin: tuple[tf.Tensor, tf.Tensor],
        last: tf.Tensor,
        limit: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Train the steps before `last`, each on `rows(step)`; `begin` is the first step and the loss so far."""

        def one_step(step: tf.Tensor, _loss: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            numbers = rows(step)
            logs = self.model.train_step((tf.gather(data.x, numbers), tf.gather(data.y, numbers)))
            return step + 1, tf.cast(logs["loss"], tf.float32)

        result: tuple[tf.Tensor, tf.Tensor] = tf.while_loop(
            lambda step, loss: (step < last) & (loss < limit), one_step, begin, parallel_iterations=1
        )  # NaN is never below the limit
        return result

    def _validation_loop(self, data: Parts, first: tf.Tensor, last: tf.Tensor) -> None:
        def rows_of_step(step: tf.Tensor) -> tuple[tf.Tensor]:
            begin = step * VALIDATION_ROWS
            self.model.test_step(tuple(values[begin : begin + VALIDATION_ROWS] for values in (data.x_val, data.y_val)))
            return (step + 1,)

        def whole_step(step: tf.Tensor) -> tuple[tf.Tensor]:
            self.model.test_step((_rows_of_step(data.x_val, step), _rows_of_step(data.y_val, step)))
            return (step + 1,)

        def short_step(step: tf.Tensor) -> tuple[tf.Tensor]:
            self.model.test_step((data.x_val[whole * VALIDATION_ROWS :], data.y_val[whole * VALIDATION_ROWS :]))
            return (step + 1,)

        step = first
        if self._compiled_size is None:
            tf.while_loop(lambda step: step < last, rows_of_step, (step,), parallel_iterations=1)
            return
        whole, rest = divmod(_count(data.x_val), VALIDATION_ROWS)
        if whole:
            (step,) = tf.while_loop(
                lambda step: step < tf.minimum(last, whole), whole_step, (step,), parallel_iterations=1
            )
        if rest:
            tf.while_loop(lambda step: step < last, short_step, (step,), parallel_iterations=1)

    def _metrics_inside(self, prefix: str) -> dict[str, Any]:
        logs = {prefix + name: value for name, value in self.model.get_metrics_result().items()}
        if self._exact:  # a result may be a variable, as in Keras's own examples: read it before it is reset
            logs = {name: tf.identity(keras.ops.convert_to_tensor(value)) for name, value in logs.items()}
        self.model.reset_metrics()
        return logs


def _state(model: keras.Model) -> list[Any]:
    """Return all variables in the first state of a trial: weights, random states, the optimiser's variables."""
    metrics = {id(variable) for variable in model.metrics_variables}
    own = [variable for variable in model.variables if id(variable) not in metrics]
    return own + list(model.optimizer.variables)


def _count(values: tf.Tensor) -> Any:
    """Return the number of rows: a plain number if it is known when the graph is made, else a tensor."""
    return tf.shape(values)[0] if values.shape[0] is None else values.shape[0]


def _rows_of_step(values: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
    """Return the rows of one full validation step, with a fixed shape for XLA."""
    others = values.shape[1:]
    return tf.slice(values, [step * VALIDATION_ROWS, *[0] * len(others)], [VALIDATION_ROWS, *others])
