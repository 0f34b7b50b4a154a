"""The types of columns that can be chosen, as pairs of a key and a label, and the reading that each stands for."""

from msgspec.structs import replace

from core.tables.description import ColumnProfile
from core.tables.readings import CellKind, ColumnReading, DateOrder
from core.tables.table_format import TableFormat

_POINT, _COMMA = "number with point", "number with comma"
_ORDERS = {
    DateOrder.YMD: "date: year, month, day",
    DateOrder.DMY: "date: day, month, year",
    DateOrder.MDY: "date: month, day, year",
}
TYPES = (
    (_POINT, "number with decimal point"),
    (_COMMA, "number with decimal comma"),
    (CellKind.TEXT.value, "text"),
    *((order.value, label) for order, label in _ORDERS.items()),
    (CellKind.TIME.value, "time of day"),
    (CellKind.DURATION.value, "duration"),
)
_KEYS_OF_DATES = frozenset(order.value for order in DateOrder)


def type_of(column: ColumnProfile, reading: ColumnReading, layout: TableFormat) -> str:
    """Return the key of the type that the column has when it is read like this."""
    kind = reading.kind or column.kind
    if kind is CellKind.NUMBER:
        return _COMMA if layout.has_decimal_comma(reading) else _POINT
    return (reading.dates or DateOrder.YMD).value if kind is CellKind.DATE else kind.value


def reading_as(key: str, reading: ColumnReading, layout: TableFormat) -> ColumnReading:
    """Return the reading as another type; its marks of missing values stay."""
    if key in (_POINT, _COMMA):
        comma = key == _COMMA
        own = comma if comma != layout.decimal_comma else None
        return replace(reading, kind=CellKind.NUMBER, decimal_comma=own, dates=None)
    if key in _KEYS_OF_DATES:
        return replace(reading, kind=CellKind.DATE, decimal_comma=None, dates=DateOrder(key))
    return replace(reading, kind=CellKind(key), decimal_comma=None, dates=None)
