"""Session: what the window has open: the study's file and progress, the run state, the selected trial."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from core.control import StudyControl, StudyPhase
from core.events import EpochEnded, Event, StudyEnded, TrialEnded, TrialStarted
from core.progress import StudyProgress, TrialProgress
from core.settings import StudySettings
from core.store.reader import read_study
from gui.engine import Engine
from gui.runner import Runner

log = logging.getLogger(__name__)

DRAIN_INTERVAL = 40
"""Milliseconds between two looks into the inbox; about 25 a second."""
DRAIN_SECONDS = 0.008
"""The longest time that one look may take of the GUI thread; what is left waits for the next."""


class RunState(StrEnum):
    """What the study in the window is doing. PAUSING and STOPPING: asked for, not yet done."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"


@dataclass(frozen=True)
class Changes:
    """What is new in the progress since the last `changed` signal.

    `replaced`: another study, forget all that was drawn; the rest is then empty. The others hold trial numbers,
    each once, in the order in which they were touched.
    """

    replaced: bool = False
    started: tuple[int, ...] = ()
    epochs: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    best: bool = False
    study_ended: StudyEnded | None = None


class Session(QObject):
    """What the window has open.

    Signals (all in the GUI thread): `changed` (a Changes) when the progress has new events in it;
    `run_state_changed` (a RunState) when buttons may have to change; `selection_changed` (a trial number or None);
    `path_changed` (a Path or None); `failed` (a gui.runner.Failure) when a study could not go on.
    """

    changed = Signal(object)
    run_state_changed = Signal(object)
    selection_changed = Signal(object)
    path_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.progress = StudyProgress()
        self.path: Path | None = None
        self.selected: int | None = None
        self.skipping: int | None = None
        self.run_state = RunState.IDLE
        self._engine = engine
        self._control = StudyControl()
        self._inbox: deque[Event] = deque()
        self._runner: Runner | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_INTERVAL)
        self._timer.timeout.connect(self._drain)

    # What is open

    def clear(self) -> None:
        """Close the study; the window is ready for a new one."""
        self._replace(None, StudyProgress())

    def open(self, path: Path) -> None:
        """Show the study in the file, or raise StoreError and leave all as it was."""
        progress = StudyProgress(read_study(path))
        progress.mark_interrupted()
        self._replace(path, progress)

    def moved_to(self, path: Path) -> None:
        """Take note that the open study's file has another place."""
        self.path = path
        self.path_changed.emit(path)

    def _replace(self, path: Path | None, progress: StudyProgress) -> None:
        self.path = path
        self.progress = progress
        self.selected = None
        self.changed.emit(Changes(replaced=True))
        self.selection_changed.emit(None)
        self.path_changed.emit(path)

    def select(self, number: int | None) -> None:
        """Select a trial, in the table and in all plots."""
        if number is not None and number not in self.progress.trials:
            number = None
        if number != self.selected:
            self.selected = number
            self.selection_changed.emit(number)

    def selected_trial(self) -> TrialProgress | None:
        return None if self.selected is None else self.progress.trials.get(self.selected)

    # Running

    @property
    def busy(self) -> bool:
        """Whether a study is running here, paused ones included."""
        return self._runner is not None

    def start(self, settings: StudySettings, path: Path) -> None:
        """Begin a new study in a new file."""
        self._replace(path, StudyProgress())
        self._run(lambda publish, control: self._engine.start(settings, path, publish, control))

    def go_on(self, trials: int) -> None:
        """Resume the open study, up to that many trials in all."""
        if self.path is None or self.busy:
            return
        path = self.path
        self._run(lambda publish, control: self._engine.resume(path, trials, publish, control))

    def _run(self, job: Callable[[Callable[[Sequence[Event]], None], StudyControl], object]) -> None:
        control = self._control = StudyControl()
        self.skipping = None
        runner = self._runner = Runner(lambda: job(self._inbox.extend, control), self)
        runner.finished.connect(self._runner_finished)
        self._set_run_state(RunState.STARTING)
        self._timer.start()
        runner.start()

    def pause(self) -> None:
        if self.run_state in (RunState.STARTING, RunState.RUNNING):
            self._control.pause()
            self._set_run_state(RunState.PAUSING)

    def resume(self) -> None:
        """Let a paused study go on."""
        if self.run_state in (RunState.PAUSING, RunState.PAUSED):
            self._control.resume()
            self._set_run_state(RunState.RUNNING)

    def skip(self) -> None:
        """Give the current trial up and go on with the next."""
        if self.progress.current is not None:
            self.skipping = self.progress.current.number
            self._control.skip(self.skipping)
            self.run_state_changed.emit(self.run_state)

    def stop(self) -> None:
        """End the study; what it found is kept."""
        if self.busy and self.run_state is not RunState.STOPPING:
            self._control.stop()
            self._set_run_state(RunState.STOPPING)

    def wait(self, milliseconds: int) -> bool:
        """Wait for the running study to end; return whether it has."""
        return self._runner is None or self._runner.wait(milliseconds)

    def _set_run_state(self, state: RunState) -> None:
        if state is not self.run_state:
            self.run_state = state
            self.run_state_changed.emit(state)

    # Events

    def _drain(self) -> None:
        """Fold what has arrived into the progress, within the time that one frame can spare."""
        deadline = perf_counter() + DRAIN_SECONDS
        self._follow_phase(self._control.phase)
        touched = _Touched()
        best = self.progress.best
        while self._inbox and perf_counter() < deadline:
            event = self._inbox.popleft()
            self.progress.apply(event)
            touched.add(event)
        if touched:
            self.changed.emit(touched.changes(best=self.progress.best is not best))
        if not self._inbox and self._runner is not None and self._runner.isFinished():
            self._end_run()

    def _follow_phase(self, phase: StudyPhase) -> None:
        if phase is StudyPhase.PAUSED and self.run_state is RunState.PAUSING:
            self._set_run_state(RunState.PAUSED)
        elif phase in (StudyPhase.PROPOSING, StudyPhase.TRAINING) and self.run_state is RunState.STARTING:
            self._set_run_state(RunState.RUNNING)

    def _runner_finished(self) -> None:
        self._drain()

    def _end_run(self) -> None:
        self._timer.stop()
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.deleteLater()
        if self.progress.running:  # it fell without an end
            self.progress.mark_interrupted()
            self.changed.emit(Changes(ended=tuple(self.progress.trials)[-1:]))
        if self.progress.settings is None:  # it fell before there was a file
            self._replace(None, StudyProgress())
        self._set_run_state(RunState.IDLE)
        if runner is not None and runner.failure is not None:
            self.failed.emit(runner.failure)


class _Touched:
    """Collects what a row of events touches."""

    def __init__(self) -> None:
        self._started: dict[int, None] = {}
        self._epochs: dict[int, None] = {}
        self._ended: dict[int, None] = {}
        self._study_ended: StudyEnded | None = None
        self._any = False

    def __bool__(self) -> bool:
        return self._any

    def add(self, event: Event) -> None:
        self._any = True
        match event:
            case EpochEnded(trial=number):
                self._epochs[number] = None
            case TrialStarted(trial=number):
                self._started[number] = None
            case TrialEnded(trial=number):
                self._ended[number] = None
            case StudyEnded():
                self._study_ended = event

    def changes(self, *, best: bool) -> Changes:
        return Changes(
            started=tuple(self._started),
            epochs=tuple(self._epochs),
            ended=tuple(self._ended),
            best=best,
            study_ended=self._study_ended,
        )
