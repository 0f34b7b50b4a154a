"""Inspection: asks the process that reads a file, and tells its answers in the window's thread."""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.children.process import ChildBug
from core.datasets.description import Gaps, TargetProfile
from core.datasets.inspection import (
    CountGaps,
    DescribeTarget,
    Progress,
    Question,
    ReadTable,
    Refused,
    TableAnswer,
    TableInspector,
    TableRead,
)

POLL_INTERVAL = 40
"""Milliseconds between two looks for an answer; about 25 a second."""
_QUESTION = {TableRead: ReadTable, TargetProfile: DescribeTarget, Gaps: CountGaps}


class Inspector(Protocol):
    """Who answers: core.datasets.inspection.TableInspector, or a test."""

    def ask(self, question: Question) -> None: ...

    def answer(self) -> TableAnswer | None: ...

    def close(self) -> None: ...


class Inspection(QObject):
    """Questions on a file. `answered` (a TableAnswer) tells what was found; to read a file gives up all others.

    While a question is waiting, a second one of its kind replaces it: only the answer to the last is told.
    """

    answered = Signal(object)

    def __init__(self, inspector: Inspector | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inspector = TableInspector() if inspector is None else inspector
        self._asked: set[type[Question]] = set()
        self._next: dict[type[Question], Question] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_INTERVAL)
        self._timer.timeout.connect(self._poll)

    def ask(self, question: Question) -> None:
        """Ask, at once or as soon as the last question of this kind is answered."""
        kind = type(question)
        if kind is ReadTable:
            self._forget()
        if kind in self._asked:
            self._next[kind] = question
            return
        self._asked.add(kind)
        self._inspector.ask(question)
        self._timer.start()

    @property
    def waiting(self) -> bool:
        """Whether a question is not answered yet."""
        return bool(self._asked)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._timer.stop()
        self._inspector.close()

    def _forget(self) -> None:
        self._asked.clear()
        self._next.clear()

    @Slot()
    def _poll(self) -> None:
        """Tell what has come in since the last look, and of the progress only the latest."""
        progress: Progress | None = None
        while self._timer.isActive() and (answer := self._answer()) is not None:
            if isinstance(answer, Progress):
                progress = answer
            else:
                progress = None
                self._tell(answer)
        if progress is not None:
            self.answered.emit(progress)

    def _answer(self) -> TableAnswer | None:
        try:
            return self._inspector.answer()
        except ChildBug:  # the crash box says more
            self._tell(Refused("The file could not be read because of a fault in Afina"))
            raise

    def _tell(self, answer: TableRead | TargetProfile | Gaps | Refused) -> None:
        if isinstance(answer, Refused):
            self._forget()
        else:
            kind = _QUESTION[type(answer)]
            self._asked.discard(kind)
            if kind in self._next:
                self.ask(self._next.pop(kind))
                return
        if not self._asked:
            self._timer.stop()
        self.answered.emit(answer)
