"""Texts as cells of a spreadsheet, in a file or on the clipboard: they are never formulas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from core.letters import harmless

Cell = bool | int | float | str | None

_NUMBER = re.compile("[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")
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
    """Return lines of cells as spreadsheets take them from the clipboard, each cell on one line.

    Numbers stay as they are, whatever their sign.
    """
    text = io.StringIO(newline="")
    csv.writer(text, "excel-tab", lineterminator="\n").writerows(
        [_on_clipboard(cell) for cell in line] for line in lines
    )
    return text.getvalue()


def _on_clipboard(cell: str) -> str:
    on_one_line = " ".join(cell.split())
    return on_one_line if is_number(on_one_line) else safe_text(on_one_line)


def is_number(text: str) -> bool:
    """Return whether a spreadsheet would take the text for a number: "-1.5e-3"."""
    return _NUMBER.fullmatch(text) is not None
