"""StudyControl: what the user asks of a running study, and how far the study has got with it."""

import threading
from enum import StrEnum


class StudyPhase(StrEnum):
    """What a running study is doing."""

    WARMING = "loading TensorFlow"
    PROPOSING = "choosing the next point"
    TRAINING = "training"
    PAUSED = "paused"
    ENDED = "ended"


class StudyControl:
    """Requests from any thread to the thread in which the study runs.

    A request is only noted here: the study acts on it and shows what it does in `phase`.
    """

    def __init__(self) -> None:
        self.phase = StudyPhase.WARMING
        self._asked = threading.Event()
        self._stop = False
        self._pause = False
        self._skip: int | None = None

    def stop(self) -> None:
        """Ask for the study to end; the trial under way is given up."""
        self._stop = True
        self._asked.set()

    def pause(self) -> None:
        """Ask for the training to stand still where it is."""
        self._pause = True
        self._asked.set()

    def resume(self) -> None:
        """Ask for a paused training to go on."""
        self._pause = False
        self._asked.set()

    def skip(self, trial: int) -> None:
        """Ask for that trial to be given up; nothing happens when it is no longer running."""
        self._skip = trial
        self._asked.set()

    @property
    def stop_asked(self) -> bool:
        return self._stop

    @property
    def pause_asked(self) -> bool:
        return self._pause

    @property
    def skip_asked(self) -> int | None:
        return self._skip

    def wait(self, seconds: float) -> None:
        """Sleep until somebody asks for something, at most `seconds`."""
        if self._asked.wait(seconds):
            self._asked.clear()
