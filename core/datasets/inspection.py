"""Inspecting a file in a process of its own: a large table neither stops the window nor, when given up, goes on."""

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core.children.conversation import Conversation, Parent
from core.children.process import ChildBug, ChildLost, ChildProcess
from core.datasets.description import ColumnRole, Gaps, TableProfile, TargetProfile, Task
from core.datasets.fingerprint import Fingerprint, fingerprint
from core.datasets.table_format import FileKind, TableFormat

if TYPE_CHECKING:
    from core.datasets.table_file import TableFile


class ReadTable(msgspec.Struct, frozen=True, tag=True):
    """Read the file, in that format or in the one that it seems to have."""

    path: str
    layout: TableFormat | None = None


class DescribeTarget(msgspec.Struct, frozen=True, tag=True):
    """Say what a column of the table that was read means as a target."""

    column: str
    task: Task | None = None


class CountGaps(msgspec.Struct, frozen=True, tag=True):
    """Say how many rows of the table that was read lack the target, or one of the features."""

    target: str
    task: Task
    features: dict[str, ColumnRole]


class Progress(msgspec.Struct, frozen=True, tag=True):
    """What is being done, and how many of how many steps of it are done; 0 of 0 when nobody knows."""

    doing: str
    done: int = 0
    steps: int = 0


class TableRead(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The answer to ReadTable: how it was read and what is in it. `sheets` are those of an Excel file.

    `fingerprint` was taken just before: a file that changes meanwhile is found to have changed.
    """

    layout: TableFormat
    fingerprint: Fingerprint
    profile: TableProfile
    sheets: tuple[str, ...] = ()


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The answer when a file or a column cannot be used: a sentence. `layout` is how a file was taken to be."""

    sentence: str
    layout: TableFormat | None = None


_MAX_TOLD = 100
"""Of thousands of columns not each is told of."""

Question = ReadTable | DescribeTarget | CountGaps
TableAnswer = Progress | TableRead | TargetProfile | Gaps | Refused

_decode_question: Callable[[bytes], Question] = msgspec.msgpack.Decoder(Question).decode
_decode_answer: Callable[[bytes], TableAnswer] = msgspec.msgpack.Decoder(TableAnswer).decode


class TableInspector:
    """Reads one file after another in a child process; questions are answered in turn.

    `waiting` counts those that are not answered yet.
    """

    def __init__(self) -> None:
        self._conversation: Conversation[Question, TableAnswer] = Conversation(_start, _decode_answer)
        self.waiting = 0

    @property
    def pid(self) -> int:
        return self._conversation.pid

    def ask(self, question: Question) -> None:
        """Ask; to read a file gives up whatever was asked before and is not answered yet."""
        if self.waiting and isinstance(question, ReadTable):
            self._give_up()
        self.waiting += 1
        self._conversation.ask(question)

    def answer(self, seconds: float = 0.0) -> TableAnswer | None:
        """Wait up to that long for the next answer; None when there is none yet. Raises ChildBug."""
        try:
            answer = self._conversation.answer(seconds)
        except ChildBug:
            self._give_up()
            raise
        except ChildLost as error:
            self._give_up()
            return Refused(f"The file could not be read: the process that reads it was lost, {error}")
        if answer is not None and not isinstance(answer, Progress):
            self.waiting -= 1
        return answer

    def _give_up(self) -> None:
        """Forget all questions, and have another process for the next."""
        self._conversation.restart()
        self.waiting = 0

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._conversation.close()


def _start() -> ChildProcess:
    return ChildProcess(run_inspector, "afina-inspector")


def run_inspector(connection: Connection) -> None:
    """Be the process: answer questions until the parent closes the connection."""
    from core.errors import DataError

    parent: Parent[Question, TableAnswer] = Parent(connection, _decode_question)
    table: TableFile | None = None
    for question in parent.questions():
        answer: TableAnswer
        if isinstance(question, ReadTable):
            table = None  # its memory is needed for the next
            table, answer = _read(question, parent.tell)
        else:
            try:
                answer = _look_at(table, question)
            except DataError as error:
                answer = Refused(str(error))
        parent.tell(answer)


def _read(question: ReadTable, tell: Callable[[Progress], None]) -> "tuple[TableFile | None, TableRead | Refused]":
    from core.datasets.profile import profile_table
    from core.datasets.table_file import read_table, sheet_names
    from core.datasets.table_format import detect_format
    from core.errors import DataError

    def tell_step(done: int, steps: int) -> None:
        if done * _MAX_TOLD // steps != (done - 1) * _MAX_TOLD // steps:
            tell(Progress("Looking at the columns", done, steps))

    path, layout = Path(question.path), question.layout
    tell(Progress(f"Reading {path.name}"))
    try:
        layout = layout or detect_format(path)
        before = fingerprint(path)
        table = read_table(path, layout)
        sheets = sheet_names(path) if layout.kind is FileKind.EXCEL else ()
        profile = profile_table(table, tell_step)
    except DataError as error:
        return None, Refused(str(error), layout)
    return table, TableRead(layout=layout, fingerprint=before, profile=profile, sheets=sheets)


def _look_at(table: "TableFile | None", question: DescribeTarget | CountGaps) -> TargetProfile | Gaps:
    from core.datasets.profile import count_gaps, profile_target
    from core.errors import DataError

    wanted = [question.target, *question.features] if isinstance(question, CountGaps) else [question.column]
    known = set() if table is None else set(table.frame.columns)
    missing = [name for name in wanted if name not in known]
    if table is None or missing:
        raise DataError(f"There is no column “{missing[0]}”")
    if isinstance(question, CountGaps):
        return count_gaps(table.frame, question.target, question.task, question.features)
    return profile_target(table.frame[question.column], question.task)
