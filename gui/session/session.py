"""Session: what the window has open: the study's file and progress, the run state, the selected trial."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from core.clock import ActiveClock
from core.events import Change, Event, StudyEnd
from core.progress import StudyProgress, folded
from core.settings import StudySettings
from core.study.control import StudyControl, StudyPhase
from core.study.engine import Engine, Publish, ResumeRequest
from core.study.opening import OpenedStudy, is_small, read
from core.trial_progress import TrialProgress
from gui.session.changes import Changes, Touched
from gui.session.run_state import WORKING, RunState
from gui.session.thread import Failure, Runner

log = logging.getLogger(__name__)
DRAIN_INTERVAL = 40
"""Milliseconds between two looks into the inbox; about 25 a second."""
DRAIN_SECONDS = 0.008
"""The longest time that one look may take of the GUI thread; what is left waits for the next."""


class Session(QObject):
    """What the window has open: `progress` is None while there is no study.

    `trouble` is a sentence on why the run state is BLOCKED.

    Signals (all in the GUI thread): `changed` (a Changes) when the progress has new events in it;
    `run_state_changed` (a RunState) when buttons may have to change, or the trouble; `selection_changed` (a trial
    number or None); `path_changed` (a Path or None); `moved` (two Paths) before that, when the open study went on in
    another file; `failed` (a gui.session.thread.Failure) when a study could not go on.

    A large study is read in a thread: until then `opening` is its path, and what is open stays. `opening_changed` (a
    Path or None) tells of that, `opened` (a Path) that a study was opened, `open_failed` (a Path and a StoreError)
    that a large one cannot be.
    """

    changed = Signal(object)
    run_state_changed = Signal(object)
    selection_changed = Signal(object)
    path_changed = Signal(object)
    moved = Signal(object, object)
    failed = Signal(object)
    opening_changed = Signal(object)
    opened = Signal(object)
    open_failed = Signal(object, object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.progress: StudyProgress | None = None
        self.path: Path | None = None
        self.selected: int | None = None
        self.skipping: set[int] = set()
        self.run_state = RunState.IDLE
        self.trouble = ""
        self.opening: Path | None = None
        self._opener: Runner | None = None
        self._engine = engine
        self._control = StudyControl()
        self._clock = ActiveClock()
        self._inbox: deque[Event] = deque()
        self._known = 0
        """How many events of the open study are in the progress."""
        self._runner: Runner | None = None
        self._began_as = RunState.IDLE
        self._leaving: set[Runner] = set()
        """Those whose study is no longer followed, or no longer to be opened: they end in a moment."""
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_INTERVAL)
        self._timer.timeout.connect(self._drain)

    # What is open

    def clear(self) -> None:
        """Close the study; the window is ready for a new one."""
        self._call_off_opening()
        self._stop_following()
        self._replace(None, None)

    def open(self, path: Path) -> None:
        """Show the study in the file, and follow it if another Afina runs it; a large one as soon as it is read.

        Raises StoreError when a small one cannot be opened. What is open stays until there is something to show.
        """
        self._call_off_opening()
        if is_small(path):
            self._show(read(path))
        else:
            self._open_later(path)

    def _open_later(self, path: Path) -> None:
        studies: list[OpenedStudy] = []
        runner = self._opener = Runner(lambda: studies.append(read(path)), self)
        runner.finished.connect(lambda: self._take_opened(runner, path, studies))
        self.opening = path
        self.opening_changed.emit(path)
        runner.start()

    def _take_opened(self, runner: Runner, path: Path, studies: list[OpenedStudy]) -> None:
        if runner is not self._opener:  # called off
            self._forget_left()
            return
        self._opener = self.opening = None
        runner.deleteLater()
        self.opening_changed.emit(None)
        failure = runner.failure
        if failure is None:
            self._show(studies[0])
        elif failure.error is not None:
            self.open_failed.emit(path, failure.error)
        else:
            self.failed.emit(failure)

    def _call_off_opening(self) -> None:
        """Forget the study that is being read, without waiting for the thread."""
        if self._opener is not None:
            self._leaving.add(self._opener)
            self._opener = self.opening = None
            self.opening_changed.emit(None)

    def _show(self, study: OpenedStudy) -> None:
        self._stop_following()
        self._replace(study.path, study.progress)
        self._known = study.known
        if study.runs_elsewhere:
            self._follow(study.path, study.known)
        self.opened.emit(study.path)

    def moved_to(self, path: Path) -> None:
        """Take note that the open study's file has another place."""
        before, self.path = self.path, path
        self.moved.emit(before, path)
        self.path_changed.emit(path)

    def _replace(self, path: Path | None, progress: StudyProgress | None) -> None:
        self.path = path
        self.progress = progress
        self._known = 0
        self.selected = None
        self.changed.emit(Changes(replaced=True))
        self.selection_changed.emit(None)
        self.path_changed.emit(path)

    def select(self, number: int | None) -> None:
        """Select a trial, in the table and in all plots."""
        if number is not None and (self.progress is None or number not in self.progress.trials):
            number = None
        if number != self.selected:
            self.selected = number
            self.selection_changed.emit(number)

    def selected_trial(self) -> TrialProgress | None:
        return None if self.selected is None or self.progress is None else self.progress.trials.get(self.selected)

    # Running

    @property
    def busy(self) -> bool:
        """Whether this window runs a study, paused ones included. One that it follows runs elsewhere."""
        return self._runner is not None and self.run_state is not RunState.FOLLOWING

    def start(self, settings: StudySettings, path: Path) -> None:
        """Begin a new study in a new file."""
        self._call_off_opening()
        self._stop_following()
        self._replace(path, None)
        log.info("Study starts: %s search, %d trials, trainer %s", *_in_short(settings))
        self._run(lambda publish, control: self._engine.start(settings, path, publish, control), RunState.STARTING)

    def go_on(self, trials: int, *, with_changed_data: bool = False) -> None:
        """Resume the open study, up to that many trials in all; `with_changed_data`: the user accepts other data."""
        if self.path is None or self.progress is None or self.run_state is not RunState.IDLE:
            return
        self._call_off_opening()
        log.info("Study resumes after %d of %d trials", len(self.progress.finished), trials)
        request = ResumeRequest(self.path, trials, known=self._known, with_changed_data=with_changed_data)
        self._run(lambda publish, control: self._engine.resume(request, publish, control), RunState.STARTING)

    def judge(self) -> None:
        """Judge the best trial of the open study on the test part; `changed` tells what it came to."""
        if self.path is None or self.run_state is not RunState.IDLE:
            return
        self._call_off_opening()
        path, known = self.path, self._known
        log.info("The best trial is judged on the test part")
        self._run(lambda publish, control: self._engine.evaluate(path, publish, control, known), RunState.JUDGING)

    def _follow(self, path: Path, known: int) -> None:
        """Show what is recorded after the first `known` events."""

        def follow(publish: Publish, control: StudyControl) -> None:
            left = known

            def publish_new(events: Sequence[Event]) -> None:
                nonlocal left
                publish(events[left:])
                left = max(0, left - len(events))

            self._engine.follow(path, publish_new, control)

        log.info("Following a study after %d events", known)
        self._run(follow, RunState.FOLLOWING)

    def _run(self, job: Callable[[Publish, StudyControl], object], state: RunState) -> None:
        control, inbox = StudyControl(), deque[Event]()
        self._control, self._inbox, self._clock = control, inbox, ActiveClock()
        self.skipping = set()
        self._began_as = state
        runner = self._runner = Runner(lambda: job(inbox.extend, control), self)
        runner.finished.connect(self._runner_finished)
        self._set_run_state(state)
        self._timer.start()
        runner.start()

    def _stop_following(self) -> None:
        """Forget the study that another Afina runs, without waiting for the thread."""
        runner = self._runner
        if runner is None or self.run_state is not RunState.FOLLOWING:
            return
        self._timer.stop()
        self._control.stop()
        self._runner = None
        self._inbox.clear()
        runner.finished.disconnect(self._runner_finished)
        self._leaving.add(runner)
        runner.finished.connect(self._forget_left)
        self._forget_left()
        self._mark_interrupted()
        self._set_run_state(RunState.IDLE)

    def _forget_left(self) -> None:
        for runner in [runner for runner in self._leaving if runner.isFinished()]:
            self._leaving.discard(runner)
            runner.deleteLater()

    def pause(self) -> None:
        if self.run_state in (RunState.STARTING, RunState.RUNNING):
            self._control.pause()
            self._set_run_state(RunState.PAUSING)

    def resume(self) -> None:
        """Let a paused study go on, or a blocked one try its file again at once."""
        if self.run_state in (RunState.PAUSING, RunState.PAUSED):
            self._control.resume()
            self._set_run_state(RunState.RUNNING)
        elif self.run_state is RunState.BLOCKED:
            self._control.resume()

    def move_to(self, path: Path) -> None:
        """Let a blocked study go on in another file; `path_changed` comes when it does."""
        if self.run_state is RunState.BLOCKED:
            self._control.move_to(path)

    def skippable(self) -> TrialProgress | None:
        """Return the trial that `skip` gives up: the selected one if it trains, else the one that has for longest."""
        under_way = {} if self.progress is None else self.progress.under_way
        training = [trial for number, trial in under_way.items() if number not in self.skipping]
        return next((trial for trial in training if trial.number == self.selected), next(iter(training), None))

    def skip(self) -> None:
        """Give a trial up and go on with the next."""
        trial = self.skippable()
        if trial is not None:
            self.skipping.add(trial.number)
            self._control.skip(trial.number)
            self.run_state_changed.emit(self.run_state)

    def stop(self, end: StudyEnd = StudyEnd.STOPPED) -> None:
        """End the study for that reason; what it found is kept. One that is followed goes on elsewhere."""
        self._call_off_opening()
        self._stop_following()
        if self.busy and self.run_state is not RunState.STOPPING:
            self._control.stop(end)
            self._set_run_state(RunState.STOPPING)

    def wait(self, milliseconds: int) -> bool:
        """Wait for the running study to end; return whether it has."""
        runners = [*self._leaving, *([] if self._runner is None else [self._runner])]
        return all(runner.wait(milliseconds) for runner in runners)

    def finish(self, milliseconds: int) -> None:
        """Wait for the running study to end, and take in all that it published."""
        if self.wait(milliseconds):
            while self._runner is not None:
                self._drain()

    def seconds_left(self) -> float | None:
        """Estimate how long the study will run yet; None while nothing is known, or while it does not run here."""
        seconds = None if self.progress is None else self.progress.seconds_left()
        if self.run_state is not RunState.RUNNING or self.progress is None or seconds is None:
            return None
        limit = self.progress.settings.budget.seconds
        return seconds if limit is None else min(seconds, max(0.0, limit - self._clock.seconds))

    def _set_run_state(self, state: RunState) -> None:
        if state is not self.run_state:
            self.run_state = state
            self.run_state_changed.emit(state)

    # Events

    def _drain(self) -> None:
        """Fold what has arrived into the progress, within the time that one frame can spare."""
        deadline = perf_counter() + DRAIN_SECONDS
        finished = self._runner is not None and self._runner.isFinished()  # asked first: it may publish until then
        touched = Touched()
        while self._inbox and perf_counter() < deadline:
            event = self._inbox.popleft()
            touched.add(event, self.progress)
            self.progress = folded(self.progress, event)
            self._known += 1
        if touched:
            self.changed.emit(touched.changes())
        if self.busy:
            self._follow_control()
        if finished and not self._inbox:
            self._end_run()

    def _follow_control(self) -> None:
        """Show how far the study, or the judgement of its result, is."""
        phase, trouble, path = self._control.phase, self._control.trouble, self._control.path
        self._clock.tick(running=phase in WORKING)
        if path is not None and path != self.path:
            self.moved_to(path)
        state = self.run_state
        if state is RunState.STOPPING:
            return
        if trouble:  # there is some until a record succeeds, each new try included
            self._show_trouble(trouble)
        elif state is RunState.BLOCKED:
            self.trouble = ""
            self._set_run_state(self._going_on(phase))
        elif phase is StudyPhase.PAUSED and state is RunState.PAUSING:
            self._set_run_state(RunState.PAUSED)
        elif phase in WORKING and state is RunState.STARTING:
            self._set_run_state(RunState.RUNNING)

    def _going_on(self, phase: StudyPhase) -> RunState:
        """Return what it does now that its file can be written again."""
        if self._began_as is RunState.JUDGING:
            return RunState.JUDGING
        if self._control.pause_asked:
            return RunState.PAUSING
        return RunState.STARTING if phase is StudyPhase.WARMING else RunState.RUNNING

    def _show_trouble(self, trouble: str) -> None:
        if trouble == self.trouble and self.run_state is RunState.BLOCKED:
            return
        log.info("The study file cannot be written: %s", trouble)
        self.trouble = trouble
        self.run_state = RunState.BLOCKED
        self.run_state_changed.emit(RunState.BLOCKED)

    def _runner_finished(self) -> None:
        self._drain()

    def _end_run(self) -> None:
        self._timer.stop()
        runner, self._runner = self._runner, None
        failure = None
        if runner is not None:
            failure = runner.failure
            runner.deleteLater()
        if failure is not None and self.run_state is RunState.FOLLOWING:
            failure = replace(failure, title="The study can no longer be followed")
        if failure is not None and self._began_as is RunState.JUDGING:
            failure = replace(failure, title="The test part could not be evaluated")
        self._log_end(failure)
        self.trouble = ""
        self._mark_interrupted()
        if self.progress is None:  # it fell before there was a file
            self._replace(None, None)
        self._set_run_state(RunState.IDLE)
        if failure is not None:
            self.failed.emit(failure)

    def _mark_interrupted(self) -> None:
        """Show a study that fell without an end, or that is no longer followed, as what it is now."""
        if self.progress is not None and self.progress.running:
            interrupted = tuple(self.progress.under_way)
            self.progress.mark_interrupted()
            self.changed.emit(Changes(what=frozenset({Change.STUDY}), trials=interrupted))

    def _log_end(self, failure: Failure | None) -> None:
        """Write down how it ended; bugs are written down by whoever shows them."""
        end = None if self.progress is None else self.progress.end
        if failure is not None:
            log.info("The study could not go on: %s", failure.message)
        elif self.run_state is RunState.FOLLOWING:
            log.info("The study that was followed no longer runs")
        elif self._began_as is RunState.JUDGING:
            log.info("The judgement has ended")
        else:
            log.info("Study ends: %s", "without an end" if end is None else end.reason)


def _in_short(settings: StudySettings) -> tuple[str, int, str]:
    return settings.search.method.value, settings.budget.trials, settings.trainer.value
