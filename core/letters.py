"""Letters that cannot be seen, or that a terminal obeys: how they are told, taken out or written visibly.

Texts of a study, a table or a model file may come from anybody.
"""

import re
from collections import Counter
from collections.abc import Callable

_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters that leave no mark although Unicode counts them as printable: fillers, joiners, variation selectors."""
_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Controls of the direction of writing: the letters around them are shown in another order."""
_OBEYED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029{_TURNS}]|\r(?!\n)")
_ORDER = re.compile("(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c\x9d\n]*(?:\x07|\x1b\\\\|\x9c)")
"""A whole order to a terminal: a colour, a place of the cursor, a title of the window."""
_KINDS = {
    "turn of the writing direction": re.compile(f"[{_TURNS}]"),
    "unusual space": re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"),
    "unusual line end": re.compile("[\x0b\x0c\r\x85\u2028\u2029]"),
    "control code": re.compile("[\x00-\x1f\x7f-\x9f]"),
    "invisible letter": re.compile(""),
}
"""Kinds of hidden letters; a letter is of the first kind that matches it."""


def is_hidden(letter: str) -> bool:
    """Return whether a letter leaves no mark of its own; the usual space is not hidden, all other spaces are."""
    return not letter.isprintable() or _BLANK.match(letter) is not None


class _Rewriting(dict[int, str]):
    """A table for `str.translate` that is filled as letters come up; a text of megabytes takes no second."""

    def __init__(self, write: Callable[[str], str], kept: str) -> None:
        super().__init__()
        self._write, self._kept = write, kept

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        written = self._write(letter) if is_hidden(letter) and letter not in self._kept else letter
        self[code] = written
        return written


def rewritten(text: str, write: Callable[[str], str], kept: str = "") -> str:
    """Return the text with each hidden letter, but those in `kept`, as `write` returns it."""
    return text.translate(_Rewriting(write, kept))


def revealed(text: str, kept: str = "\n\t") -> str:
    """Return the text with each hidden letter, but those in `kept`, by its number: "‹U+202E›"."""
    return rewritten(text, lambda letter: f"‹U+{ord(letter):04X}›", kept)


def quoted(text: str, most: int = 50) -> str:
    """Return a stranger's text as a word in a sentence: without its middle if it is long, in quotation marks."""
    return f"“{revealed(in_brief(text, most), kept='')}”"


def hidden_kinds(text: str, kept: str = "\n\t") -> dict[str, int]:
    """Return the kinds of the hidden letters in the text, but of those in `kept`, and how many there are of each."""
    counts: Counter[str] = Counter()
    for letter, number in Counter(text).items():
        if is_hidden(letter) and letter not in kept:
            counts[next(kind for kind, letters in _KINDS.items() if letters.match(letter))] += number
    return dict(counts)


def without_orders(text: str) -> str:
    """Return the text without whole orders to a terminal; other codes stay."""
    return _ORDER.sub("", text)


def harmless(text: str) -> str:
    """Return the text without what a terminal obeys: whole orders are left out, other codes become spaces.

    Line feeds and tabs stay, and so does a carriage return right before a line feed.
    """
    return _OBEYED.sub(" ", without_orders(text))


def on_one_line(text: str) -> str:
    """Return the text on one line, without orders to a terminal; each other hidden letter becomes a space."""
    return rewritten(without_orders(text), lambda _letter: " ")


def in_brief(text: str, most: int) -> str:
    """Return the text without its middle if it has more than `most` letters."""
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-(most // 2) :]}"


def escaped_in_json(text: str) -> str:
    """Return JSON text that means the same and in which each hidden letter but a line feed is an escape sequence."""
    return rewritten(text, _json_escape, "\n")


def escaped_in_python(text: str) -> str:
    """Return the inside of a Python literal in which each hidden letter but a line feed and a tab is an escape."""
    return rewritten(text, lambda letter: letter.encode("unicode_escape", "surrogatepass").decode("ascii"), "\n\t")


def _json_escape(letter: str) -> str:
    code = ord(letter)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
