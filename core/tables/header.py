"""The names of columns, and where a table begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.tables.first_rules import unique_names


@dataclass(frozen=True)
class Top:
    """Where a table begins: the rows above it, and those of its header."""

    skip: int = 0
    header: bool = True
    header_rows: int = 1


def named(rows: Sequence[Sequence[str]], width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return unique names from the header's rows, and notes."""
    cells = [" ".join(filter(None, (row[place] for row in rows))) for place in range(width)]
    names, notes = unique_names(cells)
    return tuple(names), notes


def top_of(rows: Sequence[Sequence[str]]) -> Top:
    """Return where the table begins that these first rows of a file show."""
    return Top()
