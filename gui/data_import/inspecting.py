"""Inspection: asks the process that reads a file, and reports its answers in the window's thread."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.tables.description import Findings, Gaps, TargetProfile
from core.tables.inspection import (
    ColumnRead,
    CountGaps,
    DescribeTarget,
    LookForTraps,
    Progress,
    Question,
    ReadColumn,
    ReadTable,
    Refused,
    TableAnswer,
    TableInspector,
    TableRead,
)
from gui.session.asking import Asking

_FAULT = Refused("The file could not be read because of a fault in Afina")
_FEW = 500
"""So many columns fit into a pipe that nobody reads at the moment."""
_Key = tuple[type[Question], str]
"""What a question is about: its kind and, of one that is asked of several columns, the column."""


class AnyTableInspector(Protocol):
    """The interface of an inspector: core.tables.inspection.TableInspector, or one of a test."""

    def ask(self, question: Question) -> None: ...

    def answer(self) -> TableAnswer | None: ...

    def close(self) -> None: ...


class Inspection(QObject):
    """Asks questions about a file. Signal `answered` (a TableAnswer): an answer has come.

    The question ReadTable cancels all others. If a question is asked while another one of its kind (and, for
    ReadColumn, on the same column) waits for its answer, only the answer to the last of them is reported. A question
    on thousands of columns is asked when the process has nothing else to do: a pipe that is full would block us.
    """

    answered = Signal(object)

    def __init__(self, inspector: AnyTableInspector | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inspector = TableInspector() if inspector is None else inspector
        self._asked: set[_Key] = set()
        self._next: dict[_Key, Question] = {}
        self._asking: Asking[TableAnswer] = Asking(
            self._on_answer, lambda answer: isinstance(answer, Progress), lambda: _FAULT, self
        )

    def ask(self, question: Question) -> None:
        """Ask, at once or as soon as the last question on the same is answered."""
        key = _key_of(question)
        if isinstance(question, ReadTable):
            self._forget()
        if key in self._asked or (self._asked and _is_long(question)):
            self._next[key] = question
            return
        self._asked.add(key)
        self._inspector.ask(question)
        self._asking.start(self._inspector.answer)

    @property
    def waiting(self) -> bool:
        """Whether a question has no answer yet."""
        return bool(self._asked or self._next)

    @property
    def reading(self) -> bool:
        """Whether the table or a column of it is being read."""
        return any(kind in (ReadTable, ReadColumn) for kind, _column in self._asked)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._asking.stop()
        self._inspector.close()

    def _forget(self) -> None:
        self._asked.clear()
        self._next.clear()

    def _on_answer(self, answer: TableAnswer) -> None:
        key = _key_answered(answer)
        if isinstance(answer, Refused):
            self._forget()
        elif key is not None:
            self._asked.discard(key)
            if key in self._next:
                self.ask(self._next.pop(key))
                return
        if self._next and not self._asked:
            self.ask(self._next.pop(next(iter(self._next))))
        if not self._asked:
            self._asking.stop()
        self.answered.emit(answer)


def _is_long(question: Question) -> bool:
    return isinstance(question, CountGaps | LookForTraps) and len(question.features) > _FEW


def _key_of(question: Question) -> _Key:
    return type(question), question.column if isinstance(question, ReadColumn) else ""


def _key_answered(answer: TableAnswer) -> _Key | None:
    """Return the key of the question that has its answer now; None when more is to come."""
    match answer:
        case TableRead():
            return None if answer.partial else (ReadTable, "")
        case ColumnRead():
            return ReadColumn, answer.profile.name
        case TargetProfile():
            return DescribeTarget, ""
        case Gaps():
            return CountGaps, ""
        case Findings():
            return LookForTraps, ""
    return None
