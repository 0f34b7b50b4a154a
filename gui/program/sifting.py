"""Sifts logs and tracebacks for reports: only what is known to hold nothing of the user's is told."""

import re
from collections.abc import Iterable, Iterator

from core import RESOURCES
from core.letters import revealed
from gui.program.log import impersonal

_LEFT_OUT = "(left out)"
_BUGS = "gui.program.messages"
_TOLD: tuple[tuple[str, str], ...] = (
    ("gui.app", r"(Start: Afina [\w.]+|End)"),
    ("gui.app", r"On [\w .,+()-]+"),
    ("gui.window.closing", r"(Told to end|The user logs out)"),
    ("gui.session.session", r"Watching a study after \d+ events"),
    ("gui.session.session", r"Study starts: [a-z_ ]+ search, \d+ trials, trainer [a-z_ ]+"),
    ("gui.session.session", r"Study resumes after \d+ of \d+ trials"),
    ("gui.session.session", r"The best trial is evaluated on the test part"),
    ("gui.session.session", r"The study that was watched no longer runs"),
    ("gui.session.session", r"The evaluation has ended"),
    ("gui.session.session", r"Study ends: [a-z ]+"),
    ("gui.session.session", r"The study could not go on:"),
    ("gui.session.run", r"The study is [a-z A-Z]+:"),
    ("core.awake", r"The computer may fall asleep while a study runs:"),
    ("core.awake", r"The computer could not be told that it may fall asleep:"),
    ("core.search.propose", r"The surrogate could not be fitted"),
    ("gui.setup.draft", r"The draft cannot be (shown|kept|read|used)(:|$)"),
    (_BUGS, r"A bug:"),
)
"""By their logger, lines that can be told: the program alone has chosen their words. What follows a colon is not."""
_LINE = re.compile(r"(\S+ \S+ \w+ ([\w.]+): )(.*)", re.DOTALL)
"""A line of the log: its beginning with its logger, and what is told, which can be several lines."""
_TRACEBACK = "Traceback (most recent call last):"
_BETWEEN = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_FRAME = re.compile(r'  File "([^"]*)", line (\d+)(, in [\w.<>]+)?')
_TYPE = re.compile(r"([A-Za-z_][\w.]*)(:|$)")
_LIBRARY = re.compile(r".*[/\\](?:site-packages|dist-packages|python3\.\d+|Lib)[/\\]([\w./\\-]+\.py)$")
_OURS = re.compile(r"(?:(?:core|gui)[/\\][\w/\\]+|main)\.py")
_THEIRS = "  File outside of Afina"


def sifted(lines: Iterable[str]) -> Iterator[str]:
    """Yield each line of the log as far as it can be told, at the least when, how grave and by whom it was noted."""
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        beginning, logger, said = found.groups()
        first, *more = said.split("\n")
        trace = _trace(line.removeprefix("    ") for line in more)
        yield "\n    ".join([beginning + _known_words(logger, first), *trace])


def sifted_bug(details: str) -> str:
    """Return the traceback of a bug as far as it can be told; of any other text only that it is left out."""
    return "\n".join(_trace(impersonal()(revealed(details)).splitlines())) or _LEFT_OUT


def _known_words(logger: str, said: str) -> str:
    """Return the first line of what a logger says, without what follows the words that are known."""
    for known, shape in _TOLD:
        found = re.match(shape, said) if logger == known else None
        if found is not None and (found[0] == said or found[0].endswith(":")):
            return found[0] if found[0] == said else f"{found[0]} {_LEFT_OUT}"
    return _LEFT_OUT


def _trace(lines: Iterable[str]) -> Iterator[str]:
    """Yield where in the program an error came up, and its type: no message, and no line of a file."""
    at_frames = False
    for line in lines:
        if line == _TRACEBACK or line in _BETWEEN:
            at_frames = line == _TRACEBACK
            yield line
        elif at_frames and line.startswith(" "):
            frame = _FRAME.fullmatch(line)
            if frame is not None:
                yield _place(*frame.groups())
        elif at_frames:
            at_frames = False
            kind = _TYPE.match(line)
            yield kind[1] if kind is not None else _LEFT_OUT


def _place(path: str, line: str, function: str | None) -> str:
    """Return a place in Afina's files or in a library; of any other file only that it is another one."""
    home = impersonal()(str(RESOURCES.parent))
    inside = path.removeprefix(home)[1:] if path.startswith(home) else ""
    library = _LIBRARY.match(path)
    if library is not None:
        inside = library[1]
    elif not _OURS.fullmatch(inside):
        return _THEIRS
    return f'  File "{inside}", line {line}{function or ""}'
