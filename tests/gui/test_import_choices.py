"""What a user can say in the import dialog: types, marks, answers, remedies, groups, the format; and what is kept."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.tables.description import (
    ColumnProfile,
    CountAsMissing,
    CountAsValue,
    Finding,
    Findings,
    Gaps,
    KeepTogether,
    LeaveOut,
    MissingValues,
    PredictAs,
    ReadingChoice,
    Task,
)
from core.tables.inspection import (
    ColumnRead,
    CountGaps,
    DescribeTarget,
    LookForTraps,
    Progress,
    ReadColumn,
    ReadTable,
    Refused,
)
from core.tables.readings import PLAIN, CellKind, ColumnReading, DateOrder
from core.tables.table_format import RULES, FileKind, TableFormat
from gui.data_import.dialog import ImportDialog
from gui.data_import.encoding_field import known_encoding
from gui.data_import.findings_view import remedy_in_words
from gui.data_import.marks_editor import MarksEditor, marks_in_words
from gui.data_import.models import EXAMPLE, MISSING, RANGE, TYPE, USE
from gui.data_import.preview_model import MISSING_SIGN
from gui.data_import.types import TYPES, reading_as, type_of
from gui.widgets.theme import DARK, LIGHT, Appearance, Theme
from tests.importing import (
    CATEGORY,
    HOUSES,
    IGNORE,
    NUMBER,
    PRINT,
    CannedInspector,
    cell,
    choose,
    give,
    number,
    read,
    show_houses,
    target,
    text,
)

AS_TEXT = ColumnReading(kind=CellKind.TEXT)
BY_COMMA = ColumnReading(kind=CellKind.NUMBER, decimal_comma=True)
BY_POINT = ColumnReading(kind=CellKind.NUMBER, decimal_comma=False)
EDIT = Qt.ItemDataRole.EditRole


def choose_type(dialog: ImportDialog, row: int, label: str) -> None:
    key = next(key for key, named in TYPES if named == label)
    dialog.columns.model.setData(dialog.columns.model.index(row, TYPE), key, EDIT)


def preview(dialog: ImportDialog, row: int, column: int) -> str:
    return str(dialog.columns.preview.model().index(row, column).data())


def imported(dialog: ImportDialog, qtbot: QtBot) -> ImportedTable:
    with qtbot.waitSignal(dialog.imported) as signal:
        dialog.import_button.click()
    (table,) = signal.args
    assert isinstance(table, ImportedTable)
    return table


# Types


def test_that_the_range_of_dates_is_shown_as_dates(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    when = number("when", low=20148.3, high=20171.3, kind=CellKind.DATE)
    far = number("far", low=-1e9, high=1e9, kind=CellKind.DATE)
    give(inspector, qtbot, read(when, far, number("y")))
    assert [cell(dialog, row, RANGE) for row in range(2)] == ["2025-03-01 … 2025-03-24", "-1e9 … 1e9"]


def test_that_another_type_is_read_and_shown_at_once_and_recorded(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    assert (cell(dialog, 0, TYPE), cell(dialog, 1, TYPE)) == ("number", "text")

    choose_type(dialog, 0, "text")
    assert inspector.asked[-1] == ReadColumn("rooms", AS_TEXT)
    assert not dialog.import_button.isEnabled()
    as_text = text("rooms", kind=CellKind.TEXT, reading=AS_TEXT, example="01")
    give(inspector, qtbot, ColumnRead(as_text, ("01", "")))

    assert (cell(dialog, 0, TYPE), cell(dialog, 0, USE), cell(dialog, 0, EXAMPLE)) == ("text", "category", "01")
    assert (preview(dialog, 0, 0), preview(dialog, 1, 0)) == ("01", MISSING_SIGN)
    file = imported(dialog, qtbot).file
    assert (file.readings, file.columns["rooms"]) == ({"rooms": AS_TEXT}, CATEGORY)


def test_that_a_type_that_is_taken_back_while_it_is_read_is_taken_back(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    for label in ("text", "number with decimal point"):
        choose_type(dialog, 0, label)
    give(inspector, qtbot, ColumnRead(text("rooms", reading=AS_TEXT), ("1", "2")))
    as_number = ColumnReading(kind=CellKind.NUMBER)
    assert inspector.asked[-1] == ReadColumn("rooms", as_number)
    assert not dialog.import_button.isEnabled()
    give(inspector, qtbot, ColumnRead(number("rooms", reading=as_number), ("1", "2")))
    assert (cell(dialog, 0, TYPE), dialog.import_button.isEnabled()) == ("number", True)


def test_that_the_target_is_described_anew_when_its_type_changes(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    choose_type(dialog, 2, "text")
    give(inspector, qtbot, ColumnRead(text("price", reading=AS_TEXT), ("1", "2")))
    assert DescribeTarget("price") in inspector.asked[-2:]


def test_that_a_column_that_is_left_out_stays_left_out_with_another_type(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    dialog.columns.model.use([0], IGNORE)
    choose_type(dialog, 0, "text")
    give(inspector, qtbot, ColumnRead(text("rooms", reading=AS_TEXT), ("1", "2")))
    assert cell(dialog, 0, USE) == "left out"


def test_that_two_columns_can_be_read_anew_at_the_same_time(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    choose_type(dialog, 0, "text")
    choose_type(dialog, 1, "date: day, month, year")
    dates = ColumnReading(kind=CellKind.DATE, dates=DateOrder.DMY)
    assert inspector.asked[-2:] == [ReadColumn("rooms", AS_TEXT), ReadColumn("town", dates)]
    give(inspector, qtbot, ColumnRead(text("rooms", reading=AS_TEXT), ("1", "2")))
    assert not dialog.import_button.isEnabled()
    give(inspector, qtbot, ColumnRead(number("town", kind=CellKind.DATE, reading=dates), ("1", "2")))
    assert dialog.import_button.isEnabled()
    assert cell(dialog, 1, TYPE) == "date"


@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize(("key", "label"), TYPES)
def test_that_every_type_stands_for_a_reading_of_that_type(key: str, label: str, comma: bool) -> None:
    layout = TableFormat(decimal_comma=comma)
    before = ColumnReading(kind=CellKind.DATE, dates=DateOrder.MDY, missing=("x",))
    reading = reading_as(key, before, layout)
    assert type_of(text("a"), reading, layout) == key
    assert reading.missing == ("x",)
    assert label.startswith((reading.kind or CellKind.TEXT).value)


def test_that_numbers_written_as_in_the_file_follow_the_file() -> None:
    for comma in (False, True):
        layout = TableFormat(decimal_comma=comma)
        key = type_of(number("a"), PLAIN, layout)
        assert reading_as(key, AS_TEXT, layout) == ColumnReading(kind=CellKind.NUMBER)


# Marks of missing values


def test_that_a_columns_own_marks_are_edited_at_its_missing_cells(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(number("a"), number("b"), layout=TableFormat(missing=("NA", "?"))), target("b"))
    dialog.columns.columns.clicked.emit(dialog.columns.model.index(0, MISSING))
    qtbot.waitUntil(lambda: dialog.findChild(MarksEditor) is not None)
    editor = dialog.findChild(MarksEditor)
    assert editor is not None
    assert (editor.marks(), editor.as_in_file.isChecked()) == (("NA", "?"), True)
    assert "“a”" in editor.heading.text()

    QTest.keyClicks(editor.new, "-999")
    QTest.keyClick(editor.new, Qt.Key.Key_Return)
    own = ColumnReading(missing=("NA", "?", "-999"))
    assert inspector.asked[-1] == ReadColumn("a", own)
    assert not editor.as_in_file.isChecked()
    assert editor.isVisible()
    give(inspector, qtbot, ColumnRead(number("a", reading=own, missing=3), ("", "2")))
    assert cell(dialog, 0, MISSING) == "3"

    editor.list.setCurrentRow(0)
    editor.remove_button.click()
    assert inspector.asked[-1] == ReadColumn("a", ColumnReading(missing=("?", "-999")))
    give(inspector, qtbot, ColumnRead(number("a", reading=ColumnReading(missing=("?", "-999"))), ("1", "2")))
    editor.as_in_file.click()
    assert inspector.asked[-1] == ReadColumn("a", PLAIN)
    assert editor.marks() == ("NA", "?")


@pytest.mark.parametrize("kind", [CellKind.DATE, CellKind.TIME, CellKind.DURATION])
def test_that_a_date_or_a_time_stays_one_with_marks_of_its_own(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, kind: CellKind
) -> None:
    give(inspector, qtbot, read(number("a", kind=kind), number("b")), target("b"))
    dialog.columns.model.count_as_missing("a", ("-999",))
    assert inspector.asked[-1] == ReadColumn("a", ColumnReading(kind=kind, missing=("-999",)))


def test_that_the_files_marks_are_edited_in_its_format(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(number("a"), number("b"), layout=TableFormat(missing=("NA",))))
    dialog.format_row.marks_button.click()
    editor = dialog.findChild(MarksEditor)
    assert editor is not None
    assert not editor.as_in_file.isVisible()
    editor.new.setText(" k.A. ")
    editor.add_button.click()
    asked = inspector.asked[-1]
    assert isinstance(asked, ReadTable)
    assert asked.layout == TableFormat(missing=("NA", "k.A."))
    editor.close()


def test_that_marks_that_are_too_many_are_refused_with_a_sentence(qtbot: QtBot) -> None:
    editor = MarksEditor("this file", tuple(map(str, range(100))))
    qtbot.addWidget(editor)
    editor.new.setText("one more")
    editor.add_button.click()
    assert "up to 100 marks" in editor.problem.text()
    assert len(editor.marks()) == 100


def test_that_marks_are_told_in_a_line() -> None:
    assert marks_in_words(("NA", "?", "-")) == "NA, ?, -"
    assert marks_in_words(("",)) == "empty cells only"
    assert marks_in_words(("NA", "missing value"), 10) == "NA, …"


# Questions


def asked_about(name: str, proposed: ColumnReading = BY_COMMA) -> ColumnProfile:
    other = BY_POINT if proposed == BY_COMMA else BY_COMMA
    choices = (ReadingChoice("1.248 is 1248", proposed), ReadingChoice("1.248 is 1.248", other))
    return number(name, reading=proposed, question=f"“{name}”: a thousand, or one and a quarter?", choices=choices)


def test_that_two_readings_are_a_question_that_stays_until_it_is_answered(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(asked_about("rent"), number("y")), target("y"))
    (line,) = dialog.questions.lines
    assert dialog.questions.isVisible()
    assert line.sentence.text() == "“rent”: a thousand, or one and a quarter?"
    assert [button.text() for button in line.buttons] == ["✓ 1.248 is 1248", "1.248 is 1.248"]
    assert not dialog.questions.for_all.isVisible()
    assert dialog.import_button.isEnabled()  # the proposal holds

    line.buttons[1].click()
    assert inspector.asked[-1] == ReadColumn("rent", BY_POINT)
    assert not dialog.questions.isVisible()
    give(inspector, qtbot, ColumnRead(asked_about("rent", BY_POINT), ("1.248", "2")))
    assert not dialog.questions.isVisible()
    assert imported(dialog, qtbot).file.readings == {"rent": BY_POINT}


def test_that_the_proposal_is_confirmed_without_reading_anew(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(asked_about("rent"), number("y")), target("y"))
    dialog.questions.lines[0].buttons[0].click()
    assert not dialog.questions.isVisible()
    assert not any(isinstance(question, ReadColumn) for question in inspector.asked)

    dialog.format_row.quotes.click()  # the answer outlives another format
    give(inspector, qtbot, read(asked_about("rent"), number("y")))
    assert not dialog.questions.isVisible()


def test_that_many_questions_are_answered_at_once(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    rents = [asked_about(f"rent{n}") for n in range(6)]
    codes = text("code", question="Text or number?", choices=(ReadingChoice("text", AS_TEXT),))
    give(inspector, qtbot, read(*rents, codes, number("y")), target("y"))
    assert len(dialog.questions.lines) == 3
    assert dialog.questions.more.text() == "and 4 more columns like that"

    dialog.questions.for_all.click()
    dialog.questions.lines[1].buttons[1].click()
    asked = [question for question in inspector.asked if isinstance(question, ReadColumn)]
    assert sorted(question.column for question in asked) == [f"rent{n}" for n in range(6)]
    assert {question.reading for question in asked} == {BY_POINT}
    assert [line.sentence.text() for line in dialog.questions.lines] == [
        "“code”: Text or number?"
    ]  # has no such answer


def test_that_an_answer_keeps_the_columns_own_marks(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(asked_about("rent"), number("y")), target("y"))
    dialog.columns.model.count_as_missing("rent", ("-9",))
    assert dialog.questions.isVisible()
    dialog.questions.lines[0].buttons[1].click()
    assert dialog.columns.model.reading_of("rent") == ColumnReading(
        kind=CellKind.NUMBER, decimal_comma=False, missing=("-9",)
    )


# Findings


def test_that_nothing_found_is_nothing_shown_and_it_is_asked_again_at_each_change(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    roles = {"rooms": NUMBER, "town": CATEGORY}
    asked = LookForTraps("price", Task.REGRESSION, roles, "", 0.2)
    qtbot.waitUntil(lambda: asked in inspector.asked)
    give(inspector, qtbot, Findings(()))
    assert not dialog.findings.isVisible()
    dialog.columns.model.use([1], IGNORE)
    left = LookForTraps("price", Task.REGRESSION, {"rooms": NUMBER, "town": IGNORE}, "", 0.2)
    qtbot.waitUntil(lambda: left in inspector.asked)


def find(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, *findings: Finding, marks: tuple[str, ...] = ()
) -> None:
    columns = (number("rooms"), text("town"), number("price"))
    give(inspector, qtbot, read(*columns, layout=TableFormat(missing=marks)), target("price"))
    qtbot.waitUntil(lambda: any(isinstance(question, LookForTraps) for question in inspector.asked))
    give(inspector, qtbot, Findings(findings))
    assert dialog.findings.isVisible()


def test_that_a_finding_has_a_button_that_mends_it(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    leave = Finding(sentence="“rooms” nearly equals the target", column="rooms", remedy=LeaveOut())
    find(dialog, inspector, qtbot, leave, Finding(sentence="Three rows stand twice"))
    (button,) = dialog.findings.buttons
    assert button.text() == "Leave out"
    button.click()
    assert cell(dialog, 0, USE) == "left out"
    assert [finding.sentence for finding in dialog.findings.findings] == ["Three rows stand twice"]
    give(inspector, qtbot, Gaps(no_target=0, incomplete=0))


def test_that_marks_found_are_counted_as_missing_or_as_a_class(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    odd = Finding(sentence="4 cells are −999", column="rooms", remedy=CountAsMissing("-999"))
    swallowed = Finding(sentence="NA may be a class", column="town", remedy=CountAsValue("NA"))
    find(dialog, inspector, qtbot, odd, swallowed, marks=("NA", "?"))
    assert [remedy_in_words(finding) for finding in (odd, swallowed)] == [
        "Count -999 as missing",
        "Count NA as a class",
    ]
    for _ in range(2):
        dialog.findings.buttons[0].click()
    asked = [question for question in inspector.asked if isinstance(question, ReadColumn)]
    assert asked == [
        ReadColumn("rooms", ColumnReading(missing=("NA", "?", "-999"))),
        ReadColumn("town", ColumnReading(missing=("?",))),
    ]


def test_that_rows_are_kept_together_where_that_is_proposed(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    find(dialog, inspector, qtbot, Finding(sentence="Rows of a town", column="town", remedy=KeepTogether()))
    assert dialog.findings.buttons[0].text() == "Keep them together"
    dialog.findings.buttons[0].click()
    assert (dialog.target_view.group.value(), cell(dialog, 1, USE)) == ("town", "keep together")


def test_that_another_task_is_found_and_taken(dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot) -> None:
    classes = Finding(sentence="“price” has three values", column="price", remedy=PredictAs(Task.MULTICLASS))
    find(dialog, inspector, qtbot, classes)
    assert dialog.findings.buttons[0].text() == "Predict classes"
    dialog.findings.buttons[0].click()
    assert inspector.asked[-1] == DescribeTarget("price", Task.MULTICLASS)


def test_that_a_question_on_thousands_of_columns_waits_until_the_process_can_read_it(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(*(number(f"c{n}") for n in range(1000))), target("c999"))
    assert isinstance(inspector.asked[-1], CountGaps)
    asked = len(inspector.asked)
    qtbot.waitUntil(lambda: not dialog._traps.isActive())
    assert len(inspector.asked) == asked
    assert dialog.inspection.waiting
    give(inspector, qtbot, Gaps(no_target=0, incomplete=0))
    assert isinstance(inspector.asked[-1], LookForTraps)
    give(inspector, qtbot, Findings(()))
    assert not dialog.inspection.waiting


# Rows that are kept together


def test_that_the_group_is_chosen_here_and_is_no_feature(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    choose(dialog.target_view.group, "town")
    give(inspector, qtbot, Gaps(no_target=0, incomplete=4))

    assert cell(dialog, 1, USE) == "keep together"
    roles = {"rooms": NUMBER, "town": IGNORE}
    assert CountGaps("price", Task.REGRESSION, roles) in inspector.asked
    qtbot.waitUntil(lambda: LookForTraps("price", Task.REGRESSION, roles, "town", 0.2) in inspector.asked)
    made = imported(dialog, qtbot)
    assert made.group == "town"
    assert made.file.columns == {"rooms": NUMBER, "town": CATEGORY}  # a feature again when the form parts the rows


def test_that_a_group_that_becomes_the_target_keeps_nothing_together(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    choose(dialog.target_view.group, "town")
    choose(dialog.target_view.target, "town")
    assert dialog.target_view.group.value() == ""
    assert dialog.columns.model.group == ""


def test_that_the_only_feature_cannot_be_the_group(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(text("town"), number("price")), target("price"))
    choose(dialog.target_view.group, "town")
    assert dialog.problem.text() == "“town” keeps rows together: choose another column beside it"


@pytest.mark.parametrize("name", ["(group)", "target", "(file)", "keep together", "Every row for itself"])
def test_that_columns_may_be_called_as_our_own_things_are(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, name: str
) -> None:
    give(inspector, qtbot, read(text(name), number("x"), number("price")))
    choose(dialog.target_view.target, "price")
    give(inspector, qtbot, target(name), target("price"))
    assert cell(dialog, 0, USE) == "category"
    choose(dialog.target_view.group, name)
    assert cell(dialog, 0, USE) == "keep together"
    assert imported(dialog, qtbot).group == name


# The format


def test_that_the_format_has_all_switches(dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot) -> None:
    layout = TableFormat(rules=RULES, missing=("NA",))
    give(inspector, qtbot, read(number("a"), number("b"), layout=layout))
    row = dialog.format_row
    choose(row.separator, " ")
    choose(row.header, "2")
    row.skip.setValue(3)
    row.quotes.click()
    row.encoding.setEditText("ISO-8859-7")
    row.encoding.typed.editingFinished.emit()
    asked = inspector.asked[-1]
    assert isinstance(asked, ReadTable)
    assert asked.layout == TableFormat(
        rules=RULES, missing=("NA",), separator=" ", header_rows=2, skip=3, quotes=False, encoding="ISO-8859-7"
    )
    give(inspector, qtbot, read(number("a"), number("b"), layout=asked.layout))
    assert row.format() == asked.layout


@pytest.mark.parametrize("name", ["utf-88", "rot13", "hex", "undefined", "a\0b"])
def test_that_a_wrong_encoding_is_told_and_nothing_is_read(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, name: str
) -> None:
    give(inspector, qtbot, HOUSES)
    questions = len(inspector.asked)
    dialog.format_row.encoding.setEditText(name)
    dialog.format_row.encoding.typed.editingFinished.emit()
    assert "is not the name of an encoding" in dialog.format_row.problem.text()
    assert len(inspector.asked) == questions


def test_that_every_encoding_that_is_offered_is_one() -> None:
    from gui.data_import.encoding_field import _USUAL

    assert [known_encoding(value) for value, _label in _USUAL] == [value for value, _label in _USUAL]


def test_that_another_sheet_can_be_chosen_though_the_first_cannot_be_read(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    layout = TableFormat(kind=FileKind.EXCEL, rules=RULES)
    give(inspector, qtbot, Refused("Sheet “Notes” holds no table", layout, sheets=("Notes", "Readings")))
    assert dialog.format_row.sheet.isVisible()
    assert "sheet" in dialog.reading.advice.text()
    choose(dialog.format_row.sheet, "Readings")
    asked = inspector.asked[-1]
    assert isinstance(asked, ReadTable)
    assert asked.layout is not None
    assert asked.layout.sheet == "Readings"


@pytest.mark.parametrize("room", [QSize(1216, 684)])
def test_that_the_dialog_has_room_on_a_low_screen_with_all_that_it_can_show(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, room: QSize
) -> None:
    rents = [asked_about(f"rent{n}") for n in range(6)]
    give(inspector, qtbot, read(*rents, number("y"), notes=("a", "b", "c"), partial=True))
    give(inspector, qtbot, read(*rents, number("y"), notes=("a", "b", "c")), target("y", Task.BINARY, "A problem"))
    qtbot.waitUntil(lambda: any(isinstance(question, LookForTraps) for question in inspector.asked))
    give(inspector, qtbot, Findings(tuple(Finding(sentence="Found " * 40, remedy=LeaveOut()) for _ in range(9))))
    needed = dialog.minimumSizeHint()
    assert (needed.width(), needed.height()) <= (room.width(), room.height())
    assert needed.height() <= room.height()


# Large files


def test_that_the_first_rows_are_shown_while_all_are_read_and_choices_are_kept(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(*HOUSES.profile.columns, partial=True))
    assert dialog.columns.isVisible()
    assert dialog.work.isVisible()
    assert "All rows are being read" in dialog.import_button.toolTip()
    assert dialog.size_label.text() == "the first 100 rows × 3 columns"
    give(inspector, qtbot, Progress("Reading", 3, 10))
    assert (dialog.work.bar.value(), dialog.work.bar.maximum()) == (3, 10)
    assert dialog.work.doing.text() == "Reading all rows…"

    dialog.columns.model.use([0], IGNORE)
    choose_type(dialog, 1, "duration")
    choose(dialog.target_view.target, "rooms")
    choose(dialog.target_view.group, "town")
    assert len(inspector.asked) == 1  # the process is busy
    give(inspector, qtbot, read(*HOUSES.profile.columns, rows=2000))

    duration = ColumnReading(kind=CellKind.DURATION)
    assert inspector.asked[1:] == [DescribeTarget("rooms"), ReadColumn("town", duration)]
    assert not dialog.work.isVisible()
    assert dialog.size_label.text() == "2,000 rows × 3 columns"
    assert [cell(dialog, row, USE) for row in range(3)] == ["target", "keep together", "number"]
    give(inspector, qtbot, target("rooms"), ColumnRead(number("town", reading=duration), ("1", "2")))
    assert dialog.import_button.isEnabled()


# Changing an import


def houses(**more: object) -> ImportedTable:
    facts: dict[str, object] = {
        "path": "/somewhere/houses.csv",
        "layout": TableFormat(separator=";", rules=RULES, missing=("NA",)),
        "fingerprint": PRINT,
        "rows": 90,
        "target": "town",
        "task": Task.MULTICLASS,
        "columns": {"rooms": NUMBER, "price": IGNORE, "street": CATEGORY},
        "readings": {"rooms": BY_COMMA},
        "classes": 2,
        **more,
    }
    return ImportedTable(DataFile(**facts), MissingValues.DROP, "street")  # type: ignore[arg-type]


def reopen(before: ImportedTable, inspector: CannedInspector, theme: Theme, qtbot: QtBot) -> ImportDialog:
    dialog = ImportDialog(before.file.file_path, Path("/"), theme, inspector=inspector, before=before)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


AS_BEFORE = (number("rooms", reading=BY_COMMA), text("town"), number("price"), text("street"))


def test_that_an_import_is_changed_as_it_was_left(inspector: CannedInspector, theme: Theme, qtbot: QtBot) -> None:
    before = houses()
    dialog = reopen(before, inspector, theme, qtbot)
    readings = {"rooms": BY_COMMA, "price": PLAIN, "street": PLAIN, "town": PLAIN}
    assert inspector.asked == [ReadTable("/somewhere/houses.csv", before.file.layout, readings)]
    give(inspector, qtbot, read(*AS_BEFORE, layout=before.file.layout, rows=90))
    assert inspector.asked[-1] == DescribeTarget("town", Task.MULTICLASS)
    give(inspector, qtbot, target("town", Task.MULTICLASS), Gaps(no_target=0, incomplete=2))

    assert dialog.told.text() == ""
    assert not dialog.questions.isVisible()
    assert dialog.format_row.format() == before.file.layout
    assert imported(dialog, qtbot) == before


def test_that_what_is_gone_or_new_is_told_and_all_else_stays(
    inspector: CannedInspector, theme: Theme, qtbot: QtBot
) -> None:
    dialog = reopen(houses(), inspector, theme, qtbot)
    give(inspector, qtbot, read(text("town"), number("price"), number("floor")), target("town", Task.MULTICLASS))
    assert dialog.told.text() == (
        "“rooms” is no longer in the file: it was a number. "
        "“street” is no longer in the file: its rows were kept together. “floor” is new in the file"
    )
    made = imported(dialog, qtbot)
    assert (made.file.target, made.file.task, made.group) == ("town", Task.MULTICLASS, "")
    assert made.file.columns == {"price": IGNORE, "floor": NUMBER}
    assert made.missing is MissingValues.DROP


def test_that_a_target_that_is_gone_is_told_and_another_proposed(
    inspector: CannedInspector, theme: Theme, qtbot: QtBot
) -> None:
    dialog = reopen(houses(), inspector, theme, qtbot)
    give(inspector, qtbot, read(AS_BEFORE[0], number("price"), text("street")))
    assert "“town” is no longer in the file: it was the target" in dialog.told.text()
    assert inspector.asked[-1] == DescribeTarget("street")


def test_that_an_import_of_an_earlier_version_is_read_anew_and_that_is_told(
    inspector: CannedInspector, theme: Theme, qtbot: QtBot
) -> None:
    dialog = reopen(houses(layout=TableFormat(separator=";"), readings={}), inspector, theme, qtbot)
    assert inspector.asked == [ReadTable("/somewhere/houses.csv")]
    today = TableFormat(separator=";", rules=RULES, missing=("NA",))
    give(inspector, qtbot, read(*AS_BEFORE, layout=today), target("town", Task.MULTICLASS))
    assert "by the rules of an earlier version" in dialog.told.text()
    made = imported(dialog, qtbot)
    assert (made.file.layout, made.file.target, made.group) == (today, "town", "street")
    assert made.file.readings == {"rooms": BY_COMMA}  # as it is proposed today


def test_that_uses_that_todays_types_cannot_have_are_proposed_anew_and_that_is_told(
    inspector: CannedInspector, theme: Theme, qtbot: QtBot
) -> None:
    before = houses(layout=TableFormat(separator=";"), readings={}, columns={"rooms": NUMBER, "street": NUMBER})
    dialog = reopen(ImportedTable(before.file), inspector, theme, qtbot)
    empty = text("rooms", missing=100, distinct=0)
    give(inspector, qtbot, read(empty, text("town"), text("street"), partial=True))  # the first rows tell too little
    give(inspector, qtbot, read(number("rooms"), text("town"), text("street")), target("town", Task.MULTICLASS))
    assert dialog.told.text().endswith("“street” is text now: it was a number")
    assert [cell(dialog, row, USE) for row in range(3)] == ["number", "target", "category"]
    assert "rooms" not in dialog.told.text()
    assert dialog.import_button.isEnabled()


def test_that_the_sheet_of_an_earlier_version_is_kept(inspector: CannedInspector, theme: Theme, qtbot: QtBot) -> None:
    dialog = reopen(houses(layout=TableFormat(kind=FileKind.EXCEL, sheet="B")), inspector, theme, qtbot)
    today = TableFormat(kind=FileKind.EXCEL, rules=RULES, sheet="A")
    give(inspector, qtbot, read(number("a"), number("b"), layout=today, sheets=("A", "B")))
    asked = inspector.asked[-1]
    assert isinstance(asked, ReadTable)
    assert asked.layout == TableFormat(kind=FileKind.EXCEL, rules=RULES, sheet="B")
    assert dialog.reading.isVisible()


def test_that_in_another_format_only_what_is_not_plain_is_read_as_before(
    inspector: CannedInspector, theme: Theme, qtbot: QtBot
) -> None:
    before = houses()
    dialog = reopen(before, inspector, theme, qtbot)
    give(inspector, qtbot, read(*AS_BEFORE, layout=before.file.layout, rows=90))
    dialog.format_row.decimal_comma.click()
    layout = replace(before.file.layout, decimal_comma=True)
    assert inspector.asked[-1] == ReadTable("/somewhere/houses.csv", layout, {"rooms": BY_COMMA})
    dialog.format_row.encoding.setEditText("nothing")
    dialog.reading.again.emit()
    assert inspector.asked[-1] == ReadTable("/somewhere/houses.csv", layout, {"rooms": BY_COMMA})


def test_that_another_file_forgets_what_was_imported_before(
    inspector: CannedInspector, theme: Theme, qtbot: QtBot
) -> None:
    dialog = reopen(houses(), inspector, theme, qtbot)
    dialog.read(Path("/elsewhere.csv"))
    assert inspector.asked[-1] == ReadTable("/elsewhere.csv")
    give(inspector, qtbot, HOUSES)
    assert dialog.told.text() == ""
    assert [cell(dialog, row, USE) for row in range(3)] == ["number", "category", "target"]


# How it looks


@pytest.mark.parametrize(("appearance", "colours"), [(Appearance.LIGHT, LIGHT), (Appearance.DARK, DARK)])
def test_that_missing_cells_can_be_told_apart_in_light_and_dark(
    dialog: ImportDialog,
    inspector: CannedInspector,
    qtbot: QtBot,
    theme: Theme,
    appearance: Appearance,
    colours: object,
) -> None:
    show_houses(inspector, qtbot)
    dialog.columns.model.show_column(number("rooms"), ("", "2"))
    theme.set_appearance(appearance)
    model = dialog.columns.preview.model()
    brush = model.index(0, 0).data(Qt.ItemDataRole.BackgroundRole)
    assert brush.color().name() == getattr(colours, "past", "")
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Counts as missing"
    assert model.index(1, 0).data(Qt.ItemDataRole.BackgroundRole) is None
    theme.set_appearance(Appearance.LIGHT)
