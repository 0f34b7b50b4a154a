"""What the window finds out about the columns of the table in use, in the background, for what the form says of it."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.children.process import ChildLost
from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.settings import tutorial_settings
from core.tables.description import Doubt, Task
from core.tables.facts import TableFacts
from core.tables.fingerprint import fingerprint
from core.tables.inspection import DescribeTarget, Progress, ReadTable, Refused, TableRead
from core.tables.readings import PLAIN
from core.tables.table_format import RULES, TableFormat
from core.words.data_warnings import data_warnings
from gui.data_import.dialog import ImportDialog
from gui.window.main_window import MainWindow
from tests.importing import IGNORE, NUMBER, PRINT, CannedInspector, give, number, read, target

ROWS = 40
LINES = "count,size,town,price\n" + "".join(f"{n},{n % 7},Ulm,{n * 11 % 13 / 7:.3f}\n" for n in range(1, ROWS + 1))
COUNT = number("count", role=IGNORE, doubt=Doubt.COUNTS_ROWS)
Told = list[tuple[DataFile | None, TableFacts | None]]


@pytest.fixture
def told(window: MainWindow) -> Told:
    """Give what was told of the tables in use."""
    heard: Told = []
    window.importing.facts_changed.connect(lambda file, facts: heard.append((file, facts)))
    return heard


def table(path: Path) -> ImportedTable:
    path.write_text(LINES)
    file = DataFile(
        path=str(path),
        layout=TableFormat(rules=RULES),
        fingerprint=fingerprint(path),
        rows=ROWS,
        target="price",
        task=Task.REGRESSION,
        columns={"count": NUMBER, "size": NUMBER, "town": IGNORE},
    )
    return ImportedTable(file)


def answer(path: Path) -> TableRead:
    made = read(COUNT, number("size"), number("town"), number("price"), rows=ROWS)
    return replace(made, fingerprint=fingerprint(path))


def use(window: MainWindow, imported: ImportedTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.importing.file_changed):
        window.form.set_data_file(imported)


def come_back(window: MainWindow, qtbot: QtBot) -> None:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    with qtbot.waitSignal(window.importing.file_changed):
        app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def test_that_a_table_is_looked_at_once_in_the_background(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector], told: Told
) -> None:
    path = tmp_path / "houses.csv"
    houses = table(path)
    assert not inspectors  # without a data file
    use(window, houses, qtbot)
    (inspector,) = inspectors
    readings = dict.fromkeys(("count", "size", "town", "price"), PLAIN)
    assert inspector.asked == [ReadTable(str(path), houses.file.layout, readings)]
    give(inspector, qtbot, Progress("Reading"), replace(answer(path), partial=True, fingerprint=PRINT), answer(path))
    assert inspector.asked[1:] == [DescribeTarget("price", Task.REGRESSION)]
    assert told == [(houses.file, None)]
    give(inspector, qtbot, target("price"))
    assert inspector.closed
    facts = told[-1][1]
    assert facts is not None
    assert (facts.rows, facts.columns["count"].doubt) == (ROWS, Doubt.COUNTS_ROWS)

    window.form.set_settings(tutorial_settings())
    assert told.pop() == (None, None)
    others = replace(houses.file, columns={"count": IGNORE, "size": NUMBER, "town": IGNORE})
    use(window, ImportedTable(others), qtbot)
    assert told[-1] == (others, facts)
    come_back(window, qtbot)
    assert len(inspectors) == 1


def test_that_a_table_that_has_changed_or_is_gone_is_not_looked_at(
    inspectors: list[CannedInspector], window: MainWindow, tmp_path: Path, qtbot: QtBot, told: Told
) -> None:
    path = tmp_path / "houses.csv"
    houses = table(path)
    path.write_text(f"{LINES}41,1,Ulm,2.5\n")
    use(window, houses, qtbot)
    path.unlink()
    come_back(window, qtbot)
    assert (inspectors, told) == ([], [(houses.file, None)])
    path.write_text(LINES)
    come_back(window, qtbot)
    assert len(inspectors) == 1


def test_that_a_table_that_changes_before_it_is_read_is_looked_at_when_it_is_back(
    inspectors: list[CannedInspector], window: MainWindow, tmp_path: Path, qtbot: QtBot, told: Told
) -> None:
    houses = table(tmp_path / "houses.csv")
    use(window, houses, qtbot)
    give(inspectors[0], qtbot, replace(answer(tmp_path / "houses.csv"), fingerprint=PRINT))
    assert inspectors[0].closed
    assert told == [(houses.file, None)]
    come_back(window, qtbot)
    assert len(inspectors) == 2


def test_that_nothing_is_told_of_a_table_that_cannot_be_read(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector], told: Told
) -> None:
    use(window, table(tmp_path / "houses.csv"), qtbot)
    give(inspectors[0], qtbot, Refused("houses.csv is no table"))
    come_back(window, qtbot)
    assert (len(inspectors), {facts for _file, facts in told}) == (1, {None})


def test_that_a_table_is_told_of_that_could_be_read_only_by_the_import(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector], told: Told
) -> None:
    houses = table(tmp_path / "houses.csv")
    use(window, houses, qtbot)
    give(inspectors[0], qtbot, Refused("The process was lost"))
    window.importing.change(houses)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    give(inspectors[1], qtbot, answer(tmp_path / "houses.csv"), target("price"))
    with qtbot.waitSignal(window.importing.file_changed):
        dialog.import_button.click()
    assert told[-1][1] is not None


def test_that_another_table_ends_the_look_at_the_one_before(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector], told: Told
) -> None:
    houses, flats = table(tmp_path / "houses.csv"), table(tmp_path / "flats.csv")
    use(window, houses, qtbot)
    use(window, flats, qtbot)
    assert (inspectors[0].closed, inspectors[1].closed) == (True, False)
    give(inspectors[1], qtbot, answer(tmp_path / "flats.csv"), target("price"))
    assert told[-1][0] == flats.file
    assert told[-1][1] is not None


def test_that_another_use_of_the_columns_goes_on_with_the_look_under_way(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector], told: Told
) -> None:
    houses = table(tmp_path / "houses.csv")
    use(window, houses, qtbot)
    others = replace(houses.file, columns={"count": IGNORE, "size": NUMBER, "town": IGNORE})
    use(window, ImportedTable(others), qtbot)
    give(inspectors[0], qtbot, answer(tmp_path / "houses.csv"), target("price"))
    assert (len(inspectors), told[-1][0]) == (1, others)
    assert told[-1][1] is not None


def test_that_a_large_table_is_left_alone(
    window: MainWindow,
    tmp_path: Path,
    qtbot: QtBot,
    inspectors: list[CannedInspector],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.data_import.fact_finding.QUICK", 100)
    use(window, table(tmp_path / "houses.csv"), qtbot)
    assert not inspectors


def test_that_no_look_is_taken_where_the_system_gives_no_process(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    def refuse() -> None:
        raise ChildLost("too many")

    monkeypatch.setattr("gui.data_import.inspecting.TableInspector", refuse)
    houses = table(tmp_path / "houses.csv")
    use(window, houses, qtbot)
    assert told == [(houses.file, None)]


def test_that_what_the_import_has_found_is_told_at_once(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector], told: Told
) -> None:
    path = tmp_path / "houses.csv"
    path.write_text(LINES)
    window.importing.open(path)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    give(inspectors[0], qtbot, answer(path), target("price"))
    with qtbot.waitSignal(window.importing.file_changed):
        dialog.import_button.click()
    assert len(inspectors) == 1
    ((file, facts),) = told
    assert file == window.form.data.file
    assert facts is not None
    assert facts.columns["count"].doubt is Doubt.COUNTS_ROWS


def test_that_a_table_that_was_read_again_is_not_looked_at_once_more(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, inspectors: list[CannedInspector], told: Told
) -> None:
    path = tmp_path / "houses.csv"
    houses = table(path)
    path.write_text(f"{LINES}41,1,Ulm,2.5\n")
    use(window, houses, qtbot)
    window.importing.renew(houses)
    give(inspectors[0], qtbot, answer(path))
    with qtbot.waitSignal(window.importing.file_changed):
        give(inspectors[0], qtbot, target("price"))
    assert len(inspectors) == 1
    assert told[-1][1] is not None


@pytest.mark.slow
def test_that_a_real_table_is_looked_at_by_the_real_process(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    houses = table(tmp_path / "houses.csv")
    file = replace(houses.file, columns={"count": NUMBER, "size": NUMBER, "town": NUMBER})
    with qtbot.waitSignal(
        window.importing.facts_changed, check_params_cb=lambda _file, facts: facts, timeout=60_000
    ) as found:
        window.form.set_data_file(ImportedTable(file, group="town"))
    settings = window.form.settings()
    assert settings is not None
    assert found.args is not None
    assert data_warnings(settings.data, found.args[1]) == {
        "data.file": "“count” only counts the rows: Columns… leaves it out",
        "data.group": "“town” is the same in every row, so its rows cannot lie in two parts of a split: choose another "
        "column, or none",
    }
