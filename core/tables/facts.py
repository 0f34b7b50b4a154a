"""TableFacts: what is known of a table after it was read, in a form that can be kept while a study is set up."""

from collections.abc import Iterable
from functools import cached_property

import msgspec

from core.tables.description import ColumnProfile, ColumnRole, Doubt, TargetProfile, Task


class ColumnFacts(msgspec.Struct, frozen=True):
    """One column: its different values, its gaps, and why it says little as a feature, if it does."""

    distinct: int
    gaps: int
    doubt: Doubt | None = None


class TargetFacts(msgspec.Struct, frozen=True):
    """The target: its different values, why it cannot be one (or empty), and the task that would suit it better."""

    distinct: int
    problem: str = ""
    rather: Task | None = None


class TableFacts(msgspec.Struct, frozen=True, dict=True):  # a dict for cached properties
    """A table: its rows, its columns by name, and its target for the task that it was looked at for."""

    rows: int
    columns: dict[str, ColumnFacts]
    target: TargetFacts

    @cached_property
    def doubtful(self) -> tuple[str, ...]:
        """The names of the columns of which there is a doubt, in the file's order."""
        return tuple(name for name, column in self.columns.items() if column.doubt is not None)

    @cached_property
    def gapless(self) -> frozenset[str]:
        """The names of the columns that have no gap."""
        return frozenset(name for name, column in self.columns.items() if not column.gaps)


def facts_of(rows: int, columns: Iterable[ColumnProfile], target: TargetProfile) -> TableFacts:
    """Return what is worth keeping of a table's description."""
    return TableFacts(
        rows=rows,
        columns={
            column.name: ColumnFacts(column.distinct, column.missing + column.odd, _doubt(column)) for column in columns
        },
        target=TargetFacts(target.distinct, target.problem, target.rather),
    )


def _doubt(column: ColumnProfile) -> Doubt | None:
    """Return the doubt about a column; none where a column that tells rows apart is proposed for want of another."""
    wanted = column.tells_rows_apart and column.role is not ColumnRole.IGNORE
    return None if wanted else column.doubt


def group_problem(name: str, distinct: int, gaps: int, rows: int) -> str:
    """Return a sentence on why it is no use to keep the rows with the same value together; empty where it is."""
    if groups_in(distinct, gaps) < 2:
        return f"“{name}” is the same in every row, so its rows cannot lie in two parts of a split"
    if distinct == rows:
        return f"“{name}” is different in every row, so it keeps no rows together"
    return ""


def groups_in(distinct: int, gaps: int) -> int:
    """Return the number of groups that a column makes: the rows without a value are one."""
    return distinct + (gaps > 0)
