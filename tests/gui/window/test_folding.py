"""Pages in the real window: what folds on them, what is remembered of that, keys, help, and what is linked."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.events import TrialState
from core.words.trial_line import NO_TRIALS, plan_in_a_line
from gui.insight.brushed_note import BrushedNote
from gui.insight.failed_box import FailedBox
from gui.pages.rail import WIDTH
from gui.session.run_state import Command
from gui.widgets.font_size import NORMAL, font_size
from gui.window.findings_slot import NOTHING
from gui.window.layout import Layout
from gui.window.main_window import MainWindow
from gui.window.sizes import TABLE_OVER_A_PAGE
from tests.figures import begun, complete, without_objective
from tests.reading import faults, names
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, feed, lay_out, open_window

Opener = Callable[[], AbstractContextManager[MainWindow]]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def opened(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Opener:
    return partial(open_window, scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch)


@pytest.fixture
def window(opened: Opener) -> Iterator[MainWindow]:
    with opened() as made:
        yield made


def folded(layout: Layout) -> tuple[bool, bool]:
    """Return whether the form is folded to its rail, and the table to its line."""
    assert layout.rail.isVisible() is layout.form_dock.isHidden()
    assert layout.centre.trials_line.isVisible() is layout.table_dock.isHidden()
    return layout.rail.isVisible(), layout.centre.trials_line.isVisible()


def study(window: MainWindow) -> None:
    """Show a study of three results and a failure, as if it ran elsewhere."""
    feed(window.session, begun(LONG_STUDY))
    for number, loss in ((1, 30.0), (2, 20.0), (3, 25.0)):
        feed(window.session, *complete(number, [loss + 5, loss]))
    feed(window.session, *without_objective(4, TrialState.FAILED))


def press(window: MainWindow, keys: str, qtbot: QtBot) -> None:
    window.activateWindow()  # a dock that floated may have been active
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keySequence(window, QKeySequence(keys))
    lay_out(window)


# Keys and folding


def test_that_keys_lead_to_the_pages_and_form_and_table_fold_where_a_page_needs_the_room(
    window: MainWindow, qtbot: QtBot
) -> None:
    layout = window.layout_
    assert (layout.pages.current, folded(layout)) == ("live", (False, False))
    press(window, "Ctrl+2", qtbot)
    assert (layout.pages.current, folded(layout)) == ("belief", (True, True))
    assert layout.rail.width() == WIDTH
    assert layout.rail.mapTo(window, QPoint()).x() == 0
    press(window, "Ctrl+3", qtbot)
    assert (layout.pages.current, folded(layout)) == ("parameters", (True, True))
    press(window, "Ctrl+1", qtbot)
    assert (layout.pages.current, folded(layout)) == ("live", (False, False))
    assert layout.form_dock.width() == 436


def test_that_what_the_user_opens_and_folds_is_kept_for_each_page_and_for_the_next_start(
    opened: Opener, qtbot: QtBot
) -> None:
    with opened() as window:
        layout = window.layout_
        press(window, "Ctrl+2", qtbot)
        layout.rail.button.click()
        lay_out(window)
        assert (folded(layout), layout.form_dock.width()) == ((False, True), 436)
        assert layout.form.isAncestorOf(QApplication.focusWidget() or window)
        press(window, "Ctrl+3", qtbot)
        assert folded(layout) == (True, True)
        press(window, "Ctrl+1", qtbot)
        layout.fold_buttons[1].click()
        assert folded(layout) == (False, True)
        assert QApplication.focusWidget() is layout.centre.trials_line
        press(window, "Ctrl+2", qtbot)
        assert folded(layout) == (False, True)
        window.close()
    with opened() as window:
        layout = window.layout_
        assert (layout.pages.current, folded(layout)) == ("belief", (False, True))
        press(window, "Ctrl+1", qtbot)
        assert folded(layout) == (False, True)
        press(window, "Ctrl+3", qtbot)
        assert folded(layout) == (True, True)
        window.actions_[Command.RESET_LAYOUT].trigger()
        assert (layout.pages.current, folded(layout)) == ("parameters", (True, True))
        press(window, "Ctrl+1", qtbot)
        assert folded(layout) == (False, False)
        press(window, "Ctrl+2", qtbot)
        assert folded(layout) == (True, True)


def test_that_a_key_opens_the_table_below_a_page_and_folds_it(window: MainWindow, qtbot: QtBot) -> None:
    layout = window.layout_
    study(window)
    press(window, "Ctrl+2", qtbot)
    press(window, "Ctrl+Shift+T", qtbot)
    assert folded(layout) == (True, False)
    assert layout.table_dock.height() == TABLE_OVER_A_PAGE
    assert window.table.isAncestorOf(QApplication.focusWidget() or window)
    press(window, "Ctrl+Shift+T", qtbot)
    assert folded(layout) == (True, True)
    assert QApplication.focusWidget() is layout.centre.trials_line
    qtbot.keyClick(layout.centre.trials_line, Qt.Key.Key_Return)
    assert folded(layout) == (True, False)
    press(window, "Ctrl+1", qtbot)
    assert layout.table_dock.height() == 180, "each kind of page has its own height"


def test_that_the_heights_that_the_user_gave_the_table_are_kept_for_both_kinds_of_pages(
    window: MainWindow, qtbot: QtBot
) -> None:
    layout = window.layout_
    window.resizeDocks([layout.table_dock], [260], Qt.Orientation.Vertical)
    lay_out(window)
    press(window, "Ctrl+2", qtbot)
    press(window, "Ctrl+Shift+T", qtbot)
    assert layout.table_dock.height() == TABLE_OVER_A_PAGE
    press(window, "Ctrl+1", qtbot)
    assert layout.table_dock.height() == 260


def test_that_what_the_program_shows_is_not_taken_for_the_users_choice(window: MainWindow, qtbot: QtBot) -> None:
    layout = window.layout_
    press(window, "Ctrl+2", qtbot)
    window.headline.show_field_requested.emit()
    assert folded(layout) == (False, True)
    press(window, "Ctrl+3", qtbot)
    press(window, "Ctrl+2", qtbot)
    assert folded(layout) == (True, True)


def test_that_undo_shows_the_form_on_any_page(window: MainWindow, qtbot: QtBot) -> None:
    window.form.budget.trials.setText("33")
    window.form.budget.trials.editingFinished.emit()
    press(window, "Ctrl+2", qtbot)
    qtbot.waitUntil(lambda: window.actions_[Command.UNDO].isEnabled())
    window.actions_[Command.UNDO].trigger()
    assert not window.layout_.form_dock.isHidden()
    assert not window.layout_.rail.isVisible()


def test_that_docks_that_float_are_left_alone(window: MainWindow, qtbot: QtBot) -> None:
    layout = window.layout_
    layout.form_dock.setFloating(True)
    layout.table_dock.setFloating(True)
    lay_out(window)
    press(window, "Ctrl+2", qtbot)
    assert folded(layout) == (False, False)
    assert layout.form_dock.isVisible()
    layout.form_dock.setFloating(False)
    layout.table_dock.setFloating(False)
    press(window, "Ctrl+1", qtbot)
    press(window, "Ctrl+2", qtbot)
    assert folded(layout) == (True, True)


def test_that_what_folds_comes_back_when_the_list_of_studies_goes(window: MainWindow, qtbot: QtBot) -> None:
    layout = window.layout_
    press(window, "Ctrl+2", qtbot)
    window.welcoming.show()
    lay_out(window)
    assert not any(part.isVisible() for part in (layout.rail, layout.form_dock, layout.table_dock, layout.pages))
    assert not window.actions_[Command.LIVE_PAGE].isEnabled()
    window.welcoming.hide()
    lay_out(window)
    assert (layout.pages.current, folded(layout)) == ("belief", (True, True))
    window.welcoming.show()
    layout.reset()
    window.welcoming.hide()
    assert (layout.pages.current, folded(layout)) == ("belief", (True, True))
    press(window, "Ctrl+1", qtbot)
    assert folded(layout) == (False, False)


def test_that_two_pages_fold_and_are_beside_each_other_at_the_next_start(opened: Opener) -> None:
    with opened() as window:
        layout = window.layout_
        layout.pages.show_beside("belief")
        lay_out(window)
        assert folded(layout) == (True, True)
        layout.pages.tear_off("parameters", QPoint(20, 30))
        assert {Command.PAUSE, Command.HELP} <= {
            command for command in Command if window.actions_[command] in layout.pages._torn["parameters"].actions()
        }
        window.close()
        assert not layout.pages.torn
    with opened() as window:
        pages = window.layout_.pages
        assert (pages.current, pages.beside, pages.torn) == ("live", "belief", [])
        assert pages.torn_places["parameters"].topLeft() == QPoint(20, 30)
        pages.show_beside(None)
        assert folded(window.layout_) == (False, False)


def test_that_a_state_of_docks_of_an_earlier_version_shows_the_live_page(opened: Opener, tmp_path: Path) -> None:
    with opened() as window:
        window.layout_.table_dock.hide()
        window.close()
    settings = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
    for name in ("page", "page-beside"):
        settings.remove(name)
    settings.sync()
    with opened() as window:
        assert (window.layout_.pages.current, folded(window.layout_)) == ("live", (False, True))


# What they say


def test_that_rail_line_and_findings_say_what_there_is(window: MainWindow, qtbot: QtBot) -> None:
    layout = window.layout_
    settings = window.form.settings()
    assert settings is not None
    press(window, "Ctrl+2", qtbot)
    assert NOTHING in names(layout.centre.findings)
    assert layout.rail.button.accessibleDescription() == f"Open the setup: {plan_in_a_line(settings)}"
    line = layout.centre.trials_line
    assert line.text_shown == NO_TRIALS
    study(window)
    qtbot.waitUntil(lambda: line.text_shown.startswith("Best trial 2 · complete · 20 · "))
    window.session.linking.hover(3)
    qtbot.waitUntil(lambda: line.text_shown.startswith("Pointed at trial 3 · complete · 25 · "))
    window.session.select(1)
    qtbot.waitUntil(lambda: line.text_shown.startswith("Selected trial 1 · complete · 30 · "))
    assert line.accessibleDescription() == line.text_shown
    assert not faults(window)


def test_that_plots_show_no_tips_while_the_line_tells(window: MainWindow, qtbot: QtBot) -> None:
    told = [window.session.linking.told_in_line]
    for _ in range(2):
        press(window, "Ctrl+Shift+T", qtbot)
        told.append(window.session.linking.told_in_line)
    assert told == [False, True, False]


def test_that_all_pages_are_read_out(window: MainWindow, qtbot: QtBot) -> None:
    study(window)
    for keys in ("Ctrl+2", "Ctrl+3"):
        press(window, keys, qtbot)
        assert not faults(window)


def test_that_help_explains_the_pages_and_leads_back_to_them(window: MainWindow, qtbot: QtBot) -> None:
    layout, explained = window.layout_, window.helping.explained
    layout.pages.tabs.setFocus()
    press(window, "F1", qtbot)
    assert explained.page_on(layout.pages.tabs) == ("pages", "")
    press(window, "Ctrl+2", qtbot)
    assert explained.page_on(layout.rail.button) == ("pages", "")
    assert explained.page_on(layout.centre.trials_line) == ("trials", "")
    assert explained.page_on(layout.pages.all[1].widget) == ("belief", "")
    explained.show("loss_plot")
    assert layout.pages.current == "live"
    explained.show("parameters")
    assert layout.pages.current == "parameters"


def test_that_f6_goes_over_the_rail_and_the_line(window: MainWindow, qtbot: QtBot) -> None:
    layout = window.layout_
    press(window, "Ctrl+2", qtbot)
    layout.rail.button.setFocus()
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is layout.pages.tabs
    layout.rail.button.setFocus()
    qtbot.keyClick(layout.rail.button, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is layout.centre.trials_line


@pytest.mark.parametrize(("width", "height", "font"), [(1280, 720, 100), (1280, 800, 100), (1920, 1080, 130)])
def test_that_the_pages_have_their_room(window: MainWindow, qtbot: QtBot, width: int, height: int, font: int) -> None:
    try:
        font_size().percent = font
        window.resize(width, height)
        press(window, "Ctrl+2", qtbot)
        layout = window.layout_
        assert (window.width(), window.height()) == (width, height)
        page = layout.pages.all[1].widget
        assert page.visibleRegion().boundingRect().height() >= height - round(255 * font / 100)
        assert abs(layout.centre.findings.height() - 27 * font / 100) <= 1
    finally:
        font_size().percent = NORMAL


# Linked


def test_that_brushed_trials_are_told_of_and_cleared_where_no_brush_is_seen(window: MainWindow, qtbot: QtBot) -> None:
    study(window)
    notes = window.findChildren(BrushedNote)
    assert len(notes) == 2
    assert not any(note.isVisible() for note in notes)
    window.session.linking.brush({1, 3})
    lay_out(window)
    assert all(note.isVisible() for note in notes)
    assert {note.said.text() for note in notes} == {"2 of 4 trials are brushed"}
    notes[0].clear.click()
    assert window.session.linking.brushed is None
    assert not any(note.isVisible() for note in notes)


def test_that_a_form_that_folds_leaves_the_focus_to_the_tabs(window: MainWindow, qtbot: QtBot) -> None:
    study(window)
    window.form.data.dataset.setFocus()
    press(window, "Ctrl+2", qtbot)
    assert QApplication.focusWidget() is window.layout_.pages.tabs
    assert window.session.selected is None
    assert window.session.linking.hovered is None


def test_that_the_box_counts_failed_trials_and_hides_them_everywhere(window: MainWindow, qtbot: QtBot) -> None:
    box = window.layout_.plot_area.bar.findChild(FailedBox)
    assert box is not None
    assert not box.isVisible()
    study(window)
    qtbot.waitUntil(lambda: box.isVisible())
    assert (box.text(), box.isChecked()) == ("Failed and skipped (1)", True)
    qtbot.waitUntil(lambda: window.table.model.rowCount() == 4)
    box.click()
    assert window.session.linking.hides_failed
    assert window.table.model.rowCount() == 3
    box.click()
    assert window.table.model.rowCount() == 4
