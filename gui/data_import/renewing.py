"""Renewal: the file of an import is read again with the rows that it has now, as it was read before."""

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from core.datasets.data_file import DataFile
from core.datasets.imported_table import NO_GROUP, ImportedTable
from core.tables.description import ColumnRole, TargetProfile, role_problem
from core.tables.facts import facts_of
from core.tables.inspection import DescribeTarget, Progress, ReadTable, TableAnswer, TableRead
from core.words.tables import few_of, gone_in_words, new_in_words, odd_in_words, rows_in_words
from gui.data_import.inspecting import AnyTableInspector, Inspection
from gui.widgets.fields import plain_label

_LONG = 1000
"""Milliseconds after which the progress is shown."""


class Renewal(QObject):
    """Reads the file; the progress can be cancelled. Raises ChildLost.

    Signals: `renewed` (an ImportedTable, its TableFacts, and what has changed, as a sentence); `unsuited`: the choices
    of the import do not suit the file any more, so that the user must be asked; `ended` comes last, at a cancel too.
    """

    renewed = Signal(object, object, str)
    unsuited = Signal()
    ended = Signal()

    def __init__(self, before: ImportedTable, parent: QWidget, inspector: AnyTableInspector | None = None) -> None:
        super().__init__(parent)
        self._before = before
        self._table: TableRead | None = None
        self._doing = plain_label()
        self.progress = QProgressDialog(parent)
        self.progress.setWindowTitle("Import data")
        self.progress.setLabel(self._doing)
        self.progress.setWindowModality(Qt.WindowModality.WindowModal)
        self.progress.setAutoClose(False)
        self.progress.setAutoReset(False)
        self.progress.setMinimumDuration(_LONG)
        self.progress.setRange(0, 0)
        self.progress.canceled.connect(self.close)
        self._inspection = Inspection(inspector, self)
        self._inspection.answered.connect(self._on_answered)
        file = before.file
        self._inspection.ask(ReadTable(file.path, file.layout, file.all_readings))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._inspection.close()
        self.progress.canceled.disconnect(self.close)
        self.progress.close()
        self.progress.deleteLater()
        self.ended.emit()

    def _on_answered(self, answer: TableAnswer) -> None:
        match answer:
            case Progress():
                self._doing.setText(f"{answer.doing}…")
                self.progress.setMaximum(answer.steps)
                self.progress.setValue(answer.done)
            case TableRead(partial=True):
                pass
            case TableRead():
                self._look_at(answer)
            case TargetProfile(problem="") if self._table is not None:
                self._renew(self._table, answer)
            case _:
                self._give_up()

    def _look_at(self, table: TableRead) -> None:
        self._table, before = table, self._before
        columns = {column.name: column for column in table.profile.columns}
        needed = {before.file.target, *before.file.features, before.group} - {NO_GROUP}
        roles = {name: role for name, role in before.file.columns.items() if name != before.group}
        if needed <= columns.keys() and not any(
            role_problem(columns[name], role) for name, role in roles.items() if name in columns
        ):
            self._inspection.ask(DescribeTarget(before.file.target, before.file.task))
        else:
            self._give_up()

    def _renew(self, table: TableRead, target: TargetProfile) -> None:
        before, names = self._before, [column.name for column in table.profile.columns]
        file = _as_it_is_now(before.file, table, target, names)
        news = [f"{file.file_path.name} was read again: {rows_in_words(before.file.rows, file.rows)}"]
        news += odd_in_words(before.file, table.profile.columns)
        news += [*gone_in_words(before, names), *new_in_words(before, names, ", and left out")]
        self.close()
        facts = facts_of(file.rows, table.profile.columns, target)
        self.renewed.emit(ImportedTable(file, before.missing, before.group), facts, f"{few_of(news)}.")

    def _give_up(self) -> None:
        self.close()
        self.unsuited.emit()


def _as_it_is_now(file: DataFile, table: TableRead, target: TargetProfile, names: list[str]) -> DataFile:
    """Return the file with its rows of today; columns that it did not have are left out."""
    return replace(
        file,
        layout=table.layout,
        fingerprint=table.fingerprint,
        rows=table.profile.rows,
        columns={name: file.columns.get(name, ColumnRole.IGNORE) for name in names if name != file.target},
        readings={name: reading for name, reading in file.readings.items() if name in names},
        classes=target.class_count,
    )
