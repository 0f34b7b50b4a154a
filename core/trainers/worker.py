"""Training in a worker process, which is warmed at once and replaced when it is lost."""

from contextlib import suppress
from multiprocessing.connection import Connection
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from core.errors import TrainerLost
from core.events import EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.processes import ChildLost, ChildProcess
from core.training_request import TrialRequest

if TYPE_CHECKING:
    from core.training import Training, TrialRun


PATIENCE = 5.0
"""Seconds that a worker may take to give a trial up before it is killed and replaced."""


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


_encode = msgspec.msgpack.Encoder().encode
_decode_command = msgspec.msgpack.Decoder(Pause | Resume | GiveUp).decode
_decode_message = msgspec.msgpack.Decoder(Ready | EpochEnded | TrialEnded).decode


class WorkerTrainer:
    """Trains in a spawned process, which starts to load Keras as soon as this is made.

    A worker that dies costs the trial under way, which is reported as failed, and a new one takes its place.
    """

    def __init__(self) -> None:
        self._child = ChildProcess(run_worker, "afina-worker")
        self._ready = self._restarted = False
        self._trial: int | None = None
        self._given_up: TrialState | None = None
        self._given_up_at = 0.0
        self._epoch = 0
        self._seconds = 0.0

    @property
    def pid(self) -> int:
        return self._child.pid

    def ready(self, seconds: float) -> bool:
        if not self._ready:
            try:
                message = self._child.receive(seconds)
            except ChildLost as error:
                if self._restarted:
                    raise TrainerLost(f"The training process could not start: {error}") from error
                self._restarted = True
                self._replace_child()
                return False
            self._ready = message is not None and isinstance(_decode_message(message), Ready)
        return self._ready

    def start(self, request: TrialRequest) -> None:
        self._trial, self._epoch, self._seconds, self._given_up = request.trial, 0, 0.0, None
        try:
            self._child.send(_encode(request))
        except ChildLost:  # it died while idle; the request waits in the new one's pipe
            self._replace_child()
            try:
                self._child.send(_encode(request))
            except ChildLost as error:
                raise TrainerLost(f"The training process could not be restarted: {error}") from error

    def reports(self, seconds: float) -> list[TrialReport]:
        reports: list[TrialReport] = []
        try:
            message = self._child.receive(seconds)
            while message is not None:
                report = _decode_message(message)
                if isinstance(report, Ready):  # that of a worker which took a lost one's place
                    self._ready = True
                else:
                    self._epoch, self._seconds = report.epoch, report.seconds
                    reports.append(report)
                    if isinstance(report, TrialEnded):
                        break
                message = self._child.receive(0)
        except ChildLost as error:
            if not self._ready:  # the next one would fare no better
                raise TrainerLost(f"The training process could not start: {error}") from error
            reports.append(self._lost(str(error)))
            self._replace_child()
        if not reports and self._given_up is not None and monotonic() - self._given_up_at > PATIENCE:
            reports.append(self._lost("it did not answer"))
            self._replace_child()
        return reports

    def pause(self) -> None:
        self._command(Pause())

    def resume(self) -> None:
        self._command(Resume())

    def give_up(self, state: TrialState) -> None:
        if self._trial is not None:
            self._given_up, self._given_up_at = state, monotonic()
            self._command(GiveUp(self._trial, state))

    def close(self) -> None:
        self._child.close(0.0)

    def _command(self, command: Pause | Resume | GiveUp) -> None:
        with suppress(ChildLost):  # the next call of `reports` says so
            self._child.send(_encode(command))

    def _replace_child(self) -> None:
        self._child.close()
        self._child = ChildProcess(run_worker, "afina-worker")
        self._ready = False

    def _lost(self, how: str) -> TrialEnded:
        assert self._trial is not None
        wanted = self._given_up is not None
        return TrialEnded(
            trial=self._trial,
            state=self._given_up or TrialState.FAILED,
            epoch=self._epoch + 1,
            seconds=self._seconds,
            reason=None if wanted else FailureReason.WORKER_LOST,
            message="" if wanted else f"The training process was lost: {how}",
        )


def run_worker(connection: Connection) -> None:
    """Be the worker: train what the parent asks for until it closes the connection."""
    from core.training import Training

    decode_request = msgspec.msgpack.Decoder(TrialRequest).decode
    training = Training()
    connection.send_bytes(_encode(Ready()))
    while True:
        message = connection.recv_bytes()
        try:
            request = decode_request(message)
        except msgspec.ValidationError:
            continue  # a command for a trial that has ended in the meantime
        _train(training, request, connection)


def _train(training: "Training", request: TrialRequest, connection: Connection) -> None:
    run = training.begin(request)
    report: TrialReport | None = None
    while not isinstance(report, TrialEnded):
        report = _obey(connection, run, request.trial) or run.advance()
        if report is not None:
            connection.send_bytes(_encode(report))


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
