"""StudyControl: the user's requests to a running study, and the phase that the study is in."""

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from core.events import StudyEnd
from core.phases import Stages
from core.search.proposal import Learnt

POLL_INTERVAL = 0.02
"""Seconds between two checks of the user's requests."""


class StudyPhase(StrEnum):
    """The current activity of a running study."""

    WARMING = "loading TensorFlow"
    PROPOSING = "choosing the next point"
    TRAINING = "training"
    PAUSED = "paused"
    BLOCKED = "waiting for the study file"
    HELD = "waiting for a process"
    ENDED = "ended"


_AT_WORK = frozenset({StudyPhase.WARMING, StudyPhase.PROPOSING, StudyPhase.TRAINING})


class StudyControl:
    """Requests from any thread to the thread in which the study runs.

    A request is only noted here: the study acts on it and shows its activity in `phase`. While the study file cannot
    be written, `phase` is BLOCKED; while the study stands still because a process was lost, it is HELD; `trouble` is a
    sentence that says why. `stages` is what each trial under way does, `learnt` what the search learnt for the last
    point. `path` is the study's file.
    """

    def __init__(
        self,
        tell_trouble: Callable[[StudyPhase, str], object] = lambda _phase, _trouble: None,
        tell_moved: Callable[[Path], object] = lambda _path: None,
        retry_after: float | None = None,
    ) -> None:
        """Make the control of a new run.

        `tell_trouble` is called in the study's thread with each new trouble and its phase, `tell_moved` with the file
        in which the study goes on. After `retry_after` seconds a lost process is tried again without a request; never
        if None.
        """
        self._tell_work: Callable[[bool], object] = lambda _: None
        self._trouble = ""
        self.phase = StudyPhase.WARMING
        self.stages: Stages = {}
        self.learnt: Learnt | None = None
        self.retry_after = retry_after
        self._tell_trouble = tell_trouble
        self._tell_moved = tell_moved
        self.path: Path | None = None
        self._end: StudyEnd | None = None
        self._pause = False
        self.skips: set[int] = set()
        """The numbers of the trials to give up."""
        self._retry = False
        self._elsewhere = False
        self._target: Path | None = None

    @property
    def phase(self) -> StudyPhase:
        """What the study does; only the study sets it."""
        return self._phase

    @phase.setter
    def phase(self, phase: StudyPhase) -> None:
        self._phase = phase
        self._tell_work(self.at_work)

    @property
    def trouble(self) -> str:
        """A sentence on why the study waits; empty while it does not."""
        return self._trouble

    @trouble.setter
    def trouble(self, trouble: str) -> None:
        self._trouble = trouble
        self._tell_work(self.at_work)

    @property
    def at_work(self) -> bool:
        """Whether it trains, or is about to: it is neither paused nor over, and does not wait for anything."""
        return self._phase in _AT_WORK and not self.trouble

    def follow_work(self, tell: Callable[[bool], object]) -> None:
        """Call `tell`, now and whenever it may have changed, in the study's thread, with whether it is at work."""
        self._tell_work = tell
        tell(self.at_work)

    def stop(self, end: StudyEnd = StudyEnd.STOPPED) -> None:
        """Ask the study to end for that reason; it gives up the trials under way."""
        self._end = end

    def pause(self) -> None:
        """Ask all trials to pause where they are."""
        self._pause = True

    def resume(self) -> None:
        """Ask paused trials to go on, a blocked study to try its file again at once, or a held one its processes."""
        self._pause = False
        self._retry = True

    def skip(self, trial: int) -> None:
        """Ask the study to give up that trial; nothing happens if it no longer runs."""
        self.skips.add(trial)

    def move_to(self, path: Path) -> None:
        """Ask a blocked study to copy itself to another file and to go on there."""
        self._target = path

    def go_on(self) -> None:
        """Ask a blocked study to go on in its file or else in another one of its choice, a held one to try again.

        Nothing happens while the study does not wait.
        """
        self._elsewhere = self._retry = bool(self.trouble)

    def block(self, trouble: str) -> None:
        """Show that the study waits for its file, and why."""
        self._show(StudyPhase.BLOCKED, trouble)

    def hold(self, trouble: str) -> None:
        """Show that the study stands still because a process was lost, and why."""
        self._show(StudyPhase.HELD, trouble)

    def _show(self, phase: StudyPhase, trouble: str) -> None:
        self.phase = phase
        if trouble != self.trouble:
            self._tell_trouble(phase, trouble)
        self.trouble = trouble

    def release(self) -> None:
        """Show that the trouble is over; requests that were made because of it are forgotten."""
        self.trouble = ""
        self._target = None
        self._retry = self._elsewhere = False

    def moved(self, path: Path) -> None:
        """Show that the study goes on in another file."""
        self.path = path
        self._tell_moved(path)

    @property
    def end_asked(self) -> StudyEnd | None:
        return self._end

    @property
    def pause_asked(self) -> bool:
        return self._pause

    def take_retry(self) -> bool:
        """Return whether `resume` was called since the last call of this method."""
        retry, self._retry = self._retry, False
        return retry

    def take_elsewhere(self) -> bool:
        """Return whether `go_on` was called since the last call of this method."""
        elsewhere, self._elsewhere = self._elsewhere, False
        return elsewhere

    def take_target(self) -> Path | None:
        """Return the file given to `move_to`, and forget it; None if there is none."""
        target, self._target = self._target, None
        return target

    def wait(self, seconds: float) -> None:
        """Sleep, without a lock: requests may come from a signal handler in this same thread."""
        time.sleep(seconds)
