"""Reads a sheet of a workbook: of Excel, old and new, or OpenDocument."""

import io
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from copy import copy
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import polars as pl

from core.errors import DataError
from core.tables.parsing import UNREADABLE, members_of, parsed, require_room

ZIP, OLD = b"PK", bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of a new workbook, which is a zip file, and of an old one."""
_PARTS = re.compile(r"xl/workbook\.(xml|bin)|content\.xml", re.IGNORECASE)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_FAR_CELL = re.compile(rb' r="([A-Z]{2,3})\d')
_ROW = re.compile(rb' r="[A-Z]*(\d+)"')
_CELL_BYTES = 32
"""Bytes of memory that a cell takes, an empty one too."""
_BLOCK = 2**20
_TAIL = 2**16


class Workbook:
    """A workbook whose content is in memory. `sheets` are the names of its sheets. Raises DataError."""

    def __init__(self, path: Path, content: bytes) -> None:
        import fastexcel

        logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of each empty column
        self._path = path
        self._require_whole(content)
        with parsed(
            f"{path.name} {UNREADABLE}: it is damaged, or protected by a password. Open it in a "
            "spreadsheet program, and save it anew"
        ):
            self._reader = fastexcel.read_excel(content)
            self.sheets = tuple(self._reader.sheet_names)
        self._content = content
        if not self.sheets:
            raise DataError(f"{path.name} {UNREADABLE}: it has no sheet")

    def read(self, sheet: str, *, header: bool) -> tuple[pl.DataFrame, list[str]]:
        """Return the sheet's rows and the names in its header, empty texts without one. An empty `sheet`: the first."""
        name = sheet or self.sheets[0]
        if name not in self.sheets:
            raise DataError(f"{self._path.name} has no sheet “{name}”; it has {', '.join(self.sheets[:10])}")
        with parsed(f"{self._path.name} {UNREADABLE}: its sheet “{name}” is damaged, or holds no cells"):
            frame = pl.read_excel(
                self._content,
                sheet_name=name,
                has_header=header,
                infer_schema_length=None,
                drop_empty_cols=False,
                raise_if_empty=False,
            )
            if not frame.width:
                raise DataError(f"{self._path.name} {UNREADABLE}: its sheet “{name}” has no cells")
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
            for info in members_of(self._path, archive, len(content)):
                cells = _cells(_blocks(archive, info))
                if _SHEET.fullmatch(info.filename):
                    self._require_near(cells, len(content))

    def _require_near(self, cells: int, size: int) -> None:
        """Raise DataError when a sheet spans too many cells; calamine would end the process."""
        try:
            require_room(self._path, size, cells * _CELL_BYTES)
        except DataError:
            raise DataError(
                f"{self._path.name} {UNREADABLE}: a cell far below or beside the table makes a sheet {cells:,} cells "
                "large. Delete the rows and columns that look empty, and save it anew"
            ) from None


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
