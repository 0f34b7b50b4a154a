"""The import dialog: the format of a file, its content, and how its columns are read and used."""

from pathlib import Path
from typing import assert_never

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from core.datasets.data_file import DataFile
from core.datasets.imported_table import NO_GROUP, ImportedTable
from core.errors import InvalidSetting
from core.tables.description import (
    ColumnRole,
    CountAsMissing,
    CountAsValue,
    Finding,
    Findings,
    Gaps,
    KeepTogether,
    LeaveOut,
    MissingValues,
    PredictAs,
    TargetProfile,
    Task,
    likely_target,
)
from core.tables.facts import TableFacts, facts_of
from core.tables.inspection import (
    ColumnRead,
    CountGaps,
    DescribeTarget,
    LookForTraps,
    Progress,
    ReadColumn,
    ReadTable,
    Refused,
    TableAnswer,
    TableRead,
)
from core.tables.readings import PLAIN, ColumnReading
from core.tables.table_format import FIRST_RULES, SUFFIXES
from core.words.tables import READ_ANEW, few_of, gone_in_words, new_in_words, other_uses_in_words
from gui.data_import.inspecting import AnyTableInspector, Inspection
from gui.data_import.placing import DialogParts
from gui.widgets.fields import give_tip
from gui.widgets.theme import Theme

DATA_FILES = f"Tables ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"
_MAX_NOTES = 2
_MAX_NAME_WIDTH = 480
USUAL_SHARE = 0.2
ALL_ROWS = "Reading all rows"
_MANY = 16
"""From so many columns on it is faster to read the whole file again than each of them."""
_PAUSE = 250
"""Milliseconds without a change after which traps are looked for: that takes longer than the other questions."""


class ImportDialog(QDialog):
    """Makes an ImportedTable from a table in a file.

    Signal `imported` (an ImportedTable): the user has accepted; its file is then also in `data_file`, and what is known
    of its columns in `facts`. `folder` is the folder of the last chosen file, for the next time. Raises ChildLost.
    """

    help_page = "import"
    """The page of help on it."""
    imported = Signal(object)

    def __init__(
        self,
        path: Path,
        folder: Path,
        theme: Theme,
        parent: QWidget | None = None,
        inspector: AnyTableInspector | None = None,
        before: ImportedTable | None = None,
        held_out: float = USUAL_SHARE,
    ) -> None:
        """Read the file; with an import `before` its choices are kept. `held_out` is the share that trains nothing."""
        super().__init__(parent)
        self.folder = folder
        self.data_file: DataFile | None = None
        self.facts: TableFacts | None = None
        self._path = path
        self._before: ImportedTable | None = None
        self._held_out = held_out
        self._table: TableRead | None = None
        self._target: TargetProfile | None = None
        self._wanted = ""
        """The column that is to be the target as soon as it is there; empty for the likeliest one."""
        self._task: Task | None = None
        """The task that the user has chosen for the target; None for the likeliest one."""
        self._sent: dict[str, ColumnReading] = {}
        """The readings that were asked for."""
        self.setWindowTitle("Import data")
        self.inspection = Inspection(inspector, self)
        self._parts = parts = DialogParts(self, theme)
        self.name, self.size_label, self.other_file = parts.name, parts.size_label, parts.other_file
        self.format_row, self.told, self.notes = parts.format_row, parts.told, parts.notes
        self.questions, self.work, self.reading = parts.questions, parts.work, parts.reading
        self.columns, self.target_view, self.missing_view = parts.columns, parts.target_view, parts.missing_view
        self.findings = parts.target_view.findings
        self.problem, self.import_button = parts.problem, parts.import_button
        self._traps = QTimer(self, singleShot=True, interval=_PAUSE)
        self._connect()
        if before is None:
            self.read(path)
        else:
            self._change(before)

    def _connect(self) -> None:
        model = self.columns.model
        self.inspection.answered.connect(self._on_answered)
        self.other_file.clicked.connect(self._choose_file)
        self.format_row.changed.connect(self._read_in_format)
        self.reading.again.connect(self._read_again)
        self.questions.answered.connect(model.answer)
        model.readings_chosen.connect(self._read_columns)
        model.changed.connect(self._on_changed)
        self.target_view.target_chosen.connect(self.set_target)
        self.target_view.task_chosen.connect(self.set_task)
        self.target_view.group_chosen.connect(model.set_group)
        self.findings.remedy_chosen.connect(self._mend)
        self.import_button.clicked.connect(self.accept)
        self._traps.timeout.connect(self._look_for_traps)

    # Reading

    def read(self, path: Path) -> None:
        """Read this file in the format that is detected."""
        self._before, self._wanted, self._task = None, "", None
        self.columns.model.forget_choices()
        self._begin(path)
        self._ask_for_table(ReadTable(str(path)))

    def _change(self, before: ImportedTable) -> None:
        """Read a file again as it was imported before; what was read by the first rules is read anew by today's."""
        self._before, self._wanted, self._task = before, before.file.target, before.file.task
        anew = before.file.layout.rules == FIRST_RULES
        readings = {} if anew else before.file.all_readings  # plain ones too: they are not to be proposed anew
        self.columns.model.restore(before.file.columns, readings, before.group)
        self.missing_view.set_value(before.missing)
        self._begin(before.file.file_path)
        self._ask_for_table(ReadTable(before.file.path, None if anew else before.file.layout, readings))

    def _begin(self, path: Path) -> None:
        self._path = path
        self.format_row.forget()
        self.told.say("")
        self.name.setText(self.name.fontMetrics().elidedText(path.name, Qt.TextElideMode.ElideMiddle, _MAX_NAME_WIDTH))
        give_tip(self.name, str(path))

    def _read_in_format(self) -> None:
        """Read the file in the format that the user has changed: what was plain before may not be so in it."""
        self.columns.model.forget_plain()
        self._read_again()

    def _read_again(self) -> None:
        try:
            layout = None if self.format_row.isHidden() else self.format_row.format()
        except InvalidSetting:
            return  # the row says so
        self._ask_for_table(ReadTable(str(self._path), layout, self.columns.model.readings()))

    def _ask_for_table(self, question: ReadTable) -> None:
        self._table = self._target = None
        self._sent = dict(question.readings)
        self._clear()
        self.reading.show_progress(Progress(f"Reading {self._path.name}"))
        self._parts.show_page(self.reading)
        self.inspection.ask(question)
        self._show_state()

    def _clear(self) -> None:
        self._traps.stop()
        self.size_label.say("")
        self.notes.say("")
        self.work.end()
        self.questions.show_questions(())
        self.findings.show_findings(())

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
                self._show_progress(answer)
            case TableRead():
                self._show_table(answer)
            case ColumnRead():
                self._show_column(answer)
            case TargetProfile():
                self._show_target(answer)
            case Gaps():
                self.missing_view.show_gaps(answer)
            case Findings():
                self.findings.show_findings(answer.findings)
            case Refused():
                self._show_refusal(answer)
            case _:
                assert_never(answer)
        if not self.inspection.waiting:
            self.work.end()

    def _show_progress(self, progress: Progress) -> None:
        if self._table is None:
            self.reading.show_progress(progress)
        else:
            self.work.show_progress(replace(progress, doing=ALL_ROWS) if self._table.partial else progress)

    def _show_table(self, table: TableRead) -> None:
        if self._sheet_to_restore(table):
            return
        self._table, self._target = table, None
        profile, model = table.profile, self.columns.model
        names = [column.name for column in profile.columns]
        self.format_row.show_format(table.layout, table.sheets)
        first = "the first " if table.partial else ""
        self.size_label.say(f"{first}{profile.rows:,} rows × {len(names):,} columns")
        self.notes.say(few_of(profile.notes, _MAX_NOTES))
        if table.partial:
            self._show_progress(Progress(ALL_ROWS))
            self.work.show()
        else:
            self.work.end()
        model.show(profile, table.layout)
        self._tell_of_changes(names)
        self._take_target(self._wanted if self._wanted in names else likely_target(profile.columns))
        self._parts.show_table()
        if not table.partial:
            self._read_columns()

    def _sheet_to_restore(self, table: TableRead) -> bool:
        """Read the sheet that was chosen under the first rules, if another one is proposed now."""
        sheet = "" if self._before is None else self._before.file.layout.sheet
        if self._before is None or self._before.file.layout.rules != FIRST_RULES or not self.format_row.isHidden():
            return False
        if sheet in ("", table.layout.sheet) or sheet not in table.sheets:
            return False
        self.format_row.show_format(table.layout, table.sheets)
        self.format_row.sheet.set_value(sheet)
        self._read_again()
        return True

    def _tell_of_changes(self, names: list[str]) -> None:
        """Say what differs from the import whose choices are kept."""
        if self._before is None:
            return
        before = self._before
        anew: tuple[str, ...] = ()
        if before.file.layout.rules == FIRST_RULES:
            partial = self._table is not None and self._table.partial
            unsuited = [] if partial else self.columns.model.forget_unsuited()
            anew = (READ_ANEW, *other_uses_in_words(before, unsuited))
        self.told.say(few_of((*gone_in_words(before, names), *new_in_words(before, names), *anew), 4))

    def _show_column(self, answer: ColumnRead) -> None:
        self.columns.model.show_column(answer.profile, answer.cells, more=self.inspection.reading)
        if answer.profile.name == self.columns.model.target:
            self._describe_target(self._task)

    def _show_refusal(self, refused: Refused) -> None:
        self._table = self._target = None
        if refused.layout is not None:
            self.format_row.show_format(refused.layout, refused.sheets)
        self._clear()
        kind = None if self.format_row.isHidden() else self.format_row.kind
        self.reading.show_refusal(refused.sentence, kind)
        self._parts.show_page(self.reading)
        self._show_state()

    def _show_target(self, target: TargetProfile) -> None:
        self._target = target
        self.target_view.show_target(target)
        self._ask_of_rows()
        self._show_state()

    # Choices

    def set_target(self, name: str) -> None:
        """Make this column the target, with the task that its values suggest."""
        self._wanted, self._task = name, None
        self._take_target(name)

    def set_task(self, task: Task) -> None:
        """Give the target this task. Both are kept when the file is read in another format."""
        self._wanted = self.columns.model.target
        self._describe_target(task)

    def _take_target(self, name: str) -> None:
        model = self.columns.model
        self.target_view.show_columns(model.names(), name, NO_GROUP if name == model.group else model.group)
        self.findings.show_findings(())
        model.set_target(name)
        self._describe_target(self._task if name == self._wanted else None)

    def _describe_target(self, task: Task | None) -> None:
        self._target, self._task = None, task
        self.target_view.show_target(None)
        self.missing_view.show_gaps(None)
        if self._table is not None and not self._table.partial:
            self.inspection.ask(DescribeTarget(self.columns.model.target, task))
        self._show_state()

    def _read_columns(self) -> None:
        """Read the columns that are to be read in another way: as soon as all rows are there, or all anew if many."""
        if self._table is None or self._table.partial:
            return
        model, sent = self.columns.model, self._sent
        unread = model.unread(sent)
        if len(unread) > _MANY:
            self._ask_for_table(ReadTable(str(self._path), self._table.layout, model.readings()))
            return
        for name, reading in unread.items():
            sent[name] = reading
            self.inspection.ask(ReadColumn(name, reading))
        self._show_state()

    def _mend(self, finding: Finding) -> None:
        """Do what a finding proposes."""
        model, name = self.columns.model, finding.column or self.columns.model.target
        row = model.row_of(name)
        if row is None:
            return
        match finding.remedy:
            case LeaveOut():
                model.use([row], ColumnRole.IGNORE)
            case CountAsMissing(mark=mark):
                model.count_as_missing(name, (*model.marks_of(name), mark))
            case CountAsValue(mark=mark):
                model.count_as_missing(name, tuple(known for known in model.marks_of(name) if known != mark))
            case PredictAs(task=task):
                self.set_task(task)
            case KeepTogether():
                model.set_group(name)
                self.target_view.group.set_value(name)
            case None:
                pass
            case _:
                assert_never(finding.remedy)

    def _on_changed(self) -> None:
        self.questions.show_questions(self.columns.model.questions())
        self._ask_of_rows()
        self._show_state()

    def _ask_of_rows(self) -> None:
        """Ask what depends on the target and on all columns, as soon as they are read as they are to be."""
        if self._target is not None and not self.inspection.reading:
            roles = self.columns.model.roles()
            self.inspection.ask(CountGaps(self._target.name, self._target.task, roles))
            self._traps.start()

    def _look_for_traps(self) -> None:
        if self._target is not None:
            model, target = self.columns.model, self._target
            self.inspection.ask(LookForTraps(target.name, target.task, model.roles(), model.group, self._held_out))

    # The result

    def accept(self) -> None:
        """Make the ImportedTable, unless something is wrong."""
        try:
            self.data_file = self._make()
        except InvalidSetting:
            return
        if self._table is not None and self._target is not None:
            self.facts = facts_of(self._table.profile.rows, self.columns.model.columns, self._target)
        made = ImportedTable(self.data_file, MissingValues(self.missing_view.value()), self.columns.model.group)
        super().accept()
        self.imported.emit(made)

    def done(self, result: int) -> None:
        self._traps.stop()
        self.inspection.close()
        super().done(result)

    def _make(self) -> DataFile:
        if self._table is None:
            raise InvalidSetting("", self.reading.sentence)
        if self._table.partial:
            raise InvalidSetting("", "All rows are being read")
        if self._target is None or self.inspection.reading:
            raise InvalidSetting("", "A column is being looked at")
        model = self.columns.model
        problem = self._target.problem or model.problem()
        if problem:
            raise InvalidSetting("", problem)
        file = DataFile(
            path=str(self._path.absolute()),
            layout=self._table.layout,
            fingerprint=self._table.fingerprint,
            rows=self._table.profile.rows,
            target=self._target.name,
            task=self._target.task,
            columns=model.recorded_roles(),
            readings={column.name: column.reading for column in model.columns if column.reading != PLAIN},
            classes=self._target.class_count,
        )
        if set(file.features) == {model.group}:
            raise InvalidSetting("", f"“{model.group}” keeps rows together: choose another column beside it")
        return file

    def _show_state(self) -> None:
        """Say why the file cannot be imported: in the tool tip, and below too if the target is known."""
        try:
            self._make()
        except InvalidSetting as error:
            problem = error.message
        else:
            problem = ""
        self.problem.say(problem if self._target is not None and not self.inspection.reading else "")
        self.import_button.setEnabled(not problem)
        give_tip(self.import_button, problem)
