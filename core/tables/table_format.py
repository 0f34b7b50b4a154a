"""TableFormat: how a file is read as a table."""

import csv
from enum import StrEnum

import msgspec

from core.errors import InvalidSetting
from core.tables.readings import ColumnReading, require_marks

MARKS = (
    *("NA", "N/A", "n/a", "#N/A", "#NA", "#N/A N/A", "#NV", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"),
    *("#N/V", "#N/D", "#BEZUG!", "#WERT!", "#ZAHL!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#¡VALOR!", "#¡DIV/0!", "#¡REF!"),
    *("#VALOR!", "#NÚM!", "#NOME?", "#VÄRDEFEL!", "#ЗНАЧ!", "#Н/Д", "#ДЕЛ/0!", "#CALC!", "#SPILL!"),
    *("NaN", "nan", "-NaN", "-nan", "Nan", "NAN", "NaT", "1.#QNAN", "1.#IND", "-1.#IND", "NULL", "null", "Null"),
    *("(null)", "[null]", "<NA>", "<null>", "\\N", "None", "n.a.", "N.A.", "?", "-", "--", "–", "—", ".", "..", "..."),
)
"""Cells that mean a missing value in files of texts, unless their format says otherwise."""
FIRST_RULES, RULES = 1, 2
"""The rules of reading of Afina's first versions, and those by which a file is imported today."""
MAX_SKIP, MAX_HEADER_ROWS = 1000, 2
MAX_CELL_LENGTH = 2**20
"""The most characters of a cell for Python's CSV reader: more than a sample has, so that no sample is refused."""

csv.field_size_limit(MAX_CELL_LENGTH)


class FileKind(StrEnum):
    """Kinds of files that hold a table."""

    TEXT = "text"
    PARQUET = "parquet"
    EXCEL = "excel"
    NPZ = "npz"
    HTML = "html"


TYPED = (FileKind.PARQUET, FileKind.NPZ)
"""Kinds of files that say themselves what is a text: "7" and "nan" may be labels there."""
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
            raise InvalidSetting("header_rows", f"A header has 1 or {MAX_HEADER_ROWS} rows")
        require_marks(self.missing)

    def marks_of(self, reading: ColumnReading) -> tuple[str, ...]:
        """Return the marks of a missing value in a column: its own or, if it has none, those of the file."""
        return self.missing if reading.missing is None else reading.missing

    def has_decimal_comma(self, reading: ColumnReading) -> bool:
        """Return whether a column has decimal commas: by its own reading or, if that does not say, as in the file."""
        return self.decimal_comma if reading.decimal_comma is None else reading.decimal_comma
