"""The table model of a file's columns: what each holds, how it is read, and how it is used."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from core.datasets.imported_table import NO_GROUP
from core.formatting import format_number
from core.tables.description import LEFT_OUT, ColumnProfile, ColumnRole, TableProfile, role_problem
from core.tables.readings import PLAIN, CellKind, ColumnReading
from core.tables.table_format import TableFormat
from gui.data_import.types import reading_as, type_of
from gui.widgets.fields import wrapped_tip
from gui.widgets.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
_Role = Qt.ItemDataRole
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOTHING = TableProfile(rows=0, columns=(), preview=())

HEADERS = ("Column", "Type", "Use as", "Missing", "Distinct", "Range", "Example", "Note")
NAME, TYPE, USE, MISSING, DISTINCT, RANGE, EXAMPLE, NOTE = range(len(HEADERS))
_HELP = (
    "",
    "What the cells are taken for; a click changes it",
    "What the column is to the model; a click changes it",
    "Cells without a value; a click says which cells those are",
    "How many different values there are",
    "The smallest and the largest number",
    "The first cell with a value, as it stands in the file",
    "Why the column was taken so, and what is odd about it",
)
TARGET, TOGETHER = "target", "keep together"
ROLES = {ColumnRole.NUMBER: "number", ColumnRole.CATEGORY: "category", ColumnRole.IGNORE: "left out"}
"""What the roles are called."""


class ColumnsModel(QAbstractTableModel):
    """The columns of a table, one per row. `target` is the column to predict, `group` the one that keeps rows together.

    Signals: `changed`: a role, the target, the group or what a column holds has changed; `readings_chosen`: the user
    wants columns to be read in another way; `column_read` (a row): one was read so.
    The user's choices are kept by column name when the file is read in another format.
    """

    changed = Signal()
    readings_chosen = Signal()
    column_read = Signal(int)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.profile = _NOTHING
        self.layout = TableFormat()
        self.cells: list[Sequence[str]] = []
        """The first cells of each column."""
        self.target, self.group = "", NO_GROUP
        self._theme = theme
        self._columns: list[ColumnProfile] = []
        self._rows: dict[str, int] = {}
        self._roles: dict[str, ColumnRole] = {}
        self._readings: dict[str, ColumnReading] = {}
        self._answered: set[str] = set()
        self._chosen_group = NO_GROUP
        """The group that the user has chosen, of columns that there may be."""

    @property
    def columns(self) -> Sequence[ColumnProfile]:
        return self._columns

    def show(self, profile: TableProfile, layout: TableFormat) -> None:
        """Show another table, or the same one read again; `set_target` must follow, and tells of it by `changed`."""
        others = list(self._rows) != [column.name for column in profile.columns]
        reset = others or len(profile.preview) != len(self.profile.preview)
        if reset:
            self.beginResetModel()
        self.profile, self.layout = profile, layout
        self._columns = list(profile.columns)
        self._rows = {column.name: row for row, column in enumerate(self._columns)}
        self.cells = list(zip(*profile.preview, strict=True)) or [() for _ in self._columns]
        self.group = self._chosen_group if self._chosen_group in self._rows else NO_GROUP
        if others:
            self.target = ""
        if reset:
            self.endResetModel()

    def show_column(self, column: ColumnProfile, cells: Sequence[str], *, more: bool = False) -> None:
        """Show a column that was read in another way; with `more` to come, `changed` waits for the last."""
        row = self._rows.get(column.name)
        if row is None:
            return
        self._columns[row], self.cells[row] = column, cells
        self.column_read.emit(row)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(HEADERS) - 1))
        if not more:
            self.changed.emit()

    # The user's choices

    def forget_choices(self) -> None:
        self.restore({}, {}, NO_GROUP)

    def restore(self, roles: Mapping[str, ColumnRole], readings: Mapping[str, ColumnReading], group: str) -> None:
        """Take over the choices of an earlier import, for the columns that there will be."""
        self._roles, self._readings, self._chosen_group = dict(roles), dict(readings), group
        self._answered = set(readings)

    def forget_unsuited(self) -> list[ColumnProfile]:
        """Forget the roles that columns cannot have as they are read; return these columns."""
        unsuited = [column for column in self._columns if role_problem(column, self.role_of(column))]
        for column in unsuited:
            self._roles.pop(column.name, None)
        return unsuited

    def forget_plain(self) -> None:
        """Let readings be proposed anew for all columns whose reading is plain."""
        plain = [name for name, reading in self._readings.items() if reading == PLAIN]
        for name in plain:
            del self._readings[name]
        self._answered.difference_update(plain)

    def set_target(self, name: str) -> None:
        """Make this column the target; the group is none any more if it was this one."""
        self.target = name
        if name == self.group:
            self.group = self._chosen_group = NO_GROUP
        self._emit_changed()

    def set_group(self, name: str) -> None:
        self.group = self._chosen_group = name
        self._emit_changed()

    def use(self, rows: Iterable[int], role: ColumnRole) -> None:
        """Give the columns in these rows this role."""
        for row in rows:
            self._roles[self._columns[row].name] = role
        self._emit_changed()

    def answer(self, answers: Mapping[str, ColumnReading]) -> None:
        """Read these columns as the user has answered; the marks of missing values that they have stay."""
        self._answered |= answers.keys()
        self._read_as(
            {name: replace(reading, missing=self.reading_of(name).missing) for name, reading in answers.items()}
        )
        self._emit_changed()

    def count_as_missing(self, name: str, marks: tuple[str, ...] | None) -> None:
        """Let these marks, or None for those of the file, be missing values in the column.

        A date or a time stays one: a workbook's would become texts, since the cells are needed as such to find marks.
        """
        reading, kind = self.reading_of(name), self._columns[self._rows[name]].kind
        if reading.kind is None and kind not in (CellKind.NUMBER, CellKind.TEXT):
            reading = replace(reading, kind=kind)
        self._read_as({name: replace(reading, missing=marks)})

    def _read_as(self, chosen: Mapping[str, ColumnReading]) -> None:
        others = any(reading != self.reading_of(name) for name, reading in chosen.items())
        self._readings |= chosen
        if others:
            self.readings_chosen.emit()

    def _choose_type(self, row: int, key: str) -> None:
        column = self._columns[row]
        if key == self._type_of(column):
            return
        if self._roles.get(column.name) is not ColumnRole.IGNORE:
            self._roles.pop(column.name, None)  # a number that becomes a text cannot be used as a number
        self.answer({column.name: reading_as(key, self.reading_of(column.name), self.layout)})

    # What they come to

    def row_of(self, name: str) -> int | None:
        return self._rows.get(name)

    def names(self) -> list[str]:
        return list(self._rows)

    def role_of(self, column: ColumnProfile) -> ColumnRole:
        return self._roles.get(column.name, column.role)

    def reading_of(self, name: str) -> ColumnReading:
        """Return how the column is read, or will be as soon as that is done."""
        return self._readings.get(name) or self._columns[self._rows[name]].reading

    def readings(self) -> dict[str, ColumnReading]:
        """Return the readings that the user has chosen, of columns that there may be."""
        return dict(self._readings)

    def marks_of(self, name: str) -> tuple[str, ...]:
        """Return the marks that count as missing in the column."""
        return self.layout.marks_of(self.reading_of(name))

    def unread(self, sent: Mapping[str, ColumnReading]) -> dict[str, ColumnReading]:
        """Return the readings that are chosen, but are not those `sent` for or, without such, those of the table."""
        return {
            name: reading
            for name, reading in self._readings.items()
            if name in self._rows and reading != sent.get(name, self._columns[self._rows[name]].reading)
        }

    def roles(self) -> dict[str, ColumnRole]:
        """Return the role of every column but the target, in the file's order; the group is no feature."""
        roles = {column.name: self.role_of(column) for column in self._columns if column.name != self.target}
        if self.group in roles:
            roles[self.group] = ColumnRole.IGNORE
        return roles

    def recorded_roles(self) -> dict[str, ColumnRole]:
        """Return `roles`, but with the role that the group has as soon as rows are not kept together any more."""
        group = self._rows.get(self.group)
        roles = self.roles()
        if group is not None and self.group in roles and not role_problem(self._columns[group], self._role_at(group)):
            roles[self.group] = self._role_at(group)
        return roles

    def questions(self) -> list[ColumnProfile]:
        """Return the columns that can be read in several ways, until the user has answered."""
        return [column for column in self._columns if column.question and column.name not in self._answered]

    def problem(self) -> str:
        """Return a sentence on the first column that cannot have its role; empty if all columns can."""
        problems = (self._problem(column) for column in self._columns if self._is_feature(column))
        return next((problem for problem in problems if problem), "")

    def has_role(self, row: int) -> bool:
        """Return whether the column in this row is neither the target nor the group."""
        return self._is_feature(self._columns[row])

    def _is_feature(self, column: ColumnProfile) -> bool:
        return column.name != self.target and (self.group == NO_GROUP or column.name != self.group)

    def _role_at(self, row: int) -> ColumnRole:
        return self.role_of(self._columns[row])

    def _problem(self, column: ColumnProfile) -> str:
        return role_problem(column, self.role_of(column))

    def _type_of(self, column: ColumnProfile) -> str:
        return type_of(column, self.reading_of(column.name), self.layout)

    def _emit_changed(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(HEADERS) - 1))
        self.changed.emit()

    # Called by Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case _Role.DisplayRole:
                return HEADERS[section]
            case _Role.ToolTipRole:
                return _HELP[section]
            case _Role.TextAlignmentRole:
                return _alignment(section)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags, column, section = super().flags(index), self._columns[index.row()], index.column()
        editable = self._is_feature(column) if section == USE else section in (TYPE, MISSING) and not column.unusable
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def setData(self, index: Index, value: object, role: int = _Role.EditRole) -> bool:
        if role != _Role.EditRole or index.column() not in (TYPE, USE):
            return False
        if index.column() == TYPE:
            self._choose_type(index.row(), str(value))
        else:
            self.use([index.row()], ColumnRole(str(value)))
        return True

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        column, section = self._columns[index.row()], index.column()
        match role:
            case _Role.DisplayRole:
                return self._text(column, section)
            case _Role.EditRole if section == USE:
                return self.role_of(column).value
            case _Role.EditRole if section == TYPE:
                return self._type_of(column)
            case _Role.TextAlignmentRole:
                return _alignment(section)
            case _Role.FontRole:
                return bold_font() if column.name == self.target else None
            case _Role.ForegroundRole:
                return self._foreground(column)
            case _Role.ToolTipRole:
                return self._tool_tip(column, section)
        return None

    def _text(self, column: ColumnProfile, section: int) -> str:
        match section:
            case 0:
                return column.name
            case 1:
                return column.unusable or (self.reading_of(column.name).kind or column.kind).value
            case 2:
                return self._use_of(column)
            case 3:
                return f"{column.missing + column.odd:,}"
            case 4:
                return "" if column.unusable else f"{column.distinct:,}"
            case 5:
                return _range(column)
            case 6:
                return column.example
        return self._note(column)

    def _note(self, column: ColumnProfile) -> str:
        if self._is_wrong(column):
            return self._problem(column)
        return column.note if self.is_left_out(column) else column.note.removesuffix(LEFT_OUT)

    def _use_of(self, column: ColumnProfile) -> str:
        if column.name == self.target:
            return TARGET
        return ROLES[self.role_of(column)] if self._is_feature(column) else TOGETHER

    def _foreground(self, column: ColumnProfile) -> QColor | None:
        colours = self._theme.colours
        if column.name == self.target:
            return QColor(colours.text)
        if self._is_wrong(column):
            return QColor(colours.failed)
        return QColor(colours.faint_text) if self.is_left_out(column) else None

    def about(self, row: int) -> str:
        """Return all that there is to say about the column in this row: its note, and what fills its gaps."""
        column = self.columns[row]
        filled = f"A gap is filled with {column.filler}" if column.filler and not self.is_left_out(column) else ""
        parts = (self._text(column, NOTE), filled if self._is_feature(column) else "")
        return ". ".join(part for part in parts if part)

    def is_left_out(self, column: ColumnProfile) -> bool:
        """Return whether the column is a feature that is not used."""
        return self._is_feature(column) and self.role_of(column) is ColumnRole.IGNORE

    def _is_wrong(self, column: ColumnProfile) -> bool:
        return self._is_feature(column) and bool(self._problem(column))

    def _tool_tip(self, column: ColumnProfile, section: int) -> str:
        if section == MISSING and self.profile.rows:
            share = 100 * (column.missing + column.odd) / self.profile.rows
            filled = f"; a gap is filled with {column.filler}" if column.filler else ""
            return wrapped_tip(f"{share:.3g} % of the rows{filled}")
        return wrapped_tip(self._text(column, section))


def _range(column: ColumnProfile) -> str:
    if column.low is None or column.high is None:
        return ""
    in_words = _date if column.kind is CellKind.DATE else format_number
    low, high = in_words(column.low), in_words(column.high)
    return low if low == high else f"{low} … {high}"


def _date(days: float) -> str:
    """Return the date that lies so many days after 1970-01-01; the number if no calendar has it."""
    try:
        return str(date(1970, 1, 1) + timedelta(days=math.floor(days)))
    except OverflowError:
        return format_number(days)


def _alignment(section: int) -> Qt.AlignmentFlag:
    return RIGHT if section in (MISSING, DISTINCT, RANGE) else LEFT


def bold_font() -> QFont:
    """Return the font of the target."""
    font = QFont()
    font.setBold(True)
    return font
