"""A program's text as it is read before it runs: nothing in it is out of sight."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import groupby, islice

from core.formatting import listed
from core.letters import hidden_kinds, revealed

MARK = re.compile("‹[^‹›\n]{1,40}›(?: × [0-9,]+)?")
"""What stands for something that cannot be seen: "‹U+202E›", "‹10,000 spaces›"."""
_MAX_SPACES, _MAX_EMPTY_LINES, _MAX_EQUAL_MARKS = 100, 20, 20
"""Longer runs are shown by their number: they would push what follows out of sight."""
_PIECE = 2000
"""The most letters of a line that are laid out at once."""
_MAX_LINES, _MAX_LINES_COMPARED = 100_000, 1000
_BETWEEN = "⋯"
"""Stands for the lines between two differences."""
_SPACES = re.compile(f"[ \t]{{{_MAX_SPACES + 1},}}")
_EQUAL_MARKS = re.compile(rf"(‹U\+[0-9A-F]+›)\1{{{_MAX_EQUAL_MARKS},}}")


@dataclass(frozen=True)
class Line:
    """A line, or a piece of one. `number` is its place in the text; None for what is no line of its own."""

    number: int | None
    text: str


def readable_lines(source: str) -> list[Line]:
    """Return the lines of the text with marks for what cannot be seen; a line ends where Python ends it.

    Joined by line feeds, the lines of a text in which all can be seen are that text.
    """
    shown = list(islice(_shown_lines(source), _MAX_LINES + 1))
    if len(shown) > _MAX_LINES:
        shown[-1] = Line(None, "‹the lines below are not shown›")
    return [*shown, Line(None, "")] if source.endswith("\n") else shown


def _shown_lines(source: str) -> Iterator[Line]:
    for empty, lines in groupby(enumerate(_lines(source), start=1), key=lambda line: not line[1].strip(" \t")):
        if empty:
            yield from _empty_lines(list(lines))
        else:
            for number, text in lines:
                yield from _pieces(number, _readable(text))


def _empty_lines(lines: list[tuple[int, str]]) -> Iterator[Line]:
    if len(lines) > _MAX_EMPTY_LINES:
        yield Line(lines[0][0], f"‹{len(lines):,} empty lines›")
    else:
        yield from (Line(number, _readable(text)) for number, text in lines)


def hidden_in_words(source: str) -> str:
    """Return a sentence on what is in the text and cannot be seen; empty if there is nothing of the kind."""
    kinds = hidden_kinds(source.replace("\r\n", "\n"))
    count = sum(kinds.values())
    if not count:
        return ""
    each = listed([f"{number:,} × {kind}" for kind, number in kinds.items()])
    letters, them, their = ("letter", "it", "its") if count == 1 else ("letters", "them", "their")
    return (
        f"The text has {count:,} {letters} that cannot be seen, which is rare in an honest program ({each}). "
        f"“Show the text” marks {them} by {their} number, as in ‹U+202E›."
    )


def size_in_words(source: str) -> str:
    """Return how long the text is: "12 lines", with a word on lines that are not shown."""
    lines = len(_lines(source))
    size = f"{lines:,} line{'s' if lines != 1 else ''}, {len(source):,} letters"
    return size if lines <= _MAX_LINES else f"{size}; only about the first {_MAX_LINES:,} lines can be shown"


def can_compare(*sources: str) -> bool:
    """Return whether the texts are short enough to show their difference."""
    return all(source.count("\n") <= _MAX_LINES_COMPARED for source in sources)


def difference(there: str, here: str) -> list[Line]:
    """Return the lines that are only in the first text (after "−") or only in the second (after "+"), and their place.

    Some lines before and after each are there, too.
    """
    before, after = ([line.text for line in readable_lines(source)] for source in (there, here))
    changes = islice(unified_diff(before, after, lineterm="", n=2), 2, None)
    return [Line(None, _BETWEEN if change.startswith("@@") else _signed(change)) for change in changes]


def _lines(source: str) -> list[str]:
    """Return the lines as Python counts them; a carriage return alone ends one and is kept, to be marked."""
    text = re.sub("\r(?!\n)", "\r\n", source.replace("\r\n", "\n"))
    return text.removesuffix("\n").split("\n")


def _readable(line: str) -> str:
    spaced = _SPACES.sub(lambda run: f"‹{len(run.group()):,} spaces›", line)
    return _EQUAL_MARKS.sub(lambda run: f"{run[1]} × {len(run.group()) // len(run[1]):,}", revealed(spaced))


def _pieces(number: int | None, text: str) -> Iterator[Line]:
    yield Line(number, text[:_PIECE])
    for start in range(_PIECE, len(text), _PIECE):
        yield Line(None, text[start : start + _PIECE])


def _signed(change: str) -> str:
    return f"{change[0].replace('-', '−')} {change[1:]}"
