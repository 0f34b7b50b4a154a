"""Bytes of a text: its byte order mark and, in UTF-8, line ends, pairs of letters and quotes, without parsing."""

import codecs
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_QUOTE = ord('"')
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""The marks at the beginning of Unicode texts; longer ones come first."""


def marked_encoding(text: bytes) -> str:
    """Return the encoding that a text says by the mark it begins with; empty without one."""
    return next((encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if text.startswith(mark)), "")


def with_last(texts: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each text, and whether it is the last one."""
    before: bytes | None = None
    for text in texts:
        if before is not None:
            yield before, False
        before = text
    if before is not None:
        yield before, True


def with_plain_ends(texts: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield the texts with \n at the end of each line, for \r\r\n, \r\n and \r as well."""
    held = b""
    for text in texts:
        if not held and b"\r" not in text:
            yield text
            continue
        text = held + text
        whole = text.rstrip(b"\r")
        held = text[len(whole) :]
        yield _plain_ends(whole)
    if held:
        yield _plain_ends(held)


def _plain_ends(text: bytes) -> bytes:
    return text.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def places(text: bytes, pair: bytes) -> "np.ndarray":
    """Return where two bytes stand beside each other, in any order of places: much faster than Python's own search."""
    import numpy as np

    wanted = np.frombuffer(pair, np.uint16)[0]
    found = [
        2 * np.flatnonzero(np.frombuffer(text, np.uint16, (len(text) - begin) // 2, begin) == wanted) + begin
        for begin in (0, 1)
        if len(text) > begin + 1
    ]
    return np.concatenate(found) if found else np.empty(0, np.intp)


def replaced(text: bytes, old: bytes, new: bytes) -> bytes:
    """Return the text with `old`, two bytes, replaced until it is nowhere left."""
    while places(text, old).size:
        text = text.replace(old, new)
    return text


def regular_end(text: bytes, separator: int) -> tuple[bool, int, int]:
    """Return whether quotes stand only around cells or twice within them, and what is whole of the text.

    The second number is the end of the last whole row, the third the place of the quote that is still open, or -1.
    """
    import numpy as np

    if separator == ord(" "):
        return False, 0, -1  # any number of spaces stand before a quote
    letters = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE).astype(np.int32)
    opening, closing = quotes[::2], quotes[1::2]
    before = np.where(opening > 0, letters[opening - 1], 10)
    after = letters[np.minimum(closing + 1, len(text) - 1)]
    beside = (separator, 10)
    opens = np.isin(before, beside) | ((before == _QUOTE) & (np.roll(quotes, 1)[::2] == opening - 1))
    closes = np.isin(after, beside) | (closing + 1 == len(text)) | (after == _QUOTE)
    if not (opens.all() and closes.all()):
        return False, 0, -1
    end = text.rfind(b"\n") + 1
    opener = int(quotes[-1]) if len(quotes) % 2 else -1
    while (count := int(np.searchsorted(quotes, end))) % 2:
        end = text.rfind(b"\n", 0, int(quotes[count - 1])) + 1
    return True, end, opener
