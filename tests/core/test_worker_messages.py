"""What a worker sends while it trains."""

from collections.abc import Sequence
from typing import Any

import msgspec

import core.trainers.worker
from core.datasets.settings import DataSettings
from core.events import EpochEnded, TrialEnded, TrialReport, TrialState
from core.phases import Stage
from core.trainers.worker import Message, Reached, Reports
from core.training.request import TrialRequest

REQUEST = TrialRequest(1, "linear", {}, 0, DataSettings(), 0)


class Connection:
    """A pipe by which nothing comes in; `sent` holds what went out."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def poll(self, seconds: float) -> bool:
        return False

    def send_bytes(self, message: bytes) -> None:
        self.sent.append(msgspec.msgpack.decode(message, type=Message))


class Scripted:
    """A training and its run that reports what the script says, piece by piece, or comes to another stage."""

    def __init__(self, pieces: Sequence[list[TrialReport] | Stage]) -> None:
        self._pieces = list(pieces)
        self.stage = Stage.PREPARING

    def begin(self, request: TrialRequest) -> "Scripted":
        return self

    def advance(self) -> list[TrialReport]:
        piece = self._pieces.pop(0)
        if isinstance(piece, Stage):
            self.stage = piece
            return []
        return piece


def epoch(number: int) -> EpochEnded:
    return EpochEnded(trial=1, epoch=number, loss=1.0, val_loss=2.0, metrics={}, seconds=0.1)


END = TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=3, seconds=0.3, objective=2.0)


def train(*pieces: list[TrialReport] | Stage) -> list[Message]:
    connection: Any = Connection()
    training: Any = Scripted(pieces)
    core.trainers.worker._train(training, REQUEST, connection)
    sent: list[Message] = connection.sent
    return sent


def test_that_the_reports_of_a_piece_are_one_message_and_nothing_is_none() -> None:
    assert train([], [epoch(1), epoch(2)], [], [epoch(3)], [END]) == [
        Reports((epoch(1), epoch(2))),
        Reports((epoch(3),)),
        Reports((END,)),
    ]


def test_that_the_end_may_come_with_the_epochs_before_it() -> None:
    assert train([epoch(1), END]) == [Reports((epoch(1), END))]


def test_that_a_stage_is_told_once_when_it_is_reached() -> None:
    assert train([], Stage.COMPILING, Stage.TRAINING, [], Stage.TRAINING, [epoch(1)], [END]) == [
        Reached(Stage.COMPILING),
        Reached(Stage.TRAINING),
        Reports((epoch(1),)),
        Reports((END,)),
    ]
