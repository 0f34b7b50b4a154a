"""A run: a job on a study in a thread of its own, with its events, its requests and its phase."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from core.events import Event, StudyEnd
from core.phases import Job, Phase
from core.search.proposal import Learnt
from core.study.control import StudyControl, StudyPhase
from core.study.engine import Engine, Publish
from core.study.under_way import UnderWay
from gui.session.thread import Failure, Runner

log = logging.getLogger(__name__)
Work = Callable[[Publish, StudyControl], object]
POLL_INTERVAL = 40
"""Milliseconds between two polls of the inbox: 25 polls per second."""
POLL_SECONDS = 0.008
"""Seconds of the GUI thread that one poll may take; the events left wait for the next poll."""
_TICKS = 4
"""Times in a second that a study tells that its trials go on, even if they report nothing."""
_WAITING = (Phase.BLOCKED, Phase.HELD)
_FOLLOWING = {
    (Phase.PAUSING, StudyPhase.PAUSED): Phase.PAUSED,
    (Phase.STARTING, StudyPhase.PROPOSING): Phase.RUNNING,
    (Phase.STARTING, StudyPhase.TRAINING): Phase.RUNNING,
    (Phase.RUNNING, StudyPhase.WARMING): Phase.STARTING,  # its process was lost, and loads again
}
"""The phase that follows when a study without trouble is found to do something else."""
_FAILED = {
    Job.EVALUATION: "The test part could not be evaluated",
    Job.WATCH: "The study can no longer be followed",
}


class Run(QObject):
    """A job, from `begin` until `ended`.

    `trouble` is a sentence on why `phase` is BLOCKED or HELD; `skipping` are the trials that it was asked to give up;
    `under_way` knows what the trials do between two events. `take` gets the events that arrive, in the GUI thread.

    Signals: `ticked` some times in a second while it works; `changed` when the phase or the trouble changes, or a trial
    is given up; `moved` (a Path) when the study went on in another file; `ended` (a Failure or None) when the thread
    has ended and all its events are taken.
    """

    ticked = Signal()
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
        self.under_way = UnderWay()
        self._path = path
        self._take = take
        self._over = False
        control, inbox = StudyControl(), deque[Event]()
        self._control, self._inbox = control, inbox
        self._runner = Runner(lambda: work(inbox.extend, control), parent)
        self._runner.finished.connect(self.poll)
        self._timer = QTimer(self, interval=POLL_INTERVAL)
        self._timer.timeout.connect(self.poll)

    @property
    def learnt(self) -> Learnt | None:
        """What the search learnt for the last point."""
        return self._control.learnt

    def begin(self) -> None:
        self._timer.start()
        self._runner.start()

    def wait(self, milliseconds: int) -> bool:
        """Wait for the thread to end; return whether it has."""
        return self._runner.wait(milliseconds)

    def leave(self) -> Runner:
        """Take no more events, and ask the thread to end; return the thread, because it needs a moment to end."""
        self._over = True
        self._timer.stop()
        self._control.stop()
        return self._runner

    # Requests

    def pause(self) -> None:
        self._control.pause()
        self._set_phase(Phase.PAUSING)

    def resume(self) -> None:
        """Let the job go on, or try at once what it waits for: to write its file, or to start a lost process."""
        self._control.resume()
        if self.phase not in _WAITING:
            self._set_phase(Phase.RUNNING)

    def move_to(self, path: Path) -> None:
        """Let the job go on in another file; `moved` is emitted when it does."""
        self._control.move_to(path)

    def skip(self, trial: int) -> None:
        """Give a trial up."""
        self.skipping.add(trial)
        self._control.skip(trial)
        self.changed.emit()

    def stop(self, end: StudyEnd) -> None:
        """End the job for that reason."""
        self._control.stop(end)
        self._set_phase(Phase.STOPPING)

    # State

    def poll(self) -> None:
        """Hand on the events that have arrived, within the time that one frame can spare, and update the phase."""
        if self._over:  # the signal that the thread has ended may come late
            return
        finished = self._runner.isFinished()  # asked first: it may publish until then
        ticks = int(_TICKS * self.under_way.clock.seconds)
        if self.job is not Job.WATCH:  # nobody tells whether the other Afina works or pauses
            self.under_way.look(self._control)
        self._take(self._arrived())
        if int(_TICKS * self.under_way.clock.seconds) > ticks:
            self.ticked.emit()
        self._poll_end(finished)

    def _poll_end(self, finished: bool) -> None:
        if self._over:  # whoever heard of the events has left the run
            return
        if self.job is not Job.WATCH:
            self._poll_control()
        if finished and not self._inbox:
            self._end()

    def _arrived(self) -> Iterator[Event]:
        deadline = perf_counter() + POLL_SECONDS
        while self._inbox and perf_counter() < deadline:
            event = self._inbox.popleft()
            self.under_way.take(event)
            yield event

    def _poll_control(self) -> None:
        phase, trouble, path = self._control.phase, self._control.trouble, self._control.path
        if path is not None and path != self._path:
            self._path = path
            self.moved.emit(path)
        if self.phase is not Phase.STOPPING:
            self._follow(phase, trouble)

    def _follow(self, phase: StudyPhase, trouble: str) -> None:
        """Let the phase of the job follow that of the study's thread."""
        if trouble:  # it stays until a record succeeds, during each new try, too
            self._show_trouble(Phase.HELD if phase is StudyPhase.HELD else Phase.BLOCKED, trouble)
        elif self.phase in _WAITING:
            self.trouble = ""
            self._set_phase(self._phase_after_wait(phase))
        else:
            self._set_phase(_FOLLOWING.get((self.phase, phase), self.phase))

    def _phase_after_wait(self, phase: StudyPhase) -> Phase:
        """Return the phase of the job now that it no longer waits for its file or a process."""
        if self._control.pause_asked:
            return Phase.PAUSING
        return Phase.STARTING if phase is StudyPhase.WARMING else Phase.RUNNING

    def _show_trouble(self, phase: Phase, trouble: str) -> None:
        if (phase, trouble) == (self.phase, self.trouble):
            return
        log.info("The study is %s: %s", phase, trouble)
        self.phase, self.trouble = phase, trouble
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
    """Return the work that publishes the events that another Afina records after the first `known` ones."""

    def watch(publish: Publish, control: StudyControl) -> None:
        left = known

        def publish_new(events: Sequence[Event]) -> None:
            nonlocal left
            publish(events[left:])
            left = max(0, left - len(events))

        engine.watch(path, publish_new, control)

    return watch
