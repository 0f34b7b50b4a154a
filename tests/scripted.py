"""The one fake of the tests: a trainer that follows a script, and an engine that uses it."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.datasets.description import Task
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


@dataclass
class _Run:
    """A trial under way."""

    request: TrialRequest
    losses: Sequence[float] = ()
    failure: str | None = None
    epoch: int = 0
    given_up: TrialState | None = None
    course: list[float] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.request.trial


class ScriptedTrainer:
    """Trains nothing: reports what the script says, one epoch of each trial under way per `seconds` of waiting."""

    def __init__(self, script: Script = bowl, seconds: float = 0.0) -> None:
        self.requests: list[TrialRequest] = []
        self.closed = False
        self.workers = 1
        self.most_under_way = 0
        self._script = script
        self._seconds = seconds
        self._runs: dict[int, _Run] = {}
        self._paused = False

    def resize(self, workers: int) -> None:
        self.workers = workers

    def ready(self, seconds: float) -> bool:
        return len(self._runs) < self.workers

    def start(self, request: TrialRequest) -> None:
        assert self.ready(0)
        self.requests.append(request)
        answer = self._script(request)
        failure = answer if isinstance(answer, str) else None
        self._runs[request.trial] = _Run(request, () if isinstance(answer, str) else list(answer), failure)
        self.most_under_way = max(self.most_under_way, len(self._runs))

    def reports(self, seconds: float) -> list[TrialReport]:
        given_up = [self._ended(run, run.given_up) for run in self._runs.values() if run.given_up is not None]
        if given_up:
            for end in given_up:
                del self._runs[end.trial]
            return list(given_up)
        if self._paused:
            time.sleep(seconds)
            return []
        if self._seconds:
            time.sleep(self._seconds)
        return [report for run in list(self._runs.values()) for report in self._step(run)]

    def _step(self, run: _Run) -> list[TrialReport]:
        if run.failure is not None:
            del self._runs[run.number]
            return [self._ended(run, TrialState.FAILED, run.failure)]
        loss = run.losses[run.epoch]
        run.epoch += 1
        epoch = EpochEnded(
            trial=run.number,
            epoch=run.epoch,
            loss=loss * 1.1,
            val_loss=loss,
            metrics=_metrics(loss, run.request.data.task),
            seconds=0.1 * run.epoch,
        )
        run.course.append(({"loss": epoch.loss, "val_loss": loss} | epoch.metrics)[run.request.objective.metric])
        if run.epoch < len(run.losses):
            return [epoch]
        del self._runs[run.number]
        return [epoch, self._ended(run, TrialState.COMPLETE)]

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False

    def give_up(self, trial: int, state: TrialState) -> None:
        self._runs[trial].given_up = state

    def close(self) -> None:
        self.closed = True

    def _ended(self, run: _Run, state: TrialState, message: str = "") -> TrialEnded:
        complete = state is TrialState.COMPLETE
        return TrialEnded(
            trial=run.number,
            state=state,
            epoch=run.epoch if complete else run.epoch + 1,
            seconds=0.1 * max(1, run.epoch),
            objective=run.request.objective.of(run.course) if complete else None,
            reason=FailureReason.DIVERGED if state is TrialState.FAILED else None,
            message=message,
        )


def _metrics(loss: float, task: Task) -> dict[str, float]:
    """Return the metrics that models of that task report beside the loss; an accuracy falls as the loss rises."""
    if task is Task.REGRESSION:
        return {"mae": math.sqrt(loss) * 1.1, "val_mae": math.sqrt(loss)}
    return {"accuracy": 1 / (1 + 1.1 * loss), "val_accuracy": 1 / (1 + loss)}


def scripted_engine(trainer: ScriptedTrainer) -> LocalEngine:
    """Return the real engine, with the scripted trainer and the search in the study's thread."""
    return LocalEngine({kind: lambda: trainer for kind in TrainerKind}, dict.fromkeys(TrainerKind, InlineSearcher))
