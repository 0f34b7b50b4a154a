"""The import dialog: the format of a file, its content, and the roles of its columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.datasets.data_file import DataFile
from core.errors import InvalidSetting
from core.tables.description import Gaps, MissingValues, TargetProfile, Task, likely_target
from core.tables.inspection import CountGaps, DescribeTarget, Progress, ReadTable, Refused, TableAnswer, TableRead
from core.tables.table_format import SUFFIXES
from gui.data_import.columns_view import ColumnsView
from gui.data_import.format_row import FormatRow
from gui.data_import.inspecting import AnyTableInspector, Inspection
from gui.data_import.missing_view import MissingView
from gui.data_import.reading_page import ReadingPage
from gui.data_import.target_view import TargetView
from gui.widgets.fields import hint_label, plain_label, problem_label, wrapped_tip
from gui.widgets.theme import Theme

DATA_FILES = f"Tables ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"
_MAX_NOTES = 2
_MAX_NAME_WIDTH = 480
_SIZE = 1400, 860


class ImportDialog(QDialog):
    """Makes a DataFile from a table in a file.

    Signal `imported` (a DataFile, a MissingValues): the user has accepted; both are then also in `data_file` and
    `missing`. `folder` is the folder of the last chosen file, for the next time. Raises ChildLost.
    """

    imported = Signal(object, object)

    def __init__(
        self,
        path: Path,
        folder: Path,
        theme: Theme,
        parent: QWidget | None = None,
        inspector: AnyTableInspector | None = None,
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self.data_file: DataFile | None = None
        self.missing = MissingValues.IMPUTE
        self._path = path
        self._table: TableRead | None = None
        self._target: TargetProfile | None = None
        self.setWindowTitle("Import data")
        self.inspection = Inspection(inspector, self)

        self.name = plain_label()
        self.size_label = hint_label()
        self.size_label.setWordWrap(False)
        self.other_file = QPushButton("&Other file…")
        self.format_row = FormatRow()
        self.notes = hint_label()
        self.reading = ReadingPage()
        self.columns = ColumnsView(theme)
        self.target_view = TargetView(theme)
        self.missing_view = MissingView()
        self.problem = problem_label()
        self.import_button = QPushButton("&Import")
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self.read(path)

    def _connect(self) -> None:
        self.inspection.answered.connect(self._on_answered)
        self.other_file.clicked.connect(self._choose_file)
        self.format_row.changed.connect(self._read_again)
        self.reading.again.connect(self._read_again)
        self.columns.model.changed.connect(self._roles_changed)
        self.target_view.target_chosen.connect(self.set_target)
        self.target_view.task_chosen.connect(self._describe_target)
        self.import_button.clicked.connect(self.accept)

    # Reading

    def read(self, path: Path) -> None:
        """Read this file in the format that is detected."""
        self._path = path
        self.columns.model.forget_choices()
        self.format_row.hide()  # it may show the format of another file
        self.name.setText(self.name.fontMetrics().elidedText(path.name, Qt.TextElideMode.ElideMiddle, _MAX_NAME_WIDTH))
        self.name.setToolTip(wrapped_tip(str(path)))
        self._ask_for_table(ReadTable(str(path)))

    def _read_again(self) -> None:
        layout = None if self.format_row.isHidden() else self.format_row.format()
        self._ask_for_table(ReadTable(str(self._path), layout))

    def _ask_for_table(self, question: ReadTable) -> None:
        self._table = self._target = None
        self.size_label.say("")
        self.notes.say("")
        self.reading.show_progress(Progress(f"Reading {self._path.name}"))
        self._pages.setCurrentWidget(self.reading)
        self.inspection.ask(question)
        self._show_state()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Import data", str(self._path.parent), DATA_FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.open()

    def _on_file_selected(self, name: str) -> None:
        self.folder = Path(name).parent
        self.read(Path(name))

    # Answers

    def _on_answered(self, answer: TableAnswer) -> None:
        match answer:
            case Progress():
                self.reading.show_progress(answer)
            case TableRead():
                self._show_table(answer)
            case TargetProfile():
                self._show_target(answer)
            case Gaps():
                self.missing_view.show_gaps(answer)
            case Refused():
                self._show_refusal(answer)
            case _:
                assert_never(answer)

    def _show_table(self, table: TableRead) -> None:
        self._table = table
        profile = table.profile
        self.format_row.show_format(table.layout, table.sheets)
        self.size_label.say(f"{profile.rows:,} rows × {len(profile.columns):,} columns")
        self.notes.say(_joined(profile.notes))
        before = self.columns.model.target
        names = [column.name for column in profile.columns]
        self.columns.model.show(profile)
        self.set_target(before if before in names else likely_target(profile.columns))
        self.target_view.show_columns(names, self.columns.model.target)
        self._pages.setCurrentIndex(1)

    def _show_refusal(self, refused: Refused) -> None:
        self._table = self._target = None
        if refused.layout is not None:
            self.format_row.show_format(refused.layout)
        self.size_label.say("")
        self.notes.say("")
        self.reading.show_refusal(refused.sentence, changeable=not self.format_row.isHidden())
        self._pages.setCurrentWidget(self.reading)
        self._show_state()

    def _show_target(self, target: TargetProfile) -> None:
        self._target = target
        self.target_view.show_target(target)
        self._count_gaps()
        self._show_state()

    # Choices

    def set_target(self, name: str) -> None:
        """Make this column the target."""
        self.columns.model.set_target(name)
        self._describe_target(None)

    def _describe_target(self, task: Task | None) -> None:
        self._target = None
        self.target_view.show_target(None)
        self.missing_view.show_gaps(None)
        self.inspection.ask(DescribeTarget(self.columns.model.target, task))
        self._show_state()

    def _roles_changed(self) -> None:
        self._count_gaps()
        self._show_state()

    def _count_gaps(self) -> None:
        if self._target is not None:
            roles = self.columns.model.roles()
            self.inspection.ask(CountGaps(self._target.name, self._target.task, roles))

    # The result

    def accept(self) -> None:
        """Make the DataFile, unless something is wrong."""
        try:
            self.data_file = self._make()
        except InvalidSetting:
            return
        self.missing = self.missing_view.value()
        super().accept()
        self.imported.emit(self.data_file, self.missing)

    def done(self, result: int) -> None:
        self.inspection.close()
        super().done(result)

    def _make(self) -> DataFile:
        if self._table is None:
            raise InvalidSetting("", self.reading.sentence)
        if self._target is None:
            raise InvalidSetting("", "The target is being looked at")
        problem = self._target.problem or self.columns.model.problem()
        if problem:
            raise InvalidSetting("", problem)
        return DataFile(
            path=str(self._path.absolute()),
            layout=self._table.layout,
            fingerprint=self._table.fingerprint,
            rows=self._table.profile.rows,
            target=self._target.name,
            task=self._target.task,
            columns=self.columns.model.roles(),
        )

    def _show_state(self) -> None:
        """Say why the file cannot be imported: in the tool tip, and below too if the target is known."""
        try:
            self._make()
        except InvalidSetting as error:
            problem = error.message
        else:
            problem = ""
        self.problem.say(problem if self._target is not None else "")
        self.import_button.setEnabled(not problem)
        self.import_button.setToolTip(wrapped_tip(problem))

    # Placing

    def _lay_out(self) -> None:
        heading = QFont(self.name.font())
        heading.setBold(True)
        self.name.setFont(heading)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.other_file.setAutoDefault(False)
        self._pages.addWidget(self.reading)
        self._pages.addWidget(self._make_table_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addLayout(self._make_heading())
        layout.addWidget(self.format_row)
        layout.addWidget(self.notes)
        layout.addSpacing(4)
        layout.addWidget(self._pages, 1)
        layout.addSpacing(4)
        layout.addLayout(self._make_buttons())
        room = self.screen().availableSize() * 0.95
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))

    def _make_heading(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.name)
        line.addWidget(self.size_label)
        line.addStretch()
        line.addWidget(self.other_file)
        return line

    def _make_table_page(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.target_view, 1)
        column.addSpacing(8)
        column.addWidget(self.missing_view)
        page = QSplitter(Qt.Orientation.Horizontal)
        page.addWidget(self.columns)
        page.addWidget(side)
        page.setChildrenCollapsible(False)
        page.setSizes([860, 330])
        page.setStretchFactor(0, 1)
        return page

    def _make_buttons(self) -> QHBoxLayout:
        self.import_button.setDefault(True)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.problem, 1)
        buttons.addStretch()
        buttons.addSpacing(12)
        buttons.addWidget(self.import_button)
        buttons.addWidget(cancel)
        return buttons


def _joined(notes: Sequence[str]) -> str:
    hidden = len(notes) - _MAX_NOTES
    return ". ".join([*notes[:_MAX_NOTES], *([f"And {hidden:,} more like that"] if hidden > 0 else [])])
