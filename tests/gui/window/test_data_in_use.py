"""An imported file that is in use: its columns are changed as they were left, and it is used as it is now."""

from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.datasets.changes import change_of
from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.datasets.settings import DataSettings
from core.tables.description import MissingValues, Task
from core.tables.fingerprint import fingerprint
from core.tables.inspection import DescribeTarget, ReadTable, Refused
from core.tables.readings import PLAIN, ColumnReading
from core.tables.table_format import RULES, TableFormat
from core.words.tables import few_of, rows_in_words
from gui.data_import.dialog import ImportDialog
from gui.setup.data_section import FILE
from gui.window.main_window import MainWindow
from tests.importing import CATEGORY, IGNORE, NUMBER, PRINT, CannedInspector, give, number, read, target, text
from tests.windows import lock

ROWS = 40


def lines(rows: int) -> str:
    return "rooms,town,price,owner\n" + "".join(f"{n},{'ab'[n % 2]},{n / 7:.3f},o{n % 5}\n" for n in range(rows))


def houses(path: Path, layout: TableFormat | None = None) -> ImportedTable:
    path.write_text(lines(ROWS))
    file = DataFile(
        path=str(path),
        layout=layout or TableFormat(rules=RULES),
        fingerprint=fingerprint(path),
        rows=ROWS,
        target="price",
        task=Task.REGRESSION,
        columns={"rooms": NUMBER, "town": CATEGORY, "owner": CATEGORY},
        readings={"town": ColumnReading(missing=("-",))},
    )
    return ImportedTable(file, MissingValues.DROP, "owner")


def use(window: MainWindow, table: ImportedTable, qtbot: QtBot) -> None:
    """Use the table, and wait until its file has been looked at."""
    with qtbot.waitSignal(window.importing.file_changed):
        window.form.set_data_file(table)


def use_unread(window: MainWindow, table: ImportedTable, inspectors: list[CannedInspector], qtbot: QtBot) -> None:
    """Use the table, whose columns cannot be looked at in the background."""
    use(window, table, qtbot)
    looking = inspectors.pop()
    give(looking, qtbot, Refused("It cannot be read"))
    assert looking.closed


def come_back(window: MainWindow, qtbot: QtBot) -> None:
    """Come back from another program."""
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    with qtbot.waitSignal(window.importing.file_changed):
        app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def data_of(window: MainWindow) -> DataSettings:
    settings = window.form.settings()
    assert settings is not None
    return settings.data


def test_that_the_form_takes_over_all_of_an_import(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    table = houses(tmp_path / "houses.csv")
    use(window, table, qtbot)
    data = data_of(window)
    assert (data.file, data.missing, data.group) == (table.file, table.missing, table.group)
    assert not window.form.data.renew_button.isVisible()
    with qtbot.waitSignal(window.form.edit_requested) as asked:
        window.form.data.about.click()
    assert asked.args == [table]
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    dialog.reject()


def test_that_a_change_of_the_file_is_said_beside_it_when_the_user_comes_back(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "houses.csv"
    use(window, houses(path), qtbot)
    assert not window.form.data.change.isVisible()

    path.write_text(lines(ROWS + 24))
    come_back(window, qtbot)
    assert "houses.csv has changed since it was imported" in window.form.data.change.text()
    assert window.form.data.renew_button.isVisible()
    path.unlink()
    come_back(window, qtbot)
    assert "houses.csv is not in" in window.form.data.change.text()
    assert not window.form.data.renew_button.isVisible()
    path.write_text(lines(ROWS))
    come_back(window, qtbot)
    assert not window.form.data.change.isVisible()

    path.unlink()
    come_back(window, qtbot)
    window.form.data.dataset.setCurrentIndex(0)  # the change of a file that is not in use is no matter
    assert not window.form.data.change.isVisible()


def test_that_a_change_while_the_file_is_being_looked_at_is_not_missed(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, go_on = Event(), Event()

    def slowly(file: DataFile, *, quickly: bool) -> str:
        found = change_of(file, quickly=quickly)
        looked.set()
        assert go_on.wait(60)
        return found

    monkeypatch.setattr("gui.data_import.file_watch.change_of", slowly)
    path = tmp_path / "houses.csv"
    window.form.set_data_file(houses(path))
    assert looked.wait(60)
    path.write_text(lines(ROWS + 24))
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    go_on.set()
    qtbot.waitUntil(window.form.data.renew_button.isVisible)
    assert "houses.csv has changed since it was imported" in window.form.data.change.text()


def test_that_cells_that_can_no_longer_be_read_are_told_when_the_file_is_used_as_it_is_now(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector]
) -> None:
    table = houses(tmp_path / "houses.csv")
    use_unread(window, table, inspectors, qtbot)
    window.importing.renew(table)
    columns = (number("rooms", odd=12), text("town"), number("price", odd=1), text("owner"), number("new", odd=3))
    give(inspectors[0], qtbot, read(*columns, layout=table.file.layout, rows=ROWS), target("price"))
    assert window.form.data.news.text() == (
        "houses.csv was read again: as many rows as before. In “rooms” 12 cells are no number, and count as empty. "
        "In “price” 1 cell is no number, and counts as empty. And 1 more like that."
    )


def test_that_the_file_is_used_as_it_is_now_by_one_click(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector]
) -> None:
    path = tmp_path / "houses.csv"
    table = houses(path)
    use_unread(window, table, inspectors, qtbot)
    path.write_text(lines(ROWS + 24))
    come_back(window, qtbot)
    window.form.data.renew_button.click()

    (inspector,) = inspectors
    readings = {"rooms": PLAIN, "town": ColumnReading(missing=("-",)), "owner": PLAIN, "price": PLAIN}
    assert inspector.asked == [ReadTable(str(path), table.file.layout, readings)]
    columns = (number("rooms"), text("town"), number("price"), text("owner"), text("street"))
    now = replace(read(*columns, layout=table.file.layout, rows=ROWS + 24), fingerprint=fingerprint(path))
    give(inspector, qtbot, now)
    assert inspector.asked[-1] == DescribeTarget("price", Task.REGRESSION)
    with qtbot.waitSignal(window.importing.file_changed):
        give(inspector, qtbot, target("price"))

    data = data_of(window)
    assert data.file is not None
    assert (data.file.rows, data.file.fingerprint) == (ROWS + 24, fingerprint(path))
    assert data.file.columns == {**table.file.columns, "street": IGNORE}
    assert (data.file.readings, data.group, data.missing) == (table.file.readings, "owner", MissingValues.DROP)
    assert window.form.data.news.text() == (
        "houses.csv was read again: 24 rows more. “street” is new in the file, and left out."
    )
    assert not window.form.data.renew_button.isVisible()


@pytest.mark.parametrize(
    "answer",
    [
        read(text("town"), number("price"), text("owner")),
        read(number("rooms"), text("town"), number("price")),
        read(text("rooms"), text("town"), number("price"), text("owner")),
        Refused("houses.csv is empty"),
    ],
    ids=["a feature is gone", "the group is gone", "numbers are texts now", "refused"],
)
def test_that_the_dialog_opens_where_the_file_does_not_suit_the_import_any_more(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector], answer: Refused
) -> None:
    table = houses(tmp_path / "houses.csv")
    use_unread(window, table, inspectors, qtbot)
    window.importing.renew(table)
    give(inspectors[0], qtbot, answer)
    qtbot.waitUntil(lambda: len(inspectors) == 2)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    give(inspectors[1], qtbot, answer)
    gone = dialog.told.text() or dialog.reading.problem.text() or dialog.columns.model.problem()
    assert "no longer in the file" in gone or "is empty" in gone or "is text" in gone
    dialog.reject()
    assert data_of(window).file == table.file


def test_that_the_classes_of_a_file_that_is_read_again_are_counted_again(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector]
) -> None:
    table = houses(tmp_path / "houses.csv")
    columns = {"rooms": NUMBER, "price": NUMBER, "owner": CATEGORY}
    file = replace(table.file, target="town", task=Task.MULTICLASS, columns=columns, classes=3)
    table = ImportedTable(file, table.missing, table.group)
    use(window, table, qtbot)
    window.importing.renew(table)
    give(inspectors[1], qtbot, read(number("rooms"), text("town"), number("price"), text("owner")))
    give(inspectors[1], qtbot, target("town", Task.MULTICLASS))  # with two classes
    qtbot.waitUntil(lambda: data_of(window).file != table.file)
    renewed = data_of(window).file
    assert renewed is not None
    assert renewed.classes == 2


def test_that_a_file_read_by_earlier_rules_is_asked_about(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector]
) -> None:
    table = houses(tmp_path / "houses.csv", TableFormat())
    use_unread(window, table, inspectors, qtbot)
    window.importing.renew(table)
    assert window.findChild(ImportDialog) is not None
    assert inspectors[0].asked == [ReadTable(table.file.path)]
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    dialog.reject()


def test_that_reading_the_file_again_can_be_cancelled(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector]
) -> None:
    table = houses(tmp_path / "houses.csv")
    use_unread(window, table, inspectors, qtbot)
    window.importing.renew(table)
    window.importing.renew(table)  # a second click
    (inspector,) = inspectors
    renewal = window.importing._renewal
    assert renewal is not None
    renewal.progress.canceled.emit()
    assert inspector.closed
    assert data_of(window).file == table.file
    window.importing.renew(table)  # and it can be asked for anew
    assert len(inspectors) == 2
    window.importing.close()


@pytest.mark.slow
def test_that_new_rows_are_read_by_the_real_process(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "houses.csv"
    use(window, houses(path), qtbot)
    path.write_text(lines(ROWS + 1))
    come_back(window, qtbot)
    with qtbot.waitSignal(window.importing.told, timeout=60_000) as told:
        window.form.data.renew_button.click()
    assert told.args == ["houses.csv was read again: 1 row more."]
    assert data_of(window).group == "owner"


def test_that_the_lock_of_a_running_study_holds_for_the_file_too(window: MainWindow) -> None:
    lock(window.form)
    assert not window.form.data.renew_button.isEnabled()
    window.form.show_draft()
    assert window.form.data.renew_button.isEnabled()


@pytest.mark.parametrize("name", ["(file)", "boston_housing", "(group)", "Every row for itself", "target"])
def test_that_files_and_columns_may_be_called_as_our_own_things_are(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    table = houses(tmp_path / name)
    file = replace(table.file, columns={"rooms": NUMBER, name: CATEGORY}, readings={}, fingerprint=PRINT)
    use(window, ImportedTable(file, MissingValues.DROP, name), qtbot)
    assert window.form.data.dataset.value() == FILE
    data = data_of(window)
    assert (data.file, data.group) == (file, name)
    settings = window.form.settings()
    assert settings is not None
    window.form.reset()
    assert data_of(window).file is None
    window.form.set_settings(settings)
    assert data_of(window) == data


def test_that_a_column_without_a_name_is_not_taken_for_none(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    table = houses(tmp_path / "houses.csv")
    file = replace(table.file, columns={"": NUMBER, "town": CATEGORY}, readings={})
    use(window, ImportedTable(file), qtbot)
    group = window.form.validation.group
    assert [group.itemText(place) for place in range(group.count())] == ["Every row for itself", "town"]


def test_that_more_and_fewer_rows_are_told_in_words() -> None:
    assert rows_in_words(10, 34) == "24 rows more"
    assert rows_in_words(10, 9) == "1 row fewer"
    assert rows_in_words(10, 10) == "as many rows as before"
    assert few_of(["a", "b", "c", "d", "e"], 2) == "a. b. And 3 more like that"
