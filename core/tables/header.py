"""Finds where a table begins in the first rows of a file, and makes names of the columns from its header."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum

from core.tables.names import unique_names
from core.tables.table_format import MARKS

Cells = list[str]

_NUMBER = re.compile(
    r"[(+\-−–]?\s?[$€£¥]?\s?[+\-−–]?\s?(\d+([.,'’]\d+)*\.?|\d{1,3}([\u00a0\u2009\u202f ]\d{3})+([.,]\d+)?|[.,]\d+)"
    r"([eE][+-]?\d+)?\s?[%‰$€£¥]?\s?\)?"
)
"""A number in most of the ways in which people write one."""
_TIME = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?"
_DATE = re.compile(rf"\d{{1,4}}([-/.])\d{{1,2}}\1\d{{1,4}}\.?([ T]{_TIME})?|\d{{4}}[-/]\d{{1,2}}|{_TIME}")
_WHOLE = re.compile(r"\d+", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_LONGEST = 18
"""The digits of a number that are compared."""
_COMMENTS = ("#", "%")
_MARKS = frozenset(MARKS)
_JUDGED = 200
"""The columns, from the left, by which a header is judged."""


@dataclass(frozen=True)
class Top:
    """Where a table begins: the rows to skip, whether a header follows, and how many rows it has."""

    skip: int = 0
    header: bool = True
    header_rows: int = 1


class _Kind(Enum):
    """What a cell looks like."""

    NOTHING = "nothing"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


class _Names(IntEnum):
    """Whether a row names the columns."""

    NO = 0
    PERHAPS = 1
    YES = 2


def named(rows: Sequence[Sequence[str]], width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a unique name for each of the columns from the rows of a header, and sentences on changed names.

    In the upper of two rows a blank cell belongs to the name on its left; the lower one is put in brackets.
    """
    padded = [[cell.strip() for cell in row[:width]] + [""] * (width - len(row)) for row in rows]
    match padded:
        case []:
            cells = [""] * width
        case [upper, lower]:
            cells = [_joined(above, below) for above, below in zip(_carried(upper), lower, strict=True)]
            cells = [cell if below else above for cell, above, below in zip(cells, upper, lower, strict=True)]
        case [cells, *_]:
            pass
    names, notes = unique_names(cells)
    return tuple(names), notes


def _carried(cells: Cells) -> Cells:
    """Return the cells, blank ones with what stands on their left."""
    carried: Cells = []
    for cell in cells:
        carried.append(cell or (carried[-1] if carried else ""))
    return carried


def _joined(above: str, below: str) -> str:
    if not above or above == below:
        return below
    return f"{above} {below}" if below.startswith(("(", "[")) else f"{above} ({below})"


def top_of(rows: Sequence[Sequence[str]]) -> Top:
    """Return where the table begins, as its width and the cells below show; `rows` are the first ones of the file."""
    table = [[cell.strip() for cell in row] for row in rows]
    filled = [place for place, row in enumerate(table) if any(row)]
    if not filled:
        return Top()
    usual = _usual_extent(table, filled)
    at = next((place for place in filled if _extent(table[place]) >= usual), filled[0])
    at = _below_titles(table, at, usual)
    if not _names(table, at):
        while at and _is_like(table, at - 1):
            at -= 1
        above = _header_above(table, at, usual)
        return Top(_skip(table, at), header=False) if above is None else Top(_skip(table, above))
    if at and _are_groups(table, at):
        return Top(_skip(table, at - 1), header_rows=2)
    return Top(_skip(table, at), header_rows=1 + _is_second(table, at + 1))


def _extent(row: Cells) -> int:
    """Return the number of cells up to the last filled one."""
    return max((place for place, cell in enumerate(row, start=1) if cell), default=0)


def _usual_extent(table: list[Cells], filled: list[int]) -> int:
    """Return the extent of most rows, those near the top left out: titles and notes may stand there."""
    extents = [_extent(table[place]) for place in filled]
    every, lower = Counter(extents), Counter(extents[len(extents) // 2 :])
    return max(lower, key=lambda extent: (lower[extent], every[extent], extent))


def _skip(table: list[Cells], at: int) -> int:
    """Return how many rows to skip before row `at`; blank ones are skipped anyway."""
    return at if any(map(any, table[:at])) else 0


def _below(table: list[Cells], at: int) -> int | None:
    """Return the next row that is not blank."""
    return next((place for place in range(at + 1, len(table)) if any(table[place])), None)


def _below_titles(table: list[Cells], at: int, usual: int) -> int:
    """Return the row below titles and comments that are as wide as the table."""
    while (after := _below(table, at)) is not None:
        if table[at][0].startswith(_COMMENTS):
            passes = table[after][0].startswith(_COMMENTS) or _names(table, after) > _Names.NO
        else:
            apart = after > at + 1 or _extent(table[at]) > usual >= _extent(table[after])
            passes = apart and _names(table, after) is _Names.YES
        if not passes:
            return at
        at = after
    return at


def _is_like(table: list[Cells], at: int) -> bool:
    """Return whether most cells of row `at`, numbers or dates among them, are of the kinds that stand below."""
    kinds = {
        place: kind for place, cell in enumerate(table[at][:_JUDGED]) if (kind := _kind(cell)) is not _Kind.NOTHING
    }
    alike = [kind for place, kind in kinds.items() if kind is _usual_kind(_column(table, at, place))]
    return 2 * len(alike) > len(kinds) and any(kind is not _Kind.TEXT for kind in alike)


def _header_above(table: list[Cells], at: int, usual: int) -> int | None:
    """Return the row above `at`, which names nothing, if it is a header whose last name is missing; or None."""
    row = table[at - 1] if at else []
    extent = _extent(row)
    if not extent or not all(row[:extent]) or extent != usual - 1 or row[0].startswith(_COMMENTS):
        return None
    shifted = [*table[: at - 1], row if len(row) >= usual else ["", *row], *table[at:]]
    return at - 1 if _names(shifted, at - 1) > _Names.NO else None


# What a cell looks like


def _kind(cell: str) -> _Kind:
    if cell in _MARKS or not cell:
        return _Kind.NOTHING
    if _DATE.fullmatch(cell):
        return _Kind.DATE
    return _Kind.NUMBER if _NUMBER.fullmatch(cell) else _Kind.TEXT


def is_measured(cell: str) -> bool:
    """Return whether a cell looks like a number, a date or a time."""
    return _kind(cell) in (_Kind.NUMBER, _Kind.DATE)


def _column(table: list[Cells], at: int, place: int) -> Cells:
    """Return the filled cells of a column below row `at`."""
    return [row[place] for row in table[at + 1 :] if len(row) > place and row[place]]


def _usual_kind(column: Cells) -> _Kind:
    kinds = Counter(kind for cell in column if (kind := _kind(cell)) is not _Kind.NOTHING)
    return kinds.most_common(1)[0][0] if kinds else _Kind.NOTHING


def _shape(cell: str) -> str:
    """Return the cell with one sign for any number and one for any word."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell))


# Whether a row is a header


def _names(table: list[Cells], at: int) -> _Names:
    """Return whether row `at` names the columns: its cells differ in kind from what stands below them."""
    found: Counter[_Names | None] = Counter()
    numbers = {}
    for place, cell in enumerate(table[at][:_JUDGED]):
        kind, column = _kind(cell), _column(table, at, place)
        if kind is _Kind.NUMBER:
            numbers[place] = column
        elif kind is not _Kind.NOTHING:
            found[_names_column(cell, kind, column)] += 1
    names = _Names.YES if numbers and _numbers_name(table[at], numbers) else _Names.NO
    found[names] += len(numbers)
    if found[_Names.YES] or found[_Names.NO]:
        return _Names.YES if found[_Names.YES] > found[_Names.NO] else _Names.NO
    return _Names.PERHAPS if found[_Names.PERHAPS] >= max(1, found[None]) else _Names.NO


def _names_column(cell: str, kind: _Kind, column: Cells) -> _Names | None:
    """Return whether a text or a date names the column; None if it looks like its cells."""
    usual = _usual_kind(column)
    if kind is _Kind.DATE:
        return _Names.NO if usual is kind else _Names.YES
    if usual in (_Kind.NUMBER, _Kind.DATE):
        return _Names.YES
    shape = _shape(cell)
    alike = "9" in shape and 2 * sum(_shape(other) == shape for other in column) > len(column)
    return None if alike or cell in column else _Names.PERHAPS


def _numbers_name(row: Cells, numbers: dict[int, Cells]) -> bool:
    """Return whether the numbers in a row are names: years, or running numbers, above numbers of another kind."""
    cells = [row[place] for place in numbers]
    if not all(map(_WHOLE.fullmatch, cells)) or not any(numbers.values()):
        return False
    if len(set(cells)) == len(cells) and all(map(_is_year, cells)):
        return not _any_mostly(numbers, _is_year)
    first = int(cells[0][:_LONGEST])
    if cells != [str(number) for number in range(first, first + len(cells))]:
        return False
    counted = not first and not row[0] and len(cells) > 1  # so write programs that count the columns
    return counted or (len(cells) > 2 and not _any_mostly(numbers, _is_whole))


def _is_year(cell: str) -> bool:
    return _is_whole(cell) and len(cell) == 4 and _FIRST_YEAR <= int(cell) <= _LAST_YEAR


def _is_whole(cell: str) -> bool:
    return _WHOLE.fullmatch(cell) is not None


def _any_mostly(columns: dict[int, Cells], holds: Callable[[str], bool]) -> bool:
    """Return whether in any of the columns most cells are such."""
    return any(2 * sum(map(holds, column)) > len(column) for column in columns.values())


# Headers of two rows


def _numeric(table: list[Cells], at: int) -> list[int]:
    """Return the places of the columns of numbers below row `at`."""
    width = min(_JUDGED, max(map(len, table)))
    return [place for place in range(width) if _usual_kind(_column(table, at, place)) is _Kind.NUMBER]


def _cells_at(row: Cells, places: list[int]) -> Cells:
    return [row[place] for place in places if len(row) > place and row[place]]


def _is_second(table: list[Cells], at: int) -> bool:
    """Return whether row `at`, below a header, belongs to it: texts such as units above columns of numbers."""
    if at >= len(table):
        return False
    row, numeric = table[at], _numeric(table, at)
    units = _cells_at(row, numeric)
    if len(units) < 2 or 2 * len(units) < len(numeric) or any(_kind(cell) is not _Kind.TEXT for cell in units):
        return False
    filled = [place for place, cell in enumerate(row[:_JUDGED]) if _kind(cell) is not _Kind.NOTHING]
    others = set(filled) - set(numeric)
    if any(_kind(row[place]) is _Kind.DATE or row[place] in _column(table, at, place) for place in others):
        return False
    return not others or len(set(units)) > 1


def _are_groups(table: list[Cells], at: int) -> bool:
    """Return whether the row above `at`, a header, has names of groups of columns, with blank cells between them."""
    above, extent = table[at - 1], _extent(table[at - 1])
    groups = [cell for cell in above if cell]
    if len(groups) < 2 or "" not in above[above.index(groups[0]) : extent] or above[0].startswith(_COMMENTS):
        return False
    plain = all(_kind(cell) is _Kind.TEXT or _is_year(cell) for cell in groups)
    return plain and len(_cells_at(table[at], _numeric(table, at))) > 1
