"""StudyControl: what the user asks of a running study, and how far the study has got with it."""

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from core.events import StudyEnd

POLL_INTERVAL = 0.02
"""Seconds between two looks at what the user asks for."""


class StudyPhase(StrEnum):
    """What a running study is doing."""

    WARMING = "loading TensorFlow"
    PROPOSING = "choosing the next point"
    TRAINING = "training"
    PAUSED = "paused"
    BLOCKED = "waiting for the study file"
    ENDED = "ended"


class StudyControl:
    """Requests from any thread to the thread in which the study runs.

    A request is only noted here: the study acts on it and shows what it does in `phase`. While the study file cannot
    be written the phase is BLOCKED and `trouble` is a sentence on why; `path` is the file that the study is in.
    """

    def __init__(self, tell_trouble: Callable[[str], object] = lambda _: None) -> None:
        """Make the control of a new run; `tell_trouble` is called in the study's thread with each new trouble."""
        self.phase = StudyPhase.WARMING
        self.trouble = ""
        self._tell_trouble = tell_trouble
        self.path: Path | None = None
        self._end: StudyEnd | None = None
        self._pause = False
        self.skips: set[int] = set()
        """Trials that are to be given up."""
        self._retry = False
        self._target: Path | None = None

    def stop(self, end: StudyEnd = StudyEnd.STOPPED) -> None:
        """Ask for the study to end, for that reason; what is under way is given up."""
        self._end = end

    def pause(self) -> None:
        """Ask for all trials to stand still where they are."""
        self._pause = True

    def resume(self) -> None:
        """Ask for a paused training to go on, or for a blocked study to try its file again at once."""
        self._pause = False
        self._retry = True

    def skip(self, trial: int) -> None:
        """Ask for that trial to be given up; nothing happens when it is no longer running."""
        self.skips.add(trial)

    def move_to(self, path: Path) -> None:
        """Ask for a blocked study to be copied to another file, and to go on there."""
        self._target = path

    def block(self, trouble: str) -> None:
        """Show that the study waits for its file, and why."""
        self.phase = StudyPhase.BLOCKED
        if trouble != self.trouble:
            self._tell_trouble(trouble)
        self.trouble = trouble

    def unblock(self) -> None:
        """Show that the study file can be written again."""
        self.trouble = ""
        self._target = None

    @property
    def end_asked(self) -> StudyEnd | None:
        return self._end

    @property
    def pause_asked(self) -> bool:
        return self._pause

    def take_retry(self) -> bool:
        """Return whether `resume` was called since the last time that this was asked."""
        retry, self._retry = self._retry, False
        return retry

    def take_target(self) -> Path | None:
        """Return the file to go on in, once."""
        target, self._target = self._target, None
        return target

    def wait(self, seconds: float) -> None:
        """Sleep. No lock is waited for: requests may come from a signal handler in this very thread."""
        time.sleep(seconds)
