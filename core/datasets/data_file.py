"""DataFile: a user's own table as the data of a study: its path, its format, and the use of its columns."""

from functools import cached_property
from pathlib import Path

import msgspec

from core.errors import InvalidSetting
from core.tables.description import MAX_COLUMNS, ColumnRole, Task
from core.tables.fingerprint import Fingerprint
from core.tables.readings import PLAIN, ColumnReading
from core.tables.table_format import TableFormat

_MAX_ROWS = 2**63 - 1
_MAX_PATH_LENGTH = 32_767  # letters, of Windows


class DataFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A table in a file.

    `columns` holds the role of every column except the target, in the file's order; `fingerprint`, `rows` (their
    number) and `classes` (the number of the target's, 0 where that was not noted) are those of the file when it was
    imported. `readings` says what cells are taken for, for each column where that is not plain. What follows from the
    fields is cached in the `__dict__`, which equality, encoding and `replace` ignore.
    """

    path: str
    layout: TableFormat
    fingerprint: Fingerprint
    rows: int
    target: str
    task: Task
    columns: dict[str, ColumnRole]
    readings: dict[str, ColumnReading] = msgspec.field(default_factory=dict)
    classes: int = 0

    def __post_init__(self) -> None:
        self._check_numbers()
        if len(self.path) > _MAX_PATH_LENGTH:
            raise InvalidSetting("path", "The path of the data file is longer than any path can be")
        if not self.path:
            raise InvalidSetting("path", "The data file has no path")
        if "\0" in self.path:
            raise InvalidSetting("path", "The path of the data file has a zero character in it, which no path can have")
        if self.target in self.columns:
            raise InvalidSetting("target", f"“{self.target}” cannot be both the target and a feature")
        unknown = next((name for name in self.readings if name != self.target and name not in self.columns), None)
        if unknown is not None:
            raise InvalidSetting("readings", f"It is said how “{unknown}” is read, but there is no such column")
        if not self.columns:
            raise InvalidSetting("columns", "There is no column beside the target: a model needs at least one feature")
        if not self.features:
            raise InvalidSetting("columns", "All columns are left out: choose at least one as a feature")

    def _check_numbers(self) -> None:
        if not 0 <= self.rows <= _MAX_ROWS:
            raise InvalidSetting("rows", "The data file cannot have so many rows")
        if not 0 <= self.classes <= self.rows:
            raise InvalidSetting("classes", f"The data file cannot have {self.classes:,} classes")
        if len(self.columns) > MAX_COLUMNS:
            raise InvalidSetting(
                "columns", f"The data file has more than the {MAX_COLUMNS:,} columns that are possible"
            )

    @cached_property
    def features(self) -> tuple[str, ...]:
        """The names of the columns in use, in the file's order."""
        return tuple(name for name, role in self.columns.items() if role is not ColumnRole.IGNORE)

    @property
    def all_readings(self) -> dict[str, ColumnReading]:
        """The reading of every column: what is not recorded is plain."""
        return {name: self.readings.get(name, PLAIN) for name in (*self.columns, self.target)}

    @property
    def file_path(self) -> Path:
        return Path(self.path)

    @property
    def label(self) -> str:
        return Path(self.path).stem
