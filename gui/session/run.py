"""A run: a job with a study in a thread of its own, what it publishes, what it is asked, and how far it is."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from core.clock import ActiveClock
from core.events import Event, StudyEnd
from core.phases import Job, Phase
from core.study.control import StudyControl, StudyPhase
from core.study.engine import Engine, Publish
from gui.session.thread import Failure, Runner

log = logging.getLogger(__name__)
Work = Callable[[Publish, StudyControl], object]
POLL_INTERVAL = 40
"""Milliseconds between two polls of the inbox; about 25 a second."""
POLL_SECONDS = 0.008
"""How long a poll may take of the GUI thread; what is left waits for the next."""
_WORKING = (StudyPhase.PROPOSING, StudyPhase.TRAINING)
_FAILED = {
    Job.EVALUATION: "The test part could not be evaluated",
    Job.WATCH: "The study can no longer be followed",
}


class Run(QObject):
    """A job, from `begin` until `ended`.

    `trouble` is a sentence on why it is BLOCKED; `skipping` are the trials that it was asked to give up. `take` gets
    the events that arrive, in the GUI thread.

    Signals: `changed` when the phase is another one, or the trouble; `moved` (a Path) when the study went on in another
    file; `ended` (a Failure or None) when the thread has ended and all that it published was taken.
    """

    changed = Signal()
    moved = Signal(object)
    ended = Signal(object)

    def __init__(
        self, job: Job, path: Path, work: Work, take: Callable[[Iterator[Event]], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.job = job
        self.phase = Phase.RUNNING if job is Job.WATCH else Phase.STARTING
        self.trouble = ""
        self.skipping: set[int] = set()
        self.clock = ActiveClock()
        self._path = path
        self._take = take
        self._over = False
        control, inbox = StudyControl(), deque[Event]()
        self._control, self._inbox = control, inbox
        self._runner = Runner(lambda: work(inbox.extend, control), parent)
        self._runner.finished.connect(self.poll)
        self._timer = QTimer(self, interval=POLL_INTERVAL)
        self._timer.timeout.connect(self.poll)

    def begin(self) -> None:
        self._timer.start()
        self._runner.start()

    def wait(self, milliseconds: int) -> bool:
        """Wait for the thread to end; return whether it has."""
        return self._runner.wait(milliseconds)

    def leave(self) -> Runner:
        """Take nothing in any more, and ask the thread to end; return it, for it needs a moment."""
        self._over = True
        self._timer.stop()
        self._control.stop()
        return self._runner

    # What is asked of it

    def pause(self) -> None:
        self._control.pause()
        self._set_phase(Phase.PAUSING)

    def resume(self) -> None:
        """Let it go on, or try at once to write the file for which it waits."""
        self._control.resume()
        if self.phase is not Phase.BLOCKED:
            self._set_phase(Phase.RUNNING)

    def move_to(self, path: Path) -> None:
        """Let it go on in another file; `moved` comes when it does."""
        self._control.move_to(path)

    def skip(self, trial: int) -> None:
        """Give a trial up."""
        self.skipping.add(trial)
        self._control.skip(trial)
        self.changed.emit()

    def stop(self, end: StudyEnd) -> None:
        """End it for that reason."""
        self._control.stop(end)
        self._set_phase(Phase.STOPPING)

    # How far it is

    def poll(self) -> None:
        """Hand on what has arrived, within the time that one frame can spare, and see how far the job is."""
        if self._over:  # what tells that the thread has ended may come late
            return
        finished = self._runner.isFinished()  # asked first: it may publish until then
        self._take(self._arrived())
        if self.job is not Job.WATCH:
            self._poll_control()
        if finished and not self._inbox:
            self._end()

    def _arrived(self) -> Iterator[Event]:
        deadline = perf_counter() + POLL_SECONDS
        while self._inbox and perf_counter() < deadline:
            yield self._inbox.popleft()

    def _poll_control(self) -> None:
        phase, trouble, path = self._control.phase, self._control.trouble, self._control.path
        self.clock.tick(running=phase in _WORKING)
        if path is not None and path != self._path:
            self._path = path
            self.moved.emit(path)
        if self.phase is Phase.STOPPING:
            return
        if trouble:  # there is some until a record succeeds, each new try included
            self._show_trouble(trouble)
        elif self.phase is Phase.BLOCKED:
            self.trouble = ""
            self._set_phase(self._phase_after_block(phase))
        elif phase is StudyPhase.PAUSED and self.phase is Phase.PAUSING:
            self._set_phase(Phase.PAUSED)
        elif phase in _WORKING and self.phase is Phase.STARTING:
            self._set_phase(Phase.RUNNING)

    def _phase_after_block(self, phase: StudyPhase) -> Phase:
        """Return what it does now that its file can be written again."""
        if self._control.pause_asked:
            return Phase.PAUSING
        return Phase.STARTING if phase is StudyPhase.WARMING else Phase.RUNNING

    def _show_trouble(self, trouble: str) -> None:
        if trouble == self.trouble and self.phase is Phase.BLOCKED:
            return
        log.info("The study file cannot be written: %s", trouble)
        self.trouble = trouble
        self.phase = Phase.BLOCKED
        self.changed.emit()

    def _set_phase(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.changed.emit()

    def _end(self) -> None:
        self._over = True
        self._timer.stop()
        failure: Failure | None = self._runner.failure
        if failure is not None:
            failure = replace(failure, title=_FAILED.get(self.job, failure.title))
        self._runner.deleteLater()
        self.ended.emit(failure)


def watching(engine: Engine, path: Path, known: int) -> Work:
    """Return the work of showing what another Afina records after the first `known` events."""

    def watch(publish: Publish, control: StudyControl) -> None:
        left = known

        def publish_new(events: Sequence[Event]) -> None:
            nonlocal left
            publish(events[left:])
            left = max(0, left - len(events))

        engine.watch(path, publish_new, control)

    return watch
