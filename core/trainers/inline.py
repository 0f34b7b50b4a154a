"""Trains in the calling thread: no process, no pipe; Keras is loaded into this process."""

from time import monotonic, sleep
from typing import TYPE_CHECKING

from core.conduct import threads_of_each
from core.events import TrialEnded, TrialReport, TrialState
from core.phases import Stages
from core.training.request import TrialRequest

if TYPE_CHECKING:
    from core.training.trial import Training, TrialRun


class InlineTrainer:
    """Trains in the thread that asks for reports."""

    _threads_in_use = 0
    """The number of TensorFlow's threads in this process, which takes it only once; 0 while it has not trained."""

    def __init__(self) -> None:
        self._threads = threads_of_each(1)
        self._training: Training | None = None
        self._run: TrialRun | None = None
        self._paused = False
        self._given_up: TrialState | None = None

    @property
    def threads(self) -> int:
        return InlineTrainer._threads_in_use or self._threads

    def resize(self, workers: int, threads: int = 0) -> None:
        assert workers == 1  # the settings allow no more
        self._threads = threads or threads_of_each(1)

    def ready(self, seconds: float) -> bool:
        from core.training.trial import Training

        if self._training is None:
            self._training = Training(self.threads)
            InlineTrainer._threads_in_use = self._training.threads
        return self._run is None

    def start(self, request: TrialRequest) -> None:
        assert self._training is not None
        assert self._run is None
        self._paused, self._given_up = False, None
        self._run = self._training.begin(request)

    def reports(self, seconds: float) -> list[TrialReport]:
        assert self._run is not None
        run, stage = self._run, self._run.stage
        deadline = monotonic() + seconds
        reports: list[TrialReport] = []
        while True:
            if self._given_up is not None:
                reports.append(run.give_up(self._given_up))
            elif self._paused:
                sleep(max(0.0, deadline - monotonic()))
            else:
                reports += run.advance()
            ended = bool(reports) and isinstance(reports[-1], TrialEnded)
            if ended:
                self._run = None
            if ended or run.stage is not stage or monotonic() >= deadline:
                return reports

    @property
    def stages(self) -> Stages:
        return {} if self._run is None else {self._run.trial: self._run.stage}

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False

    def give_up(self, trial: int, state: TrialState) -> None:
        self._given_up = state

    def close(self) -> None:
        self._training = self._run = None
