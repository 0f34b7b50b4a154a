"""Reads text as columns of cells, block by block, so that little more than the columns is ever in memory.

Which columns are plain numbers depends on the whole file. A column is taken for one until a cell is none: from there on
it is text, and what stands above is read again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import polars as pl

from core.errors import DataError
from core.files import open_file
from core.tables.grid import Grid, require_few_columns
from core.tables.header import named
from core.tables.leading_zeros import zeros_in
from core.tables.parsing import UNREADABLE, parsed
from core.tables.table_format import TableFormat
from core.tables.text_file import Block, Head, TextFile

_GUESSED_CELLS = 100_000
"""The cells at the beginning by which the types of columns are guessed."""
_BEYOND = 2.0**63
"""The least number that is no whole one of 64 bits."""
_WHOLE, _LEADING_ZERO = "^[+-]?[0-9]+$", "^[+-]?0[0-9]"


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
    with open_file(path) as file, parsed(f"{path.name} {UNREADABLE}: check the separator and the quotes"):
        text = TextFile(path, file, layout, progress)
        frame = _frame(text.head(), path)
        columns = _Columns(text, frame, texts)
        columns.read()
        kept, notes = _kept(text, frame, columns)
        series = tuple(columns.take(place).alias(name) for place, name in enumerate(frame.names[:kept]))
    return Grid(frame.names[:kept], series, (*frame.notes, *notes))


@dataclass(frozen=True)
class _Frame:
    """The names of the columns, how many of them the header (if there is one) gives, and the first line below it.

    `bare` are the places of columns without a name of their own.
    """

    names: tuple[str, ...]
    given: int
    header: bool
    line: int
    bare: frozenset[int]
    notes: tuple[str, ...]


def _frame(head: Head, path: Path) -> _Frame:
    """Return the frame of a table that begins like this. Raises DataError."""
    counts = Counter(len(row.cells) for row in head.body)
    usual = max(counts, key=lambda count: (counts[count], count))
    header, notes = head.header, ()
    given = max(map(len, header), default=usual)
    last = [row.cells[given].strip() for row in head.body if len(row.cells) == given + 1]
    if header and usual == given + 1 and 2 * sum(map(bool, last)) > len(last):
        header = [["row name", *header[0]], *(["", *row] for row in header[1:])]
        given, notes = usual, ("The header is one name short: the first column is taken for the names of the rows",)
    width = max(given, usual)
    require_few_columns(path, width)
    names, copies = named(header, width)
    bare = frozenset(place for place in range(width) if not any(cell.strip() for cell in _column(header, place)))
    return _Frame(names, given, bool(header), head.line, bare, (*notes, *copies))


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
            whose = "its header" if frame.header else "its first rows have"
            has = f"{whose} has {frame.given:,}" if frame.header else f"{whose} {frame.given:,}"
            raise DataError(
                f"Line {row.line:,} of {text.path.name} has {len(row.cells):,} cells, and {has}: check the separator, "
                "and put quotes around cells that hold it"
            )


class _Columns:
    """The columns of a text as they are read."""

    def __init__(self, text: TextFile, frame: _Frame, texts: Collection[str]) -> None:
        self._text, self._frame = text, frame
        self._width = len(frame.names)
        self._kinds = [_Kind.TEXT if name in texts else _Kind.WHOLE for name in frame.names]
        self._dressed = [False] * self._width
        """Whether marks or spaces stand among a column's numbers, so that they are read as texts first."""
        self._since = [0] * self._width
        """The first block in which a column is text."""
        self._chunks: list[list[pl.Series]] = [[] for _ in frame.names]
        self._marks = [*text.layout.missing, ""]

    def read(self) -> None:
        """Read all blocks. Raises DataError."""
        number = -1
        for number, block in enumerate(self._text.blocks(self._frame.line)):
            if not number:
                self._guess(block)
            for chunks, column in zip(self._chunks, self._read(block, number), strict=True):
                chunks.append(column)
        if number < 0:
            raise DataError(f"{self._text.path.name} holds no rows under its header")
        self._settle(number + 1)
        self._read_again()

    def is_empty(self, place: int) -> bool:
        return all(chunk.null_count() == len(chunk) for chunk in self._chunks[place])

    def take(self, place: int) -> pl.Series:
        """Return a column, and forget it."""
        chunks, self._chunks[place] = self._chunks[place], []
        kind = _TYPES[self._kinds[place]]
        return pl.concat([chunk.cast(kind) for chunk in chunks], rechunk=True)

    def _guess(self, block: Block) -> None:
        """Find out the likely kinds of the columns from the first rows."""
        rows = max(20, _GUESSED_CELLS // self._width)
        columns = self._texts(block, range(self._width), rows).get_columns()
        self._examine(columns, self._open(), 0)

    def _open(self) -> list[int]:
        return [place for place, kind in enumerate(self._kinds) if kind is not _Kind.TEXT]

    def _read(self, block: Block, number: int) -> list[pl.Series]:
        """Return the columns of a block; those that are found to be no numbers become texts."""
        types = [
            _TYPES[_Kind.TEXT if dressed else kind] for kind, dressed in zip(self._kinds, self._dressed, strict=True)
        ]
        try:
            frame = self._parse(block, types)
        except pl.exceptions.PolarsError:  # a cell is no number, or a row is longer
            columns, examined = self._texts(block, range(self._width)).get_columns(), self._open()
        else:
            columns = frame.get_columns()
            doubtful = self._doubtful(block, frame)
            for place, column in zip(doubtful, self._texts(block, doubtful).get_columns(), strict=True):
                columns[place] = column
            examined = sorted({*doubtful, *(place for place in self._open() if self._dressed[place])})
        self._examine(columns, examined, number)
        self._tidy(columns)
        return columns

    def _parse(
        self, block: Block, types: Sequence[pl.DataType], places: Sequence[int] | None = None, rows: int | None = None
    ) -> pl.DataFrame:
        return pl.read_csv(
            block.plain,
            has_header=False,
            schema={str(place): kind for place, kind in enumerate(types)},
            columns=places,
            n_rows=rows,
            separator=self._text.layout.separator,
            quote_char='"' if block.quoted else None,
            missing_columns="insert",  # a block's first row may be short
            rechunk=True,
        )

    def _texts(self, block: Block, places: Sequence[int], rows: int | None = None) -> pl.DataFrame:
        """Return columns of the block as they stand there. Raises DataError for rows that are too long."""
        if not len(places):
            return pl.DataFrame()
        types = [pl.String()] * self._width
        try:
            return self._parse(block, types, list(places), rows)
        except pl.exceptions.PolarsError:
            unfit = self._text.unfit(block.raw, block.line)
            if unfit:
                raise DataError(unfit) from None
            _require_short_rows(self._text, self._frame, block)
        return self._parse(self._text.narrowed(block, self._width), types, list(places), rows)

    def _doubtful(self, block: Block, frame: pl.DataFrame) -> list[int]:
        """Return the places of columns in which numbers may have been read that are not plain, or were rounded."""
        decimals = frame.select((pl.col(pl.Float64).abs() < _BEYOND).all())
        found = (
            {int(name) for name, small in zip(decimals.columns, decimals.rows()[0], strict=True) if not small}
            if decimals.width
            else set()
        )
        numbers = {place for place in self._open() if not self._dressed[place]}
        zeros = zeros_in(block, self._text.layout.separator, frame.shape)
        return sorted(found | (numbers if zeros is None else numbers & zeros))

    def _examine(self, columns: list[pl.Series], places: Sequence[int], number: int) -> None:
        """Make numbers of these columns, which are texts, where all their cells are plainly numbers."""
        if not places:
            return
        texts = pl.DataFrame([columns[place].alias(str(place)) for place in places])
        numbers = texts.select(pl.all().cast(pl.Float64, strict=False))
        pairs = zip(texts.columns, texts.null_count().row(0), numbers.null_count().row(0), strict=True)
        dressed = [name for name, before, after in pairs if before != after]
        if dressed:
            bare = texts.select(pl.col(dressed).str.strip_chars().replace(self._marks, None))
            texts = texts.with_columns(bare)
            numbers = numbers.with_columns(bare.select(pl.all().cast(pl.Float64, strict=False)))
        whole = texts.select(pl.all().cast(pl.Int64, strict=False))
        facts = zip(
            places,
            texts.null_count().row(0),
            numbers.null_count().row(0),
            whole.null_count().row(0),
            texts.select(pl.all().str.contains(_LEADING_ZERO).any()).row(0),
            numbers.select((pl.all().abs() < _BEYOND).all()).row(0),
            strict=True,
        )
        for place, empty, no_number, no_whole, zero, small in facts:
            name = str(place)
            plain = empty == no_number and not zero and (small or _is_exact(texts[name], numbers[name]))
            found = (_Kind.WHOLE if empty == no_whole else _Kind.DECIMAL) if plain else _Kind.TEXT
            if found is _Kind.TEXT:
                self._since[place] = number
            else:
                columns[place] = (whole if found is _Kind.WHOLE else numbers)[name]
                self._dressed[place] |= name in dressed
            self._kinds[place] = max(found, self._kinds[place])

    def _tidy(self, columns: list[pl.Series]) -> None:
        """Take the spaces around texts off; empty ones become null."""
        texts = pl.DataFrame([column for column in columns if column.dtype == pl.String])
        if texts.width:
            tidy = texts.select(pl.all().str.strip_chars())
            for column in tidy.select(pl.when(pl.all() != "").then(pl.all())):
                columns[int(column.name)] = column

    def _settle(self, blocks: int) -> None:
        """Make texts of columns without any number."""
        for place in self._open():
            if self.is_empty(place):
                self._kinds[place] = _Kind.TEXT
                self._since[place] = blocks if self._dressed[place] else 0

    def _read_again(self) -> None:
        """Read those parts of texts that were taken for numbers."""
        last = max(self._since)
        if not last:
            return
        for number, block in enumerate(self._text.blocks(self._frame.line)):
            places = [place for place, since in enumerate(self._since) if since > number]
            columns = [pl.Series(str(place), [], pl.String) for place in range(self._width)]
            for place, column in zip(places, self._texts(block, places), strict=True):
                columns[place] = column
            self._tidy(columns)
            for place in places:
                if len(columns[place]) != len(self._chunks[place][number]):
                    raise DataError(f"{self._text.path.name} changed while it was read: read it again")
                self._chunks[place][number] = columns[place]
            if number + 1 >= last:
                return


def _is_exact(texts: pl.Series, numbers: pl.Series) -> bool:
    """Return whether large numbers are finite and, where they are written as whole numbers, within 64 bits."""
    whole = texts.filter(texts.str.contains(_WHOLE))
    within = whole.cast(pl.Int64, strict=False).null_count() == whole.null_count()
    return within and bool(numbers.is_finite().all())
