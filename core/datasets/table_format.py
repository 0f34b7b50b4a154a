"""TableFormat: how a file is read as a table, and how the format is detected from the file's first bytes."""

import csv
import re
from collections import Counter
from enum import StrEnum
from pathlib import Path

import msgspec

from core.errors import DataError

SAMPLE = 256 * 1024
"""Bytes from the start of a file that are used to detect its format."""
SEPARATORS = (",", ";", "\t", "|")
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-")
"""Cells that mean a missing value."""
_OLD_ENCODINGS = ("cp1252", "cp1251", "cp932", "gb18030", "big5", "cp949")
"""The encodings tried for text that is not Unicode. A guess among all encodings of one script would be mere chance."""
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
}


class TableFormat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a file is read. Separator, decimal comma and encoding are for text; `sheet` is the name of an Excel sheet.

    `header`: the first row names the columns. An empty `sheet` means the first sheet.
    """

    kind: FileKind = FileKind.TEXT
    separator: str = ","
    decimal_comma: bool = False
    header: bool = True
    encoding: str = "utf-8"
    sheet: str = ""


def detect_format(path: Path) -> TableFormat:
    """Return the likeliest format of the file. Raises DataError."""
    kind = SUFFIXES.get(path.suffix.lower())
    try:
        with path.open("rb") as file:
            sample = file.read(SAMPLE)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from None
    if not sample:
        raise DataError(f"{path.name} is empty")
    if kind is None:
        kind = _kind_by_content(sample)
    if kind is not FileKind.TEXT:
        return TableFormat(kind=kind)
    encoding = _detect_encoding(sample)
    if encoding != "utf-16" and b"\0" in sample:
        raise DataError(f"{path.name} is not a text file, whatever its name says: it holds bytes that no text has")
    lines = sample.decode(encoding, errors="replace").splitlines()
    if len(sample) == SAMPLE and len(lines) > 1:
        lines.pop()  # the last line may be cut off
    return _detect_layout([line for line in lines if line.strip()][:_LINES], encoding)


def _kind_by_content(sample: bytes) -> FileKind:
    if sample.startswith(b"PAR1"):
        return FileKind.PARQUET
    if sample.startswith(b"PK\x03\x04"):
        return FileKind.NPZ if b".npy" in sample[:200] else FileKind.EXCEL
    return FileKind.TEXT


def _detect_encoding(sample: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return encoding
    try:
        sample[: max(map(sample.rfind, (b"\n", b"\r"))) + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        found = from_bytes(sample, cp_isolation=list(_OLD_ENCODINGS)).best()
        return _OLD_ENCODINGS[0] if found is None else str(found.encoding)
    return "utf-8"


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
