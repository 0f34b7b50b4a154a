"""The table models of the import dialog: the file's first rows, and its columns with their roles."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from core.formatting import format_number
from core.tables.description import ColumnProfile, ColumnRole, TableProfile, role_problem
from gui.widgets.fields import plain_tip, wrapped_tip
from gui.widgets.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOTHING = TableProfile(rows=0, columns=(), preview=())

HEADERS = ("Column", "Use as", "Missing", "Distinct", "Range", "Note")
NAME, USE, MISSING, DISTINCT, RANGE, NOTE = range(len(HEADERS))
_HELP = (
    "",
    "What the column is to the model",
    "Cells without a value",
    "How many different values there are",
    "The smallest and the largest number",
    "What is odd about the column",
)
TARGET = "target"


class ColumnsModel(QAbstractTableModel):
    """The columns of a table, one per row. Signal `changed`: the user, or a new target, has changed their roles.

    `target` is the name of the column to predict. The user's choices are kept by column name when the file is read in
    another format.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.profile = _NOTHING
        self.target = ""
        self._theme = theme
        self._chosen: dict[str, ColumnRole] = {}

    def show(self, profile: TableProfile) -> None:
        """Show another table, or the same one read in another format; it has no target yet."""
        self.beginResetModel()
        self.profile, self.target = profile, ""
        self.endResetModel()

    def forget_choices(self) -> None:
        self._chosen.clear()

    def set_target(self, name: str) -> None:
        self.target = name
        self._emit_changed()

    def role_of(self, column: ColumnProfile) -> ColumnRole:
        return self._chosen.get(column.name, column.role)

    def roles(self) -> dict[str, ColumnRole]:
        """Return the role of every column but the target, in the file's order."""
        return {column.name: self.role_of(column) for column in self.profile.columns if column.name != self.target}

    def problem(self) -> str:
        """Return a sentence on the first column that cannot have its role; empty if all columns can."""
        problems = (self._problem(column) for column in self.profile.columns if column.name != self.target)
        return next((problem for problem in problems if problem), "")

    def use(self, rows: Iterable[int], role: ColumnRole) -> None:
        """Give the columns in these rows this role."""
        for row in rows:
            self._chosen[self.profile.columns[row].name] = role
        self._emit_changed()

    def is_target(self, row: int) -> bool:
        return self.profile.columns[row].name == self.target

    def _problem(self, column: ColumnProfile) -> str:
        return role_problem(column, self.role_of(column))

    def _emit_changed(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(HEADERS) - 1))
        self.changed.emit()

    # Called by Qt

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.profile.columns)

    def columnCount(self, parent: Index = _ROOT) -> int:
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
        flags = super().flags(index)
        editable = index.column() == USE and not self.is_target(index.row())
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def setData(self, index: Index, value: object, role: int = _Role.EditRole) -> bool:
        if role != _Role.EditRole or index.column() != USE:
            return False
        self.use([index.row()], ColumnRole(str(value)))
        return True

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        column, section = self.profile.columns[index.row()], index.column()
        match role:
            case _Role.DisplayRole:
                return self._text(column, section)
            case _Role.EditRole if section == USE:
                return self.role_of(column).value
            case _Role.TextAlignmentRole:
                return _alignment(section)
            case _Role.FontRole:
                return _font(bold=column.name == self.target)
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
                return TARGET if column.name == self.target else self.role_of(column).value
            case 2:
                return f"{column.missing + column.odd:,}"
            case 3:
                return "" if column.unusable else f"{column.distinct:,}"
            case 4:
                return _range(column)
        return self._problem(column) if self._is_wrong(column) else column.note

    def _foreground(self, column: ColumnProfile) -> QColor | None:
        colours = self._theme.colours
        if column.name == self.target:
            return QColor(colours.text)
        if self._is_wrong(column):
            return QColor(colours.failed)
        return QColor(colours.faint_text) if self.role_of(column) is ColumnRole.IGNORE else None

    def _is_wrong(self, column: ColumnProfile) -> bool:
        return column.name != self.target and bool(self._problem(column))

    def _tool_tip(self, column: ColumnProfile, section: int) -> str:
        if section == MISSING and self.profile.rows:
            share = 100 * (column.missing + column.odd) / self.profile.rows
            return f"{share:.3g} % of the rows"
        return wrapped_tip(self._text(column, section))


class PreviewModel(QAbstractTableModel):
    """The first rows of a table as text; the target's column is bold, ignored columns are faint."""

    def __init__(self, columns: ColumnsModel, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._theme = theme
        columns.modelAboutToBeReset.connect(self.beginResetModel)
        columns.modelReset.connect(self.endResetModel)
        columns.changed.connect(self._emit_changed)

    def _emit_changed(self) -> None:
        last = self.columnCount() - 1
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, last))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns.profile.preview)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns.profile.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == _Role.DisplayRole else None
        column = self._columns.profile.columns[section]
        match role:
            case _Role.DisplayRole:
                return column.name
            case _Role.ToolTipRole:
                return wrapped_tip(column.name)
            case _Role.FontRole:
                return _font(bold=column.name == self._columns.target)
            case _Role.TextAlignmentRole:
                return _RIGHT if column.low is not None else _LEFT
        return None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        column = self._columns.profile.columns[index.column()]
        is_target = column.name == self._columns.target
        match role:
            case _Role.DisplayRole:
                return self._columns.profile.preview[index.row()][index.column()]
            case _Role.ToolTipRole:
                return plain_tip(self._columns.profile.preview[index.row()][index.column()])
            case _Role.TextAlignmentRole:
                return _RIGHT if column.low is not None else _LEFT
            case _Role.FontRole:
                return _font(bold=is_target)
            case _Role.ForegroundRole if not is_target and self._columns.role_of(column) is ColumnRole.IGNORE:
                return QColor(self._theme.colours.faint_text)
        return None


def _range(column: ColumnProfile) -> str:
    if column.low is None or column.high is None:
        return ""
    low, high = (format_number(value) for value in (column.low, column.high))
    return low if low == high else f"{low} … {high}"


def _alignment(section: int) -> Qt.AlignmentFlag:
    return _RIGHT if section in (MISSING, DISTINCT, RANGE) else _LEFT


def _font(*, bold: bool) -> QFont | None:
    if not bold:
        return None
    font = QFont()
    font.setBold(True)
    return font
