"""What commands print: tables, notes and errors for people, texts for programs, and the exit codes."""

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from core.errors import AfinaError
from core.headless.output import shown, stray_bytes_shown
from core.headless.signals import how_to_go_on
from core.headless.terminal import guarded_output
from core.letters import on_one_line
from core.study.control import StudyPhase
from core.words.going_on import held_in_a_line, waiting_in_a_line

DONE, FAILED, BAD_INPUT = 0, 1, 2
_MAX_NOTE_LENGTH = 1000

Arguments = ParamSpec("Arguments")


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of cells, each on one line, in columns as wide as their widest cell."""
    rows = [[shown(plain(cell)) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def put_out(text: str) -> None:
    """Write a text for another program to standard output: in UTF-8, byte for byte as it would be in a file."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def plain(text: str) -> str:
    """Return the text on one line of bounded length, without the codes that could control the terminal."""
    return on_one_line(stray_bytes_shown(text[:_MAX_NOTE_LENGTH]))


def note(sentence: str) -> None:
    """Print what the user should know."""
    print(f"Note: {plain(sentence)}.", file=sys.stderr)


def waiting(phase: StudyPhase, trouble: str) -> str:
    """Return the line that says why the study waits, and what can be done."""
    in_a_line = held_in_a_line if phase is StudyPhase.HELD else waiting_in_a_line
    return in_a_line(plain(trouble), how_to_go_on())


def moved_in_a_line(path: Path) -> str:
    """Return the line that says in which file a study is now that its own cannot be written."""
    return f"The study is in {on_one_line(str(path))} now."


def refuse(error: AfinaError) -> int:
    """Print why bad input was refused; return the exit code."""
    print(f"Error: {plain(str(error))}", file=sys.stderr)
    return BAD_INPUT


def refusing(command: Callable[Arguments, int]) -> Callable[Arguments, int]:
    """Make the command refuse bad input: print each AfinaError that it raises and return BAD_INPUT.

    Nothing that it prints is obeyed by the terminal.
    """

    @wraps(command)
    def refusing_command(*arguments: Arguments.args, **options: Arguments.kwargs) -> int:
        with guarded_output():
            try:
                return command(*arguments, **options)
            except AfinaError as error:
                return refuse(error)

    return refusing_command
