"""Trains with Keras's own `fit` where the loops cannot: slower, but for any model."""

import itertools
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras
import numpy as np
from keras.src.backend.common import global_state

from core.datasets.features import Rows
from core.datasets.prepare import PreparedData
from core.training.plan import VALIDATION_ROWS, row_order


class _Left(BaseException):
    """Raised inside `fit` to leave it. Not an Exception, so that a model's own handlers do not catch it."""


class KerasFit:
    """One call of `fit`, in a thread of its own that stands still between batches.

    Only one of the two threads runs at any time, so a trial can be paused and given up as in the loops.
    """

    def __init__(
        self,
        model: keras.Model,
        data: PreparedData,
        batch_size: int,
        epochs: int,
        seed: int,
        *,
        own_state: bool = False,
    ) -> None:
        """Make the call. With `own_state` the thread has random draws and names of its own, as in `FIRST_RULES`.

        Keras keeps those that no layer has for each thread.
        """
        self._model = model
        self._state = {} if own_state else dict(_state_of_thread())
        self._training = _shuffled_batches(data.x_train, data.y_train, batch_size, seed)
        self._steps = -(-len(data.x_train) // batch_size)
        self._validation = _Batches(data.x_val, data.y_val, VALIDATION_ROWS)
        self._epochs = epochs
        self._news: SimpleQueue[float | dict[str, float] | BaseException | None] = SimpleQueue()
        self._go_on: SimpleQueue[bool] = SimpleQueue()

    def steps(self) -> Iterator[float | dict[str, float]]:
        """Yield the epoch's loss so far after each batch, all logs after each epoch. Raises what the model raises."""
        thread = threading.Thread(target=self._fit, name="keras-fit", daemon=True)
        thread.start()
        try:
            while (news := self._news.get()) is not None:
                if isinstance(news, BaseException):
                    raise news
                yield news
                self._go_on.put(True)
        finally:
            self._go_on.put(False)
            thread.join()

    def _fit(self) -> None:
        _state_of_thread().update(self._state)
        try:
            self._model.fit(
                self._training,
                epochs=self._epochs,
                steps_per_epoch=self._steps,
                validation_data=self._validation,
                shuffle=False,
                verbose=0,
                callbacks=[_Reporter(self)],
            )
        except _Left:
            pass
        except BaseException as error:  # noqa: BLE001  `steps` raises it again
            self._news.put(error)
        else:
            self._news.put(None)

    def report(self, news: float | dict[str, float]) -> None:
        """Hand the news over and wait until told to go on. Raises _Left when told to stop."""
        self._news.put(news)
        if not self._go_on.get():
            raise _Left


def _state_of_thread() -> dict[str, Any]:
    state: dict[str, Any] = vars(global_state.GLOBAL_STATE_TRACKER)
    return state


class _Reporter(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports each batch and epoch to a KerasFit."""

    def __init__(self, fit: KerasFit) -> None:
        super().__init__()
        self._fit = fit
        self._loss = 0.0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._loss = float((logs or {}).get("loss", 0.0))
        self._fit.report(self._loss)

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self._fit.report(self._loss)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._fit.report({name: float(np.mean(value)) for name, value in (logs or {}).items()})


class _Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """Batches of rows in their given order, copied one at a time."""

    def __init__(self, x: Rows, y: Rows, batch_size: int) -> None:
        super().__init__()
        self._x, self._y = x, y
        self._batch_size = batch_size

    def __len__(self) -> int:
        return -(-len(self._x) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[Rows, Rows]:
        rows = slice(index * self._batch_size, (index + 1) * self._batch_size)
        return self._x[rows], self._y[rows]


def _shuffled_batches(x: Rows, y: Rows, batch_size: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """Yield the batches of one epoch after another, in the same order as in the loops, copied one at a time.

    A PyDataset cannot do this: Keras fetches batches of an epoch ahead, before it announces that the epoch begins.
    """
    for epoch in itertools.count(1):
        order = row_order(seed, epoch, len(x))
        for first in range(0, len(x), batch_size):
            rows = order[first : first + batch_size]
            yield x[rows], y[rows]
