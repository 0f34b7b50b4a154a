"""The names of columns, and where a table begins."""

from collections.abc import Sequence
from dataclasses import dataclass


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


def unique_names(given: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return a unique name for every column, and sentences on names that had to be changed."""
    names: list[str] = []
    notes = []
    taken = set()
    for number, cell in enumerate(given, start=1):
        wanted = cell.strip() or f"column {number}"
        name, copy = wanted, 1
        while name in taken:
            copy += 1
            name = f"{wanted} ({copy})"
        if copy > 1:
            notes.append(f"The name “{wanted}” stands more than once; column {number} is called “{name}” here")
        taken.add(name)
        names.append(name)
    return names, tuple(notes)


def top_of(rows: Sequence[Sequence[str]]) -> Top:
    """Return where the table begins that these first rows of a file show."""
    return Top()
