"""Training in a worker process, with a second one at hand that takes its place when it is lost."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
import psutil

from core.clock import ActiveClock
from core.errors import TrainerLost
from core.events import EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.formatting import format_duration
from core.processes import ChildLost, ChildProcess
from core.settings import LimitSettings
from core.training_request import TrialRequest, time_limit_message

if TYPE_CHECKING:
    from core.training.trial import Training, TrialRun


PATIENCE = 1.5
"""Seconds that a worker may take to give a trial up before it is killed and replaced."""
GRACE = 1.0
"""Seconds that a worker may take to see for itself that a trial's time is up before it is killed."""
SILENCE = 600.0
"""Seconds without a batch after which a worker is taken to hang. The first batch of a large model takes a while."""
GROWTH = 300 * 2**20
"""Bytes that a worker's memory may grow (Keras leaks some megabytes for each new model) before it is replaced."""
SPARE_MEMORY = 2 * 2**30
"""Bytes of memory that must be free for a second worker to be kept at hand."""
SPARE_DELAY = 3.0
"""Seconds before the second worker loads TensorFlow: the first trials have the machine for themselves."""
_MEMORY_INTERVAL = 0.05
_ALIVE_INTERVAL = 1.0


class Pause(msgspec.Struct, frozen=True, tag=True):
    """Stand still after the batch under way."""


class Resume(msgspec.Struct, frozen=True, tag=True):
    """Go on."""


class GiveUp(msgspec.Struct, frozen=True, tag=True):
    """End the trial after the batch under way."""

    trial: int
    state: TrialState


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Keras is loaded."""


class Alive(msgspec.Struct, frozen=True, tag=True):
    """A batch has ended."""


class Reports(msgspec.Struct, frozen=True, tag=True):
    """What one piece of training has to report; its TrialEnded is the last of a trial."""

    reports: tuple[EpochEnded | TrialEnded, ...]


Target = Callable[[Connection], None]
Message = Ready | Alive | Reports

_encode = msgspec.msgpack.Encoder().encode
_decode_command = msgspec.msgpack.Decoder(Pause | Resume | GiveUp).decode
_decode_message: Callable[[bytes], Message] = msgspec.msgpack.Decoder(Message).decode


class Worker:
    """A worker process. `ready`: Keras is loaded in it."""

    def __init__(self, target: Target) -> None:
        self._child = ChildProcess(target, "afina-worker")
        self.ready = False
        self._first_memory = 0

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.alive

    def send(self, message: TrialRequest | Pause | Resume | GiveUp) -> None:
        """Send a message, or raise ChildLost."""
        self._child.send(_encode(message))

    def receive(self, seconds: float) -> Alive | Reports | None:
        """Wait up to that long for a message about the trial under way. Raises ChildLost."""
        message = self._child.receive(seconds)
        if message is None:
            return None
        decoded = _decode_message(message)
        if isinstance(decoded, Ready):
            self.ready = True
            return None
        return decoded

    def memory(self) -> int:
        return self._child.memory()

    def has_grown(self) -> bool:
        """Return whether its memory has grown so much since its first trial that a new one is better."""
        memory = self.memory()
        if not self._first_memory:
            self._first_memory = memory
        return memory > self._first_memory + GROWTH

    def close(self) -> None:
        self._child.close()


class WorkerTrainer:
    """Trains in a spawned process, which starts to load Keras as soon as this is made.

    A worker that dies, hangs or passes a limit costs the trial under way, which is reported as failed. The next trial
    does not wait for TensorFlow to be loaded again: as soon as the first one trains, a second worker is made ready.
    """

    def __init__(self, target: Target | None = None) -> None:
        """Make the trainer; `target` is what a worker runs, `run_worker` unless a test has something worse."""
        self._target = target or run_worker
        self._worker = self._new_worker()
        self._spare: Worker | None = None
        self._failed_loads = 0
        self._request: TrialRequest | None = None
        self._limits = LimitSettings()
        self._paused = False
        self._given_up: TrialState | None = None
        self._given_up_at = 0.0
        self._epoch = 0
        self._seconds = 0.0
        self._trained = ActiveClock()
        self._silent = ActiveClock()
        self._memory_seen_at = 0.0

    @property
    def pid(self) -> int:
        return self._worker.pid

    @property
    def spare_ready(self) -> bool:
        """Whether a second worker stands by, loaded."""
        if self._spare is not None and not self._spare.ready:
            try:
                self._spare.receive(0)
            except ChildLost:
                self._spare.close()
                self._spare = None
        return self._spare is not None and self._spare.ready

    def ready(self, seconds: float) -> bool:
        if not self._worker.ready:
            try:
                self._worker.receive(seconds)
            except ChildLost as error:
                self._replace_unloaded(error)
        return self._worker.ready

    def start(self, request: TrialRequest) -> None:
        self._request, self._limits = request, request.limits
        self._epoch, self._seconds, self._given_up, self._paused = 0, 0.0, None, False
        outgrown = self._worker.ready and self._worker.has_grown() and (self.spare_ready or not _memory_for_a_spare())
        if outgrown or not self._worker.alive:
            self._replace()
        try:
            self._worker.send(request)
        except ChildLost:  # it dies at this moment; the request waits in the new one's pipe
            self._replace()
            self._send_again()
        if self._spare is None and _memory_for_a_spare():
            with suppress(ChildLost):  # it goes without
                self._spare = Worker(partial(run_later, self._target, SPARE_DELAY))
        self._trained.restart()
        self._silent.restart()

    def reports(self, seconds: float) -> list[TrialReport]:
        reports: list[TrialReport] = []
        loaded = self._worker.ready
        try:
            message = self._worker.receive(seconds)
            while message is not None:
                self._failed_loads = 0
                self._silent.restart()
                if isinstance(message, Reports):
                    reports += message.reports
                    last = reports[-1]
                    self._epoch, self._seconds = last.epoch, last.seconds
                    if isinstance(last, TrialEnded):
                        return reports
                message = self._worker.receive(0)
        except ChildLost as error:
            if not loaded:
                self._replace_unloaded(error)
                self._send_again()
                return reports
            return [*reports, self._lost(FailureReason.WORKER_LOST, f"The training process was lost: {error}")]
        overstepped = self._overstepped()
        return [*reports, overstepped] if overstepped is not None else reports

    def _overstepped(self) -> TrialEnded | None:
        """Kill a worker that does not answer or has passed a limit, and return the end of its trial."""
        self._tick()
        trained, silent = self._trained.seconds, self._silent.seconds
        if self._given_up is not None:
            if monotonic() - self._given_up_at > PATIENCE:
                return self._lost(FailureReason.HUNG, "")
            return None
        limit = self._limits.trial_seconds
        if limit is not None and trained > limit + GRACE:
            return self._lost(FailureReason.TIME_LIMIT, time_limit_message(limit))
        if silent > SILENCE:
            return self._lost(FailureReason.HUNG, f"Nothing has been heard of it for {format_duration(silent)}")
        megabytes = self._limits.trial_megabytes
        if megabytes is not None and monotonic() - self._memory_seen_at > _MEMORY_INTERVAL:
            self._memory_seen_at = monotonic()
            used = self._worker.memory() / 2**20
            if used > megabytes:
                message = f"It used {used:,.0f} MB of memory; a trial may use {megabytes:,} MB"
                return self._lost(FailureReason.MEMORY_LIMIT, message)
        return None

    def _tick(self) -> None:
        """Count the time until now, unless the worker stood still, or was not loaded yet."""
        self._trained.tick(running=self._worker.ready and not self._paused)
        self._silent.tick(running=not self._paused)

    def pause(self) -> None:
        self._tick()
        self._paused = True
        self._command(Pause())

    def resume(self) -> None:
        self._tick()
        self._paused = False
        self._command(Resume())

    def give_up(self, state: TrialState) -> None:
        if self._request is not None:
            self._given_up, self._given_up_at = state, monotonic()
            self._command(GiveUp(self._request.trial, state))

    def close(self) -> None:
        self._worker.close()
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def _command(self, command: Pause | Resume | GiveUp) -> None:
        with suppress(ChildLost):  # the next call of `reports` says so
            self._worker.send(command)

    def _replace(self) -> None:
        """Let the second worker, or a new one, take the place of the first. Raises TrainerLost."""
        self._worker.close()
        spare, self._spare = self._spare, None
        if spare is not None and not spare.alive:
            spare.close()
            spare = None
        self._worker = spare or self._new_worker()

    def _new_worker(self) -> Worker:
        try:
            return Worker(self._target)
        except ChildLost as error:
            raise TrainerLost(f"The training process could not start: {error}") from error

    def _replace_unloaded(self, error: ChildLost) -> None:
        """Replace a worker that died before Keras was loaded, once: a third one would fare no better."""
        self._failed_loads += 1
        if self._failed_loads > 1:
            raise TrainerLost(f"The training process could not start: {error}") from error
        self._replace()

    def _send_again(self) -> None:
        """Send the trial under way to the worker that has taken the place of a lost one."""
        assert self._request is not None
        try:
            self._worker.send(self._request)
        except ChildLost as error:
            raise TrainerLost(f"The training process could not be restarted: {error}") from error
        if self._given_up is not None:
            self._command(GiveUp(self._request.trial, self._given_up))
        elif self._paused:
            self._command(Pause())

    def _lost(self, reason: FailureReason, message: str) -> TrialEnded:
        """Replace the worker and return the end of the trial that it had."""
        assert self._request is not None
        self._replace()
        wanted = self._given_up is not None
        return TrialEnded(
            trial=self._request.trial,
            state=self._given_up or TrialState.FAILED,
            epoch=self._epoch + 1,
            seconds=max(self._seconds, self._trained.seconds),
            reason=None if wanted else reason,
            message="" if wanted else message,
        )


def _memory_for_a_spare() -> bool:
    return int(psutil.virtual_memory().available) > SPARE_MEMORY


def run_worker(connection: Connection, threads: int | None = None) -> None:
    """Be the worker: train what the parent asks for until it closes the connection.

    TensorFlow computes on so many `threads`, on all cores but one unless told otherwise.
    """
    from core.training.trial import Training

    decode_request = msgspec.msgpack.Decoder(TrialRequest).decode
    training = Training(threads)
    connection.send_bytes(_encode(Ready()))
    while True:
        message = connection.recv_bytes()
        try:
            request = decode_request(message)
        except msgspec.ValidationError:
            continue  # a command for a trial that has ended in the meantime
        _train(training, request, connection)


def run_later(target: Target, seconds: float, connection: Connection) -> None:
    """Be the second worker, which lets the first trials have the machine unless it is needed at once."""
    connection.poll(seconds)
    target(connection)


def _train(training: "Training", request: TrialRequest, connection: Connection) -> None:
    run = training.begin(request)
    told = monotonic()
    ended = False
    while not ended:
        given_up = _obey(connection, run, request.trial)
        reports = [given_up] if given_up is not None else run.advance()
        if reports:
            connection.send_bytes(_encode(Reports(tuple(reports))))
            ended = isinstance(reports[-1], TrialEnded)
            told = monotonic()
        elif monotonic() - told > _ALIVE_INTERVAL:
            connection.send_bytes(_encode(Alive()))
            told = monotonic()


def _obey(connection: Connection, run: "TrialRun", trial: int) -> TrialEnded | None:
    """Take the commands that have come; while paused, wait for more. Return the end of a trial given up."""
    paused = False
    while paused or connection.poll(0):
        match _decode_command(connection.recv_bytes()):
            case Pause():
                paused = True
            case Resume():
                paused = False
            case GiveUp(trial=number, state=state) if number == trial:
                return run.give_up(state)
    return None
