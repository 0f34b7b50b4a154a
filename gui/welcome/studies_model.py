"""The rows of the list of studies, as a Qt model, and what finds one of them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from core.letters import revealed
from core.study.catalogue import Listed
from core.words.studies import best_in_words, data_in_words, name_in_words, state_in_words, when_in_words
from gui.widgets.fields import wrapped_tip

COLUMNS = ("Name", "Data", "Best", "State", "When")
NAME, DATA, BEST, STATE, WHEN = range(len(COLUMNS))
PARTS = Qt.ItemDataRole.UserRole
"""The role of a cell's two parts, which are drawn one after the other: the number and its metric, mark and words."""
Index = QModelIndex | QPersistentModelIndex
_NONE = "–"


class StudiesModel(QAbstractTableModel):
    """The studies, each in a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studies: list[Listed] = []
        self._cells: list[tuple[tuple[str, str], ...]] = []

    def set_studies(self, studies: Sequence[Listed], now: datetime) -> None:
        """Show these studies; `now` is the time by which days are told."""
        self.beginResetModel()
        self._studies = list(studies)
        self._cells = [_cells(listed, now) for listed in studies]
        self.endResetModel()

    def study(self, row: int) -> Listed:
        return self._studies[row]

    def row_of(self, path: Path) -> int:
        """Return the row of the study in that file, -1 if there is none."""
        return next((row for row, listed in enumerate(self._studies) if listed.path == path), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as Qt declares it
        return 0 if parent.isValid() else len(self._studies)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as Qt declares it
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        listed, parts = self._studies[index.row()], self._cells[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(filter(None, parts))
            case Qt.ItemDataRole.AccessibleTextRole:
                return parts[1] if index.column() == STATE else " ".join(filter(None, parts))
            case Qt.ItemDataRole.ToolTipRole:
                whole = "" if index.column() in (NAME, WHEN) else " ".join(filter(None, parts))
                return wrapped_tip(revealed(listed.trouble or whole or str(listed.path), kept=""))
            case _:
                return parts if role == PARTS else None


def _cells(listed: Listed, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the two parts of each cell."""
    glance = listed.glance
    state = state_in_words(glance, running=listed.running)
    name = name_in_words("" if glance is None else glance.name, listed.path.stem)
    best = ("", "") if glance is None else best_in_words(glance)
    return (
        (name, ""),
        (_NONE if glance is None else data_in_words(glance.settings), ""),
        best if best[0] else (_NONE, ""),
        (state.mark, state.words),
        (when_in_words(listed.when, now), ""),
    )


class FoundStudies(QSortFilterProxyModel):
    """The rows in whose name, data, state or file all the words are found."""

    def __init__(self, model: StudiesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words: list[str] = []
        self.setSourceModel(model)

    def find(self, text: str) -> None:
        """Show only the rows that have all the words of the text in them."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def study(self, index: QModelIndex) -> Listed:
        return self._model.study(self.mapToSource(index).row())

    def index_of(self, path: Path) -> QModelIndex:
        """Return the index of the study in that file; an invalid one if it is not shown."""
        return self.mapFromSource(self._model.index(self._model.row_of(path), NAME))

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        cells = (self._model.index(source_row, column).data() for column in (NAME, DATA, STATE))
        text = " ".join((*cells, self._model.study(source_row).path.stem)).casefold()
        return all(word in text for word in self._words)
