"""Rehearses one configuration: the code of trials builds, traces and trains it for some steps, and is timed."""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from statistics import median
from time import perf_counter
from types import TracebackType

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras
import psutil

from core.events import FailureReason, TrialEnded, TrialState
from core.rehearsal.configurations import Measured
from core.training.keras_fit import KerasFit
from core.training.loops import TrainingLoops
from core.training.plan import VALIDATION_ROWS
from core.training.request import TrialRequest
from core.training.strategies import FitJob, Logs, Pieces, Strategies, train_epochs
from core.training.trial import Training

ENOUGH_SECONDS = 0.25
"""Training for this many seconds, or for one step, is enough to estimate the duration of an epoch."""
_MEMORY_INTERVAL = 0.005


def rehearse(training: Training, request: TrialRequest) -> Iterator[Measured]:
    """Yield the measurements of the trial after each piece of training; the last ones are `over`."""
    timing = _Timing(request.objective.metric)
    began = perf_counter()
    with _PeakMemory() as memory:
        run = training.begin(request, timing.strategies)
        reports = run.advance()
        built = perf_counter()
        while not (reports and isinstance(end := reports[-1], TrialEnded)):
            yield _measured(timing, memory, built - began, built)
            # With folds and repeats the first training is enough.
            reports = [run.give_up(TrialState.SKIPPED)] if timing.over else run.advance()
    # With a schedule the rate cannot be 0. Divergence is no problem here: the search finds out which rates diverge.
    failed = end.state is TrialState.FAILED and end.reason is not FailureReason.DIVERGED
    yield _measured(
        timing,
        memory,
        built - began,
        built,
        note="" if failed else end.message,
        problem=end.message if failed else "",
        over=True,
    )


def _measured(
    timing: "_Timing",
    memory: "_PeakMemory",
    build_seconds: float,
    built: float,
    *,
    note: str = "",
    problem: str = "",
    over: bool = False,
) -> Measured:
    traced = timing.began
    return Measured(
        weights=timing.weights,
        build_seconds=build_seconds,
        trace_seconds=None if traced is None else traced - built + timing.first_batch,
        epoch_seconds=timing.epoch_seconds,
        memory=memory.peak,
        data_memory=timing.data_memory,
        note=note,
        problem=problem,
        over=over,
    )


class _Timing:
    """Strategies that train for some steps only and measure their time; the model learns nothing.

    They report the epochs that they trained or, if none was finished, one epoch with the logs so far, in which the
    objective's metric must be.
    """

    def __init__(self, metric: str) -> None:
        """Make the strategies; `metric` is the objective's metric."""
        self._metric = metric
        self.strategies = Strategies(self._epochs, self._pieces, self._fit)
        self.began: float | None = None
        self.weights: int | None = None
        self.data_memory = 0
        self.first_batch = 0.0
        """Seconds of the first batch of a `fit`, in which `fit` traces the model."""
        self.epoch_seconds: float | None = None
        self.over = False

    def _begin(self, job: FitJob, model: keras.Model) -> None:
        self.began = perf_counter()
        self.data_memory = job.data.nbytes
        self.weights = sum(math.prod(variable.shape) for variable in job.model.trainable_variables)
        with suppress(TypeError, AttributeError):  # the rate follows a schedule
            model.optimizer.learning_rate = 0.0  # or a step at the highest rates would end in a diverged loss

    def _epochs(self, job: FitJob, loops: TrainingLoops) -> Pieces:
        self._begin(job, loops.model)
        pieces: list[tuple[int, float]] = []
        began = perf_counter()
        for finished in train_epochs(job, loops):
            pieces.append((len(finished), perf_counter() - began))
            self.epoch_seconds = _mean_seconds(pieces)
            yield finished
            if sum(seconds for _epochs, seconds in pieces) > ENOUGH_SECONDS:
                break
            began = perf_counter()
        self.over = True

    def _pieces(self, job: FitJob, loops: TrainingLoops) -> Pieces:
        self._begin(job, loops.model)
        order = loops.order(job.order(1))
        steps = _Steps(math.ceil(len(job.data.x_train) / job.batch_size))
        for _ in steps.timed(lambda first, last: loops.train_steps(order, job.batch_size, job.limit, first, last)):
            yield ()
        logs = loops.take_metrics()
        validation = _Steps(math.ceil(len(job.data.x_val) / VALIDATION_ROWS))
        for _ in validation.timed(loops.validate):
            yield ()
        self.epoch_seconds = steps.seconds + validation.seconds
        yield (logs | {f"val_{name}": value for name, value in loops.take_metrics().items()},)
        self.over = True

    def _fit(self, job: FitJob) -> Pieces:
        self._begin(job, job.model)
        steps = math.ceil(len(job.data.x_train) / job.batch_size)
        others = steps - 1 + math.ceil(len(job.data.x_val) / VALIDATION_ROWS)
        batches: list[float] = []
        logs: Logs | None = None
        began = perf_counter()
        for news in KerasFit(job.model, job.data, job.batch_size, 1, job.seed).steps():
            logs = None if isinstance(news, float) else news
            batches.append(perf_counter() - began)
            self.first_batch = batches[0]
            yield ()
            if sum(batches[1:]) > ENOUGH_SECONDS:
                break
            began = perf_counter()
        self.epoch_seconds = (1 + others) * median(batches[1:] or batches)
        yield (logs or self._so_far(job.model),)
        self.over = True

    def _so_far(self, model: keras.Model) -> Logs:
        """Return logs for an unfinished epoch; the objective's metric is 0 if the model has not reported it yet."""
        logs = {name: float(value) for name, value in model.get_metrics_result().items()}
        return {self._metric: 0.0} | logs | {f"val_{name}": value for name, value in logs.items()}


class _Steps:
    """Times some of `count` steps; `seconds` is the estimate for all steps."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.seconds = 0.0

    def timed(self, run: Callable[[int, int], object]) -> Iterator[None]:
        """Run steps, first one and then larger pieces, until ENOUGH_SECONDS have passed or all steps are done."""
        pieces: list[tuple[int, float]] = []
        first = 0
        while first < self._count and sum(seconds for _steps, seconds in pieces) < ENOUGH_SECONDS:
            last = min(self._count, 2 * first + 1)
            began = perf_counter()
            run(first, last)
            pieces.append((last - first, perf_counter() - began))
            first = last
            yield
        self.seconds = self._count * _mean_seconds(pieces)


def _mean_seconds(pieces: Sequence[tuple[int, float]]) -> float:
    """Return the mean seconds of one step or epoch, given pieces of (count, seconds); the first piece warms up.

    A piece with a count of 0, in which the loss diverged, counts as one.
    """
    counted = [(max(1, count), seconds) for count, seconds in pieces[1:] or pieces]
    return sum(seconds for _count, seconds in counted) / sum(count for count, _seconds in counted)


class _PeakMemory:
    """Measures the peak memory of this process inside a `with`, in bytes, every 5 ms."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak-memory", daemon=True)
        self.peak = self._in_use()

    def __enter__(self) -> "_PeakMemory":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _in_use(self) -> int:
        return int(self._process.memory_info().rss)

    def _watch(self) -> None:
        while not self._over.wait(_MEMORY_INTERVAL):
            self.peak = max(self.peak, self._in_use())
