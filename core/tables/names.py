"""Names of columns: one for each, by all rules, so it never changes."""

from collections.abc import Sequence


def free_name(wanted: str, taken: set[str]) -> str:
    """Return the wanted name or, if that is taken, one like it that is not. Exported scripts have it, too."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


def unique_names(given: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return a unique name for every column, and sentences on names that had to be changed."""
    names: list[str] = []
    notes = []
    taken: set[str] = set()
    for number, cell in enumerate(given, start=1):
        wanted = cell.strip() or f"column {number}"
        name = free_name(wanted, taken)
        if name != wanted:
            notes.append(f"The name “{wanted}” stands more than once; column {number} is called “{name}” here")
        taken.add(name)
        names.append(name)
    return names, tuple(notes)
