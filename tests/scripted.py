"""The one fake of the tests: a trainer that follows a script, and an engine that uses it."""

import math
import time
from collections.abc import Callable, Sequence

from core.events import EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.local_engine import LocalEngine
from core.search.searchers import InlineSearcher
from core.settings import TrainerKind
from core.training_request import TrialRequest

Script = Callable[[TrialRequest], Sequence[float] | str]
"""From a trial to its validation loss after each epoch, or to the text with which it fails."""


def bowl(request: TrialRequest) -> Sequence[float]:
    """Return losses that fall to a bowl over the learning rate and the batch size, best at 0.01 and 30."""
    rate, batch = float(request.values["learning_rate"]), int(request.values["batch_size"])
    floor = 15.0 + (math.log10(rate) + 2) ** 2 + abs(batch - 30) / 50
    return [floor + 100.0 / epoch**2 for epoch in range(1, int(request.values["epochs"]))] + [floor]


class ScriptedTrainer:
    """Trains nothing: reports what the script says, one epoch per `seconds` of waiting."""

    def __init__(self, script: Script = bowl, seconds: float = 0.0) -> None:
        self.requests: list[TrialRequest] = []
        self.closed = False
        self._script = script
        self._seconds = seconds
        self._losses: list[float] = []
        self._failure: str | None = None
        self._epoch = 0
        self._paused = False
        self._given_up: TrialState | None = None

    def ready(self, seconds: float) -> bool:
        return True

    def start(self, request: TrialRequest) -> None:
        self.requests.append(request)
        answer = self._script(request)
        self._failure = answer if isinstance(answer, str) else None
        self._losses = [] if isinstance(answer, str) else list(answer)
        self._epoch, self._paused, self._given_up = 0, False, None

    def reports(self, seconds: float) -> list[TrialReport]:
        if self._given_up is not None:
            return [self._ended(self._given_up)]
        if self._paused:
            time.sleep(seconds)
            return []
        if self._seconds:
            time.sleep(self._seconds)
        if self._failure is not None:
            return [self._ended(TrialState.FAILED, self._failure)]
        loss = self._losses[self._epoch]
        self._epoch += 1
        epoch = EpochEnded(
            trial=self.requests[-1].trial,
            epoch=self._epoch,
            loss=loss * 1.1,
            val_loss=loss,
            metrics={"mae": math.sqrt(loss) * 1.1, "val_mae": math.sqrt(loss)},
            seconds=0.1 * self._epoch,
        )
        return [epoch, self._ended(TrialState.COMPLETE)] if self._epoch == len(self._losses) else [epoch]

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False

    def give_up(self, state: TrialState) -> None:
        self._given_up = state

    def close(self) -> None:
        self.closed = True

    def _ended(self, state: TrialState, message: str = "") -> TrialEnded:
        complete = state is TrialState.COMPLETE
        return TrialEnded(
            trial=self.requests[-1].trial,
            state=state,
            epoch=self._epoch if complete else self._epoch + 1,
            seconds=0.1 * max(1, self._epoch),
            objective=self._losses[-1] if complete else None,
            reason=FailureReason.DIVERGED if state is TrialState.FAILED else None,
            message=message,
        )


def scripted_engine(trainer: ScriptedTrainer) -> LocalEngine:
    """Return the real engine, with the scripted trainer and the search in the study's thread."""
    return LocalEngine({kind: lambda: trainer for kind in TrainerKind}, dict.fromkeys(TrainerKind, InlineSearcher))
