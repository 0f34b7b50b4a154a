"""A file that is read again after its import, in words: what is gone, what is new, how many rows there are more."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.tables.description import ColumnProfile, ColumnRole

READ_ANEW = (
    "Its columns were read by the rules of an earlier version of Afina, and are read anew by today’s: "
    "look at their types and notes"
)
_MOST = 3
_USES = {
    ColumnRole.NUMBER: "it was a number",
    ColumnRole.CATEGORY: "it was a category",
    ColumnRole.IGNORE: "it was left out",
}


def gone_in_words(before: ImportedTable, names: Collection[str]) -> tuple[str, ...]:
    """Return a sentence on each column of the import that is not among the names of the file's columns."""
    known = frozenset(names)
    uses = {before.file.target: "it was the target"}
    uses |= {name: _USES[role] for name, role in before.file.columns.items()}
    if before.group in uses:
        uses[before.group] = "its rows were kept together"
    return tuple(f"“{name}” is no longer in the file: {use}" for name, use in uses.items() if name not in known)


def new_in_words(before: ImportedTable, names: Collection[str], what_now: str = "") -> tuple[str, ...]:
    """Return a sentence on each column that the file did not have, and `what_now` becomes of it."""
    known = {before.file.target, *before.file.columns}
    return tuple(f"“{name}” is new in the file{what_now}" for name in names if name not in known)


def other_uses_in_words(before: ImportedTable, columns: Iterable[ColumnProfile]) -> Iterator[str]:
    """Yield a sentence on each of these columns, which are read otherwise and cannot be used as before."""
    uses = before.file.columns
    return (
        f"“{column.name}” is {column.kind} now: {_USES[uses[column.name]]}" for column in columns if column.name in uses
    )


def odd_in_words(file: DataFile, columns: Iterable[ColumnProfile]) -> tuple[str, ...]:
    """Return a sentence on each column in use of the import whose cells are not all what they are read as."""
    used = {file.target, *file.features}
    odd = (column for column in columns if column.odd and column.name in used)
    return tuple(f"In “{column.name}” {_odd_cells(column)} as empty" for column in odd)


def _odd_cells(column: ColumnProfile) -> str:
    if column.odd == 1:
        return f"1 cell is no {column.kind}, and counts"
    return f"{column.odd:,} cells are no {column.kind}, and count"


def rows_in_words(before: int, now: int) -> str:
    """Return how many rows there are more or fewer: "24 rows more"."""
    count = abs(now - before)
    if not count:
        return "as many rows as before"
    return f"{count:,} {'row' if count == 1 else 'rows'} {'more' if now > before else 'fewer'}"


def few_of(sentences: Sequence[str], most: int = _MOST) -> str:
    """Return the first sentences in one text, and how many more there are."""
    return ". ".join(_first(sentences, most))


def _first(sentences: Sequence[str], most: int) -> Iterator[str]:
    yield from sentences[:most]
    if len(sentences) > most:
        yield f"And {len(sentences) - most:,} more like that"
