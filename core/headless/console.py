"""Lines for the terminal: tables, notes and errors, and the exit codes."""

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec

from core.errors import AfinaError
from core.words.going_on import waiting_in_a_line

DONE, FAILED, BAD_INPUT = 0, 1, 2
_MAX_NOTE_LENGTH = 1000

Arguments = ParamSpec("Arguments")


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of cells in columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def plain(text: str) -> str:
    """Return the text on one line of bounded length, without the codes that could control the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:_MAX_NOTE_LENGTH])


def note(sentence: str) -> None:
    """Print what the user should know."""
    print(f"Note: {plain(sentence)}.", file=sys.stderr)


def waiting(trouble: str) -> str:
    """Return the line that says why the study waits."""
    return waiting_in_a_line(plain(trouble))


def refuse(error: AfinaError) -> int:
    """Print why bad input was refused; return the exit code."""
    print(f"Error: {plain(str(error))}", file=sys.stderr)
    return BAD_INPUT


def refusing(command: Callable[Arguments, int]) -> Callable[Arguments, int]:
    """Make the command refuse bad input: print each AfinaError that it raises and return BAD_INPUT."""

    @wraps(command)
    def refusing_command(*arguments: Arguments.args, **options: Arguments.kwargs) -> int:
        try:
            return command(*arguments, **options)
        except AfinaError as error:
            return refuse(error)

    return refusing_command
