"""The table model of a file's first rows, as they are read."""

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush, QColor

from core.tables.description import ColumnProfile
from gui.data_import.models import LEFT, RIGHT, ROOT, ColumnsModel, Index, bold_font
from gui.widgets.fields import plain_tip, wrapped_tip
from gui.widgets.theme import Theme

_Role = Qt.ItemDataRole
MISSING_SIGN = "–"
_MISSING = "Counts as missing"


class PreviewModel(QAbstractTableModel):
    """The first rows of a table as text: the target's column is bold, columns left out are faint.

    A cell that counts as missing is hatched and has a dash.
    """

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

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns.profile.preview)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == _Role.DisplayRole else None
        column = self._columns.columns[section]
        match role:
            case _Role.DisplayRole:
                return column.name
            case _Role.ToolTipRole:
                return wrapped_tip(column.name)
            case _Role.FontRole:
                return bold_font() if column.name == self._columns.target else None
            case _Role.TextAlignmentRole:
                return _alignment(column)
        return None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        column = self._columns.columns[index.column()]
        text = self._text(index)
        match role:
            case _Role.DisplayRole:
                return text or MISSING_SIGN
            case _Role.ToolTipRole:
                return plain_tip(text or _MISSING)
            case _Role.AccessibleTextRole:
                return text or _MISSING
            case _Role.TextAlignmentRole:
                return _alignment(column)
            case _Role.FontRole if column.name == self._columns.target:
                return bold_font()
            case _Role.ForegroundRole if self._columns.is_left_out(column):
                return QColor(self._theme.colours.faint_text)
        return None if text else self._look_of_missing(role)

    def _look_of_missing(self, role: int) -> object:
        match role:
            case _Role.ForegroundRole:
                return QColor(self._theme.colours.faint_text)
            case _Role.BackgroundRole:
                return QBrush(QColor(self._theme.colours.past), Qt.BrushStyle.BDiagPattern)
        return None

    def _text(self, index: Index) -> str:
        cells = self._columns.cells[index.column()]
        return cells[index.row()] if index.row() < len(cells) else ""


def _alignment(column: ColumnProfile) -> Qt.AlignmentFlag:
    return RIGHT if column.low is not None else LEFT
