"""Inspects a file in a child process: a large table does not block the window, and can be given up at any time."""

import logging
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core.children.conversation import Conversation, Parent
from core.children.process import ChildBug, ChildLost, ChildProcess
from core.tables.description import ColumnRole, Gaps, TableProfile, TargetProfile, Task
from core.tables.fingerprint import Fingerprint, fingerprint
from core.tables.table_format import TableFormat

if TYPE_CHECKING:
    from core.tables.table_file import TableFile


class ReadTable(msgspec.Struct, frozen=True, tag=True):
    """Read the file in the given format or, when that is None, in the detected one."""

    path: str
    layout: TableFormat | None = None


class DescribeTarget(msgspec.Struct, frozen=True, tag=True):
    """Describe a column of the table that was read as a target."""

    column: str
    task: Task | None = None


class CountGaps(msgspec.Struct, frozen=True, tag=True):
    """Count the rows of the table that was read that lack the target, or one of the features."""

    target: str
    task: Task
    features: dict[str, ColumnRole]


class Progress(msgspec.Struct, frozen=True, tag=True):
    """The work under way, and how many of its `steps` are `done`; both are 0 when the number of steps is not known."""

    doing: str
    done: int = 0
    steps: int = 0


class TableRead(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The answer to ReadTable: the table's format and content. `sheets` are the sheets of an Excel file.

    `fingerprint` is taken before the file is read, so that a change during the reading is found later.
    """

    layout: TableFormat
    fingerprint: Fingerprint
    profile: TableProfile
    sheets: tuple[str, ...] = ()


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The answer when a file or a column cannot be used, as a sentence. `layout` is the format assumed for the file.

    `said` is what a parser said of it, for the log.
    """

    sentence: str
    layout: TableFormat | None = None
    said: str = ""


log = logging.getLogger(__name__)

_MAX_TOLD = 100
"""The most progress messages for the columns of a table, which may have thousands."""

_MAX_SAID = 1000
"""The most characters of a parser's words in the log."""

Question = ReadTable | DescribeTarget | CountGaps
TableAnswer = Progress | TableRead | TargetProfile | Gaps | Refused

_decode_question: Callable[[bytes], Question] = msgspec.msgpack.Decoder(Question).decode
_decode_answer: Callable[[bytes], TableAnswer] = msgspec.msgpack.Decoder(TableAnswer).decode


class TableInspector:
    """Reads one file after another in a child process; questions are answered in order.

    `waiting` counts the questions that are not answered yet.
    """

    def __init__(self) -> None:
        self._conversation: Conversation[Question, TableAnswer] = Conversation(_start, _decode_answer)
        self.waiting = 0

    @property
    def pid(self) -> int:
        return self._conversation.pid

    def ask(self, question: Question) -> None:
        """Ask a question; a ReadTable discards all earlier questions that are not answered yet."""
        if self.waiting and isinstance(question, ReadTable):
            self._give_up()
        self.waiting += 1
        self._conversation.ask(question)

    def answer(self, seconds: float = 0.0) -> TableAnswer | None:
        """Wait up to `seconds` for the next answer; return None when there is none yet. Raises ChildBug."""
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
        if isinstance(answer, Refused) and answer.said:
            log.info("%s (%s)", answer.sentence, answer.said)
            return msgspec.structs.replace(answer, said="")
        return answer

    def _give_up(self) -> None:
        """Discard all questions, and start a new process for the next one."""
        self._conversation.restart()
        self.waiting = 0

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._conversation.close()


def _start() -> ChildProcess:
    return ChildProcess(run_inspector, "afina-inspector")


def run_inspector(connection: Connection) -> None:
    """Run in the child process: answer questions until the parent closes the connection."""
    from core.errors import DataError

    parent: Parent[Question, TableAnswer] = Parent(connection, _decode_question)
    table: TableFile | None = None
    for question in parent.questions():
        answer: TableAnswer
        if isinstance(question, ReadTable):
            table = None  # the next table needs its memory
            table, answer = _read(question, parent.tell)
        else:
            try:
                answer = _look_at(table, question)
            except DataError as error:
                answer = Refused(str(error))
        parent.tell(answer)


def _read(question: ReadTable, tell: Callable[[Progress], None]) -> "tuple[TableFile | None, TableRead | Refused]":
    from core.errors import DataError
    from core.tables.detection import detect_format
    from core.tables.profile import profile_table
    from core.tables.table_file import read_table

    def tell_step(done: int, steps: int) -> None:
        if done * _MAX_TOLD // steps != (done - 1) * _MAX_TOLD // steps:
            tell(Progress("Looking at the columns", done, steps))

    path, layout = Path(question.path), question.layout
    tell(Progress(f"Reading {path.name}"))
    try:
        layout = layout or detect_format(path)
        before = fingerprint(path)
        table = read_table(path, layout)
        profile = profile_table(table, tell_step)
    except DataError as error:
        return None, Refused(str(error), layout, repr(error.__cause__)[:_MAX_SAID] if error.__cause__ else "")
    return table, TableRead(layout=layout, fingerprint=before, profile=profile, sheets=table.sheets)


def _look_at(table: "TableFile | None", question: DescribeTarget | CountGaps) -> TargetProfile | Gaps:
    from core.errors import DataError
    from core.tables.profile import count_gaps, profile_target

    wanted = [question.target, *question.features] if isinstance(question, CountGaps) else [question.column]
    known = set() if table is None else set(table.frame.columns)
    missing = [name for name in wanted if name not in known]
    if table is None or missing:
        raise DataError(f"There is no column “{missing[0]}”")
    if isinstance(question, CountGaps):
        return count_gaps(table.frame, question.target, question.task, question.features)
    return profile_target(table.frame[question.column], question.task)
