"""Inspecting a file in a process of its own: a large table neither stops the window nor, when given up, goes on."""

from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core.datasets.description import TableProfile, TargetProfile, Task
from core.datasets.table_format import FileKind, TableFormat
from core.processes import ChildLost, ChildProcess

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


class Progress(msgspec.Struct, frozen=True, tag=True):
    """What is being done, and how many of how many steps of it are done; 0 of 0 when nobody knows."""

    doing: str
    done: int = 0
    steps: int = 0


class TableRead(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The answer to ReadTable: how it was read and what is in it. `sheets` are those of an Excel file."""

    layout: TableFormat
    profile: TableProfile
    sheets: tuple[str, ...] = ()


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The answer when a file or a column cannot be used: a sentence."""

    sentence: str


Question = ReadTable | DescribeTarget
Answer = Progress | TableRead | TargetProfile | Refused

_encode = msgspec.msgpack.Encoder().encode
_decode_question = msgspec.msgpack.Decoder(ReadTable | DescribeTarget).decode
_decode_answer: Callable[[bytes], Answer] = msgspec.msgpack.Decoder(
    Progress | TableRead | TargetProfile | Refused
).decode


class TableInspector:
    """Reads one file after another in a child process. A question replaces the one that is not answered yet."""

    def __init__(self) -> None:
        self._child = ChildProcess(run_inspector, "afina-inspector")
        self._waiting = False

    @property
    def pid(self) -> int:
        return self._child.pid

    def ask(self, question: Question) -> None:
        """Ask; what was asked before is given up when it is not answered yet."""
        if self._waiting and isinstance(question, ReadTable):
            self._child.close()
            self._child = ChildProcess(run_inspector, "afina-inspector")
        self._waiting = True
        with suppress(ChildLost):  # the next call of `answer` says so
            self._child.send(_encode(question))

    def answer(self, seconds: float = 0.0) -> Answer | None:
        """Wait up to that long for the next answer; None when there is none yet."""
        try:
            message = self._child.receive(seconds)
        except ChildLost as error:
            self._child.close()
            self._child = ChildProcess(run_inspector, "afina-inspector")
            self._waiting = False
            return Refused(f"The file could not be read: the process that reads it was lost, {error}")
        if message is None:
            return None
        answer = _decode_answer(message)
        self._waiting = isinstance(answer, Progress)
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._child.close()


def run_inspector(connection: Connection) -> None:
    """Be the process: answer questions until the parent closes the connection."""
    from core.datasets.profile import profile_target
    from core.errors import DataError

    table: TableFile | None = None
    while True:
        question = _decode_question(connection.recv_bytes())
        answer: Answer
        try:
            if isinstance(question, ReadTable):
                table = None  # its memory is needed for the next
                table, answer = _read(question, connection)
            elif table is None or question.column not in table.frame.columns:
                answer = Refused(f"There is no column “{question.column}”")
            else:
                answer = profile_target(table.frame[question.column], question.task)
        except DataError as error:
            answer = Refused(str(error))
        connection.send_bytes(_encode(answer))


def _read(question: ReadTable, connection: Connection) -> "tuple[TableFile, TableRead]":
    from core.datasets.profile import profile_table
    from core.datasets.table_file import read_table, sheet_names
    from core.datasets.table_format import detect_format

    def tell(done: int, steps: int) -> None:
        connection.send_bytes(_encode(Progress("Looking at the columns", done, steps)))

    path = Path(question.path)
    layout = question.layout or detect_format(path)
    connection.send_bytes(_encode(Progress(f"Reading {path.name}")))
    table = read_table(path, layout)
    sheets = sheet_names(path) if layout.kind is FileKind.EXCEL else ()
    return table, TableRead(layout=layout, profile=profile_table(table, tell), sheets=sheets)
