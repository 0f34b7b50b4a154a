"""Workbook: one of Excel, old or new, or of OpenDocument, as a file. What reads it is given no more than fits."""

import io
import logging
import posixpath
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from zipfile import ZipFile, ZipInfo

import polars as pl

from core.errors import DataError
from core.formatting import in_short, some
from core.tables.parsing import UNREADABLE, members_of, parsed, require_room

ZIP, OLD = b"PK", bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of a new workbook, which is a zip file, and of an old one."""
_PARTS = re.compile(r"xl/workbook\.(xml|bin)|content\.xml", re.IGNORECASE)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_FAR_CELL = re.compile(rb' r="([A-Z]{2,3})\d')
_ROW = re.compile(rb' r="[A-Z]*(\d+)"')
_LONG_TIME = re.compile(
    rb'office:value-type="time"(\s+(?:[\w:-]+="[^"]*"\s+)*?)office:time-value="PT(\d*(?:2[4-9]|[3-9]\d|\d{3}))H(\d+)M(\d+)'
    rb'(?:[.,]\d+)?S"'
)
_AS_TEXT = rb'office:value-type="string"\1office:string-value="\2:\3:\4"'
_CELL_BYTES = 32
"""Bytes of memory that a cell takes, an empty one too."""
_BLOCK = 2**20
_TAIL = 2**16
_LIST = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
"""The parts of a new workbook that list its sheets, and the files that they are in."""
_LONGEST_LIST = 2**22
_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LISTED = 10
"""The most sheets that a sentence lists."""

View = Literal["string", "float", "boolean", "duration"]
"""As what cells can be seen."""


class Workbook:
    """A workbook whose content is in memory. `sheets` are the names of its sheets. Raises DataError."""

    def __init__(self, path: Path, content: bytes) -> None:
        import fastexcel

        logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of each empty column
        self._path = path
        self.is_open_document = False
        self._require_whole(content)
        with parsed(
            f"{path.name} {UNREADABLE}: it is damaged, or protected by a password. Open it in a "
            "spreadsheet program, and save it anew"
        ):
            self._reader = fastexcel.read_excel(content)
            self.sheets = tuple(self._reader.sheet_names)
        self._content = content
        self._near: set[str] = set()
        if not self.sheets:
            raise DataError(f"{path.name} {UNREADABLE}: it has no sheet")

    @property
    def with_long_times(self) -> "Workbook":
        """The workbook with times of 24 hours and more as texts: calamine has no others of OpenDocument."""
        if not self.is_open_document:
            return self
        archive, changed = ZipFile(io.BytesIO(self._content)), io.BytesIO()
        with parsed(f"{self._path.name} {UNREADABLE}: it is no whole workbook"):
            sheets = archive.read("content.xml")
            if not _LONG_TIME.search(sheets):
                return self
            with ZipFile(changed, "w") as copied:
                for name in archive.namelist():
                    copied.writestr(
                        name, _LONG_TIME.sub(_AS_TEXT, sheets) if name == "content.xml" else archive.read(name)
                    )
        return Workbook(self._path, changed.getvalue())

    def named(self, sheet: str) -> str:
        """Return the name of a sheet that there is; an empty one means the first. Raises DataError for another."""
        name = sheet or self.sheets[0]
        if name not in self.sheets:
            raise DataError(f"{self._path.name} has no sheet “{in_short(name)}”; it has {some(self.sheets, _LISTED)}")
        return name

    def require_cells(self, sheet: str, cells: pl.DataFrame) -> None:
        """Raise DataError for a sheet whose cells are none."""
        if not cells.width:
            raise DataError(f"{self._path.name} {UNREADABLE}: its sheet “{sheet}” has no cells")

    def read(self, sheet: str, *, header: bool) -> tuple[pl.DataFrame, list[str]]:
        """Return the sheet's rows and the names in its header, empty texts without one. An empty `sheet`: the first."""
        name = self.named(sheet)
        self._require_near(name)
        with parsed(self._damaged(name)):
            frame = pl.read_excel(
                self._content,
                sheet_name=name,
                has_header=header,
                infer_schema_length=None,
                drop_empty_cols=False,
                raise_if_empty=False,
            )
            self.require_cells(name, frame)
            if not header:
                return frame, [""] * frame.width
            # read again: polars has already made the names in the frame unique
            first = self._reader.load_sheet(name, header_row=None, n_rows=1, dtypes="string")
            return frame, [cell or "" for cell in first.to_polars().row(0)]

    def _require_whole(self, content: bytes) -> None:
        """Raise DataError for what is no workbook, is locked, or would fill the memory."""
        name = self._path.name
        if content.startswith(OLD):
            if _wide("EncryptedPackage") in content:
                raise DataError(f"{name} is protected by a password: save it without one")
            if _wide("Workbook") not in content and _wide("Book") not in content:
                raise DataError(f"{name} {UNREADABLE}: it holds no workbook, but another document")
            return
        if not content.startswith(ZIP):
            raise DataError(f"{name} {UNREADABLE}: it is no workbook, whatever its name says")
        with parsed(f"{name} {UNREADABLE}: it is no whole workbook. Its end is missing, or it is damaged"):
            archive = ZipFile(io.BytesIO(content))
            if not any(_PARTS.fullmatch(part) for part in archive.namelist()):
                raise DataError(f"{name} {UNREADABLE}: it is a zip file without a workbook in it")
            self.is_open_document = "content.xml" in archive.namelist()
            for info in members_of(self._path, archive, len(content)):
                if not _SHEET.fullmatch(info.filename):
                    _cells(_blocks(archive, info))

    def cells(self, sheet: str, view: View, columns: Sequence[int] | None = None) -> pl.DataFrame:
        """Return the cells of a sheet, from its first row on; null where one cannot be seen in this way.

        `columns` are the places of those that are wanted, in rising order; without them all are given. Raises
        DataError.
        """
        self._require_near(sheet)
        with parsed(self._damaged(sheet)):
            return self._reader.load_sheet(
                sheet,
                header_row=None,
                skip_rows=0,
                dtypes=view,
                use_columns=None if columns is None else lambda column: column.index in columns,
            ).to_polars()

    def head(self, sheet: str, rows: int) -> tuple[pl.DataFrame, bool]:
        """Return the first rows of a sheet as texts, and whether it is shown. Raises DataError."""
        self._require_near(sheet)
        with parsed(self._damaged(sheet)):
            found = self._reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
            return found.to_polars(), found.visible == "visible"

    def has_durations(self, sheet: str, column: int, first: int) -> bool:
        """Return whether the times in a column, from the row `first` on, are durations by their format."""
        import fastexcel

        try:
            shown = self._reader.load_sheet(
                sheet,
                header_row=None,
                skip_rows=first,
                schema_sample_rows=None,
                use_columns=lambda info: info.index == column,
            )
        except fastexcel.UnsupportedColumnTypeCombinationError:  # which only durations beside others are
            return True
        return shown.selected_columns[0].dtype == "duration"

    def _damaged(self, sheet: str) -> str:
        return f"{self._path.name} {UNREADABLE}: its sheet “{sheet}” is damaged, or holds no cells"

    def _require_near(self, sheet: str) -> None:
        """Raise DataError for a sheet that is longer than it says, or spans too many cells: that would end the process.

        In a workbook whose list of sheets cannot be followed, all are looked at.
        """
        if sheet in self._near or not self._content.startswith(ZIP):
            return
        size = len(self._content)
        with parsed(self._damaged(sheet)):
            archive = ZipFile(io.BytesIO(self._content))
            members = members_of(self._path, archive, size)
            part = _part_of(archive, sheet)
            own = [info for info in members if info.filename.lower() == part]
            looked_at = own or [info for info in members if _SHEET.fullmatch(info.filename)]
            cells = max((_cells(_blocks(archive, info)) for info in looked_at), default=0)
        try:
            require_room(self._path, size, cells * _CELL_BYTES)
        except DataError:
            raise DataError(
                f"{self._path.name} {UNREADABLE}: a cell far below or beside the table makes a sheet {cells:,} cells "
                "large. Delete the rows and columns that look empty, and save it anew"
            ) from None
        self._near.add(sheet)


def _part_of(archive: ZipFile, sheet: str) -> str:
    """Return the name, in small letters, of the file that holds a sheet of a new workbook; empty if it is not known."""
    texts = []
    for part in _LIST:
        infos = [info for info in archive.infolist() if info.filename.lower() == part]
        if len(infos) != 1 or infos[0].file_size > _LONGEST_LIST:
            return ""
        texts.append(b"".join(_blocks(archive, infos[0])))
    book, relations = map(ElementTree.fromstring, texts)
    wanted = [tag.get(_RELATION) for tag in book.iter(_SPACE + "sheet") if tag.get("name") == sheet]
    targets = [tag.get("Target", "") for tag in relations if wanted and tag.get("Id") == wanted[0]]
    return posixpath.join("/xl", targets[0]).lstrip("/").lower() if len(wanted) == len(targets) == 1 else ""


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def _blocks(archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    """Yield the content of a file in the archive. Raises ValueError when it is longer than the archive says."""
    endless = copy(info)
    endless.file_size = sys.maxsize  # or Python would stop where the archive says
    read = 0
    with archive.open(endless) as member:
        while block := member.read(_BLOCK):
            read += len(block)
            if read > info.file_size:
                raise ValueError
            yield block


def _cells(blocks: Iterable[bytes]) -> int:
    """Return the number of cells from a sheet's first one to its farthest: all take memory, even where none is."""
    columns, tail = 26, b""
    for block in blocks:
        text = tail + block
        columns = max([columns, *map(_number, set(_FAR_CELL.findall(text)))])
        tail = text[-_TAIL:]
    return columns * max(map(int, _ROW.findall(tail)), default=0)


def _number(letters: bytes) -> int:
    """Return the number of a column from its letters: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
