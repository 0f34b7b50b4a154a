"""Inspects a file in a child process: a large table does not block the window, and can be given up at any time."""

import logging
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import msgspec

from core.children.conversation import Conversation, Parent
from core.children.process import ChildBug, ChildLost, ChildProcess
from core.tables.description import ColumnProfile, ColumnRole, Findings, Gaps, TableProfile, TargetProfile, Task
from core.tables.fingerprint import Fingerprint, fingerprint
from core.tables.readings import ColumnReading
from core.tables.table_format import TableFormat

if TYPE_CHECKING:
    from core.tables.inspected import Inspected


class ReadTable(msgspec.Struct, frozen=True, tag=True):
    """Read the file in the given format or, when that is None, in the detected one.

    `readings` are those that the user has chosen, or that an earlier import recorded; for all other columns the
    likeliest reading is proposed.
    """

    path: str
    layout: TableFormat | None = None
    readings: dict[str, ColumnReading] = msgspec.field(default_factory=dict)


class ReadColumn(msgspec.Struct, frozen=True, tag=True):
    """Read one column of the table that was read in another way; the rest stays as it is."""

    column: str
    reading: ColumnReading


class DescribeTarget(msgspec.Struct, frozen=True, tag=True):
    """Describe a column of the table that was read as a target."""

    column: str
    task: Task | None = None


class CountGaps(msgspec.Struct, frozen=True, tag=True):
    """Count the rows of the table that was read that lack the target, or one of the features."""

    target: str
    task: Task
    features: dict[str, ColumnRole]


class LookForTraps(msgspec.Struct, frozen=True, tag=True):
    """Look in the table that was read for what makes a study worthless, or its scores too good.

    `group` is the column whose rows are kept together, or empty; `held_out` the share of rows that are not trained on.
    """

    target: str
    task: Task
    features: dict[str, ColumnRole]
    group: str = ""
    held_out: float = 0.25


class Progress(msgspec.Struct, frozen=True, tag=True):
    """The work under way, and how many of its `steps` are `done`; both are 0 when the number of steps is not known."""

    doing: str
    done: int = 0
    steps: int = 0


class TableRead(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The answer to ReadTable: the table's format and content. `sheets` are the sheets of an Excel file.

    `fingerprint` is taken before the file is read, so that a change during the reading is found later. `gone` are the
    names in the question's readings that are no columns of the file. `partial`: the profile is that of the first rows
    of a large file, without a fingerprint; another TableRead (or a Refused) will follow.
    """

    layout: TableFormat
    fingerprint: Fingerprint
    profile: TableProfile
    sheets: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    partial: bool = False


class ColumnRead(msgspec.Struct, frozen=True, tag=True):
    """The answer to ReadColumn: the column as it is read now, and its cells in the preview."""

    profile: ColumnProfile
    cells: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The answer when a file or a column cannot be used, as a sentence. `layout` is the format assumed for the file.

    `said` is what a parser said of it, for the log. `sheets` are those of a workbook, one of which cannot be read.
    """

    sentence: str
    layout: TableFormat | None = None
    said: str = ""
    sheets: tuple[str, ...] = ()


log = logging.getLogger(__name__)

_MAX_TOLD = 100
"""The most progress messages for the columns of a table, which may have thousands."""

_MAX_SAID = 1000
"""The most characters of a parser's words in the log."""

Question = ReadTable | ReadColumn | DescribeTarget | CountGaps | LookForTraps
TableAnswer = Progress | TableRead | ColumnRead | TargetProfile | Gaps | Findings | Refused

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
        if not (answer is None or isinstance(answer, Progress) or (isinstance(answer, TableRead) and answer.partial)):
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
    parent: Parent[Question, TableAnswer] = Parent(connection, _decode_question)
    inspector = _Inspector(parent.tell)
    for question in parent.questions():
        parent.tell(inspector.answer(question))


class _Inspector:
    """The child's end: the table that was read last, and the answers to all questions about it."""

    def __init__(self, tell: Callable[[Progress | TableRead], None]) -> None:
        self._tell = tell
        self._table: Inspected | None = None
        self._told: tuple[str, int] | None = None

    def answer(self, question: Question) -> TableAnswer:
        from core.errors import DataError

        if isinstance(question, ReadTable):
            self._table = None  # the next table needs its memory
            return self._read(question)
        try:
            if self._table is None:
                name = question.target if isinstance(question, CountGaps | LookForTraps) else question.column
                raise DataError(f"There is no column “{name}”")
            return self._look_at(self._table, question)
        except DataError as error:
            return Refused(str(error), said=_said(error))

    def _read(self, question: ReadTable) -> TableRead | Refused:
        from core.errors import DataError
        from core.tables.detection import detect_format
        from core.tables.grid import SheetUnreadable
        from core.tables.inspected import inspect_file

        path, layout = Path(question.path), question.layout
        self._progress(f"Reading {path.name}", 0, 0)
        try:
            layout = layout or detect_format(path)
            before = fingerprint(path)
            self._table = inspect_file(
                path, layout, question.readings, self._progress, partial(self._tell_first_rows, layout)
            )
        except DataError as error:
            sheets = error.sheets if isinstance(error, SheetUnreadable) else ()
            return Refused(str(error), layout, _said(error), sheets)
        return _read_as(layout, before, self._table)

    def _tell_first_rows(self, layout: TableFormat, table: "Inspected") -> None:
        self._tell(msgspec.structs.replace(_read_as(layout, Fingerprint(0, ""), table), partial=True))

    def _look_at(
        self, table: "Inspected", question: ReadColumn | DescribeTarget | CountGaps | LookForTraps
    ) -> TableAnswer:
        match question:
            case ReadColumn(name, reading):
                return ColumnRead(*table.read_column(name, reading, partial(self._progress, f"Reading “{name}” again")))
            case DescribeTarget(name, task):
                return table.describe_target(name, task)
            case CountGaps(target, task, features):
                return table.count_gaps(target, task, features)
            case LookForTraps():
                told = partial(self._progress, "Looking for traps")
                return table.find_traps(
                    question.target, question.task, question.features, question.group, question.held_out, told
                )
            case _:
                assert_never(question)

    def _progress(self, doing: str, done: int, steps: int) -> None:
        """Tell about each hundredth of the work, of which there may be thousands of steps."""
        share = done * _MAX_TOLD // steps if steps else 0
        if (share or not steps) and (doing, share) != self._told:
            self._told = doing, share
            self._tell(Progress(doing, done, steps))


def _read_as(layout: TableFormat, mark: Fingerprint, table: "Inspected") -> TableRead:
    return TableRead(layout=layout, fingerprint=mark, profile=table.profile, sheets=table.sheets, gone=table.gone)


def _said(error: Exception) -> str:
    return repr(error.__cause__)[:_MAX_SAID] if error.__cause__ else ""
