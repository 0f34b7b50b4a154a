"""Names of columns: one for each, by all rules, so it never changes."""

from collections.abc import Sequence


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
