"""Finds cells of a text that begin with a zero and another digit, such as the code 00501, without parsing it."""

from typing import TYPE_CHECKING

from core.tables.text_file import Block

if TYPE_CHECKING:
    import numpy as np

_PIECE = 2**18
"""The bytes that are looked at at once: they fit into the processor's cache."""
_LINE_END, _QUOTE, _ZERO = ord("\n"), ord('"'), ord("0")
_SIGNS = (ord("+"), ord("-"))
_BELOW = ord(".")
"""Line ends, tabs, spaces, quotes, commas and signs lie below the point."""


def zeros_in(block: Block, separator: str, shape: tuple[int, int]) -> set[int] | None:
    """Return the places of columns with such cells; None if there are some, and nobody knows where.

    The block has `shape` rows and columns.
    """
    import numpy as np

    sign = ord(separator)
    letters = np.frombuffer(b"\n" + block.plain, np.uint8)
    begins = _beginnings(letters, sign)
    if not begins.size:
        return set()
    ends = np.flatnonzero((letters == sign) | (letters == _LINE_END))
    if block.quoted or len(ends) != shape[0] * shape[1] + 1:
        return None
    return set(((np.searchsorted(ends, begins, "right") - 1) % shape[1]).tolist())


def _beginnings(letters: "np.ndarray", separator: int) -> "np.ndarray":
    """Return the places of zeros that begin a cell, perhaps after a quote or a sign, with a digit after them."""
    import numpy as np

    found = [np.empty(0, np.intp)]
    for begin in range(0, len(letters) - 2, _PIECE):
        piece = letters[begin : begin + _PIECE + 2]
        before, middle, after = piece[:-2], piece[1:-1], piece[2:]
        begins = before < _BELOW
        if separator >= _BELOW:
            begins |= before == separator
        begins &= middle == _ZERO
        begins &= (after - np.uint8(_ZERO)) < 10
        if begins.any():
            found.append(np.flatnonzero(begins) + begin + 1)
    zeros = np.concatenate(found)
    first = zeros - np.isin(letters[zeros - 1], _SIGNS)
    return zeros[np.isin(letters[first - 1], (separator, _LINE_END, _QUOTE))]
