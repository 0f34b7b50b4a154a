"""Texts as cells of a spreadsheet, in a file or on the clipboard: they are never formulas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from core.letters import harmless

Cell = bool | int | float | str | None

_NUMBER = re.compile("[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")
"""What a spreadsheet takes for a number, which is no formula whatever its sign: "-1.5e-3"."""
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def safe_cell(cell: Cell) -> Cell:
    """Make a text safe: a spreadsheet must not run it as a formula, and a terminal must not obey codes in it.

    An apostrophe in front makes a formula plain text. Orders to a terminal are left out; line feeds and tabs stay.
    """
    return safe_text(cell) if isinstance(cell, str) else cell


def safe_text(text: str) -> str:
    """Return the text as `safe_cell` does."""
    plain = harmless(text.replace("\r\n", "\n"))
    return f"'{plain}" if plain.startswith("\t") or plain.lstrip().startswith(_FORMULA_STARTS) else plain


def tab_separated(lines: Iterable[Sequence[str]]) -> str:
    """Return lines of cells as spreadsheets take them from the clipboard."""
    text = io.StringIO(newline="")
    csv.writer(text, "excel-tab", lineterminator="\n").writerows([copied_cell(cell) for cell in line] for line in lines)
    return text.getvalue()


def copied_cell(cell: str) -> str:
    """Return the cell as it is put on the clipboard: on one line, and no formula."""
    on_one_line = " ".join(cell.split())
    return on_one_line if _NUMBER.fullmatch(on_one_line) else safe_text(on_one_line)
