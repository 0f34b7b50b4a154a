"""Inspection: asks the process that reads a file, and reports its answers in the window's thread."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.tables.description import Gaps, TargetProfile
from core.tables.inspection import (
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
from gui.session.asking import Asking

_FAULT = Refused("The file could not be read because of a fault in Afina")
_QUESTION = {TableRead: ReadTable, TargetProfile: DescribeTarget, Gaps: CountGaps}


class AnyTableInspector(Protocol):
    """The interface of an inspector: core.tables.inspection.TableInspector, or one of a test."""

    def ask(self, question: Question) -> None: ...

    def answer(self) -> TableAnswer | None: ...

    def close(self) -> None: ...


class Inspection(QObject):
    """Asks questions about a file. Signal `answered` (a TableAnswer): an answer has come.

    The question ReadTable cancels all others. If a question is asked while another one of its kind waits for its
    answer, only the answer to the last question of this kind is reported.
    """

    answered = Signal(object)

    def __init__(self, inspector: AnyTableInspector | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inspector = TableInspector() if inspector is None else inspector
        self._asked: set[type[Question]] = set()
        self._next: dict[type[Question], Question] = {}
        self._asking: Asking[TableAnswer] = Asking(
            self._on_answer, lambda answer: isinstance(answer, Progress), lambda: _FAULT, self
        )

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
        self._asking.start(self._inspector.answer)

    @property
    def waiting(self) -> bool:
        """Whether a question has no answer yet."""
        return bool(self._asked)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._asking.stop()
        self._inspector.close()

    def _forget(self) -> None:
        self._asked.clear()
        self._next.clear()

    def _on_answer(self, answer: TableAnswer) -> None:
        if isinstance(answer, Refused):
            self._forget()
        elif not isinstance(answer, Progress):
            kind = _QUESTION[type(answer)]
            self._asked.discard(kind)
            if kind in self._next:
                self.ask(self._next.pop(kind))
                return
        if not self._asked:
            self._asking.stop()
        self.answered.emit(answer)
