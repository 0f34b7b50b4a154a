"""The description of a table that people see before they use it; plain structs that can go through a pipe."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from core.tables.readings import PLAIN, CellKind, ColumnReading

MAX_COLUMNS = 5000
"""The most columns of a table."""
MAX_ONE_HOT = 1000
"""The most values of a category: each value takes one input of the model, and more are not worth it."""
MAX_FOLDS_BYTES = 256 * 2**20
"""Bytes of prepared folds that are cached between trials; other folds are prepared again for each training."""
MAX_NUMBER = 3.4e38
"""The largest absolute value that models compute with: they use 32-bit floats."""
DRAWS = 100
"""The number of random splits of grouped classes; the split with the nearest shares is taken."""
MAX_CATEGORIES = 50
"""A text column with more distinct values is ignored at first: it says little about each value."""
MAX_CLASSES = 100
"""A target with more distinct values is a quantity, not a class."""
EMPTY = "(empty)"
"""The category of an empty cell."""
_LEFT_OUT = ": left out"
"""The end of the reason why a column of numbers is ignored at first."""
_TARGET_NAMES = frozenset({"target", "label", "class", "y", "outcome", "response", "medv"})


class ColumnRole(StrEnum):
    """How a column is used as a feature."""

    NUMBER = "number"
    CATEGORY = "category"
    IGNORE = "ignore"


class Task(StrEnum):
    """The task of a model: to predict a number, or one of two or more classes."""

    REGRESSION = "regression"
    BINARY = "binary"
    MULTICLASS = "multiclass"


class Doubt(StrEnum):
    """Why a column says little, or nothing, as a feature."""

    EMPTY = "empty"
    ONE_VALUE = "one value"
    COUNTS_ROWS = "counts rows"
    NAMES_ROWS = "names rows"
    NAMES_OWNERS = "names owners"
    MOSTLY_EMPTY = "mostly empty"
    DATE = "date"


_APART = (Doubt.COUNTS_ROWS, Doubt.NAMES_ROWS, Doubt.NAMES_OWNERS)


class MissingValues(StrEnum):
    """How rows with a missing feature are handled. Rows without a target are always left out."""

    IMPUTE = "impute"
    DROP = "drop"


class ReadingChoice(msgspec.Struct, frozen=True):
    """One of the ways in which a column can be read; `label` says it with a cell: "93,153 is 93153"."""

    label: str
    reading: ColumnReading


LEFT_OUT = ": left out"
"""The end of a note that says what is proposed for a column; where the column is used, it is not shown."""


class ColumnProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One column.

    `role` is a suggestion. `missing` counts the empty cells, `odd` the text cells in a column of numbers, `distinct`
    the different values. `low` and `high` are set for numbers only. `note` is a sentence, or empty.
    `kind` is what the cells were taken for by `reading`, `example` the first filled cell as it stands in the file.
    Where two readings are possible, `question` asks which, and `choices` has both, the proposed one first. `filler`
    says what a gap in a feature is filled with ("the median, 4.5"); it is empty without gaps.
    `doubt` says why it says little as a feature, if it does.
    `unusable` says what the column holds if that can be no feature at all, such as "lists"; `distinct` is 0 then.
    """

    name: str
    role: ColumnRole
    missing: int
    distinct: int
    odd: int = 0
    low: float | None = None
    high: float | None = None
    note: str = ""
    unusable: str = ""
    kind: CellKind = CellKind.TEXT
    reading: ColumnReading = PLAIN
    example: str = ""
    question: str = ""
    choices: tuple[ReadingChoice, ...] = ()
    filler: str = ""
    doubt: Doubt | None = None

    @property
    def tells_rows_apart(self) -> bool:
        """Whether it is a running number, an identifier, names of the rows, or of those whose they are."""
        return self.doubt in _APART


class TableProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A table: its size, its columns, its first rows as text, and sentences on anything odd in it."""

    rows: int
    columns: tuple[ColumnProfile, ...]
    preview: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


class TargetProfile(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """One column as a target. `rows` counts the rows with a value, `missing` those without, `distinct` the values.

    `classes` holds names and counts, the most frequent first, at most 12 classes; `edges` and `counts` are the
    histogram of a number. `problem` is a sentence on why the column cannot be a target; empty when it can. `rather` is
    the task that its values suggest in place of this one, None when they suit it.
    """

    name: str
    task: Task
    rows: int
    distinct: int
    classes: tuple[tuple[str, int], ...] = ()
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    problem: str = ""
    rather: Task | None = None
    missing: int = 0

    @property
    def class_count(self) -> int:
        """The number of classes; 0 for a target that is a number."""
        return 0 if self.task is Task.REGRESSION else self.distinct


class Gaps(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Counts of rows with gaps: `no_target` rows have no target; `incomplete` rows have one, but lack a feature."""

    no_target: int
    incomplete: int


class LeaveOut(msgspec.Struct, frozen=True, tag=True):
    """Leave the column of a finding out of the features."""


class CountAsMissing(msgspec.Struct, frozen=True, tag=True):
    """Count a mark as a missing value in the column of a finding."""

    mark: str


class CountAsValue(msgspec.Struct, frozen=True, tag=True):
    """Count a mark as a value, such as a class, in the column of a finding."""

    mark: str


class PredictAs(msgspec.Struct, frozen=True, tag=True):
    """Give the target this task."""

    task: Task


class KeepTogether(msgspec.Struct, frozen=True, tag=True):
    """Keep the rows with the same value in the column of a finding on one side of a split."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something about the data that a user should know before a study starts; `remedy` mends it with a click."""

    sentence: str
    column: str = ""
    remedy: LeaveOut | CountAsMissing | CountAsValue | PredictAs | KeepTogether | None = None


class Findings(msgspec.Struct, frozen=True, tag=True):
    """What was found in a table with its target, the gravest first."""

    findings: tuple[Finding, ...]


def role_problem(column: ColumnProfile, role: ColumnRole) -> str:
    """Return a sentence on why the column cannot have this role; empty when it can."""
    if role is ColumnRole.IGNORE:
        return ""
    if column.unusable:
        return unusable_column(column.name, column.unusable)
    if not column.distinct:
        return f"Every cell of “{column.name}” is empty: leave it out"
    if role is ColumnRole.NUMBER and column.low is None:
        return f"“{column.name}” is text, so it cannot be used as a number"
    if role is ColumnRole.CATEGORY and column.distinct > MAX_ONE_HOT:
        count = f"{column.distinct:,} different values"
        return f"“{column.name}” has {count}, too many for a category (at most {MAX_ONE_HOT:,})"
    return ""


def unusable_column(name: str, kind: str) -> str:
    """Return the sentence on a column whose values can be neither numbers nor categories; `kind` says what it holds."""
    return f"“{name}” holds {kind}, which can be neither numbers nor categories: leave it out"


def likely_target(columns: Sequence[ColumnProfile]) -> str:
    """Return the name of the likeliest target: the last column with a usual target name, else the last usable one.

    What only tells rows apart, a date, or what is left out is taken only when there is nothing else.
    """
    rest = [column for column in columns if not column.tells_rows_apart] or list(columns)
    named = [column for column in rest if column.name.strip().lower() in _TARGET_NAMES and column.distinct]
    usable = [column for column in rest if column.role is not ColumnRole.IGNORE]
    for likely in (named, usable):
        values = [column for column in likely if column.kind in (CellKind.NUMBER, CellKind.TEXT)]
        if values:
            return values[-1].name
    return (named or usable or rest)[-1].name


def with_a_feature(columns: Sequence[ColumnProfile]) -> tuple[ColumnProfile, ...]:
    """Return the columns; numbers that are left out are features if there is no other one beside the target."""
    target = likely_target(columns)
    if any(column.role is not ColumnRole.IGNORE for column in columns if column.name != target):
        return tuple(columns)
    return tuple(
        msgspec.structs.replace(column, role=ColumnRole.NUMBER, note=column.note.replace(_LEFT_OUT, ""))
        if column.tells_rows_apart and column.low is not None
        else column
        for column in columns
    )
