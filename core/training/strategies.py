"""Strategies to train a model: whole epochs in TensorFlow, epochs in pieces, or Keras's own `fit`.

After each piece of training a strategy yields the logs of the epochs that ended in the piece. At these points training
can be paused or given up. A strategy raises TrialFailed at divergence, and whatever the model raises.
"""

import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras
import numpy as np
from numpy.typing import NDArray

from core.conduct import FIRST_RULES, Conduct
from core.datasets.prepare import PreparedData, prepare, prepare_test, with_class_columns, with_target_statistics
from core.datasets.settings import TargetScale
from core.errors import ModelFileError, TrialFailed
from core.events import FailureReason
from core.formatting import format_number
from core.models.custom.building import build as build_from_file
from core.models.custom.building import wants_columns
from core.models.family import DataShape
from core.models.keras_runtime import configure
from core.models.keras_state import made_variables, variables_of
from core.models.target_scale import in_own_unit
from core.training.keras_fit import KerasFit
from core.training.loops import TrainingLoops
from core.training.plan import VALIDATION_ROWS, row_order
from core.training.request import TrialRequest, fit_seed

PIECE_SECONDS = 0.025
"""Training returns to Python after one batch, or after as many batches as take about this many seconds."""
BEYOND_SENSE = 1e6
"""A trial has diverged when its loss is this many times the loss of always predicting the mean."""

Logs = Mapping[str, float]
"""The metrics of an epoch by name, the loss included: of training and, with names "val_…", of validation."""

Pieces = Generator[Sequence[Logs], None, None]
"""Trains one piece at each step, and yields the logs of the epochs that ended in it."""

_Result = TypeVar("_Result")


class FitJob:
    """One training to do: the untrained model, its data, the batch size, the epochs, and the order of the rows."""

    def __init__(self, request: TrialRequest, fit: int = 1) -> None:
        """Prepare the data and build the model of one of the request's trainings.

        Raises DataError, and whatever the model raises.
        """
        given, split_seed = request.data, request.split_seed
        self.data = prepare_test(given, split_seed) if request.test_epochs else prepare(given, split_seed, fit)
        self.seed = fit_seed(request.seed, fit)
        self._shape = shape_of(self.data)
        self._request = request
        self.scale = given.target_scale
        self._made: list[Any] = []
        self.model: keras.Model = self.build()
        if self._doubt and self.conduct.rules > FIRST_RULES:
            raise ModelFileError(self._doubt)
        if request.file is not None and wants_columns(self.model):
            self.data = with_class_columns(self.data)
        if self.scale is TargetScale.STANDARDISED:
            self.data = with_target_statistics(self.data)
        self.batch_size = int(request.values["batch_size"])
        self.epochs = int(request.values["epochs"])
        self.last_epoch = request.test_epochs[fit - 1] if request.test_epochs else self.epochs

    def build(self, within: Callable[[], AbstractContextManager[Any]] = nullcontext) -> keras.Model:
        """Return the untrained model, built inside the context."""
        if self._request.file is not None:
            keras.utils.clear_session(free_memory=False)  # or Keras would name a second AUC() in this process auc_1
        configure(self.conduct)
        with within(), made_variables() as self._made:
            model = self._built()
            return model if self.scale is TargetScale.AS_IT_IS else in_own_unit(model, self.scale)

    def _built(self) -> keras.Model:
        request, file = self._request, self._request.file
        if file is None:
            return request.family.build(request.values, self._shape, self.seed)
        made = self._made if self.is_exact else None
        return build_from_file(file.source, file.path, request.values, self._shape, self.seed, made)

    @property
    def conduct(self) -> Conduct:
        return self._request.conduct

    @property
    def is_exact(self) -> bool:
        """Whether the training begins with the state that the model was built with, whatever prepares it."""
        return self.conduct.rules > FIRST_RULES

    @property
    def variables(self) -> list[Any]:
        """All TensorFlow's variables that were made with the model, and those that the model has."""
        return [*self._made, *variables_of(self.model)]

    @property
    def note(self) -> str:
        """A sentence on anything special about the model, or empty."""
        return ". ".join(filter(None, [getattr(self.model, "afina_note", ""), self._doubt]))

    @property
    def _doubt(self) -> str:
        """A sentence on metrics that cannot be right, or empty."""
        return str(getattr(self.model, "afina_doubt", ""))

    @property
    def limit(self) -> float:
        """The loss from which on a trial has diverged."""
        # Of all constant predictions the mean has the least squared error, which is the variance.
        return BEYOND_SENSE * max(1.0, float(np.var(self.data.y_train[:, :1])))

    def order(self, epoch: int) -> NDArray[np.int32]:
        return row_order(self.seed, epoch, len(self.data.x_train))


def shape_of(data: PreparedData) -> DataShape:
    """Return what a model has to know of the data."""
    rows, *inputs = data.x_train.shape
    return DataShape(tuple(inputs), data.task, len(data.classes), rows=rows)


def train_epochs(job: FitJob, loops: TrainingLoops) -> Pieces:
    """Train whole epochs: at once as many as take about PIECE_SECONDS."""
    epoch, count, limit = 1, 1, job.limit
    while epoch <= job.last_epoch:
        began = perf_counter()
        count = min(count, loops.most_epochs, job.last_epoch - epoch + 1)
        orders = np.stack([job.order(number) for number in range(epoch, epoch + count)])
        finished, loss = loops.train_epochs(orders, job.batch_size, limit)
        count = max(1, min(4 * count, int(count * PIECE_SECONDS / (perf_counter() - began))))
        epoch += len(finished)
        yield finished
        _check(loss, limit, epoch)


def train_pieces(job: FitJob, loops: TrainingLoops) -> Pieces:
    """Train and validate each epoch in pieces of about PIECE_SECONDS."""
    limit = job.limit
    steps = math.ceil(len(job.data.x_train) / job.batch_size)
    validation_steps = math.ceil(len(job.data.x_val) / VALIDATION_ROWS)
    training_pieces, validation_pieces = _Piecewise(), _Piecewise()
    for epoch in range(1, job.epochs + 1):
        train = partial(loops.train_steps, loops.order(job.order(epoch)), job.batch_size, limit)
        for loss in training_pieces.over(steps, train):
            _check(loss, limit, epoch)
            yield ()
        logs = loops.take_metrics()
        for _ in validation_pieces.over(validation_steps, loops.validate):
            yield ()
        logs |= {f"val_{name}": value for name, value in loops.take_metrics().items()}
        _check(logs["val_loss"], limit, epoch)
        yield (logs,)


def train_by_fit(job: FitJob) -> Pieces:
    """Train with Keras's own `fit`: slower, but for any model."""
    epoch, limit = 1, job.limit
    for news in KerasFit(job.model, job.data, job.batch_size, job.epochs, job.seed, own_state=not job.is_exact).steps():
        if isinstance(news, float):
            _check(news, limit, epoch)
            yield ()
        else:
            _check(news["val_loss"], limit, epoch)
            epoch += 1
            yield (news,)
    if epoch <= job.epochs:
        raise TrialFailed(FailureReason.MODEL_ERROR, f"The model's fit ended in epoch {epoch} of {job.epochs}", epoch)


class Strategies(NamedTuple):
    """The functions that train a job: in whole epochs, in pieces of epochs, and by `fit`."""

    epochs: Callable[[FitJob, TrainingLoops], Pieces] = train_epochs
    pieces: Callable[[FitJob, TrainingLoops], Pieces] = train_pieces
    fit: Callable[[FitJob], Pieces] = train_by_fit


class _Piecewise:
    """Cuts steps into pieces of about PIECE_SECONDS each, from the times of the earlier pieces."""

    def __init__(self) -> None:
        self._size = 8

    def over(self, steps: int, run: Callable[[int, int], _Result]) -> Iterator[_Result]:
        """Call `run` with the first and the last (excluded) step of each piece; yield its results."""
        first = 0
        while first < steps:
            last = min(steps, first + self._size)
            began = perf_counter()
            result = run(first, last)
            seconds = perf_counter() - began
            self._size = max(1, min(2 * self._size, int((last - first) * PIECE_SECONDS / seconds)))
            yield result
            first = last


def _check(loss: float, limit: float, epoch: int) -> None:
    if loss < limit:
        return
    size = "not a number" if math.isnan(loss) else "infinite" if math.isinf(loss) else format_number(loss)
    raise TrialFailed(FailureReason.DIVERGED, f"The loss became {size} in epoch {epoch}", epoch)
