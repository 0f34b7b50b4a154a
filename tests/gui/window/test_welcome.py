"""The list of studies, as a person uses it in the real window: open, resume, find, name, copy, remove, and by keys."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from core.datasets.imported_table import ImportedTable
from core.events import StudyEnd
from core.progress import StudyProgress
from core.settings import tutorial_settings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.loop import study_started
from core.tables.description import ColumnRole, Task
from core.words.going_on import ALL_STUDIES
from gui.session.run_state import Command
from gui.welcome.page import WelcomePage
from gui.welcome.studies_model import DATA, NAME
from gui.welcome.study_card import StudyCard
from gui.widgets.font_size import NORMAL, font_size
from gui.window.main_window import MainWindow
from gui.window.naming import NameDialog
from tests.extremes import forge
from tests.listed import ended, listed_study, resumed, trials, written
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.tables import imported
from tests.windows import LONG_STUDY, lay_out, open_window, progress_of, until_opened

NOW = datetime(2026, 11, 30, 10, 0)
SECONDS = NOW.timestamp()
HOUR = 3600.0
Open = Callable[[], AbstractContextManager[MainWindow]]


@pytest.fixture
def start(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Give a way to start the program."""
    monkeypatch.setattr(WelcomePage.__init__, "__defaults__", (lambda: NOW, None))
    return lambda: open_window(scripted_engine(ScriptedTrainer(seconds=0.02)), tmp_path, qtbot, monkeypatch)


def study(folder: Path, stem: str, end: StudyEnd | None, name: str = "", hours: float = 1.0) -> Path:
    return listed_study(folder, stem, end, name=name, age=hours * HOUR, now=SECONDS)


@pytest.fixture
def studies(tmp_path: Path) -> list[Path]:
    """Give two unfinished studies and three that have ended."""
    return [
        study(tmp_path, "pigs", StudyEnd.PAUSED, "Weight of pigs", 16),
        study(tmp_path, "digits", None, hours=80),
        study(tmp_path, "houses", StudyEnd.FINISHED, hours=1),
        study(tmp_path, "wine", StudyEnd.STOPPED, "Wine, optimisers compared", 90),
        study(tmp_path, "old", StudyEnd.TARGET_REACHED, hours=1000),
    ]


@pytest.fixture
def window(start: Open, studies: list[Path], qtbot: QtBot) -> Iterator[MainWindow]:
    """Give a window that lists the studies."""
    with start() as opened:
        opened.start_with(None)
        until_listed(opened, qtbot)
        yield opened


def until_listed(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.welcoming.page.reading.active)
    lay_out(window)


def rows(window: MainWindow) -> list[list[str]]:
    found = window.welcoming.page.table.found
    return [[found.index(row, column).data() for column in range(5)] for row in range(found.rowCount())]


def cards(window: MainWindow) -> list[StudyCard]:
    return [card for card in window.welcoming.page.cards if card.isVisible()]


def names_of(window: MainWindow) -> list[str]:
    return [card.name.text() for card in cards(window)] + [row[0] for row in rows(window)]


def menu_of(shown: StudyCard | MainWindow) -> dict[str, QAction]:
    """Return the entries of the menu of a card, or of the selected row."""
    if isinstance(shown, StudyCard):
        menu = shown.menu()
    else:
        table = shown.welcoming.page.table
        menu = table.menu(table.currentIndex())
    assert menu is not None
    return {action.text().replace("&", ""): action for action in menu.actions() if action.text()}


def choose(window: MainWindow, name: str) -> None:
    """Go to the row of that name."""
    place = [row[0] for row in rows(window)].index(name)
    table = window.welcoming.page.table
    table.setCurrentIndex(table.found.index(place, 0))


def is_listed(window: MainWindow) -> bool:
    return window.welcoming.page.isVisible()


def test_that_the_very_first_start_shows_the_tutorials_form(start: Open) -> None:
    with start() as window:
        window.start_with(None)
        assert not window.findChildren(WelcomePage)  # nothing is made that is not shown
        assert window.form.isVisible()


def test_that_one_key_goes_from_the_beginnings_to_the_studies_and_back(window: MainWindow) -> None:
    page = window.welcoming.page
    page.beginnings.open_button.setFocus()
    window.actions_[Command.NEXT_PART].trigger()
    assert page.focusWidget() is cards(window)[0].resume_button  # which had it last
    window.actions_[Command.PREVIOUS_PART].trigger()
    assert page.focusWidget() is page.beginnings.open_button


def test_that_shift_f10_opens_the_menu_of_the_selected_study(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = window.welcoming.page.table
    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: opened.append(menu))
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert [menu.actions()[0].text() for menu in opened] == ["&Open"]


def test_that_unfinished_studies_come_first_and_then_the_latest(window: MainWindow) -> None:
    first, second = cards(window)
    assert [first.name.text(), second.name.text()] == ["Weight of pigs", "digits"]
    assert first.about.text() == "Boston Housing, linear model"
    assert first.why.text() == "Paused yesterday, 18:00"
    assert second.why.text() == "Interrupted on Friday, 02:00: Afina was cut off"
    assert (first.done.text(), first.bar.value(), first.bar.maximum()) == ("2 of 20 trials", 100, 1000)
    assert (first.best.text(), first.of_what.text()) == ("2", "validation loss")
    assert [first.resume_button.filled, second.resume_button.filled] == [True, False]
    assert rows(window) == [
        ["houses", "Boston Housing", "2 validation loss", "✓ finished, 2 trials", "today, 09:00"],
        ["Wine, optimisers compared", "Boston Housing", "2 validation loss", "■ stopped after 2 of 20", "26 Nov"],
        ["old", "Boston Housing", "2 validation loss", "✓ target reached, 2 trials", "19 Oct"],
    ]
    assert window.windowTitle() == f"{ALL_STUDIES} – Afina"
    assert not window.form.isVisible()
    assert not window.table.isVisible()
    assert not window.headline.isVisible()


def test_that_enter_and_a_double_click_open_a_study(window: MainWindow, studies: list[Path], qtbot: QtBot) -> None:
    choose(window, "Wine, optimisers compared")
    table = window.welcoming.page.table
    QTest.keyClick(table, Qt.Key.Key_Return)
    until_opened(window, qtbot)
    assert window.session.path == studies[3]
    assert not is_listed(window)
    assert window.form.isVisible()
    assert window.windowTitle() == "Wine, optimisers compared – Afina"
    window.actions_[Command.STUDIES].trigger()
    until_listed(window, qtbot)
    place = table.visualRect(table.found.index(2, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    until_opened(window, qtbot)
    assert window.session.path == studies[4]


def test_that_a_card_opens_its_study(window: MainWindow, studies: list[Path], qtbot: QtBot) -> None:
    cards(window)[1].open_button.click()
    until_opened(window, qtbot)
    assert window.session.path == studies[1]
    assert window.session.job is None


def test_that_enter_on_resume_lets_a_study_go_on(window: MainWindow, studies: list[Path], qtbot: QtBot) -> None:
    QTest.keyClick(cards(window)[0].resume_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.job is not None)
    assert window.session.path == studies[0]
    assert not is_listed(window)
    qtbot.waitUntil(lambda: len(progress_of(window.session).finished) > 2)


def test_that_a_study_that_is_only_opened_after_one_was_to_be_resumed_does_not_run(
    window: MainWindow, studies: list[Path], qtbot: QtBot
) -> None:
    window.study_files.resume(studies[0])
    window.study_files.open(studies[1])
    until_opened(window, qtbot)
    assert window.session.path == studies[1]
    assert window.session.job is None


def test_that_words_find_studies_by_name_data_state_and_file(window: MainWindow) -> None:
    page = window.welcoming.page
    for words, found in (("COMPARED wine", [1]), ("stopped", [1]), ("boston", [0, 1, 2]), ("19 oct", []), ("old", [2])):
        page.find_field.setText(words)
        names = ["houses", "Wine, optimisers compared", "old"]
        assert [row[0] for row in rows(window)] == [names[place] for place in found]
    page.find_field.setText("cows")
    assert page.foot.text() == "No study here has “cows” in its name, its data or its state."
    QTest.keyClick(page.find_field, Qt.Key.Key_Escape)
    assert len(rows(window)) == 3
    assert "Enter opens a study" in page.foot.text()


def test_that_what_was_found_is_opened_by_keys_alone(window: MainWindow, studies: list[Path], qtbot: QtBot) -> None:
    page = window.welcoming.page
    page.find_field.setFocus()
    QTest.keyClicks(page.find_field, "wi")
    QTest.keyClick(page.find_field, Qt.Key.Key_Down)
    assert page.focusWidget() is page.table
    assert page.table.selected is not None
    assert page.table.selected.path == studies[3]
    QTest.keyClick(page.find_field, Qt.Key.Key_Return)
    until_opened(window, qtbot)
    assert window.session.path == studies[3]


def test_that_tab_reaches_everything_in_the_order_of_the_eye(window: MainWindow) -> None:
    page = window.welcoming.page
    left, (first, second) = page.beginnings, cards(window)
    order: list[QWidget] = [
        *(left.new_button, left.import_button, left.open_button, left.tutorial_button, *left.links),
        *(first.open_button, first.resume_button, second.open_button, second.resume_button),
        *(page.find_field, page.table),
    ]
    here: QWidget | None = order[0]
    found = order[:1]
    while here is not None and here is not order[-1] and len(found) < 50:
        here = here.nextInFocusChain()
        if (
            here is not None
            and here.isVisible()
            and here.focusPolicy() & Qt.FocusPolicy.TabFocus
            and page.isAncestorOf(here)
        ):
            found.append(here)
    assert found == order
    assert all(widget.accessibleName() or getattr(widget, "text", str)() for widget in found)


def test_that_the_keys_begin_at_what_is_most_likely_wanted(start: Open, tmp_path: Path, qtbot: QtBot) -> None:
    with start() as window:
        study(tmp_path, "done", StudyEnd.FINISHED)
        window.start_with(None)
        until_listed(window, qtbot)
        table = window.welcoming.page.table
        assert window.welcoming.page.focusWidget() is table
        assert [index.row() for index in table.selectionModel().selectedRows()] == [0]
    study(tmp_path, "paused", StudyEnd.PAUSED)
    with start() as window:
        window.start_with(None)
        until_listed(window, qtbot)
        assert window.welcoming.page.focusWidget() is cards(window)[0].resume_button


def test_that_new_study_leads_to_the_form_and_studies_back(window: MainWindow, qtbot: QtBot) -> None:
    window.welcoming.page.beginnings.new_button.click()
    assert not is_listed(window)
    assert window.form.isVisible()
    assert window.table.isVisible()
    assert window.windowTitle() == "New study – Afina"
    window.actions_[Command.STUDIES].trigger()
    until_listed(window, qtbot)
    assert is_listed(window)
    assert not window.form.isVisible()


def test_that_a_hidden_dock_stays_hidden_and_is_remembered_so(start: Open, studies: list[Path], qtbot: QtBot) -> None:
    with start() as window:
        window.layout_.table_dock.hide()
        window.actions_[Command.STUDIES].trigger()
        until_listed(window, qtbot)
        assert not any(action.isEnabled() for action in window.layout_.dock_actions)
    with start() as window:
        assert window.form.isVisible()
        assert not window.table.isVisible()
        window.actions_[Command.STUDIES].trigger()
        window.actions_[Command.NEW].trigger()
        assert window.form.isVisible()
        assert not window.table.isVisible()
        assert all(action.isEnabled() for action in window.layout_.dock_actions)


def test_that_nothing_starts_unseen_while_the_studies_are_listed(window: MainWindow) -> None:
    for command in (Command.START, Command.REHEARSE):
        assert not window.actions_[command].isEnabled()
        assert window.actions_[command].toolTip() == "New study shows the form first"
    window.actions_[Command.NEW].trigger()
    assert window.actions_[Command.START].isEnabled()


def test_that_one_click_starts_the_tutorial(window: MainWindow, qtbot: QtBot) -> None:
    window.form.set_settings(LONG_STUDY)
    window.welcoming.show()
    until_listed(window, qtbot)
    window.welcoming.page.beginnings.tutorial_button.click()
    qtbot.waitUntil(lambda: window.session.progress is not None)
    assert progress_of(window.session).settings == tutorial_settings()
    assert not is_listed(window)


def test_that_a_table_that_was_imported_leads_to_the_form(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "rents.csv").write_text("area,rent\n")
    file = imported(tmp_path / "rents.csv", 24, "rent", Task.REGRESSION, {"area": ColumnRole.NUMBER})
    window.importing.imported.emit(ImportedTable(file))
    assert not is_listed(window)


def test_that_what_is_found_out_about_the_form_meanwhile_does_not_lead_away(window: MainWindow) -> None:
    window.form.settings_changed.emit(window.form.settings())
    assert is_listed(window)
    window.settings_files.fill(LONG_STUDY)
    assert not is_listed(window)


def test_that_a_study_is_dropped_anywhere(window: MainWindow, studies: list[Path], qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(studies[4]))])
    drop = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(drop)
    until_opened(window, qtbot)
    assert window.session.path == studies[4]
    page = window.welcoming.page
    assert not any(part.acceptDrops() for part in (page, page.find_field, page.table))


def test_that_a_study_that_runs_elsewhere_can_be_followed_but_not_resumed(
    start: Open, tmp_path: Path, studies: list[Path], qtbot: QtBot
) -> None:
    with start() as window, Store.open(studies[1]) as store:
        window.start_with(None)
        until_listed(window, qtbot)
        first, second = cards(window)
        assert first.why.text() == "Running in another window"
        assert not first.resume_button.isEnabled()
        assert second.resume_button.filled
        assert not menu_of(first)["Move to the bin…"].isEnabled()
        store.record(trials(1.0, first=3))
        qtbot.waitUntil(lambda: first.done.text() == "3 of 20 trials")
    assert first.done.text() == "3 of 20 trials"


def test_that_a_study_that_has_vanished_is_told_and_goes_from_the_list(
    window: MainWindow, studies: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.window.study_files.show_error", lambda _parent, title, _why: told.append(title))
    studies[2].unlink()
    choose(window, "houses")
    window.welcoming.page.table.open_selected()
    until_opened(window, qtbot)
    qtbot.waitUntil(lambda: "houses" not in names_of(window))
    assert told == ["The study cannot be opened"]
    assert is_listed(window)


@pytest.mark.skipif(sys.platform == "win32", reason="no file has such a name there")
def test_that_hidden_letters_in_a_file_s_name_are_seen_where_it_is_said_to_be_no_study(
    start: Open, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.window.study_files.show_error", lambda _parent, _title, why: told.append(why))
    path = tmp_path / "a\nb\u202ec.afina"
    path.write_text("x" * 5000)
    with start() as window:
        window.start_with(None)
        until_listed(window, qtbot)
        tip = window.welcoming.page.table.found.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
        window.study_files.open(path)
        qtbot.waitUntil(lambda: bool(told))
    for text in (tip, *told):
        assert "a‹U+000A›b‹U+202E›c.afina is not an Afina study" in text


def test_that_files_that_cannot_be_read_are_listed_with_the_reason(start: Open, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "broken.afina").write_text("x" * 5000)
    with start() as window:
        window.start_with(None)
        until_listed(window, qtbot)
        ((name, *_rest, state, _when),) = rows(window)
        assert (name, state) == ("broken", "✗ cannot be read")
        tip = window.welcoming.page.table.found.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
        assert "broken.afina is not an Afina study" in tip
        choose(window, "broken")
        entries = menu_of(window)
        assert not entries["Resume"].isEnabled()
        assert not entries["Name…"].isEnabled()
        assert entries["Move to the bin…"].isEnabled()


@pytest.mark.parametrize(
    ("size", "percent"), [((1280, 720), 160), ((1366, 768), 160), ((800, 600), 100), ((1024, 600), 160)]
)
def test_that_names_and_resume_are_seen_where_there_is_little_room(
    window: MainWindow, size: tuple[int, int], percent: int
) -> None:
    try:
        font_size().percent = percent
        window.resize(*size)
        lay_out(window)
        page = window.welcoming.page
        for card in cards(window):
            assert card.name.width() >= 140 * percent // 100
            resume = card.resume_button
            assert card.rect().contains(resume.geometry())
            assert resume.mapTo(page.viewport(), resume.rect().topRight()).x() < page.viewport().width()
            shown = [card.name, card.best, card.done, card.open_button, resume]
            places = [QRect(each.mapTo(card, QPoint()), each.size()) for each in shown if each.isVisible()]
            assert not any(one.intersects(other) for one, other in combinations(places, 2))
    finally:
        font_size().percent = NORMAL


def test_that_a_wide_card_shows_all(window: MainWindow) -> None:
    window.resize(1280, 800)
    lay_out(window)
    first = cards(window)[0]
    assert all(each.isVisible() for each in (first.name, first.done, first.bar, first.best, first.open_button))


def test_that_a_study_without_a_result_has_nothing_above_the_words_on_that(window: MainWindow) -> None:
    card = cards(window)[0]
    assert card.listed is not None
    assert card.listed.glance is not None
    bare = replace(card.listed, glance=replace(card.listed.glance, best=None))
    card.show_study(bare, NOW)
    assert card.of_what.text() == "no result yet"
    assert card.best.isHidden()


def test_that_a_name_has_the_room_that_the_data_do_not_need(start: Open, tmp_path: Path, qtbot: QtBot) -> None:
    study(tmp_path, "long", StudyEnd.STOPPED, "Boston Housing 2026-11-30 at 09.12")
    with start() as window:
        window.resize(1280, 800)
        window.start_with(None)
        until_listed(window, qtbot)
        table = window.welcoming.page.table
        for column in (NAME, DATA):
            assert table.columnWidth(column) >= table.sizeHintForColumn(column)


def test_that_a_hundred_studies_are_listed_and_long_names_push_nothing_away(
    start: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    for number in range(100):
        end = StudyEnd.PAUSED if number < 10 else StudyEnd.FINISHED
        study(tmp_path, f"s{number}", end, f"{number} <b>{'Schwein' * 13}</b>", number + 1)
    with start() as window:
        window.resize(1100, 620)
        window.start_with(None)
        until_listed(window, qtbot)
        assert len(cards(window)) == 3
        assert len(rows(window)) == 97
        assert [row[3] for row in rows(window)[:7]] == ["‖ paused after 2 of 20"] * 7  # which have no card
        page = window.welcoming.page
        assert page.horizontalScrollBar().maximum() == 0
        assert cards(window)[0].name.shown.endswith("…")
        assert cards(window)[0].name.text().startswith("0 <b>")
        for card in cards(window):
            inside = card.rect()
            assert inside.contains(card.resume_button.geometry())
        page.table.setFocus()
        QTest.keyClick(page.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        assert page.table.selected is not None
        assert page.table.selected.path.stem == "s99"
        rectangle = page.table.visualRect(page.table.currentIndex())
        assert page.table.viewport().rect().contains(rectangle.center())


def test_that_the_selected_study_stays_selected_when_the_list_is_read_anew(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    choose(window, "old")
    study(tmp_path, "new", StudyEnd.FINISHED, hours=0.1)
    window.welcoming.page.refresh()
    until_listed(window, qtbot)
    assert rows(window)[0][0] == "new"
    selected = window.welcoming.page.table.selected
    assert selected is not None
    assert selected.path.stem == "old"


def test_that_studies_opened_elsewhere_are_listed_and_can_be_taken_off_the_list(
    start: Open, tmp_path: Path, qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = study(tmp_path_factory.mktemp("drive"), "far", StudyEnd.FINISHED)
    with start() as window:
        window.preferences.add_recent(elsewhere)
        window.preferences.add_recent(tmp_path / "gone" / "x.afina")
        window.start_with(None)
        until_listed(window, qtbot)
        assert names_of(window) == ["far"]
        assert "and elsewhere" in window.welcoming.page.foot.text()
        choose(window, "far")
        menu_of(window)["Remove from the list"].trigger()
        qtbot.waitUntil(lambda: not names_of(window))
        assert elsewhere.exists()
        assert window.welcoming.page.foot.text().startswith("They will be in ")


def test_that_a_study_is_moved_to_the_bin_after_a_question(
    window: MainWindow, studies: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bin_it(path: Path) -> bool:
        path.unlink(missing_ok=True)
        return True

    monkeypatch.setattr("gui.window.listed_studies.to_bin", bin_it)
    choose(window, "houses")
    entries = menu_of(window)
    assert "Remove from the list" not in entries
    entries["Move to the bin…"].trigger()
    (box,) = window.findChildren(QMessageBox)
    assert studies[2].exists()
    next(button for button in box.buttons() if button.text() == "Move to the bin").click()
    qtbot.waitUntil(lambda: "houses" not in names_of(window))
    assert not studies[2].exists()


def test_that_a_study_that_cannot_be_moved_or_runs_stays_and_that_is_told(
    window: MainWindow, studies: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.window.listed_studies.show_error", lambda _parent, title, _why: told.append(title))
    monkeypatch.setattr("gui.window.listed_studies.to_bin", lambda _path: False)
    window.study_files.listed.bin(studies[2])
    with Store.open(studies[3]):
        window.study_files.listed.bin(studies[3])
    assert told == ["The study cannot be moved to the bin", "The study is in use"]
    assert studies[2].exists()
    assert studies[3].exists()


def test_that_a_study_is_copied_and_the_copy_is_listed(
    window: MainWindow, studies: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    window.study_files.listed.copy(studies[3], tmp_path / "copy.afina")
    qtbot.waitUntil(lambda: names_of(window).count("Wine, optimisers compared") == 2)
    assert read_study(tmp_path / "copy.afina") == read_study(studies[3])


def test_that_a_listed_study_is_named_from_its_menu(window: MainWindow, studies: list[Path], qtbot: QtBot) -> None:
    menu_of(cards(window)[0])["Name…"].trigger()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    window.study_files.naming.name(studies[0], "Pigs")
    dialog.close()
    qtbot.waitUntil(lambda: "Pigs" in names_of(window))
    assert StudyProgress.of(read_study(studies[0])).name == "Pigs"


def test_that_keys_name_a_study_and_move_it_to_the_bin(window: MainWindow) -> None:
    choose(window, "Wine, optimisers compared")
    table = window.welcoming.page.table
    QTest.keyClick(table, Qt.Key.Key_F2)
    (dialog,) = window.findChildren(NameDialog)
    assert dialog.name == "Wine, optimisers compared"
    dialog.reject()
    QTest.keyClick(table, Qt.Key.Key_Delete)
    (box,) = window.findChildren(QMessageBox)
    assert box.text() == "Move this study to the bin?"
    box.reject()


def test_that_a_bug_in_the_reading_is_reported(
    start: Open, studies: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[str] = []

    def fall(*_arguments: object) -> list[Path]:
        raise RuntimeError("a bug")

    with start() as window:
        monkeypatch.setattr("gui.welcome.reading.study_paths", fall)
        monkeypatch.setattr(window.crashes, "report", reported.append)
        window.welcoming.show()
        page = window.welcoming.page
        qtbot.waitUntil(lambda: not page.reading.active)
    assert "a bug" in reported[0]


def test_that_a_window_that_closes_while_studies_are_read_ends_in_good_order(start: Open, tmp_path: Path) -> None:
    for number in range(30):
        written(tmp_path / f"{number}.afina", [])
    with start() as window:
        window.start_with(None)


def test_that_a_study_with_a_budget_without_end_does_not_empty_the_list(
    start: Open, studies: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    events = [study_started(tutorial_settings()), *trials(3.0, 2.0), ended(StudyEnd.PAUSED), resumed(10**12)]
    forge(tmp_path / "endless.afina", events)
    with start() as window:
        window.start_with(None)
        until_listed(window, qtbot)
        assert len(names_of(window)) == len(studies) + 1
        endless = next(card for card in cards(window) if card.name.text() == "endless")
        assert endless.done.text() == "2 of 100000 trials"
        assert endless.bar.value() == 1
        endless.open_button.click()
        until_opened(window, qtbot)
        said = [label.text() for label in window.form.budget.findChildren(QLabel)]
        assert "99,980 of them added" in said


def with_a_mistake(window: MainWindow) -> None:
    """Let the list be shown while the form has a mistake."""
    window.actions_[Command.NEW].trigger()
    window.form.limits.seconds.setText("soon")
    assert window.form.settings() is None
    window.actions_[Command.STUDIES].trigger()
    assert is_listed(window)


def test_that_a_table_leads_to_the_form_even_if_that_has_a_mistake(window: MainWindow, tmp_path: Path) -> None:
    with_a_mistake(window)
    (tmp_path / "rents.csv").write_text("area,rent\n")
    file = imported(tmp_path / "rents.csv", 24, "rent", Task.REGRESSION, {"area": ColumnRole.NUMBER})
    window.importing.imported.emit(ImportedTable(file))
    assert window.form.settings() is None
    assert not is_listed(window)


def test_that_a_model_file_leads_to_the_form_even_if_that_has_a_mistake(window: MainWindow, tmp_path: Path) -> None:
    with_a_mistake(window)
    window.model_files.load(tmp_path / "gone.py")
    assert not is_listed(window)


def test_that_settings_lead_to_the_form_even_if_they_are_those_in_it(window: MainWindow, tmp_path: Path) -> None:
    window.actions_[Command.RESET_SETTINGS].trigger()
    assert not is_listed(window)
    window.actions_[Command.STUDIES].trigger()
    (tmp_path / "same.json").write_text(tutorial_settings().to_json())
    window.settings_files.load(tmp_path / "same.json")
    assert not is_listed(window)


def test_that_a_step_back_is_seen(window: MainWindow) -> None:
    with_a_mistake(window)
    QApplication.processEvents()
    window.actions_[Command.UNDO].trigger()
    assert not is_listed(window)
    assert window.form.settings() == tutorial_settings()


@pytest.mark.parametrize("text", ["33", "many"], ids=["complete", "a mistake"])
def test_that_the_tutorial_leaves_the_setup_that_was_not_started(window: MainWindow, text: str, qtbot: QtBot) -> None:
    window.actions_[Command.NEW].trigger()
    window.form.budget.trials.setText(text)
    before = window.form.state()
    window.actions_[Command.STUDIES].trigger()
    window.welcoming.page.beginnings.tutorial_button.click()
    assert not is_listed(window)
    assert window.form.settings() == tutorial_settings()
    assert window.form.is_locked
    qtbot.waitUntil(lambda: window.session.progress is not None)
    assert progress_of(window.session).settings == tutorial_settings()
    assert window.form.draft() == before
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.job is None)
    window.actions_[Command.NEW].trigger()
    assert window.form.state() == before
    assert not window.form.is_locked
