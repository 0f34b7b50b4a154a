"""Reads text as columns of cells, block by block, so that little more than the columns is ever in memory.

Which columns are plain numbers depends on the whole file. A column is taken for one until a cell is none: from there on
it is text, and what stands above is read again.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import polars as pl

from core.errors import DataError
from core.files import open_file
from core.tables.grid import Grid, require_few_columns
from core.tables.header import named
from core.tables.leading_zeros import zeros_in
from core.tables.parsing import UNREADABLE, parsed
from core.tables.table_format import TableFormat
from core.tables.text_file import Block, Head, Row, TextFile

_BEYOND = 2.0**63
"""The least number that is no whole one of 64 bits."""
_WHOLE, _LEADING_ZERO = "^[+-]?[0-9]+$", "^[+-]?0[0-9]"
_PLAIN = re.compile(r"[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
"""A number with a decimal point and nothing else."""
_PLAINLY_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)


class _Kind(IntEnum):
    """What a column is as far as it was read. It can only rise."""

    WHOLE = 0
    DECIMAL = 1
    TEXT = 2


_TYPES = {_Kind.WHOLE: pl.Int64(), _Kind.DECIMAL: pl.Float64(), _Kind.TEXT: pl.String()}


def read_text(path: Path, layout: TableFormat, texts: Collection[str], progress: Callable[[int, int], object]) -> Grid:
    """Return the columns of a text, those in `texts` as texts; `progress` is called after each block that is read.

    Raises DataError with a sentence, and with the line in which something is wrong, or OSError.
    """
    with open_file(path) as file:
        text = TextFile(path, file, layout, progress)
        frame = _frame(text.head(), path)
        columns = _Columns(text, frame, texts)
        columns.read()
        kept, notes = _kept(text, frame, columns)
    names = frame.names[:kept]
    series = tuple(column.alias(name) for name, column in zip(names, columns.take(), strict=False))
    return Grid(names, series, (*frame.notes, *notes))


@dataclass(frozen=True)
class _Frame:
    """The names of the columns, how many of them the header (if there is one) gives, and the first line below it.

    `body` are the first rows, `bare` the places of columns without a name of their own.
    """

    names: tuple[str, ...]
    given: int
    header: bool
    line: int
    body: Sequence[Row]
    bare: frozenset[int]
    notes: tuple[str, ...]


def _frame(head: Head, path: Path) -> _Frame:
    """Return the frame of a table that begins like this. Raises DataError."""
    counts = Counter(len(row.cells) for row in head.body)
    header = head.header
    notes: tuple[str, ...] = ()
    given = max(map(len, header), default=0)
    usual = max(counts, key=lambda count: (counts[count], count == given, count))
    given = given or usual
    last = [row.cells[given].strip() for row in head.body if len(row.cells) == given + 1]
    if header and usual == given + 1 and 2 * sum(map(bool, last)) > len(last):
        header = [["row name", *header[0]], *(["", *row] for row in header[1:])]
        given, notes = usual, ("The header is one name short: the first column is taken for the names of the rows",)
    width = max(given, usual)
    require_few_columns(path, width)
    names, copies = named(header, width)
    bare = frozenset(place for place in range(width) if not any(cell.strip() for cell in _column(header, place)))
    return _Frame(names, given, bool(header), head.line, head.body, bare, (*notes, *copies))


def _column(rows: Iterable[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in rows if len(row) > place]


def _kept(text: TextFile, frame: _Frame, columns: "_Columns") -> tuple[int, tuple[str, ...]]:
    """Return how many columns are no mere separators at the end of each row, and a note on those."""
    width = kept = len(frame.names)
    while kept > 1 and kept - 1 in frame.bare and columns.is_empty(kept - 1):
        kept -= 1
    if kept > frame.given:
        for block in text.blocks(frame.line):
            _require_short_rows(text, frame, block)
    match width - kept:
        case 0:
            return kept, ()
        case 1:
            return kept, ("The last column has no name, and every cell is empty: it is left out",)
        case count:
            return kept, (f"The last {count:,} columns have no names, and every cell is empty: they are left out",)


def _require_short_rows(text: TextFile, frame: _Frame, block: Block) -> None:
    """Raise DataError if a row of the block has filled cells beyond those that the header names."""
    for row in text.rows(block.raw, block.line):
        if any(cell.strip() for cell in row.cells[frame.given :]):
            expected = "its header has" if frame.header else "its first rows have"
            raise DataError(
                f"Line {row.line:,} of {text.path.name} has {len(row.cells):,} cells, and {expected} {frame.given:,}: "
                "check the separator, and put quotes around cells that hold it"
            )


class _Columns:
    """The columns of a text as they are read. In frames they are called by their places."""

    def __init__(self, text: TextFile, frame: _Frame, texts: Collection[str]) -> None:
        self._text, self._frame = text, frame
        self._names = [str(place) for place in range(len(frame.names))]
        self._kinds = {
            place: _Kind.TEXT if name in texts else _Kind.WHOLE
            for place, name in zip(self._names, frame.names, strict=True)
        }
        self._dressed: set[str] = set()
        """Columns of numbers in which marks or spaces stand, so that they are read as texts first."""
        self._mixed: set[str] = set()
        """Columns that may be of another type in another block."""
        self._late: dict[str, int] = {}
        """Columns that were taken for numbers at first, with the number of the block from which on they are texts."""
        self._blocks: list[pl.DataFrame] = []
        self._guess()

    def read(self) -> None:
        """Read all blocks. Raises DataError."""
        for block in self._text.blocks(self._frame.line):
            self._blocks.append(self._read(block))
        if not self._blocks:
            raise DataError(f"{self._text.path.name} holds no rows under its header")
        self._settle()
        self._read_again()

    def is_empty(self, place: int) -> bool:
        return all(frame[str(place)].null_count() == frame.height for frame in self._blocks)

    def take(self) -> list[pl.Series]:
        """Return all columns, and forget them."""
        types = {name: _TYPES[kind] for name, kind in self._kinds.items()}
        for number, frame in enumerate(self._blocks):
            other: Mapping[Any, pl.DataType] = {
                name: types[name] for name in self._mixed if frame[name].dtype != types[name]
            }
            self._blocks[number] = frame.cast(other) if other else frame
        columns = pl.concat(self._blocks, rechunk=False).get_columns()
        self._blocks = []
        return columns

    def _guess(self) -> None:
        """Find out the likely kinds of the columns from the first rows. A text is one for certain."""
        marks = frozenset(self._text.layout.missing)
        for place, name in enumerate(self._numbers()):
            cells = {row.cells[place].strip() for row in self._frame.body if len(row.cells) > place} - {""}
            numbers = cells - marks
            if not all(map(_PLAIN.fullmatch, numbers)):
                self._kinds[name] = _Kind.TEXT
            elif not all(map(_PLAINLY_WHOLE.fullmatch, numbers)):
                self._kinds[name] = _Kind.DECIMAL
            if numbers < cells:
                self._dressed.add(name)

    def _numbers(self) -> list[str]:
        return [name for name, kind in self._kinds.items() if kind is not _Kind.TEXT]

    def _read(self, block: Block) -> pl.DataFrame:
        """Return the columns of a block; those that are found to be no numbers become texts."""
        types = [_TYPES[_Kind.TEXT if name in self._dressed else kind] for name, kind in self._kinds.items()]
        try:
            frame = self._parse(block, types)
        except DataError:
            frame = self._texts(block, self._names)
            examined = frame.select(self._numbers())
        else:
            doubtful = self._doubtful(block, frame)
            dressed = [name for name in self._numbers() if name in self._dressed and name not in doubtful]
            examined = _side_by_side(frame.select(dressed), self._texts(block, doubtful))
        whole = frame.with_columns(self._examine(examined)) if examined.width else frame
        return whole if block.bare else _tidied(whole)

    def _parse(self, block: Block, types: Sequence[pl.DataType], names: Sequence[str] | None = None) -> pl.DataFrame:
        """Return columns of the block. Raises DataError if a cell is not of its type, or a row has more cells."""
        with parsed(f"{self._text.path.name} {UNREADABLE}: check the separator and the quotes"):
            return pl.read_csv(
                block.plain,
                has_header=False,
                schema=dict(zip(self._names, types, strict=True)),
                columns=None if names is None else list(map(int, names)),
                separator=self._text.layout.separator,
                quote_char='"' if block.quoted else None,
                missing_columns="insert",  # a block's first row may be short
            ).rechunk()

    def _texts(self, block: Block, names: Sequence[str]) -> pl.DataFrame:
        """Return columns of the block as they stand there. Raises DataError for rows that are too long."""
        if not names:
            return pl.DataFrame()
        types = [pl.String()] * len(self._names)
        try:
            return self._parse(block, types, names)
        except DataError:
            unfit = self._text.unfit(block.raw, block.line)
            if unfit:
                raise DataError(unfit) from None
            _require_short_rows(self._text, self._frame, block)
        return self._parse(self._text.narrowed(block, len(self._names)), types, names)

    def _doubtful(self, block: Block, frame: pl.DataFrame) -> list[str]:
        """Return the columns in which numbers may have been read that are not plain, or were rounded."""
        found = set(_large(frame.select(pl.col(pl.Float64))))
        zeros = zeros_in(block, self._text.layout.separator, frame.shape)
        if zeros is None or zeros:
            numbers = set(self._numbers()) - self._dressed
            found |= numbers if zeros is None else numbers & set(map(str, zeros))
        return sorted(found, key=int)

    def _examine(self, texts: pl.DataFrame) -> list[pl.Series]:
        """Return the columns as numbers in which all cells plainly are some; the others as the texts that they are."""
        given = texts
        numbers = texts.select(pl.all().cast(pl.Float64, strict=False))
        finite = numbers.select(pl.all().is_finite().all()).row(0)  # the mark "NaN" is a number to polars
        counts = zip(texts.columns, texts.null_count().row(0), numbers.null_count().row(0), finite, strict=True)
        dressed = [name for name, before, after, is_finite in counts if before != after or not is_finite]
        if dressed:
            marks = [*self._text.layout.missing, ""]
            bare = texts.select(pl.col(dressed).str.strip_chars().replace(marks, None))
            texts = texts.with_columns(bare)
            numbers = numbers.with_columns(bare.select(pl.all().cast(pl.Float64, strict=False)))
        whole = texts.select(pl.all().cast(pl.Int64, strict=False))
        facts = zip(
            texts.columns,
            texts.null_count().row(0),
            numbers.null_count().row(0),
            whole.null_count().row(0),
            texts.select(pl.all().str.contains(_LEADING_ZERO).any()).row(0),
            numbers.select((pl.all().abs() < _BEYOND).all()).row(0),
            strict=True,
        )
        found = []
        for name, empty, no_number, no_whole, zero, small in facts:
            if empty != no_number or zero or not (small or _is_exact(texts[name], numbers[name])):
                self._kinds[name] = _Kind.TEXT
                self._late[name] = len(self._blocks)
                found.append(given[name])
                continue
            kind = _Kind.WHOLE if empty == no_whole else _Kind.DECIMAL
            self._kinds[name] = max(kind, self._kinds[name])
            found.append((whole if kind is _Kind.WHOLE else numbers)[name])
        self._dressed.update(dressed)
        self._mixed.update(texts.columns)
        return found

    def _settle(self) -> None:
        """Make texts of columns without any number."""
        for name in self._numbers():
            if self.is_empty(int(name)):
                self._kinds[name] = _Kind.TEXT
                self._mixed.add(name)
                if name in self._dressed:
                    self._late[name] = len(self._blocks)

    def _read_again(self) -> None:
        """Read those parts of texts that were taken for numbers."""
        last = max(self._late.values(), default=0)
        for number, block in enumerate(self._text.blocks(self._frame.line) if last else ()):
            if number >= last:
                return
            texts = self._texts(block, [name for name, since in self._late.items() if since > number])
            if number >= len(self._blocks) or texts.height != self._blocks[number].height:
                raise DataError(f"{self._text.path.name} changed while it was read: read it again")
            self._blocks[number] = self._blocks[number].with_columns(_tidied(texts))


def _large(frame: pl.DataFrame) -> list[str]:
    """Return the columns of decimals with a number that is not finite, or as large as no whole one of 64 bits."""
    import numpy as np

    if not frame.width:
        return []
    small = (np.abs(frame.to_numpy()) < _BEYOND).all(axis=0)  # a gap is none; much faster than an expression a column
    doubtful = frame.select([name for name, fits in zip(frame.columns, small.tolist(), strict=True) if not fits])
    return [column.name for column in doubtful if not (column.abs() < _BEYOND).all()]


def _side_by_side(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame([*left.get_columns(), *right.get_columns()])


def _tidied(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with texts without the spaces around them; empty ones are null."""
    bare = frame.select(pl.col(pl.String).str.strip_chars())
    return frame.with_columns(bare.select(pl.when(pl.all() != "").then(pl.all()))) if bare.width else frame


def _is_exact(texts: pl.Series, numbers: pl.Series) -> bool:
    """Return whether large numbers are finite and, where they are written as whole numbers, within 64 bits."""
    whole = texts.filter(texts.str.contains(_WHOLE))
    within = whole.cast(pl.Int64, strict=False).null_count() == whole.null_count()
    return within and bool(numbers.is_finite().all())
