"""The import dialog: what it shows of a file, what it lets the user change, and what it makes of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.children.process import ChildBug
from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.tables.description import (
    Gaps,
    MissingValues,
    Task,
)
from core.tables.fingerprint import fingerprint
from core.tables.inspection import (
    CountGaps,
    DescribeTarget,
    Progress,
    ReadTable,
    Refused,
    TableInspector,
)
from core.tables.table_format import FileKind, TableFormat
from gui.data_import.dialog import ImportDialog
from gui.data_import.models import EXAMPLE, MISSING, NAME, NOTE, RANGE, USE, bold_font
from gui.widgets.fields import ChoiceField
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

# Reading


def test_that_the_file_is_read_at_once_and_its_progress_shown(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, tmp_path: Path
) -> None:
    assert inspector.asked == [ReadTable(str(tmp_path / "houses.csv"))]
    assert dialog.reading.bar.maximum() == 0  # it only moves
    assert not dialog.import_button.isEnabled()
    assert "Reading houses.csv" in dialog.import_button.toolTip()

    give(inspector, qtbot, Progress("Looking at the columns", 3, 20))

    assert (dialog.reading.bar.value(), dialog.reading.bar.maximum()) == (3, 20)
    assert dialog.reading.doing.text() == "Looking at the columns…"


def test_that_a_table_is_shown_with_its_size_its_columns_and_its_first_rows(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)

    assert dialog.size_label.text() == "100 rows × 3 columns"
    assert [cell(dialog, row, NAME) for row in range(3)] == ["rooms", "town", "price"]
    assert [cell(dialog, row, USE) for row in range(3)] == ["number", "category", "target"]
    assert (cell(dialog, 0, MISSING), cell(dialog, 2, RANGE)) == ("4", "-2.5 … 7")
    preview = dialog.columns.preview.model()
    assert (preview.rowCount(), preview.columnCount()) == (2, 3)
    assert preview.index(1, 0).data() == "2"
    assert dialog.columns.isVisible()


def test_that_of_the_format_only_what_applies_to_the_kind_of_file_is_shown(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    row = dialog.format_row
    fields = (row.separator, row.decimal_comma, row.header, row.encoding, row.sheet)
    for layout, sheets, shown in (
        (TableFormat(), (), (True, True, True, True, False)),
        (TableFormat(kind=FileKind.EXCEL, sheet="2024"), ("2023", "2024"), (False, True, True, False, True)),
        (TableFormat(kind=FileKind.HTML), (), (False, True, True, True, False)),
        (TableFormat(kind=FileKind.PARQUET), (), (False,) * 5),
    ):
        dialog.read(Path("other"))
        give(inspector, qtbot, read(number("a"), number("b"), layout=layout, sheets=sheets))
        assert tuple(field.isVisible() for field in fields) == shown
        assert row.format() == layout


def test_that_a_change_of_the_format_reads_the_file_again_in_that_format(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, tmp_path: Path
) -> None:
    give(inspector, qtbot, read(number("a"), number("b"), layout=TableFormat(encoding="mac_cyrillic")))
    path = str(tmp_path / "houses.csv")

    choose(dialog.format_row.header, "0")
    assert inspector.asked[-1] == ReadTable(path, TableFormat(encoding="mac_cyrillic", header=False))
    assert dialog.reading.isVisible()
    choose(dialog.format_row.separator, ";")
    assert inspector.asked[-1] == ReadTable(path, TableFormat(encoding="mac_cyrillic", header=False, separator=";"))
    choose(dialog.format_row.encoding, "latin-1")
    assert inspector.asked[-1] == ReadTable(path, TableFormat(encoding="latin-1", header=False, separator=";"))


def test_that_any_other_sign_can_be_the_separator(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, HOUSES)
    questions = len(inspector.asked)

    choose(dialog.format_row.separator, "")
    assert dialog.format_row.other.isVisible()
    assert len(inspector.asked) == questions  # nothing is typed yet
    QTest.keyClicks(dialog.format_row.other, "~")
    QTest.keyClick(dialog.format_row.other, Qt.Key.Key_Tab)

    asked = inspector.asked[-1]
    assert isinstance(asked, ReadTable)
    assert asked.layout == TableFormat(separator="~")


def test_that_a_refused_file_is_a_sentence_and_can_be_read_in_another_format(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, Refused("houses.csv is not text in the encoding utf-8", TableFormat()))

    assert dialog.reading.problem.text() == "houses.csv is not text in the encoding utf-8"
    assert dialog.reading.problem.isVisible()
    assert not dialog.import_button.isEnabled()
    assert "not text in the encoding" in dialog.import_button.toolTip()
    choose(dialog.format_row.encoding, "cp1252")
    asked = inspector.asked[-1]
    assert isinstance(asked, ReadTable)
    assert asked.layout == TableFormat(encoding="cp1252")
    give(inspector, qtbot, HOUSES)
    assert dialog.columns.isVisible()


def test_that_a_file_that_is_no_table_offers_no_format_but_to_read_it_again(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, tmp_path: Path
) -> None:
    give(inspector, qtbot, HOUSES)
    dialog.read(tmp_path / "empty.csv")
    give(inspector, qtbot, Refused("empty.csv is empty"))

    assert not dialog.format_row.isVisible()
    dialog.reading.button.click()
    assert inspector.asked[-1] == ReadTable(str(tmp_path / "empty.csv"))


def test_that_a_fault_of_ours_in_the_process_ends_the_waiting_and_reaches_the_crash_box(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    with qtbot.captureExceptions() as raised:
        inspector.answers.append(ChildBug("Traceback …"))
        qtbot.waitUntil(lambda: bool(dialog.reading.problem.text()))
    assert [kind for kind, _error, _trace in raised] == [ChildBug]
    assert "fault in Afina" in dialog.reading.problem.text()


def test_that_what_is_odd_about_the_table_is_said_but_not_thousands_of_times(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, read(number("a"), number("b"), notes=("One", "Two", "Three", "Four")))
    assert dialog.notes.text() == "One. Two. And 2 more like that"


# The target


def test_that_the_task_is_the_one_that_was_found_and_can_be_changed(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, HOUSES)
    assert inspector.asked[-1] == DescribeTarget("price")
    assert not dialog.target_view.task.isEnabled()
    give(inspector, qtbot, target("price"))
    assert dialog.target_view.task.value() == Task.REGRESSION

    choose(dialog.target_view.task, Task.BINARY)
    assert DescribeTarget("price", Task.BINARY) in inspector.asked
    give(inspector, qtbot, target("price", Task.BINARY, "“price” has 9 values; a yes-or-no target has two"))

    assert dialog.problem.text() == "“price” has 9 values; a yes-or-no target has two"
    assert not dialog.import_button.isEnabled()
    assert "yes-or-no" in dialog.import_button.toolTip()


def test_that_another_target_is_described_and_the_former_one_is_a_feature_again(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    choose(dialog.target_view.target, "town")

    assert [cell(dialog, row, USE) for row in range(3)] == ["number", "target", "number"]
    assert inspector.asked[-1] == DescribeTarget("town")
    assert not dialog.import_button.isEnabled()
    assert dialog.missing_view.hint.text() == ""  # not counted yet
    give(inspector, qtbot, target("town", Task.BINARY))
    assert dialog.import_button.isEnabled()


def test_that_only_the_answer_to_the_last_of_quick_choices_is_shown(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    for name in ("rooms", "town", "price"):
        choose(dialog.target_view.target, name)
    assert [q.column for q in inspector.asked if isinstance(q, DescribeTarget)] == ["price", "rooms"]

    give(inspector, qtbot, target("rooms"))
    assert inspector.asked[-1] == DescribeTarget("price")
    assert not dialog.import_button.isEnabled()
    give(inspector, qtbot, target("price"))
    assert dialog.import_button.isEnabled()


def test_that_the_chart_is_described_in_words(dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot) -> None:
    show_houses(inspector, qtbot)
    chart = dialog.target_view.chart
    assert chart.accessibleDescription() == "100 numbers from 0 to 2"
    assert chart.currentWidget() is chart.histogram

    choose(dialog.target_view.target, "town")
    assert chart.currentWidget() is chart.nothing
    give(inspector, qtbot, target("town", Task.BINARY))
    assert chart.accessibleDescription() == "yes: 75 (75.0 %), no: 25 (25.0 %)"
    assert chart.currentWidget() is chart.classes


@pytest.mark.parametrize(("appearance", "colours"), [(Appearance.LIGHT, LIGHT), (Appearance.DARK, DARK)])
@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_that_the_chart_is_drawn_in_the_colours_of_the_theme(
    dialog: ImportDialog,
    inspector: CannedInspector,
    qtbot: QtBot,
    theme: Theme,
    task: Task,
    appearance: Appearance,
    colours: object,
) -> None:
    give(inspector, qtbot, HOUSES)
    give(inspector, qtbot, target("price", task))
    theme.set_appearance(appearance)
    picture = dialog.target_view.chart.grab().toImage()
    found = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(0, picture.height(), 3)}
    assert {getattr(colours, "training", ""), getattr(colours, "base", "")} <= found
    theme.set_appearance(Appearance.LIGHT)


# Columns


def test_that_a_click_on_a_role_opens_the_list_of_roles(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[ChoiceField] = []
    monkeypatch.setattr(
        ChoiceField, "showPopup", lambda field: opened.append(field)
    )  # offscreen it cannot take the keyboard
    show_houses(inspector, qtbot)
    view = dialog.columns.columns
    view.clicked.emit(dialog.columns.model.index(0, USE))
    qtbot.waitUntil(lambda: len(opened) == 1)
    editor = opened[0]
    assert editor.value() == NUMBER
    choose(editor, IGNORE)

    assert cell(dialog, 0, USE) == "left out"
    assert inspector.asked[-1] == CountGaps("price", Task.REGRESSION, {"rooms": IGNORE, "town": CATEGORY})


def test_that_many_columns_get_a_role_at_once_but_never_the_target(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    button = dialog.columns.role_buttons[IGNORE]
    assert not button.isEnabled()
    dialog.columns.columns.selectAll()
    button.click()

    assert [cell(dialog, row, USE) for row in range(3)] == ["left out", "left out", "target"]
    assert dialog.problem.text() == "All columns are left out: choose at least one as a feature"
    assert not dialog.import_button.isEnabled()


def test_that_a_role_that_a_column_cannot_have_is_said_in_its_row_and_below(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    dialog.columns.model.use([1], NUMBER)

    sentence = "“town” is text, so it cannot be used as a number"
    assert (dialog.problem.text(), cell(dialog, 1, NOTE)) == (sentence, sentence)
    assert not dialog.import_button.isEnabled()
    dialog.columns.model.use([1], CATEGORY)
    assert dialog.problem.text() == ""
    assert dialog.import_button.isEnabled()


def test_that_choices_outlive_another_format_but_not_another_file(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, tmp_path: Path
) -> None:
    show_houses(inspector, qtbot)
    dialog.columns.model.use([0], IGNORE)
    choose(dialog.target_view.target, "town")

    dialog.format_row.decimal_comma.click()
    give(inspector, qtbot, HOUSES)
    assert [cell(dialog, row, USE) for row in range(3)] == ["left out", "target", "number"]

    dialog.read(tmp_path / "other.csv")
    give(inspector, qtbot, HOUSES)
    assert cell(dialog, 0, USE) == "number"


def test_that_the_task_outlives_another_format_though_the_target_was_proposed(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    choose(dialog.target_view.task, Task.MULTICLASS)
    give(inspector, qtbot, target("price", Task.MULTICLASS))

    dialog.format_row.quotes.click()
    give(inspector, qtbot, HOUSES)
    assert inspector.asked[-1] == DescribeTarget("price", Task.MULTICLASS)


def test_that_the_group_comes_back_with_its_column(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    choose(dialog.target_view.group, "town")
    choose(dialog.format_row.header, "0")
    give(inspector, qtbot, read(number("column 1"), number("column 2"), number("column 3")))
    assert dialog.columns.model.group == dialog.target_view.group.value() == ""

    choose(dialog.format_row.header, "1")
    give(inspector, qtbot, HOUSES)
    assert dialog.columns.model.group == dialog.target_view.group.value() == "town"


def test_that_a_group_that_became_the_target_does_not_come_back(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    choose(dialog.target_view.group, "town")
    choose(dialog.target_view.target, "town")
    choose(dialog.target_view.target, "price")
    dialog.format_row.quotes.click()
    give(inspector, qtbot, HOUSES)
    assert dialog.columns.model.group == dialog.target_view.group.value() == ""


def test_that_the_whole_note_of_the_current_column_stands_below_the_table(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    long = "Names of the rows, different in each of them, which say nothing about new rows: left out"
    first = msgspec.structs.replace(number("rooms"), filler="the median, about 4.5")
    give(inspector, qtbot, read(first, msgspec.structs.replace(text("name", IGNORE), note=long), number("y")))
    assert dialog.columns.about.text() == "“rooms”: A gap is filled with the median, about 4.5"
    dialog.columns.columns.setCurrentIndex(dialog.columns.model.index(1, NOTE))
    assert dialog.columns.about.text() == f"“name”: {long}"
    choose(dialog.target_view.group, "name")
    assert dialog.columns.about.text() == f"“name”: {long.removesuffix(': left out')}"
    dialog.columns.columns.setCurrentIndex(dialog.columns.model.index(2, NOTE))
    assert dialog.columns.about.text() == ""


def test_that_the_rows_with_gaps_are_counted_for_the_choice_of_what_becomes_of_them(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    assert dialog.missing_view.hint.text() == "4 rows have a gap in a feature"
    assert dialog.missing_view.choice.isEnabled()
    assert "the median of the training rows" in dialog.missing_view.filling.text()
    dialog.missing_view.choice.set_value(MissingValues.DROP)
    assert dialog.missing_view.filling.text() == ""

    dialog.columns.model.use([0], IGNORE)
    give(inspector, qtbot, Gaps(no_target=1, incomplete=0))

    expected = "No row has a gap in a feature; 1 row has no target and will be left out"
    assert dialog.missing_view.hint.text() == expected
    assert not dialog.missing_view.choice.isEnabled()


def test_that_thousands_of_columns_are_shown(dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot) -> None:
    give(inspector, qtbot, read(*(number(f"c{n}") for n in range(5000))))
    assert dialog.columns.model.rowCount() == dialog.target_view.target.count() == 5000
    assert dialog.columns.model.target == "c4999"


# The result


def test_that_the_fields_of_a_column_are_as_wide_as_their_texts_and_the_note_has_the_rest(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    wide = number("price", -1234.5, 98765, example="2025-03-01 08:00:00")
    give(inspector, qtbot, read(number("rooms"), number("town"), wide))
    choose(dialog.target_view.target, "price")
    choose(dialog.target_view.group, "town")
    header, metrics = dialog.columns.columns.horizontalHeader(), QFontMetrics(bold_font())
    for section in (NAME, USE, RANGE, EXAMPLE):
        texts = [str(cell(dialog, row, section)) for row in range(3)]
        assert max(metrics.horizontalAdvance(text) for text in texts) < header.sectionSize(section) - 14
    wide_note = header.sectionSize(NOTE)
    give(inspector, qtbot, read(number("a"), number("b"), number("price", example="1")))
    assert header.sectionSize(NOTE) > wide_note


def test_that_importing_gives_the_file_as_it_was_set_up(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot, tmp_path: Path
) -> None:
    show_houses(inspector, qtbot)
    choose(dialog.missing_view.choice, MissingValues.DROP)
    with qtbot.waitSignal(dialog.imported) as imported:
        dialog.import_button.click()

    expected = DataFile(
        path=str(tmp_path / "houses.csv"),
        layout=TableFormat(),
        fingerprint=PRINT,
        rows=100,
        target="price",
        task=Task.REGRESSION,
        columns={"rooms": NUMBER, "town": CATEGORY},
    )
    assert imported.args == [ImportedTable(expected, MissingValues.DROP)]
    assert dialog.data_file == expected
    assert inspector.closed
    assert not dialog.isVisible()


def test_that_escape_gives_up_at_once_even_while_reading(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(dialog.imported):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (dialog.isVisible(), inspector.closed, dialog.data_file) == (False, True, None)


def test_that_return_imports_only_what_can_be_imported(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    give(inspector, qtbot, HOUSES)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    dialog.accept()
    assert dialog.isVisible()
    give(inspector, qtbot, target("price"))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert dialog.data_file is not None


def test_that_every_field_has_a_name_and_every_label_with_a_key_leads_to_a_field(
    dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot
) -> None:
    show_houses(inspector, qtbot)
    keys = []
    for label in dialog.findChildren(QLabel):
        if "&" in label.text():
            assert label.buddy() is not None, label.text()
            keys.append(key_of(label.text()))
    buttons = [button.text() for button in dialog.findChildren(QPushButton) if "&" in button.text()]
    boxes = [box.text() for box in dialog.findChildren(QCheckBox)]
    keys += [key_of(words) for words in (*buttons, *boxes)]
    assert len(keys) == len(set(keys)), sorted(keys)
    named = (dialog.columns.preview, dialog.columns.columns, *dialog.findChildren(ChoiceField))
    assert all(widget.accessibleName() for widget in named)


def key_of(words: str) -> str:
    return words[words.index("&") + 1].lower()


# With the real process


def real(path: Path, theme: Theme, qtbot: QtBot) -> ImportDialog:
    dialog = ImportDialog(path, path.parent, theme)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def wait(dialog: ImportDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.inspection.waiting, timeout=60_000)


ROWS = 40
HOSTILE = {
    "constant target": ("x,y\n" + "".join(f"{n},7\n" for n in range(ROWS)), "“y” is 7 in every row"),
    "one class": ("x,y\n" + "".join(f"{n},yes\n" for n in range(ROWS)), "“y” is yes in every row"),
    "three rows": ("x,y\n1,2\n3,4\n5,6\n", "“y” has a value in 3 rows only"),
    "no feature": ("y\n" + "".join(f"{n}\n" for n in range(ROWS)), "There is no column beside the target"),
    "no rows": ("x,y\n", "holds no rows"),
    "nothing": ("", "is empty"),
    "no text": ("\x00\x01\x02\x81\x8d" * 300, "is not a text file"),
    "10,000 columns": (",".join(map(str, range(10_000))) + "\n1\n", "has 10,000 columns"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_that_a_file_that_cannot_be_used_gets_a_sentence(kind: str, qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    content, sentence = HOSTILE[kind]
    path = tmp_path / "t.csv"
    path.write_bytes(content.encode("latin-1"))
    dialog = real(path, theme, qtbot)
    wait(dialog, qtbot)

    assert sentence in (dialog.problem.text() or dialog.reading.problem.text())
    assert not dialog.import_button.isEnabled()
    assert dialog.import_button.toolTip()
    dialog.reject()


@pytest.mark.slow
def test_that_a_table_with_every_blemish_is_imported_with_notes(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    path = tmp_path / "t.csv"
    lines = (f"{n if n % 9 else 'unknown'};{n},5;;{'ab'[n % 2]}" for n in range(ROWS))
    path.write_bytes("Größe;Größe;leer;Class\n".encode("cp1252") + "\n".join(lines).encode())
    dialog = real(path, theme, qtbot)
    wait(dialog, qtbot)

    assert "stands more than once" in dialog.notes.text()
    assert dialog.missing_view.hint.text() == "5 rows have a gap in a feature"
    dialog.import_button.click()
    data = dialog.data_file
    assert data is not None
    assert (data.target, data.task, data.rows) == ("Class", Task.BINARY, ROWS)
    assert data.columns == {"Größe": NUMBER, "Größe (2)": NUMBER, "leer": IGNORE}
    assert data.fingerprint == fingerprint(path)
    assert (data.layout.separator, data.layout.decimal_comma) == (";", True)


@pytest.mark.slow
def test_that_arrays_are_imported(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    path = tmp_path / "t.npz"
    np.savez(path, x=np.arange(80.0).reshape(40, 2), y=np.arange(40) % 2)
    dialog = real(path, theme, qtbot)
    wait(dialog, qtbot)
    dialog.import_button.click()
    assert dialog.data_file is not None
    assert dialog.data_file.features == ("x_0", "x_1")


@pytest.mark.slow
def test_that_a_process_that_dies_while_reading_is_a_sentence_and_the_file_can_be_read_again(
    qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "".join(f"{n},{n % 2}\n" for n in range(ROWS)))
    inspector = TableInspector()
    os.kill(inspector.pid, signal.SIGKILL)
    dialog = ImportDialog(path, path.parent, theme, inspector=inspector)
    qtbot.addWidget(dialog)
    dialog.show()
    wait(dialog, qtbot)
    assert "the process that reads it was lost" in dialog.reading.problem.text()

    dialog.reading.button.click()
    wait(dialog, qtbot)
    assert dialog.import_button.isEnabled()
    os.kill(inspector.pid, signal.SIGKILL)
    dialog.set_target("x")  # the table went with the process
    wait(dialog, qtbot)
    assert dialog.reading.problem.isVisible()
    dialog.reject()


@pytest.mark.slow
def test_that_cancel_ends_a_reading_that_would_never_end(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,y\n1,2\n")
    inspector = TableInspector()
    pid = inspector.pid
    os.kill(pid, signal.SIGSTOP)  # as where a disk does not answer
    dialog = ImportDialog(path, path.parent, theme, inspector=inspector)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.inspection.waiting
    dialog.reject()
    assert not dialog.isVisible()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.slow
def test_that_a_pipe_is_refused_at_once(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    os.mkfifo(tmp_path / "never.csv")
    dialog = real(tmp_path / "never.csv", theme, qtbot)
    wait(dialog, qtbot)
    assert dialog.reading.problem.text() == f"never.csv in {tmp_path} is no file that can be read"
    dialog.reject()


READS_A_FILE = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from gui.app import make_application
from gui.data_import.dialog import ImportDialog
from gui.widgets.theme import Theme

app = make_application(["afina"])
dialog = ImportDialog(Path(sys.argv[1]), Path("."), Theme())
dialog.open()
loop, timer = QEventLoop(), QTimer()
timer.timeout.connect(lambda: dialog.inspection.waiting or loop.quit())
timer.start(20)
loop.exec()
assert dialog.import_button.isEnabled(), dialog.problem.text()
dialog.import_button.click()
print(sorted({name.partition(".")[0] for name in sys.modules} & {"polars", "fastexcel", "sklearn", "keras", "scipy"}))
"""


@pytest.mark.slow
def test_that_the_windows_process_never_loads_what_reads_tables(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "".join(f"{n},{n % 2}\n" for n in range(ROWS)))
    root = Path(__file__).resolve().parents[2]
    told = subprocess.run(
        [sys.executable, "-c", READS_A_FILE, str(path)], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert (told.returncode, told.stdout.strip()) == (0, "[]"), told.stderr
