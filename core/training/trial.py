"""A trial: how it is trained is chosen, it is advanced piece by piece, and whatever happens in it becomes a report."""

from collections.abc import Generator, Sequence
from time import perf_counter

from core.training.runtime import use_threads  # isort: skip  first

import keras
import psutil
import tensorflow as tf

from core.errors import AfinaError, TrialFailed
from core.events import EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.training.kept import KeptLoops
from core.training.plan import Plan, make_plan
from core.training.ways import Logs, Task, Ways
from core.training_request import TrialRequest, time_limit_message

_LONGEST_MESSAGE = 2000
_OF_KERAS = ("fit", "evaluate", "make_train_function", "make_test_function")
"""What the loops stand in for: a model that has its own wants it to be called."""

Pieces = Generator[Sequence[Logs], None, str]
"""Trains a piece each time: yields the logs of the epochs that ended in it, and returns a note on the whole trial."""


class Training:
    """Trains trials in this process and thread, one at a time, and keeps traced and compiled loops between them."""

    def __init__(self, threads: int | None = None) -> None:
        """Make it; TensorFlow computes on so many threads, on all cores but one unless told otherwise."""
        use_threads(threads)
        self._loops = KeptLoops()

    def begin(self, request: TrialRequest, ways: Ways = Ways()) -> "TrialRun":  # noqa: B008  it is immutable
        """Return the trial, ready to be advanced; nothing is built yet. A rehearsal trains in `ways` of its own."""
        return TrialRun(request, self._pieces(request, ways))

    def _pieces(self, request: TrialRequest, ways: Ways) -> Pieces:
        task = Task(request)
        yield ()
        why_fit = self._why_fit(task)
        if not why_fit:
            plan = _plan(task)
            try:
                loops = self._loops.ready(task, plan)
            except (MemoryError, tf.errors.ResourceExhaustedError):
                raise
            except Exception as error:  # noqa: BLE001  if `fit` cannot train it either, that error is the result
                first_line = str(error).strip().partition("\n")[0][:200]
                why_fit = f"the model cannot be traced ({type(error).__name__}: {first_line})"
                task = Task(request)
            else:
                yield ()
                yield from (ways.epochs if plan.whole_epochs else ways.pieces)(task, loops)
                return ""
        yield from ways.fit(task)
        return f"Trained by Keras's fit, which is slower: {why_fit}"

    def _why_fit(self, task: Task) -> str:
        """Return the reason why a task cannot be trained in loops inside TensorFlow, "" for none."""
        model, data = task.model, task.data
        if model.run_eagerly:
            return "the model asks to be run eagerly"
        if any(getattr(type(model), name) is not getattr(keras.Model, name) for name in _OF_KERAS):
            return "the model has a fit of its own"
        needed = data.x_train.nbytes + data.y_train.nbytes + data.x_val.nbytes + data.y_val.nbytes
        free = psutil.virtual_memory().available
        if needed > free / 2 and not self._loops.hold(data):
            return f"the data ({needed / 2**20:,.0f} MB) are large for the {free / 2**20:,.0f} MB of memory left"
        return ""


def _plan(task: Task) -> Plan:
    return make_plan(
        rows=len(task.data.x_train),
        validation_rows=len(task.data.x_val),
        batch_size=task.batch_size,
        epochs=task.epochs,
        weights=task.model.count_params(),
        random=any("seed_generator" in variable.path for variable in task.model.non_trainable_variables),
    )


class TrialRun:
    """One trial under way. Between two calls of `advance` it stands still; time is counted inside them only."""

    def __init__(self, request: TrialRequest, pieces: Pieces) -> None:
        self._request = request
        self._pieces = pieces
        self._last: EpochEnded | None = None
        self._seconds = 0.0

    def advance(self) -> list[TrialReport]:
        """Train a piece: a batch, or as many as take about 25 ms. Return what there is to report, often nothing.

        After the TrialEnded nothing more may be asked for. An error of the model ends the trial, never the caller.
        """
        before = self._seconds
        began = perf_counter()
        outcome = self._next_piece()
        self._seconds += perf_counter() - began
        if isinstance(outcome, str):
            return [self._ended(TrialState.COMPLETE, message=outcome)]
        if isinstance(outcome, BaseException):
            return [self._failed(outcome)]
        reports: list[TrialReport] = []
        for number, logs in enumerate(outcome, 1):
            self._last = self._epoch_ended(logs, before + (self._seconds - before) * number / len(outcome))
            reports.append(self._last)
        limit = self._request.limits.trial_seconds
        if limit is not None and self._seconds > limit and self._done < int(self._request.values["epochs"]):
            reports.append(self._ended(TrialState.FAILED, FailureReason.TIME_LIMIT, time_limit_message(limit)))
        return reports

    def give_up(self, state: TrialState) -> TrialEnded:
        """End the trial where it stands, as SKIPPED or INTERRUPTED."""
        return self._ended(state)

    @property
    def _done(self) -> int:
        return self._last.epoch if self._last is not None else 0

    def _next_piece(self) -> Sequence[Logs] | str | BaseException:
        try:
            return next(self._pieces)
        except StopIteration as end:
            note: str = end.value
            return note
        except BaseException as error:  # noqa: BLE001  whatever a model raises is the trial's result
            return error

    def _epoch_ended(self, logs: Logs, seconds: float) -> EpochEnded:
        return EpochEnded(
            trial=self._request.trial,
            epoch=self._done + 1,
            loss=logs["loss"],
            val_loss=logs["val_loss"],
            metrics={name: value for name, value in logs.items() if name not in ("loss", "val_loss")},
            seconds=seconds,
        )

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

    def _ended(self, state: TrialState, reason: FailureReason | None = None, message: str = "") -> TrialEnded:
        self._pieces.close()
        complete = state is TrialState.COMPLETE
        return TrialEnded(
            trial=self._request.trial,
            state=state,
            epoch=self._done if complete else self._done + 1,
            seconds=self._seconds,
            objective=self._last.val_loss if complete and self._last is not None else None,
            reason=reason,
            message=message,
        )
