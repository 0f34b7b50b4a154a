"""ColumnReading: what the cells of one column are taken for. Recorded in a study wherever it is not the usual."""

from enum import StrEnum

import msgspec

from core.errors import InvalidSetting

MAX_MISSING = 100
"""The most marks of a missing value, for a file or for a column."""
_MAX_MARK_LENGTH = 100


class CellKind(StrEnum):
    """What a cell holds. A date may have a time of day; a time is a time of day, a duration may be longer."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"


class DateOrder(StrEnum):
    """The order of day, month and year in dates that are written with digits."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


def require_marks(missing: tuple[str, ...]) -> None:
    """Raise InvalidSetting for too many or too long marks of a missing value."""
    if len(missing) > MAX_MISSING or any(len(mark) > _MAX_MARK_LENGTH for mark in missing):
        raise InvalidSetting(
            "missing",
            f"There can be up to {MAX_MISSING} marks of a missing value, of up to {_MAX_MARK_LENGTH} letters each",
        )


class ColumnReading(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How the cells of a column are read; a field that is None is as in the format of the whole file.

    Without a `kind` the cells are numbers if every filled one is plainly a number, else texts (or, in a file that has
    types, what they are there). `dates` applies to dates. `missing` are the marks of a missing value; an empty cell is
    always one.
    """

    kind: CellKind | None = None
    decimal_comma: bool | None = None
    dates: DateOrder | None = None
    missing: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        require_marks(self.missing or ())


PLAIN = ColumnReading()
"""The usual reading, which is not recorded."""
