"""Asking: polls for answers from elsewhere, as from a child process, and hands them on in the window's thread."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Slot

from core.children.process import ChildBug

POLL_INTERVAL = 40
"""Milliseconds between two looks for an answer: 25 looks per second."""

_Answer = TypeVar("_Answer")


class Asking(QObject, Generic[_Answer]):
    """Polls for answers, from `start` to `stop`, and gives them to `tell`.

    An interim answer will be followed by others: only the latest one since the last look is told.
    """

    def __init__(
        self,
        tell: Callable[[_Answer], None],
        is_interim: Callable[[_Answer], bool],
        fault: Callable[[], _Answer],
        parent: QObject,
    ) -> None:
        """Make it; when a bug of ours ends the process, the answer of `fault` is told before the error is raised."""
        super().__init__(parent)
        self._tell = tell
        self._is_interim = is_interim
        self._fault = fault
        self._answer: Callable[[], _Answer | None] = lambda: None
        self._timer = QTimer(self, interval=POLL_INTERVAL)
        self._timer.timeout.connect(self._look)

    @property
    def active(self) -> bool:
        """Whether it waits for an answer."""
        return self._timer.isActive()

    def start(self, answer: Callable[[], _Answer | None]) -> None:
        """Poll `answer`, which returns None while there is nothing new, in place of the one polled before."""
        self._answer = answer
        self._timer.start()

    def stop(self) -> None:
        """Stop polling: all answers are told, or are not wanted any more."""
        self._answer = lambda: None
        self._timer.stop()

    @Slot()
    def _look(self) -> None:
        interim: _Answer | None = None
        while self.active and (answer := self._next()) is not None:
            if self._is_interim(answer):
                interim = answer
            else:
                interim = None
                self._tell(answer)
        if interim is not None:
            self._tell(interim)

    def _next(self) -> _Answer | None:
        try:
            return self._answer()
        except ChildBug:  # the crash box says more
            self._tell(self._fault())
            raise
