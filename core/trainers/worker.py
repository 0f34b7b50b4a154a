"""A worker process: its messages to and from the parent, the parent's handle on it, and the code that runs in it.

It does not use a Conversation: commands go one way and reports the other, and neither side waits for an answer.
"""

from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from core.children.process import ChildProcess, wait_for_children
from core.events import TrialEnded, TrialReport, TrialState
from core.phases import Stage
from core.training.request import TrialRequest

if TYPE_CHECKING:
    from core.training.trial import Training, TrialRun

GROWTH = 300 * 2**20
"""Bytes by which a worker's memory may grow before it is replaced: Keras leaks some megabytes for each new model."""
_ALIVE_INTERVAL = 1.0


class Pause(msgspec.Struct, frozen=True, tag=True):
    """Pause after the batch under way."""


class Resume(msgspec.Struct, frozen=True, tag=True):
    """Continue training."""


class GiveUp(msgspec.Struct, frozen=True, tag=True):
    """End the trial after the batch under way."""

    trial: int
    state: TrialState


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Keras is loaded."""


class Alive(msgspec.Struct, frozen=True, tag=True):
    """A batch has ended."""


class Reached(msgspec.Struct, frozen=True, tag=True):
    """The trial under way has come to this stage."""

    stage: Stage


class Reports(msgspec.Struct, frozen=True, tag=True):
    """The reports of one piece of training; a trial's last report is its TrialEnded."""

    reports: tuple[TrialReport, ...]


Target = Callable[[Connection], None]
Message = Ready | Alive | Reached | Reports

_encode = msgspec.msgpack.Encoder().encode
_decode_command = msgspec.msgpack.Decoder(Pause | Resume | GiveUp).decode
_decode_message: Callable[[bytes], Message] = msgspec.msgpack.Decoder(Message).decode


class Worker:
    """The parent's handle on a worker process. `ready`: Keras is loaded in it."""

    def __init__(self, target: Target) -> None:
        self.child = ChildProcess(target, "afina-worker")
        self.ready = False
        self._first_memory = 0

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def alive(self) -> bool:
        return self.child.alive

    def send(self, message: TrialRequest | Pause | Resume | GiveUp) -> None:
        """Send a message, or raise ChildLost."""
        self.child.send(_encode(message))

    def receive(self, seconds: float) -> Alive | Reached | Reports | None:
        """Wait up to `seconds` for a message about the trial under way; return None without one. Raises ChildLost."""
        message = self.child.receive(seconds)
        if message is None:
            return None
        decoded = _decode_message(message)
        if isinstance(decoded, Ready):
            self.ready = True
            return None
        return decoded

    def memory(self) -> int:
        return self.child.memory()

    def has_grown(self) -> bool:
        """Return whether its memory has grown by more than GROWTH since its first trial."""
        memory = self.memory()
        if not self._first_memory:
            self._first_memory = memory
        return memory > self._first_memory + GROWTH

    def close(self) -> None:
        self.child.close()


def wait_for_any(workers: Iterable[Worker], seconds: float) -> None:
    """Wait up to `seconds` until one of the workers has sent or printed something, or has ended."""
    wait_for_children((worker.child for worker in workers), seconds)


def run_worker(connection: Connection, threads: int | None = None) -> None:
    """Run in the worker: train the requested trials until the parent closes the connection.

    TensorFlow computes on `threads` threads; None means one less than the cores.
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
            continue  # a command for a trial that has already ended
        _train(training, request, connection)


def run_later(target: Target, seconds: float, connection: Connection) -> None:
    """Run in the spare worker: wait for `seconds`, or until it is needed, and then run `target`."""
    connection.poll(seconds)
    target(connection)


def _train(training: "Training", request: TrialRequest, connection: Connection) -> None:
    run = training.begin(request)
    stage = run.stage
    told = monotonic()
    ended = False
    while not ended:
        given_up = _obey(connection, run, request.trial)
        reports = [given_up] if given_up is not None else run.advance()
        if reports:
            connection.send_bytes(_encode(Reports(tuple(reports))))
            ended = isinstance(reports[-1], TrialEnded)
            told = monotonic()
        elif run.stage is not stage:
            stage = run.stage
            connection.send_bytes(_encode(Reached(stage)))
            told = monotonic()
        elif monotonic() - told > _ALIVE_INTERVAL:
            connection.send_bytes(_encode(Alive()))
            told = monotonic()


def _obey(connection: Connection, run: "TrialRun", trial: int) -> TrialEnded | None:
    """Obey the commands that have come; while paused, wait for more. Return the end of the trial if it is given up."""
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
