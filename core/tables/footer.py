"""Finds what stands under a table and is none of its rows: totals, sources, remarks."""

import re
from collections.abc import Mapping

import polars as pl

from core.formatting import in_short

_MOST, _FEWEST_ROWS, _FEWEST_COLUMNS, _LONGEST = 5, 5, 3, 40
"""The most last rows that are looked at, the fewest rows of a table, the fewest columns by which a row can be nearly
empty, and the most letters of a cell that are shown."""
_COMPARED = 100
"""How many rows above are compared."""
_NAMED = re.compile(
    r"(grand |sub)?(totals?|totale|totaal|summen?|sum|somme|suma|soma|gesamt(summe)?|insgesamt|average|mean|median|"
    r"mittelwert|durchschnitt|moyenne|media|promedio|итого|合計|合计|总计)( général| general| geral)?( ?[:(=].*)?|"
    r"(sources?|quellen?|fuente|fonte|bron|notes?|remarks?|anmerkung(en)?|hinweis|stand|exported|generated) ?[:=].*|"
    r"©.*",
    re.IGNORECASE,
)
"""How a total, a mean or a remark begins."""
_NEARLY = 1e-9


def notes_on_footer(frame: pl.DataFrame, texts: Mapping[str, pl.Series]) -> tuple[str, ...]:
    """Return a sentence on last rows that are likely no rows of the table; `texts` are cells as the file has them."""
    if frame.height < _FEWEST_ROWS or frame.width < 2:
        return ()
    found = 0
    for row in range(1, _MOST + 1):
        if not _is_apart(frame, texts, frame.height - row):
            break
        found = row
    if not found and _is_sum(frame):
        found = 1
    if not found:
        return ()
    label = in_short(_label(frame, texts, frame.height - found), _LONGEST)
    rows, them = ("row looks", "it") if found == 1 else (f"{found} rows look", "them")
    such = f", “{label}”," if label else ""
    return (f"The last {rows} like a total or a remark{such} and would count as data: take {them} out of the file",)


def _is_apart(frame: pl.DataFrame, texts: Mapping[str, pl.Series], row: int) -> bool:
    """Return whether a row begins like a total or a remark, or is empty but for one cell, as no other row is."""
    if _NAMED.fullmatch(_label(frame, texts, row)):
        return True
    if frame.width < _FEWEST_COLUMNS:
        return False
    above = frame.head(max(1, frame.height - _MOST)).tail(_COMPARED)
    usual = above.select(pl.sum_horizontal(pl.all().is_not_null()).min()).item()
    filled = sum(value is not None for value in frame.row(row))
    return filled <= 1 and usual > filled + 1


def _label(frame: pl.DataFrame, texts: Mapping[str, pl.Series], row: int) -> str:
    """Return the first filled cell of a row if it is a text."""
    for name in frame.columns:
        cell = texts[name][row] if name in texts else frame[name][row]
        if cell is not None:
            return cell.strip() if isinstance(cell, str) else ""
    return ""


def _is_sum(frame: pl.DataFrame) -> bool:
    """Return whether the last row has, in each column of numbers, the sum of all above it."""
    filled = [column for column in frame if column.dtype in (pl.Int64, pl.Float64) and column[-1] is not None]
    same = [_is_near(float(column.head(len(column) - 1).sum()), float(column[-1])) for column in filled]
    return bool(same) and all(same)


def _is_near(one: float, other: float) -> bool:
    return one != 0 and abs(one - other) <= _NEARLY * abs(one)
