"""The fakes of the tests: a trainer that follows a script, an engine that uses it, a rehearser, and a clock."""

import math
import threading
import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from statistics import fmean

import msgspec
import pytest

from core.clock import ActiveClock
from core.events import EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.phases import Stage, Stages
from core.rehearsal.configurations import Measured, Rehearsal, Result, configurations
from core.search.searchers import InlineSearcher
from core.settings import StudySettings, TrainerKind
from core.study.local_engine import LocalEngine
from core.tables.description import Task
from core.training.request import TrialRequest

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
    scores: list[float] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.request.trial


class ScriptedTrainer:
    """Trains nothing: reports what the script says, one epoch of each trial under way per `seconds` of waiting.

    Of several trainings of a trial each has losses a tenth higher than the one before.
    """

    def __init__(self, script: Script = bowl, seconds: float = 0.0) -> None:
        self.requests: list[TrialRequest] = []
        self.closed = False
        self.workers = 1
        self.most_under_way = 0
        self.stood_still = threading.Semaphore(0)
        """Is released each time that somebody asks in vain because the trainer is paused."""
        self._script = script
        self._seconds = seconds
        self._runs: dict[int, _Run] = {}
        self._paused = False
        self.stage = Stage.TRAINING
        """What all trials do; none has an epoch before they train."""

    @property
    def threads(self) -> int:
        return 0

    def resize(self, workers: int, threads: int = 0) -> None:
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
        if self._paused or self.stage is not Stage.TRAINING:
            self.stood_still.release()
            time.sleep(seconds)
            return []
        if self._seconds:
            time.sleep(self._seconds)
        return [report for run in list(self._runs.values()) for report in self._step(run)]

    def _step(self, run: _Run) -> list[TrialReport]:
        if run.failure is not None:
            del self._runs[run.number]
            return [self._ended(run, TrialState.FAILED, run.failure)]
        fit, request = len(run.scores) + 1, run.request
        loss = run.losses[run.epoch] * (1 + 0.1 * (fit - 1))
        run.epoch += 1
        epoch = EpochEnded(
            trial=run.number,
            epoch=run.epoch,
            loss=loss * 1.1,
            val_loss=loss,
            metrics=_metrics(loss, request.data.task),
            seconds=0.1 * run.epoch,
            fit=fit,
        )
        run.course.append(({"loss": epoch.loss, "val_loss": loss} | epoch.metrics)[request.objective.metric])
        if run.epoch < (request.test_epochs[fit - 1] if request.test_epochs else len(run.losses)):
            return [epoch]
        run.scores.append(request.objective.of(run.course))
        if fit < request.fits:
            run.epoch, run.course = 0, []
            return [epoch]
        del self._runs[run.number]
        return [epoch, self._ended(run, TrialState.COMPLETE)]

    @property
    def stages(self) -> Stages:
        return dict.fromkeys(self._runs, self.stage)

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
            objective=fmean(run.scores) if complete else None,
            scores=tuple(run.scores) if complete else (),
            reason=FailureReason.DIVERGED if state is TrialState.FAILED else None,
            message=message,
        )


def _metrics(loss: float, task: Task) -> dict[str, float]:
    """Return the metrics that models of that task report beside the loss; an accuracy falls as the loss rises."""
    if task is Task.REGRESSION:
        return {"mae": math.sqrt(loss) * 1.1, "val_mae": math.sqrt(loss)}
    return {"accuracy": 1 / (1 + 1.1 * loss), "val_accuracy": 1 / (1 + loss)}


def scripted_engine(trainer: ScriptedTrainer, trusted: Container[str] = frozenset()) -> LocalEngine:
    """Return the real engine, with the scripted trainer and the search in the study's thread."""
    searchers = dict.fromkeys(TrainerKind, InlineSearcher)
    return LocalEngine({kind: lambda: trainer for kind in TrainerKind}, searchers, trusted)


class HandClock:
    """A monotonic clock that stands until a test turns it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def turn_clocks_by_hand(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    """Let every ActiveClock that is made from now on go by the clock that is returned."""
    clock = HandClock()
    monkeypatch.setattr(ActiveClock.__init__, "__defaults__", (clock,))
    return clock


class ScriptedRehearser:
    """Rehearses nothing: answers at once, or when told to, with the same for every configuration."""

    def __init__(self, answer: Measured | None = None) -> None:
        self.answer = answer or Measured(weights=14, build_seconds=0.02, trace_seconds=0.0, epoch_seconds=0.001)
        self.rehearsal: Rehearsal | None = None
        self.asked: list[StudySettings] = []
        self.warmed: list[int] = []
        self.closed = 0
        self.waits = False
        self.free_memory = 8 * 2**30

    @property
    def over(self) -> bool:
        return self.rehearsal is None or self.rehearsal.over

    def warm(self, workers: int) -> None:
        self.warmed.append(workers)

    def begin(self, settings: StudySettings, sample_seconds: float) -> None:
        self.asked.append(settings)
        results = tuple(map(Result, configurations(settings)))
        self.rehearsal = Rehearsal(settings=settings, results=results, free_memory=self.free_memory)

    def look(self) -> bool:
        if self.over or self.waits:
            return False
        assert self.rehearsal is not None
        measured = msgspec.structs.replace(self.answer, over=True)
        results = tuple(Result(result.configuration, measured) for result in self.rehearsal.results)
        self.rehearsal = msgspec.structs.replace(self.rehearsal, results=results, over=True)
        return True

    def close(self) -> None:
        self.closed += 1
