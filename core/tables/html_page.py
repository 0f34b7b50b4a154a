"""Reads the largest table of a web page. Many programs write one, and call it a workbook."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import NamedTuple

import polars as pl

from core.errors import DataError
from core.files import open_file
from core.tables.cells import without_marks
from core.tables.grid import Grid, require_few_columns
from core.tables.header import named, top_of
from core.tables.parsing import readable, require_encoding, require_room
from core.tables.table_format import MARKS, MAX_HEADER_ROWS, RULES, FileKind, TableFormat
from core.tables.text_bytes import marked_encoding

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_HEAD = 4096
"""The first bytes of a page, in which it says its encoding."""
_WESTERN = {"latin-1", "iso8859-1", "ascii"}
"""What pages in Windows-1252 say that they are in; browsers read them so, too."""
_XML_SHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_UNSEEN = ("script", "style", "template", "title")
_WORD_ENDS = ("br", "p", "div", "li", "table", "tr", "td", "th", "h1", "h2", "h3")
_TAG, _TAG_NAME = re.compile("<[A-Za-z/!?]"), re.compile("/?[A-Za-z][A-Za-z0-9]*")
_SPANS = re.compile(r"(col|row)span\s*=\s*[\"']?\s*(\d{1,6})")
_QUOTED = 5
"""How many ends of a tag may stand in quotes in it."""
_DEEPEST = 20
"""How many tables within each other are told apart; what is deeper is text."""
_WIDEST_SPAN, _LONGEST_SPAN = 1000, 65_534
"""The most columns and rows that a cell can span in HTML."""
_CELL_BYTES = 256
_ROWS = 100
"""The rows in which the beginning of the table is looked for."""


class _Cell(NamedTuple):
    """A cell, the columns and rows that it spans, and whether it names others."""

    text: str
    columns: int = 1
    rows: int = 1
    names: bool = False


class _Table:
    """A table while it is read. `rows` hold cells by the places at which they begin."""

    def __init__(self) -> None:
        self.rows: list[dict[int, _Cell]] = []
        self.width = 0
        self.filled = 0
        self._place = 0
        self._open: _Cell | None = None
        self._words: list[str] = []
        self._below: dict[int, _Cell] = {}
        self._ends: dict[int, int] = {}

    def begin_row(self) -> int:
        """Begin a row with what spans into it from above; return the number of these cells."""
        self.end_cell()
        self._below = {place: cell for place, cell in self._below.items() if self._ends[place] > len(self.rows)}
        self.rows.append(dict(self._below))
        self._place = 0
        return len(self._below)

    def begin_cell(self, cell: _Cell) -> None:
        self.end_cell()
        if not self.rows:
            self.begin_row()
        self._open = cell

    def add(self, words: str) -> None:
        if self._open is not None:
            self._words.append(words)

    def end_cell(self) -> None:
        if self._open is None:
            return
        cell = self._open._replace(text=" ".join("".join(self._words).split()))
        self._open, self._words = None, []
        row = self.rows[-1]
        while self._place in row:
            self._place += row[self._place].columns
        row[self._place] = cell
        if cell.rows > 1:
            self._below[self._place] = cell
            self._ends[self._place] = len(self.rows) - 1 + cell.rows
        self._place += cell.columns
        self.width = max(self.width, self._place)
        self.filled += bool(cell.text)

    @property
    def text(self) -> str:
        return " ".join(cell.text for row in self.rows for cell in row.values())

    def cells(self, first: int, last: int | None) -> list[list[str]]:
        """Return rows of as many cells as the table is wide; a cell that spans several stands in each."""
        found = []
        for row in self.rows[first:last]:
            cells = [""] * self.width
            for place, cell in row.items():
                cells[place : place + cell.columns] = [cell.text] * cell.columns
            found.append(cells)
        return found


class _Page:
    """Collects the tables of a page. Raises DataError when they are too large for the file."""

    def __init__(self, path: Path, size: int) -> None:
        self.tables: list[_Table] = []
        self._path, self._size = path, size
        self._within: list[_Table] = []
        self._deeper = self._cells = 0

    def read(self, text: str) -> None:
        for tag, words in _pieces(text):
            if words and self._within:
                self._within[-1].add(unescape(words) if "&" in words else words)
            elif tag:
                self._follow(_name(tag), tag)
        while self._within:
            self._end_table()

    def _follow(self, name: str, tag: str) -> None:
        if self._within and name.removeprefix("/") in _WORD_ENDS:
            self._within[-1].add(" ")
        match name:
            case "table":
                self._begin_table()
            case "/table" if self._deeper:
                self._deeper -= 1
            case "/table" if self._within:
                self._end_table()
            case "tr" | "td" | "th" if self._within and not self._deeper:
                self._begin(name, tag)
            case "/tr" | "/td" | "/th" if self._within and not self._deeper:
                self._within[-1].end_cell()

    def _begin_table(self) -> None:
        if len(self._within) == _DEEPEST:
            self._deeper += 1
            return
        self._within.append(_Table())
        self.tables.append(self._within[-1])

    def _begin(self, name: str, tag: str) -> None:
        table = self._within[-1]
        if name == "tr":
            self._cells += table.begin_row()
        else:
            spans = dict(_SPANS.findall(tag.lower()))
            columns, rows = _span(spans.get("col"), _WIDEST_SPAN), _span(spans.get("row"), _LONGEST_SPAN)
            table.begin_cell(_Cell("", columns, rows, names=name == "th"))
        self._cells += 1
        require_room(self._path, self._size, self._cells * _CELL_BYTES)

    def _end_table(self) -> None:
        table = self._within.pop()
        table.end_cell()
        if self._within:
            self._within[-1].add(table.text)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the page's tags, each with an empty text, and its texts, each with an empty tag, in their order.

    Comments and what is never shown are left out. The time grows with the length only: html.parser needs hours for
    some pages that are made for it.
    """
    place = 0
    while (begin := text.find("<", place)) >= 0:
        yield "", text[place:begin]
        if text.startswith("<!--", begin):
            place = text.find("-->", begin + 4) + 3
            if place < 3:
                return
        elif not _TAG.match(text, begin):
            yield "", "<"
            place = begin + 1
        else:
            end = _end_of_tag(text, begin)
            if end < 0:
                return
            tag, place = text[begin + 1 : end], end + 1
            name = _name(tag)
            if name in _UNSEEN:
                closing = re.compile(f"</{name}", re.IGNORECASE).search(text, place)
                if closing is None:
                    return
                place = closing.start()
            yield tag, ""
    yield "", text[place:]


def _end_of_tag(text: str, begin: int) -> int:
    """Return where the tag ends: at the next sign for it that does not stand in quotes; -1 when there is none."""
    end = text.find(">", begin)
    for _time in range(_QUOTED):
        if end < 0 or not text.count('"', begin, end) % 2:
            return end
        end = text.find(">", end + 1)
    return end


def _name(tag: str) -> str:
    """Return the name of a tag, with a slash before it if that ends."""
    found = _TAG_NAME.match(tag)
    return found.group().lower() if found else ""


def read_html(path: Path, layout: TableFormat) -> Grid:
    """Return the columns of the largest table in the page, as texts. Raises DataError."""
    with open_file(path) as file:
        content = file.read()
    table, notes = _largest(path, content, layout.encoding)
    rows = [row for row in table.cells(layout.skip, None) if any(row)]
    header = rows[: layout.header_rows if layout.header else 0]
    names, told = named(header, table.width)
    rows = rows[len(header) :]
    columns = [
        without_marks(pl.Series(name, cells, dtype=pl.String), ())
        for name, cells in zip(names, zip(*rows, strict=True), strict=False)
    ]
    return Grid(names, tuple(columns), (*notes, *told))


def propose_html(path: Path) -> TableFormat:
    """Return how a web page is likely to be read. Raises DataError when it has no table."""
    with readable(path), open_file(path) as file:
        content = file.read()
    encoding = _encoding(content)
    table, _notes = _largest(path, content, encoding)
    skip, header, header_rows = _top(table)
    return TableFormat(
        kind=FileKind.HTML,
        encoding=encoding,
        skip=skip,
        header=header,
        header_rows=header_rows,
        missing=MARKS,
        rules=RULES,
    )


def _top(table: _Table) -> tuple[int, bool, int]:
    """Return the rows to skip, whether there is a header, and its rows: marked cells are names, if there are any."""
    marked = [_names_columns(row) for row in table.rows[:_ROWS]]
    if True not in marked:
        top = top_of(table.cells(0, _ROWS))
        return top.skip, top.header, top.header_rows
    first = marked.index(True)
    end = [*marked, False].index(False, first)
    while first < end - 1 and len(table.rows[first]) == 1:  # a title above the names
        first += 1
    rows = min(end - first, MAX_HEADER_ROWS)
    return end - rows, True, rows


def _names_columns(row: dict[int, _Cell]) -> bool:
    filled = [cell for cell in row.values() if cell.text]
    return bool(filled) and all(cell.names for cell in filled)


def _largest(path: Path, content: bytes, encoding: str) -> tuple[_Table, tuple[str, ...]]:
    """Return the table with the most filled cells, and a note on the others."""
    text = _decoded(path, content, encoding)
    page = _Page(path, len(content))
    page.read(text)
    table = max(page.tables, key=lambda table: table.filled, default=_Table())
    if not table.filled:
        raise DataError(f"{path.name} {_without_table(text)}")
    require_few_columns(path, table.width)
    require_room(path, len(content), len(table.rows) * table.width * _CELL_BYTES)
    others = sum(1 for other in page.tables if other.filled) - 1
    notes = (f"{path.name} has {others + 1} tables; the largest is read",) if others else ()
    return table, notes


def _without_table(text: str) -> str:
    if _XML_SHEET in text[:_HEAD]:
        return "is an XML spreadsheet of 2003: open it in a spreadsheet program, and save it as .xlsx or CSV"
    if text.lstrip().startswith("<?xml"):
        return "is XML, and has no table that can be read: open it in a spreadsheet program, and save it as CSV"
    return "is a web page without a table in it: save the table itself, as CSV or as a workbook"


def _decoded(path: Path, content: bytes, encoding: str) -> str:
    require_encoding(path, encoding)
    try:
        return content.decode(encoding)
    except UnicodeError:
        raise DataError(f"{path.name} is not text in the encoding {encoding}. Choose another encoding") from None


def _encoding(content: bytes) -> str:
    """Return the encoding that the page begins with or names, if it is in that; else a usual one."""
    marked = marked_encoding(content)
    if marked:
        return marked
    named_one = _CHARSET.search(content[:_HEAD])
    for encoding in (named_one.group(1).decode() if named_one else "utf-8", "utf-8", "cp1252"):
        with suppress(LookupError, UnicodeError):
            known = codecs.lookup(encoding).name
            known = "cp1252" if known in _WESTERN else known
            content.decode(known)
            return known
    return "latin-1"


def _span(value: str | None, most: int) -> int:
    return min(max(int(value), 1), most) if value else 1
