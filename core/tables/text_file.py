"""A text file as rows of cells, in UTF-8 and with plain line ends, in blocks that every parser reads alike.

What a row is, Python's own reader of CSV decides, with spaces after a separator skipped. A block in which quotes stand
where other parsers take offence is read by it, and written anew.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import BinaryIO

from core.errors import DataError
from core.tables.grid import require_few_columns
from core.tables.parsing import UNREADABLE, parsed, require_encoding
from core.tables.table_format import MAX_CELL_LENGTH, TableFormat
from core.tables.text_bytes import places, regular_end, replaced, with_last, with_plain_ends

BLOCK = 8 * 2**20
"""The bytes that are read at once."""
_HEAD = 2**20
_SHOWN = 60
_SAMPLE_ROWS, _SAMPLE_CELLS = 100, 50_000
_LONGEST_ROW = 64 * 2**20
_LONGEST_CELL = 4 * MAX_CELL_LENGTH
"""Bytes of the longest cell in UTF-8."""
_BOM = codecs.BOM_UTF8
_ONE_SPACE = re.compile(r'((?<![^ \t])"(?:[^"]|"")*")|[ \t]+')
"""A cell in quotes, which stays as it is, or a run of spaces and tabs."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells, the number of its first line, and the lines and bytes that it takes.

    `whole` is false for the last one if a quote that it opens is not closed.
    """

    cells: list[str]
    line: int
    lines: int
    size: int
    whole: bool = True


@dataclass(frozen=True)
class Head:
    """The rows of the header, the first rows below it, and the number of the first line below it."""

    header: list[list[str]]
    body: list[Row]
    line: int


@dataclass(frozen=True)
class Block:
    """Whole rows: as they stand in the file (but for encoding and line ends) from `line` on, and plainly.

    In `plain` there are no blank lines; `quoted` says whether a quote in it stands around a cell, or is a letter. If it
    is `bare`, no spaces stand around cells, and none is an empty text.
    """

    raw: bytes
    line: int
    plain: bytes
    quoted: bool

    @property
    def bare(self) -> bool:
        return (
            not self.quoted and self.plain.isascii() and not any(sign in self.plain for sign in (b"\t", b"\v", b"\f"))
        )


def is_separator(sign: str) -> bool:
    """Return whether the sign can be a separator."""
    return len(sign) == 1 and sign.isascii() and sign not in '"\r\n\0'


def require_separator(path: Path, separator: str) -> None:
    """Raise DataError for a separator that cannot be one."""
    if not is_separator(separator):
        raise DataError(
            f"{path.name} cannot be read with the separator “{separator[:_SHOWN]}”: it must be one sign of ASCII, and "
            "no quote or line end"
        )


def rows_of(lines: Iterable[str], layout: TableFormat) -> Iterator[tuple[list[str], int, int]]:
    """Yield the cells of each row, none for a blank line, with the lines and letters that it takes.

    The last row of a text in which a quote is opened and never closed takes no lines. Raises csv.Error for a cell of
    more than MAX_CELL_LENGTH letters.
    """
    taken = size = 0
    line = ""
    ended, spaces = False, layout.separator == " "

    def fed() -> Iterator[str]:
        nonlocal line, taken, size, ended
        for line in lines:
            taken += 1
            size += len(line)
            yield _ONE_SPACE.sub(_one_space, line).strip(" ") if spaces else line
        ended = True
        yield "\n"  # a quote that is still open takes it in

    reader = csv.reader(
        fed(),
        delimiter=layout.separator,
        skipinitialspace=not spaces,
        quoting=csv.QUOTE_MINIMAL if layout.quotes else csv.QUOTE_NONE,
    )
    for cells in reader:
        if ended:
            if taken:
                yield cells, 0, 0
            return
        blank = taken == 1 and not line.strip(" \t\n" if spaces else " \n")
        yield [] if blank else cells, taken, size
        taken = size = 0


def _one_space(found: re.Match[str]) -> str:
    return found[1] or " "


@dataclass
class TextFile:
    """A text file that is open. `told` is called with each block that is read, its number and how many there are."""

    path: Path
    file: BinaryIO
    layout: TableFormat
    told: Callable[[int, int], object] = field(default=lambda _done, _steps: None)

    def __post_init__(self) -> None:
        require_separator(self.path, self.layout.separator)
        require_encoding(self.path, self.layout.encoding)

    def head(self) -> Head:
        """Return the rows of the header, and some below it. Raises DataError."""
        header: list[list[str]] = []
        body: list[Row] = []
        wanted = self.layout.header_rows if self.layout.header else 0
        below, cells = self.layout.skip + 1, 0
        for row in self._rows(self._lines_from(self.layout.skip + 1), self.layout.skip + 1):
            require_few_columns(self.path, len(row.cells))
            if not row.cells:
                continue
            if len(header) < wanted:
                header.append(row.cells)
                below = row.line + row.lines
                continue
            body.append(row)
            cells += len(row.cells)
            if len(body) >= _SAMPLE_ROWS or cells >= _SAMPLE_CELLS:
                break
        if not body:
            raise DataError(f"{self.path.name} holds no rows under its header")
        return Head(header, body, below)

    def blocks(self, line: int, size: int = BLOCK) -> Iterator[Block]:
        """Yield the rows from this line on. Raises DataError with a sentence and the line."""
        rest = b""
        for text, last in with_last(self._texts_from(line, size, self.told)):
            rest = rest + text if rest else text
            if last and not rest.endswith(b"\n"):
                rest += b"\n"
            if b"\0" in rest:
                raise DataError(self._zero_byte(line + rest.count(b"\n", 0, rest.index(b"\0"))))
            end, plain, quoted = self._cut(rest, line, last=last)
            if last and rest[end:].strip():
                raise DataError(self._open_quote(line + rest.count(b"\n", 0, end)))
            raw, rest = rest[:end], rest[end:]
            if plain:
                yield Block(raw, line, plain, quoted)
            line += raw.count(b"\n")
            if len(rest) > _LONGEST_ROW:
                raise DataError(f"{self.path.name} {UNREADABLE}: the row in its line {line:,} does not end")

    def rows(self, raw: bytes, line: int) -> Iterator[Row]:
        """Yield the rows of a block, without blank ones. Raises DataError."""
        lines = (piece.decode(errors="replace") for piece in io.BytesIO(raw))
        return (row for row in self._rows(lines, line) if row.cells)

    def narrowed(self, block: Block, width: int) -> Block:
        """Return the block with no more than `width` cells in a row."""
        plain = io.StringIO()
        writer = csv.writer(plain, delimiter=self.layout.separator, lineterminator="\n")
        writer.writerows(row.cells[:width] for row in self.rows(block.raw, block.line))
        return replace(block, plain=plain.getvalue().encode(), quoted=True)

    def unfit(self, raw: bytes, line: int) -> str:
        """Return the sentence on a block that is not UTF-8; empty if it is."""
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            return self._not_in_encoding(line + raw.count(b"\n", 0, error.start))
        return ""

    def _rows(self, lines: Iterable[str], line: int) -> Iterator[Row]:
        try:
            for cells, taken, size in rows_of(lines, self.layout):
                if not taken:
                    raise DataError(self._open_quote(line))
                yield Row(cells, line, taken, size)
                line += taken
        except csv.Error:
            raise DataError(self._long_cell(line)) from None

    def _long_cell(self, line: int) -> str:
        return (
            f"Line {line:,} of {self.path.name} begins a cell of more than {MAX_CELL_LENGTH:,} letters: check the "
            "quotes"
        )

    def _open_quote(self, line: int) -> str:
        return (
            f"{self.path.name} {UNREADABLE}: in its line {line:,} a quote is opened and never closed. Close it, or "
            "have quotes read as letters"
        )

    def _zero_byte(self, line: int) -> str:
        return (
            f"{self.path.name} {UNREADABLE}: its line {line:,} holds a zero byte, which no text has. Choose another "
            "encoding, or take it out"
        )

    def _not_in_encoding(self, line: int) -> str:
        where = f": its line {line:,} does not fit" if line else ""
        return f"{self.path.name} is not text in the encoding {self.layout.encoding}{where}. Choose another encoding"

    # From bytes to UTF-8

    def _texts(self, size: int, told: Callable[[int, int], object]) -> Iterator[bytes]:
        """Yield the whole text in UTF-8."""
        self.file.seek(0, io.SEEK_END)
        steps = max(1, -(-self.file.tell() // size))
        self.file.seek(0)
        decode, lines = self._decoder(), 1
        for done in count(1):
            read = self.file.read(size)
            if read and decode is None:
                read += self.file.readline(_HEAD)  # so that most pieces end where a row does
            text = read if decode is None else self._decoded(decode, read, lines)
            told(min(done, steps), steps)
            if decode is not None:
                lines += text.count(b"\n")
            if text:
                yield text.removeprefix(_BOM) if done == 1 else text
            if not read:
                return

    def _decoder(self) -> codecs.IncrementalDecoder | None:
        """Return what reads the file's encoding; None for UTF-8, which is passed on as it is."""
        if codecs.lookup(self.layout.encoding).name in ("utf-8", "utf-8-sig"):
            return None
        return codecs.getincrementaldecoder(self.layout.encoding)()

    def _decoded(self, decoder: codecs.IncrementalDecoder, read: bytes, lines: int) -> bytes:
        """Return a piece of the text, which begins in line `lines`, in UTF-8. Raises DataError."""

        def sentence() -> str:
            wide = codecs.lookup(self.layout.encoding).name.startswith(("utf-16", "utf-32"))
            return self._not_in_encoding(0 if wide or place is None else lines + read.count(b"\n", 0, place))

        place: int | None = None
        with parsed(sentence):
            try:
                return decoder.decode(read, not read).encode()
            except UnicodeDecodeError as error:
                place = error.start
                raise

    def _texts_from(self, line: int, size: int, told: Callable[[int, int], object]) -> Iterator[bytes]:
        """Yield the text from this line on, with plain line ends."""
        before = line - 1
        for text in with_plain_ends(self._texts(size, told)):
            at = 0
            while before and (end := text.find(b"\n", at)) >= 0:
                at, before = end + 1, before - 1
            if not before:
                yield text[at:] if at else text

    def _lines_from(self, line: int) -> Iterator[str]:
        rest = b""
        for text in self._texts_from(line, _HEAD, lambda _done, _steps: None):
            *whole, rest = (rest + text).split(b"\n")
            for piece in whole:
                yield self._line(piece, line)
                line += 1
            if len(rest) > _LONGEST_ROW:
                break
        if rest:
            yield self._line(rest, line)

    def _line(self, piece: bytes, line: int) -> str:
        if b"\0" in piece:
            raise DataError(self._zero_byte(line))
        try:
            return piece.decode() + "\n"
        except UnicodeDecodeError:
            raise DataError(self._not_in_encoding(line)) from None

    # From UTF-8 to blocks of rows

    def _cut(self, text: bytes, line: int, *, last: bool) -> tuple[int, bytes, bool]:
        """Return where the last whole row ends, the rows up to there plainly, and whether quotes stand around cells."""
        end = text.rfind(b"\n") + 1
        if not self.layout.quotes or b'"' not in text:
            return end, self._tidied(text[:end]), False
        regular, end, opener = regular_end(text, ord(self.layout.separator))
        if not regular:
            return self._rewritten(text, line)
        if not last and 0 <= opener < len(text) - _LONGEST_CELL:
            raise DataError(self._open_quote(line + text.count(b"\n", 0, opener)))
        rows = text[:end]
        if b'"' not in rows:
            return end, self._tidied(rows), False
        blank = rows.startswith(b"\n") or places(rows, b"\n\n").size or places(rows, b"\n ").size
        return self._rewritten(text, line) if blank else (end, rows, True)

    def _rewritten(self, text: bytes, line: int) -> tuple[int, bytes, bool]:
        """Return the rows of the text in which quotes stand only where they must."""
        plain = io.StringIO()
        writer = csv.writer(plain, delimiter=self.layout.separator, lineterminator="\n")
        used, length = 0, text.rfind(b"\n") + 1
        sentence = self.unfit(text[:length], line)
        if sentence:
            raise DataError(sentence)
        whole = text[:length].decode()
        rows = rows_of(io.StringIO(whole, newline="\n"), self.layout)
        try:
            for cells, taken, size in rows:
                if not taken:
                    break
                used, line = used + size, line + taken
                if cells:
                    writer.writerow([cell.strip() for cell in cells])
        except csv.Error:
            raise DataError(self._long_cell(line)) from None
        end = length if used == len(whole) else len(whole[:used].encode())
        return end, plain.getvalue().encode(), True

    def _tidied(self, text: bytes) -> bytes:
        """Return rows without quotes around cells, with neither spaces beside separators nor blank lines."""
        separator = self.layout.separator.encode()
        if separator == b" ":
            text = replaced(replaced(text.replace(b"\t", b" "), b"  ", b" "), b" \n", b"\n")
            text = replaced(text, b"\n ", b"\n").removeprefix(b" ")
        elif b" " in text:
            for spaced in (separator + b" ", b" " + separator):
                text = replaced(text, spaced, separator)
            for spaced in (b" \n", b"\n "):
                text = replaced(text, spaced, b"\n")
            text = text.lstrip(b" ")
        return replaced(text, b"\n\n", b"\n").removeprefix(b"\n")
