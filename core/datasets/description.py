"""What a person is told of a table before it is used; plain structs that can go through a pipe."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

MAX_ONE_HOT = 1000
"""A category with more values than this would take more inputs of a model than it is worth."""
MAX_FOLDS_BYTES = 256 * 2**20
"""Bytes of prepared folds that are kept from one trial to the next; others are prepared anew for each training."""
MAX_NUMBER = 3.4e38
"""The largest number, up to sign, that models compute with: they do so in 32 bits."""
DRAWS = 100
"""So many splits of grouped classes are drawn, of which the one with the nearest shares is taken."""
_TARGET_NAMES = frozenset({"target", "label", "class", "y", "outcome", "response", "medv"})


class ColumnRole(StrEnum):
    """How a column is used as a feature."""

    NUMBER = "number"
    CATEGORY = "category"
    IGNORE = "ignore"


class Task(StrEnum):
    """What a model is to do with the target."""

    REGRESSION = "regression"
    BINARY = "binary"
    MULTICLASS = "multiclass"


class MissingValues(StrEnum):
    """What becomes of rows in which a feature has no value. Rows without a target are always left out."""

    IMPUTE = "impute"
    DROP = "drop"


class ColumnProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One column.

    `role` is a suggestion; `missing` counts empty cells and, in a column of numbers, `odd` those that are text;
    `distinct` counts different values. `low` and `high` are there for numbers. `note` is a sentence, or empty.
    """

    name: str
    role: ColumnRole
    missing: int
    distinct: int
    odd: int = 0
    low: float | None = None
    high: float | None = None
    note: str = ""


class TableProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A table: its size, its columns, its first rows as text, and sentences on what is odd about it."""

    rows: int
    columns: tuple[ColumnProfile, ...]
    preview: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


class TargetProfile(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """One column as a target. `rows` counts those that have a value, `distinct` the different ones.

    `classes` holds names and counts, the most frequent first, at most 12 of the `distinct` ones; `edges` and `counts`
    are a histogram of a number. `problem` is a sentence when it cannot be a target, else empty.
    """

    name: str
    task: Task
    rows: int
    distinct: int
    classes: tuple[tuple[str, int], ...] = ()
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    problem: str = ""


class Gaps(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Rows without a value: `no_target` have no target; `incomplete` have one, but not every feature."""

    no_target: int
    incomplete: int


def role_problem(column: ColumnProfile, role: ColumnRole) -> str:
    """Return why the column cannot be used like that, as a sentence; empty when it can."""
    if role is ColumnRole.IGNORE:
        return ""
    if not column.distinct:
        return f"Every cell of “{column.name}” is empty: ignore it"
    if role is ColumnRole.NUMBER and column.low is None:
        return f"“{column.name}” is text, so it cannot be used as a number"
    if role is ColumnRole.CATEGORY and column.distinct > MAX_ONE_HOT:
        count = f"{column.distinct:,} different values"
        return f"“{column.name}” has {count}, too many for a category (at most {MAX_ONE_HOT:,})"
    return ""


def likely_target(columns: Sequence[ColumnProfile]) -> str:
    """Return the name of the column that most likely is the target: by its name, or else the last that can be used."""
    named = [column for column in columns if column.name.strip().lower() in _TARGET_NAMES and column.distinct]
    usable = [column for column in columns if column.role is not ColumnRole.IGNORE]
    return (named or usable or list(columns))[-1].name
