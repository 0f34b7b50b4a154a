"""Detects how a file is read as a table: by what it holds more than by its name. Used once, when a file is imported."""

import csv
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import polars as pl
from msgspec.structs import replace

from core.errors import DataError
from core.files import open_file
from core.tables.decimal_signs import likely_decimal_comma
from core.tables.description import MAX_COLUMNS
from core.tables.header import Top, is_measured, top_of
from core.tables.old_encodings import old_encoding
from core.tables.parsing import readable
from core.tables.table_format import MARKS, RULES, SUFFIXES, FileKind, TableFormat
from core.tables.text_bytes import marked_encoding
from core.tables.text_file import is_separator, rows_of

SAMPLE = 256 * 1024
"""Bytes from the start of a file by which its format is detected."""
SEPARATORS = (",", ";", "\t", "|", " ")
"""The usual separators, the likelier first. A space is any number of spaces and tabs."""
_RARE = ("^", "~")
"""Separators that are taken where no usual one fits, and all rows have as many of them."""
_STARTS = {
    b"PAR1": FileKind.PARQUET,
    b"PARE": FileKind.PARQUET,
    b"\x93NUMPY": FileKind.NPZ,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": FileKind.EXCEL,
}
"""How files begin, whatever their names say; an old Excel file as other documents of its time."""
_NO_TABLES = {
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"BZh": "compressed with bzip2: unpack it first",
    b"\xfd7zXZ\0": "compressed with xz: unpack it first",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard: unpack it first",
    b"7z\xbc\xaf\x27\x1c": "an archive of 7-Zip: unpack it first",
    b"Rar!": "an archive of RAR: unpack it first",
    b"SQLite format 3\0": "a database or a study, and no table: export what you need of it as CSV",
    b"ARROW1": "an Arrow or Feather file: save it as Parquet",
    b"\x89HDF": "an HDF5 file: save the table as CSV or Parquet",
    b"%PDF": "a PDF, and no table",
    b"\x89PNG": "a picture, and no table",
    b"\xff\xd8\xff": "a picture, and no table",
    b"GIF8": "a picture, and no table",
}
"""How files begin that are known, and are no tables that can be read; each with what they are."""
_MARKUP = re.compile(r"\s*<(!--|!\[|(!doctype|html|head|meta|style|body|div|center|table|\?xml)\b)", re.IGNORECASE)
_JSON = re.compile(r'\s*(\[\s*)?\{\s*"[^"]*"\s*:')
_NAMED_SEPARATOR = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)
"""The first line that Excel obeys."""
_SEVERAL_SPACES = re.compile(r"\d {2,}-?\d")
_ROWS, _CELLS, _JUDGED = 200, 20_000, 1000
"""The most rows and cells by which a layout is found, and the most cells that are judged one by one."""
_ENOUGH = 0.5
"""How well a separator must fit."""
_EVEN = 0.9
"""The share of rows of one width by which tabs are separators."""
_NUMBERS_APART_BY_SPACES = 1 / 3
"""The least share of numbers and dates among cells apart by spaces: words are apart by spaces, too."""
_UNMISTAKABLE = 4
"""Words of as many columns in every line are a table, even without numbers."""
_GROUPED = re.compile(r"\d \d")
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+")
_COLUMNS = 50
"""The columns whose numbers tell whether a file has decimal commas."""


@dataclass(frozen=True)
class _Split:
    """The rows, blank ones too, that a layout makes of the first lines, each with the number of its first line.

    `width` is the usual number of cells, `even` the share of rows with it. `fit` says how well the layout fits, from 0
    to 1. `is_open`: a quote was still open at the end of the lines; the row that it is in is left out.
    """

    layout: TableFormat
    rows: list[list[str]]
    lines: list[int]
    width: int
    even: float
    fit: float
    is_open: bool


def detect_format(path: Path) -> TableFormat:
    """Return the likeliest format of the file, to be read by the second rules. Raises DataError."""
    with readable(path), open_file(path) as file:
        sample = file.read(SAMPLE)
    if not sample:
        raise DataError(f"{path.name} is empty")
    match _kind(path, sample):
        case FileKind.PARQUET | FileKind.NPZ as kind:
            return TableFormat(kind=kind, rules=RULES)
        case FileKind.EXCEL:
            from core.tables.workbook import propose_workbook

            return propose_workbook(path)
        case FileKind.HTML:
            return _web_page(path)
        case FileKind.TEXT:
            return _text(path, sample)
        case kind:
            assert_never(kind)


def _web_page(path: Path) -> TableFormat:
    from core.tables.html_page import propose_html

    return propose_html(path)


def _kind(path: Path, sample: bytes) -> FileKind:
    """Return the kind of a file that begins like this. Raises DataError for a kind that is known and no table."""
    named = SUFFIXES.get(path.suffix.lower(), FileKind.TEXT)
    for start, kind in _STARTS.items():
        if sample.startswith(start):
            return kind
    for start, what in _NO_TABLES.items():
        if sample.startswith(start):
            raise DataError(f"{path.name} is {what}")
    if sample.startswith(b"PK"):
        return _kind_of_archive(path, named)
    if named is FileKind.HTML or (named is FileKind.EXCEL and b"\0" not in sample):
        return FileKind.TEXT  # many programs write text, and call it .xls; a web page is known by what it holds
    return named


def _kind_of_archive(path: Path, named: FileKind) -> FileKind:
    """Return the kind of a zip file by what is in it or, if that says nothing, by its name."""
    from zipfile import ZipFile

    try:
        with open_file(path) as file, ZipFile(file) as archive:
            arrays = any(name.endswith(".npy") for name in archive.namelist())
    except Exception:  # noqa: BLE001  reading it will say what is wrong
        return FileKind.EXCEL if named in (FileKind.TEXT, FileKind.HTML) else named
    return FileKind.NPZ if arrays or named is FileKind.NPZ else FileKind.EXCEL


# Encodings


def _encoding(sample: bytes) -> str:
    marked = marked_encoding(sample)
    if marked:
        return marked
    if b"\0" in sample:
        return _wide_encoding(sample)
    whole = sample[: max(map(sample.rfind, (b"\n", b"\r"))) + 1 or None]
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return old_encoding(whole)
    return "utf-8"


def _wide_encoding(sample: bytes) -> str:
    """Return the encoding of a text with zero bytes and without a mark, by where they stand; UTF-8 if nowhere fits."""
    zeros = [sample[place::4].count(0) > len(sample) / 16 for place in range(4)]
    some = [0 in sample[place::4] for place in range(4)]
    if zeros == [False, True, True, True] and not some[0]:
        return "utf-32-le"
    if zeros == [True, True, True, False] and not some[3]:
        return "utf-32-be"
    if some == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if some == [True, False, True, False] else "utf-8"


# The layout of a text


def _text(path: Path, sample: bytes) -> TableFormat:
    encoding = _encoding(sample)
    if b"\0" in sample and not encoding.startswith(("utf-16", "utf-32")):
        raise DataError(f"{path.name} is not a text file, whatever its name says: it holds bytes that no text has")
    text = sample.decode(encoding, errors="replace").removeprefix("\ufeff")
    if _MARKUP.match(text) or (text.lstrip().startswith("<") and "<table" in text.lower()):
        return _web_page(path)
    if _JSON.match(text):
        raise DataError(f"{path.name} is JSON, and no table: save what you need of it as CSV")
    lines = re.split("\r\r\n|\r\n|\r|\n", text)
    if len(sample) == SAMPLE and len(lines) > 1:
        lines.pop()  # the last line may be cut off
    return _layout([f"{line}\n" for line in lines], TableFormat(encoding=encoding, rules=RULES, missing=MARKS))


def _layout(lines: list[str], layout: TableFormat) -> TableFormat:
    """Return the likeliest layout of a text that begins with these lines."""
    named = _NAMED_SEPARATOR.fullmatch(lines[0])
    if named:
        layout = replace(layout, skip=1)
    if named and is_separator(named[1]):
        best = _quoted_or_not(lines, _split(lines, replace(layout, separator=named[1])))
    else:
        best = _best_split(lines, layout)
    top = top_of(best.rows)
    above = best.lines[top.skip] - 1 if top.skip else layout.skip
    if not named and _is_one_column(best, top):
        return replace(best.layout, separator=";", decimal_comma=True, skip=above)
    return replace(
        best.layout,
        decimal_comma=_has_decimal_comma(best, top),
        skip=above,
        header=top.header,
        header_rows=top.header_rows,
    )


def _best_split(lines: list[str], layout: TableFormat) -> _Split:
    splits = {sign: _split(lines, replace(layout, separator=sign)) for sign in SEPARATORS}
    if splits["\t"].width > 1 and splits["\t"].even >= _EVEN and not _are_aligned(splits["\t"]):
        del splits[" "]  # what spaces there are stand in texts, or beside the tabs
    best = _quoted_or_not(lines, _likeliest(list(splits.values())))
    if best.fit >= _ENOUGH:
        return best
    too_wide = next((split for split in splits.values() if split.rows and len(split.rows[0]) > MAX_COLUMNS), None)
    if too_wide is not None:
        return too_wide  # to be refused for that
    return _rarely_split(lines, layout)


def _rarely_split(lines: list[str], layout: TableFormat) -> _Split:
    """Return the rows of lines that no usual separator fits; if no rare one does either, each line is a cell."""
    rare = max((_split(lines, replace(layout, separator=sign)) for sign in _RARE), key=lambda split: split.fit)
    if rare.even == 1 and rare.fit >= _ENOUGH:
        return rare
    absent = next((sign for sign in SEPARATORS if not any(sign in line for line in lines)), SEPARATORS[0])
    return _split(lines, replace(layout, separator=absent))


def _likeliest(splits: list[_Split]) -> _Split:
    """Return the split that fits best; one that fits the header, too, if that does not: in 030 1234 a space is none."""
    likely = max(splits, key=lambda split: (split.fit, split.width))
    if likely.even == 1:
        return likely
    return next((split for split in splits if split.even == 1 and split.fit), likely)


def _are_aligned(split: _Split) -> bool:
    """Return whether most rows have cells in which values stand apart by several spaces."""
    aligned = sum(any(_SEVERAL_SPACES.search(cell) for cell in row) for row in split.rows)
    return 2 * aligned > len(split.rows)


def _quoted_or_not(lines: list[str], split: _Split) -> _Split:
    """Return the rows with quotes as letters if there are more of them then, and as even ones."""
    if split.is_open or not any('"' in line for line in lines):
        return split
    unquoted = _split(lines, replace(split.layout, quotes=False))
    fits = unquoted.width == split.width and unquoted.even >= split.even and len(unquoted.rows) > len(split.rows)
    return unquoted if fits else split


def _split(lines: list[str], layout: TableFormat) -> _Split:
    rows: list[list[str]] = []
    begins: list[int] = []
    begin, cells, taken = layout.skip + 1, 0, 1
    with suppress(csv.Error):
        for row, taken, _size in rows_of(lines[layout.skip :], layout):
            if not taken or len(rows) >= _ROWS or cells >= _CELLS:
                break
            rows.append(row)
            begins.append(begin)
            begin, cells = begin + taken, cells + len(row)
    filled = [row for row in rows if row]
    body = filled[len(filled) // 2 :]
    counts = Counter(map(len, body))
    width = max(counts, key=lambda count: (counts[count], count), default=0)
    fit = counts[width] / len(body) * _clearness(body, width, layout.separator) if width > 1 else 0.0
    even = sum(len(row) == width for row in filled) / max(1, len(filled))
    return _Split(layout, rows, begins, width, even, fit, is_open=not taken)


def _clearness(body: list[list[str]], width: int, separator: str) -> float:
    """Return how many of the cells look like one value; 0 if spaces separate what may be words."""
    judged = [cell.strip() for row in body if len(row) == width for cell in row][:_JUDGED]
    measured = sum(map(is_measured, judged))
    if separator == " " and measured < _NUMBERS_APART_BY_SPACES * len(judged) and width < _UNMISTAKABLE:
        return 0.0
    return sum(map(_clear, judged)) / len(judged)


def _clear(cell: str) -> float:
    """Return how much a cell looks like one value, and not like several."""
    if is_measured(cell):
        return 0.9 if _GROUPED.search(cell) else 1.0
    if cell.startswith('"') or cell.endswith('"') or any(sign in cell for sign in ";\t|"):
        return 0.0
    if any(map(str.isalpha, cell)):
        return 0.75 if "," in cell else 1.0
    return 0.0 if len(cell) > 1 and ("," in cell or " " in cell) else 1.0


def _body(split: _Split, top: Top) -> list[list[str]]:
    filled = [row for row in split.rows[top.skip :] if row]
    return filled[top.header_rows if top.header else 0 :]


def _is_one_column(split: _Split, top: Top) -> bool:
    """Return whether commas are decimal ones in the only column: two whole numbers under one name.

    Below a header that is one name short, running numbers would be the names of rows.
    """
    header = next((row for row in split.rows[top.skip :] if row), [])
    body = _body(split, top)
    if split.layout.separator != "," or not top.header or len(header) != 1 or split.width != 2:
        return False
    rows = [row for row in body if len(row) == 2]
    numbers = all(_COMMA_NUMBER.fullmatch(",".join(row)) for row in rows)
    running = [row[0].strip() for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    return numbers and not running


def _has_decimal_comma(split: _Split, top: Top) -> bool:
    body = _body(split, top)
    columns = [[row[place] for row in body if len(row) > place] for place in range(split.width)]
    if not any("," in cell for column in columns for cell in column):
        return False
    signed = [column for column in columns if any("," in cell or "." in cell for cell in column)]
    return likely_decimal_comma(
        [pl.Series(column, dtype=pl.String) for column in signed[:_COLUMNS]], split.layout.separator
    )
