"""A trial: chooses how it is trained, advances it piece by piece, and turns whatever happens into a report."""

from collections.abc import Callable, Generator, Iterator, Sequence

from core.models.keras_runtime import use_threads  # isort: skip  first

import keras
import psutil
import tensorflow as tf

from core.children.process import host_program
from core.clock import seconds_awake
from core.errors import AfinaError, DataChanged, ModelFileError, TrialFailed
from core.events import EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.means import mean_of
from core.models.compiled import overridden
from core.models.custom.program import explained, reason_of
from core.phases import Stage
from core.training.baselines import measured
from core.training.loop_cache import LoopCache
from core.training.plan import BY_FIT, NOT_COMPILED, Plan, make_plan
from core.training.request import TrialRequest, time_limit_message
from core.training.row_scores import RowScores
from core.training.stopping import as_far_as_it_improves, is_trained, up_to
from core.training.strategies import FitJob, Logs, Pieces, Strategies

_MAX_MESSAGE_LENGTH = 2000
_MAX_REASON_LENGTH = 200
_OF_KERAS = ("fit", "evaluate", "make_train_function", "make_test_function")
"""Methods of Keras that the loops replace: a model that overrides one needs it to be called."""

NotedPieces = Generator[Sequence[Logs] | Stage, None, str]
"""Pieces that return a note on the whole training. A stage, which is no piece, says what comes next."""


class Training:
    """Trains trials in this process and thread, one at a time, and caches traced and compiled loops between them."""

    def __init__(self, threads: int | None = None) -> None:
        """Set TensorFlow up to compute on this number of threads; None means one less than the cores."""
        self.threads = use_threads(threads)
        self._loops = LoopCache()

    def begin(self, request: TrialRequest, strategies: Strategies = Strategies()) -> "TrialRun":  # noqa: B008  it is immutable
        """Return the trial, ready to advance; nothing is built yet. A rehearsal has `strategies` of its own."""
        if request.file is not None:
            host_program(request.file.path)
        rows = RowScores()
        return TrialRun(request, lambda fit: self._pieces(request, fit, strategies, rows), measured(request), rows)

    def _pieces(self, request: TrialRequest, fit: int, strategies: Strategies, rows: RowScores) -> NotedPieces:
        def to_its_end(pieces: Pieces, model: keras.Model) -> NotedPieces:
            if request.test_epochs:
                return rows.after(up_to(pieces, job.last_epoch), job, model)
            return as_far_as_it_improves(pieces, request)

        job = FitJob(request, fit)
        yield ()
        why_fit = self._why_fit(job)
        if not why_fit:
            try:
                plan, note = yield from self._plan(job)
                loops = yield from self._loops.ready(job, plan)
            except (MemoryError, tf.errors.ResourceExhaustedError):
                raise
            except Exception as error:  # noqa: BLE001  if `fit` cannot train it either, that error is the result
                why_fit = f"TensorFlow cannot compile the model ({reason_of(error)[:_MAX_REASON_LENGTH]})"
                job = FitJob(request, fit)
            else:
                yield Stage.TRAINING
                train = strategies.epochs if plan.whole_epochs else strategies.pieces
                stopped = yield from to_its_end(train(job, loops), loops.model)
                return _joined(stopped, job.data.note, job.note, note)
        yield Stage.COMPILING  # `fit` does so in its first batch
        stopped = yield from to_its_end(strategies.fit(job), job.model)
        return _joined(stopped, job.data.note, job.note, f"{BY_FIT}: {why_fit}")

    def _plan(self, job: FitJob) -> Generator[Stage, None, tuple[Plan, str]]:
        """Return the plan, and a note on it or "", by which the exported script does the same."""
        plan = _plan(job)
        if plan.xla and job.is_exact and (yield from self._loops.draws_unseen(job)):
            return _plan(job, random=True), NOT_COMPILED
        return plan, ""

    def _why_fit(self, job: FitJob) -> str:
        """Return the reason why a job cannot be trained in loops inside TensorFlow, or "" if it can."""
        model, data = job.model, job.data
        if model.run_eagerly:
            return "the model asks to be run eagerly"
        if overridden(model, _OF_KERAS):
            return "the model has a fit of its own"
        memory = psutil.virtual_memory()
        if job.is_exact:  # what other programs use at the moment must not decide
            if data.nbytes > memory.total / 4:
                return f"the data ({_megabytes(data.nbytes)}) are large for a memory of {_megabytes(memory.total)}"
        elif data.nbytes > memory.available / 2 and not self._loops.hold(data):
            return (
                f"the data ({_megabytes(data.nbytes)}) are large for the {_megabytes(memory.available)} of memory left"
            )
        return ""


def _megabytes(count: float) -> str:
    return f"{count / 2**20:,.0f} MB"


def _joined(*notes: str) -> str:
    return ". ".join(filter(None, notes))


def _plan(job: FitJob, *, random: bool = False) -> Plan:
    return make_plan(
        rows=len(job.data.x_train),
        validation_rows=len(job.data.x_val),
        batch_size=job.batch_size,
        epochs=job.epochs,
        weights=job.model.count_params(),
        random=random or any("seed_generator" in variable.path for variable in job.model.non_trainable_variables),
    )


class TrialRun:
    """One trial under way: one training or, with folds and repeats, several trainings one after the other.

    It trains, and counts its time, only during calls of `advance`. `stage` is what the next call will do.
    """

    def __init__(
        self,
        request: TrialRequest,
        pieces_of: Callable[[int], NotedPieces],
        before: Iterator[list[TrialReport]] = iter(()),  # noqa: B008  it is empty
        rows: RowScores | None = None,
    ) -> None:
        """Make the run; `pieces_of` returns the pieces of a training, given its number from 1 on.

        `before` is to be done, piece by piece, before the trainings, and is no part of the trial's time. `rows` has
        what is to be reported after the trainings of an evaluation.
        """
        self._request = request
        self._before = before
        self._rows = rows or RowScores()
        self._pieces_of = pieces_of
        self._fit = 1
        self._pieces = pieces_of(1)
        self.stage = Stage.PREPARING
        self._course: list[float] = []
        """The objective's metric after each epoch of this training."""
        self._scores: list[float] = []
        """The objectives of the trainings that have ended."""
        self._notes: dict[int, str] = {}
        self._seconds = 0.0

    @property
    def trial(self) -> int:
        return self._request.trial

    def advance(self) -> list[TrialReport]:
        """Train a piece: one batch, or as many as take about 25 ms. Return the reports, often none.

        Do not call it again after the TrialEnded. An error of the model ends the trial and is never raised.
        """
        reports = next(self._before, None)
        if reports is not None:
            return reports
        before = self._seconds
        began = seconds_awake()
        outcome = self._next_piece()
        self._seconds += seconds_awake() - began
        if isinstance(outcome, Stage):
            self.stage = outcome
            return []
        if isinstance(outcome, str):
            return [*self._rows.report(self._request.trial), self._ended(TrialState.COMPLETE, message=outcome)]
        if isinstance(outcome, BaseException):
            return [self._failed(outcome)]
        if self.stage is Stage.COMPILING:  # in the piece that has just been trained
            self.stage = Stage.TRAINING
        reports = []
        for number, logs in enumerate(outcome, 1):
            reports.append(self._epoch_ended(logs, before + (self._seconds - before) * number / len(outcome)))
        limit = self._request.limits.trial_seconds
        if limit is not None and self._seconds > limit and not self._is_trained():
            reports.append(self._ended(TrialState.FAILED, FailureReason.TIME_LIMIT, time_limit_message(limit)))
        return reports

    def _is_trained(self) -> bool:
        return self._fit == self._request.fits and is_trained(self._course, self._request, self._fit)

    def give_up(self, state: TrialState) -> TrialEnded:
        """End the trial where it stands, as SKIPPED or INTERRUPTED."""
        return self._ended(state)

    def _next_piece(self) -> Sequence[Logs] | Stage | str | BaseException:
        try:
            return next(self._pieces)
        except StopIteration as end:
            return self._end_fit(end.value)
        except BaseException as error:  # noqa: BLE001  whatever a model raises is the trial's result
            return error

    def _end_fit(self, note: str) -> Sequence[Logs] | str:
        """Record the training's score and go on with the next; after the last one return the trial's notes."""
        self._scores.append(self._request.objective.of(self._course))
        if note:
            self._notes[self._fit] = note
        if self._fit == self._request.fits:
            return self._all_notes()
        self._fit += 1
        self._course = []
        self._pieces = self._pieces_of(self._fit)
        return ()

    def _all_notes(self) -> str:
        """Return the trainings' common note if all have the same; else the first note, with its training named."""
        if not self._notes or (len(self._notes) == self._request.fits and len(set(self._notes.values())) == 1):
            return next(iter(self._notes.values()), "")
        first, others = min(self._notes), len(self._notes) - 1
        more = f"; and {others} more like it" if others else ""
        return f"{self._request.fit_in_words(first)}: {self._notes[first]}{more}"

    def _epoch_ended(self, logs: Logs, seconds: float) -> EpochEnded:
        self._course.append(logs[self._request.objective.metric])
        return EpochEnded(
            trial=self._request.trial,
            fit=self._fit,
            epoch=len(self._course),
            loss=logs["loss"],
            val_loss=logs["val_loss"],
            metrics={name: value for name, value in logs.items() if name not in ("loss", "val_loss")},
            seconds=seconds,
        )

    def _failed(self, error: BaseException) -> TrialEnded:
        """Return the end of the trial that follows from the error; raise an error that is not the trial's."""
        match error:
            case TrialFailed():
                reason, message = FailureReason(error.reason), error.message
            case ModelFileError() if self._request.file is not None:
                reason, message = FailureReason.MODEL_ERROR, explained(error, self._request.file.path)
            case DataChanged():
                return self._ended(TrialState.FAILED, FailureReason.DATA_CHANGED, str(error))
            case AfinaError():
                reason, message = FailureReason.MODEL_ERROR, str(error)
            case MemoryError() | tf.errors.ResourceExhaustedError():
                message = f"The memory did not suffice: {reason_of(error).removeprefix('MemoryError: ')}"
                reason, message = FailureReason.OUT_OF_MEMORY, message.removesuffix(": MemoryError")
            case Exception() | SystemExit() if self._request.file is not None:
                reason, message = FailureReason.MODEL_ERROR, explained(error, self._request.file.path)
            case SystemExit():
                code = "" if error.code is None else repr(error.code)
                reason, message = FailureReason.MODEL_ERROR, f"The model ended the program: sys.exit({code})"
            case Exception():
                reason, message = FailureReason.MODEL_ERROR, reason_of(error)
            case _:
                raise error
        which = self._request.fit_in_words(self._fit)
        message = f"{which}: {message}" if which else message
        return self._ended(TrialState.FAILED, reason, message[:_MAX_MESSAGE_LENGTH])

    def _ended(self, state: TrialState, reason: FailureReason | None = None, message: str = "") -> TrialEnded:
        self._pieces.close()
        complete = state is TrialState.COMPLETE
        return TrialEnded(
            trial=self._request.trial,
            state=state,
            epoch=len(self._course) if complete else len(self._course) + 1,
            seconds=self._seconds,
            objective=mean_of(self._scores) if complete else None,
            scores=tuple(self._scores) if complete else (),
            reason=reason,
            message=message,
        )
