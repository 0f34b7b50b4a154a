"""An import dialog without a process: made answers, and what a user does."""

from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.tables.description import ColumnProfile, ColumnRole, Gaps, TableProfile, TargetProfile, Task
from core.tables.fingerprint import Fingerprint
from core.tables.inspection import Question, TableAnswer, TableRead
from core.tables.readings import CellKind
from core.tables.table_format import TableFormat
from gui.data_import.dialog import ImportDialog
from gui.widgets.fields import ChoiceField

PRINT = Fingerprint(10, "ab" * 32)
NUMBER, CATEGORY, IGNORE = ColumnRole.NUMBER, ColumnRole.CATEGORY, ColumnRole.IGNORE


@dataclass
class CannedInspector:
    """Answers only what it is given; `asked` holds all questions."""

    asked: list[Question] = field(default_factory=list)
    answers: deque[TableAnswer | Exception] = field(default_factory=deque)
    closed: bool = False

    def ask(self, question: Question) -> None:
        self.asked.append(question)

    def answer(self) -> TableAnswer | None:
        given = self.answers.popleft() if self.answers else None
        if isinstance(given, Exception):
            raise given
        return given

    def close(self) -> None:
        self.closed = True


def number(name: str, low: float = 0, high: float = 9, **more: object) -> ColumnProfile:
    facts = {"role": NUMBER, "missing": 0, "distinct": 10, "kind": CellKind.NUMBER, **more}
    return ColumnProfile(name=name, low=low, high=high, **facts)  # type: ignore[arg-type]


def text(name: str, role: ColumnRole = CATEGORY, **more: object) -> ColumnProfile:
    facts = {"missing": 0, "distinct": 3, **more}
    return ColumnProfile(name=name, role=role, **facts)  # type: ignore[arg-type]


def read(*columns: ColumnProfile, layout: TableFormat | None = None, **more: object) -> TableRead:
    preview = (tuple("1" for _ in columns), tuple("2" for _ in columns))
    facts = {"rows": 100, "notes": (), **{key: more.pop(key) for key in ("rows", "notes") if key in more}}
    profile = TableProfile(columns=columns, preview=preview, **facts)  # type: ignore[arg-type]
    return TableRead(layout=layout or TableFormat(), fingerprint=PRINT, profile=profile, **more)  # type: ignore[arg-type]


def target(name: str, task: Task = Task.REGRESSION, problem: str = "") -> TargetProfile:
    if task is Task.REGRESSION:
        return TargetProfile(
            name=name, task=task, rows=100, distinct=9, edges=(0.0, 1.0, 2.0), counts=(40, 60), problem=problem
        )
    classes = (("yes", 75), ("no", 25))
    return TargetProfile(name=name, task=task, rows=100, distinct=2, classes=classes, problem=problem)


HOUSES = read(number("rooms", missing=4), text("town"), number("price", -2.5, 7))


def give(inspector: CannedInspector, qtbot: QtBot, *answers: TableAnswer) -> None:
    """Let these answers come in, and wait until they are taken."""
    inspector.answers.extend(answers)
    qtbot.waitUntil(lambda: not inspector.answers)


def cell(dialog: ImportDialog, row: int, column: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> object:
    return dialog.columns.model.index(row, column).data(role)


def show_houses(inspector: CannedInspector, qtbot: QtBot) -> None:
    give(inspector, qtbot, HOUSES, target("price"), Gaps(no_target=0, incomplete=4))


def choose(choice: ChoiceField, value: str) -> None:
    """Choose as a user does."""
    choice.set_value(value)
    choice.activated.emit(choice.currentIndex())
