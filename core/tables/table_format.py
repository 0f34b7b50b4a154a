"""TableFormat: how a file is read as a table, and how the format is detected from the file's first bytes."""

import csv
import re
from collections import Counter
from enum import StrEnum
from pathlib import Path

import msgspec

from core.errors import DataError, InvalidSetting
from core.files import NotAFile, open_file
from core.tables.readings import require_marks

SAMPLE = 256 * 1024
"""Bytes from the start of a file that are used to detect its format."""
SEPARATORS = (",", ";", "\t", "|")
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-")
"""Cells that mean a missing value by the first rules."""
MARKS = (
    *("NA", "N/A", "n/a", "#N/A", "#NA", "#N/A N/A", "#NV", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"),
    *("NaN", "nan", "-NaN", "-nan", "NULL", "null", "<NA>", "<null>", "None", "?", "-", "--", "–", "—", "."),
)
"""Cells that mean a missing value in files of texts, unless their format says otherwise."""
FIRST_RULES, RULES = 1, 2
"""The rules of reading of Afina's first versions, and those by which a file is imported today."""
MAX_SKIP, MAX_HEADER_ROWS = 1000, 2
_OLD_ENCODINGS = ("cp1252", "cp1251", "cp932", "gb18030", "big5", "cp949")
"""The encodings tried for text that is not Unicode. A guess among all encodings of one script would be mere chance."""
_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
"""The marks at the beginning of Unicode texts; longer ones come first."""
MAX_CELL_LENGTH = 2**20
"""The most characters of a cell for Python's CSV reader: more than a sample has, so that no sample is refused."""
_LINES = 100
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?", re.ASCII)

csv.field_size_limit(MAX_CELL_LENGTH)


class FileKind(StrEnum):
    """Kinds of files that hold a table."""

    TEXT = "text"
    PARQUET = "parquet"
    EXCEL = "excel"
    NPZ = "npz"
    HTML = "html"


SUFFIXES = {
    ".csv": FileKind.TEXT,
    ".tsv": FileKind.TEXT,
    ".txt": FileKind.TEXT,
    ".data": FileKind.TEXT,
    ".parquet": FileKind.PARQUET,
    ".pq": FileKind.PARQUET,
    ".xlsx": FileKind.EXCEL,
    ".xls": FileKind.EXCEL,
    ".xlsm": FileKind.EXCEL,
    ".ods": FileKind.EXCEL,
    ".npz": FileKind.NPZ,
    ".html": FileKind.HTML,
    ".htm": FileKind.HTML,
}


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
    b"ARROW1": "a file of Arrow or Feather: save it as Parquet",
    b"\x89HDF": "a file of HDF5: save the table as CSV or Parquet",
    b"%PDF": "a PDF, and no table",
    b"\x89PNG": "a picture, and no table",
    b"\xff\xd8\xff": "a picture, and no table",
    b"GIF8": "a picture, and no table",
}
"""How files begin that are known, and are no tables that can be read; each with what they are."""
_MARKUP = re.compile(r"\s*<(!doctype|html|head|body|table|\?xml)\b", re.IGNORECASE)


class TableFormat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a file is read, with all switches.

    `rules` are the rules of reading: what is not recorded was read by the first. The fields below it are new in the
    second. Separator, decimal comma, encoding and quotes are for text. A separator that is a space stands for any
    number of spaces and tabs. `header`: the rows above the table, `header_rows` of them, name the columns. `sheet` is
    the name of an Excel sheet; an empty one means the first. `skip` lines (of text) or rows (of a sheet) stand above
    the header. `quotes`: cells may stand in quotes; without it a quote is a letter. `missing` are the marks of a
    missing value in every column that has no marks of its own; an empty cell is always one.
    """

    kind: FileKind = FileKind.TEXT
    separator: str = ","
    decimal_comma: bool = False
    header: bool = True
    encoding: str = "utf-8"
    sheet: str = ""
    rules: int = FIRST_RULES
    skip: int = 0
    header_rows: int = 1
    quotes: bool = True
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not FIRST_RULES <= self.rules <= RULES:
            raise InvalidSetting("rules", "The data file was imported by a newer Afina, which reads it by other rules")
        if not 0 <= self.skip <= MAX_SKIP:
            raise InvalidSetting("skip", f"Up to {MAX_SKIP:,} lines can be skipped above the table")
        if not 1 <= self.header_rows <= MAX_HEADER_ROWS:
            raise InvalidSetting("header_rows", f"A header has 1 to {MAX_HEADER_ROWS} rows")
        require_marks(self.missing)


def detect_format(path: Path) -> TableFormat:
    """Return the likeliest format of the file: what it holds counts more than its name. Raises DataError."""
    try:
        with open_file(path) as file:
            sample = file.read(SAMPLE)
    except NotAFile:
        raise DataError(f"{path.name} in {path.parent} is no file that can be read") from None
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from None
    if not sample:
        raise DataError(f"{path.name} is empty")
    kind = _kind(path, sample)
    if kind is not FileKind.TEXT:
        return TableFormat(kind=kind)
    encoding = _detect_encoding(sample)
    if b"\0" in sample and not encoding.startswith(("utf-16", "utf-32")):
        raise DataError(f"{path.name} is not a text file, whatever its name says: it holds bytes that no text has")
    text = sample.decode(encoding, errors="replace")
    if _MARKUP.match(text):
        raise DataError(f"{path.name} is a web page or XML: open it in a spreadsheet program, and save it as CSV")
    lines = text.splitlines()
    if len(sample) == SAMPLE and len(lines) > 1:
        lines.pop()  # the last line may be cut off
    return _detect_layout([line for line in lines if line.strip()][:_LINES], encoding)


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
    if named is FileKind.EXCEL and b"\0" not in sample:
        return FileKind.TEXT  # many programs write text, and call it .xls
    return named


def _kind_of_archive(path: Path, named: FileKind) -> FileKind:
    """Return the kind of a zip file by what is in it or, if that says nothing, by its name."""
    from zipfile import ZipFile

    try:
        with open_file(path) as file, ZipFile(file) as archive:
            arrays = any(name.endswith(".npy") for name in archive.namelist())
    except Exception:  # noqa: BLE001  reading it will say what is wrong
        return FileKind.EXCEL if named is FileKind.TEXT else named
    return FileKind.NPZ if arrays or named is FileKind.NPZ else FileKind.EXCEL


def _detect_encoding(sample: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return _wide_encoding(sample)
    try:
        sample[: max(map(sample.rfind, (b"\n", b"\r"))) + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        found = from_bytes(sample, cp_isolation=list(_OLD_ENCODINGS)).best()
        return _OLD_ENCODINGS[0] if found is None else str(found.encoding)
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


def _detect_layout(lines: list[str], encoding: str) -> TableFormat:
    separator = max(SEPARATORS, key=lambda candidate: _evenness(lines, candidate))
    rows = list(csv.reader(lines, delimiter=separator))
    cells = [cell.strip() for row in rows[1:] or rows for cell in row]
    with_comma = sum(_COMMA_NUMBER.fullmatch(cell) is not None for cell in cells)
    with_point = sum("." in cell and _NUMBER.fullmatch(cell) is not None for cell in cells)
    decimal_comma = separator != "," and with_comma > with_point
    return TableFormat(
        separator=separator,
        decimal_comma=decimal_comma,
        header=_has_header(rows, decimal_comma=decimal_comma),
        encoding=encoding,
    )


def _evenness(lines: list[str], separator: str) -> tuple[float, int]:
    """Return how evenly the separator splits the lines: the share with the usual number of cells, and that number."""
    counts = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
    if not counts:
        return 0.0, 0
    usual, times = counts.most_common(1)[0]
    return (times / counts.total() if usual > 1 else 0.0), usual


def _has_header(rows: list[list[str]], *, decimal_comma: bool) -> bool:
    """Return whether the first row names the columns: none of its cells is a number."""

    def is_number(cell: str) -> bool:
        text = cell.strip()
        return _NUMBER.fullmatch(text.replace(",", ".") if decimal_comma else text) is not None

    return bool(rows) and not any(is_number(cell) for cell in rows[0])
