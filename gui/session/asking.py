"""Asking: looks for answers that are found elsewhere, as in a child process, and tells them in the window's thread."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Slot

from core.children.process import ChildBug

POLL_INTERVAL = 40
"""Milliseconds between two looks for an answer; about 25 a second."""

_Answer = TypeVar("_Answer")


class Asking(QObject, Generic[_Answer]):
    """Looks for answers, from `start` to `stop`, and gives them to `tell`.

    Of interim answers, which others will follow, only the latest since the last look is told.
    """

    def __init__(
        self,
        tell: Callable[[_Answer], None],
        is_interim: Callable[[_Answer], bool],
        fault: Callable[[], _Answer],
        parent: QObject,
    ) -> None:
        """Make it; `fault` returns what is told when the process fell over a fault of ours, before that is raised."""
        super().__init__(parent)
        self._tell = tell
        self._is_interim = is_interim
        self._fault = fault
        self._answer: Callable[[], _Answer | None] = lambda: None
        self._timer = QTimer(self, interval=POLL_INTERVAL)
        self._timer.timeout.connect(self._look)

    @property
    def active(self) -> bool:
        """Whether an answer is being waited for."""
        return self._timer.isActive()

    def start(self, answer: Callable[[], _Answer | None]) -> None:
        """Look for what `answer` returns, None as long as there is nothing new; what was looked for is given up."""
        self._answer = answer
        self._timer.start()

    def stop(self) -> None:
        """Look no more: all is told, or is not wanted any more."""
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
