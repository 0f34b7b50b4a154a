"""Help in the window: F1 opens the page on what has the focus, links lead back, and Esc closes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from gui.data_import.dialog import ImportDialog
from gui.export.dialog import ExportDialog
from gui.help.help_dialog import HelpDialog
from gui.help.pages import PART, links_of, page_names, title_of
from gui.help.report_dialog import ReportDialog
from gui.program.preferences import Preferences
from gui.rehearsal.dialog import RehearsalDialog
from gui.session.run_state import Command
from gui.widgets.font_size import NORMAL, font_size
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, lay_out, open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
Key = Qt.Key


def press(qtbot: QtBot, key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key)


def page_at(window: MainWindow, widget: QWidget, qtbot: QtBot) -> str:
    widget.setFocus()
    press(qtbot, Key.Key_F1)
    shown = window.helping.pane.view.page
    press(qtbot, Key.Key_Escape)
    return shown


def follow(window: MainWindow, target: str) -> None:
    window.helping.pane.view.anchorClicked.emit(QUrl(target))


# From a part to its page


def test_that_nothing_is_made_before_help_is_asked_for(window: MainWindow) -> None:
    assert window.helping._pane is None
    assert window.layout_.help_dock.isHidden()


def test_that_f1_opens_the_page_on_each_section(window: MainWindow, qtbot: QtBot) -> None:
    form = window.form
    for widget, page in (
        (form.data.dataset, "data_set"),
        (form.data.import_button, "data_set"),
        (form.model.family, "model"),
        (form.space.presets, "presets"),
        (form.budget.trials, "budget"),
    ):
        assert page_at(window, widget, qtbot) == page
        assert QApplication.focusWidget() is widget, "Esc gives the focus back"
    lines = [folded.line for folded in form.card.folded.values()]
    pages = ["rules", "preparation", "validation", "objective", "search_method", "execution", "limits"]
    assert [page_at(window, line, qtbot) for line in lines] == pages
    form.card.set_open([section.title for section in form.card.folded])
    assert page_at(window, form.rules.editor.add, qtbot) == "rules"
    assert page_at(window, form.validation.test_share, qtbot) == "validation"


@pytest.mark.parametrize("family", ["linear", "mlp", "cnn"])
def test_that_f1_opens_the_page_on_each_parameter(window: MainWindow, qtbot: QtBot, family: str) -> None:
    window.form.data.choose("digits")
    window.form.model.family.set_value(family)
    for name, row in window.form.space.rows.items():
        page = page_at(window, row.vary, qtbot)
        assert page == (name.rsplit("_", 1)[0] if name[-1].isdigit() else name)


def test_that_f1_opens_a_page_at_the_words_on_a_field(window: MainWindow, qtbot: QtBot) -> None:
    form = window.form
    form.card.set_open([form.search.title])
    form.search.acquisition.setFocus()
    press(qtbot, Key.Key_F1)
    view = window.helping.pane.view
    assert view.page == "search_method"
    assert view.verticalScrollBar().value() > 0
    for section in form.card.folded:
        page = window.helping.explained.page_on(section)[0]
        view.open(page)
        missing = [row.caption for row in section.fields.values() if row.caption not in view.toPlainText()]
        assert missing == [caption for caption in missing if caption.startswith("Train on column")]


def test_that_f1_opens_the_pages_on_headline_plots_and_table(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_window(scripted_engine(ScriptedTrainer(seconds=0.01)), tmp_path, qtbot, monkeypatch) as window:
        qtbot.waitUntil(window.isActiveWindow)
        assert page_at(window, window.layout_.plot_area, qtbot) == "loss_plot"
        assert page_at(window, window.layout_.table_card, qtbot) == "trials"
        window.form.set_settings(LONG_STUDY)
        window.running.start()
        qtbot.waitUntil(lambda: progress_of(window.session).best is not None, timeout=RUN)
        qtbot.waitUntil(lambda: not window.loss_plot.waiting_to_paint, timeout=RUN)
        for widget, page in (
            (window.headline.buttons[Command.PAUSE], "headline"),
            (window.loss_plot.canvas, "loss_plot"),
            (window.convergence_plot.canvas, "convergence"),
            (window.points_plot.canvas, "evaluated_points"),
            (window.points_plot.x_box, "evaluated_points"),
            (window.table.view, "trials"),
        ):
            assert page_at(window, widget, qtbot) == page


def test_that_f1_explains_the_list_of_studies_and_the_pane_outlives_it(window: MainWindow, qtbot: QtBot) -> None:
    window.welcoming.show()
    window.actions_[Command.HELP].trigger()
    view = window.helping.pane.view
    assert view.page == "studies"
    follow(window, "part:validation")
    assert view.page == "validation", "the form is not to be seen, so the page is shown"
    window.actions_[Command.NEW].trigger()
    assert not window.welcoming.shown
    assert view.isVisible()


def test_that_menus_lead_to_first_steps_and_to_all_shortcuts(window: MainWindow) -> None:
    for command, page in ((Command.FIRST_STEPS, "first_steps"), (Command.SHORTCUTS, "shortcuts")):
        window.actions_[command].trigger()
        assert window.helping.pane.view.page == page


# And back


def test_that_every_link_to_a_part_leads_there(window: MainWindow, qtbot: QtBot) -> None:
    explained = window.helping.explained
    window.form.model.family.set_value("mlp")
    wanted = {link.target for name in page_names() for link in links_of(name) if link.target.startswith(PART)}
    names = {target.removeprefix(PART) for target in wanted} | explained.names
    for name in sorted(names):
        assert explained.leads_to(name), name
        window.helping.open("index")
        follow(window, f"{PART}{name}")
        reached = explained.page_on(QApplication.focusWidget())[0]
        if name in window.layout_.pages.names:
            assert window.layout_.pages.current == name
            assert reached == "pages", "the tab has the focus"
            continue
        assert reached == name or (name == "search_space" and reached in window.form.space.rows)


def test_that_a_section_is_unfolded_and_a_hidden_dock_shown(window: MainWindow) -> None:
    form, helping = window.form, window.helping
    window.layout_.form_dock.hide()
    window.layout_.table_dock.hide()
    helping.open("index")
    follow(window, "part:validation")
    assert form.validation.method.hasFocus()
    assert form.card.folded[form.validation].line.is_open
    follow(window, "part:trials")
    assert window.table.isVisible()


def test_that_a_row_that_does_not_apply_is_explained_instead(window: MainWindow) -> None:
    helping = window.helping
    helping.open("index")
    assert "dropout" not in window.form.space.rows
    follow(window, "part:dropout")
    assert helping.pane.view.page == "dropout"
    assert "Show it" not in helping.pane.view.toPlainText()
    helping.open("batch_size")
    assert "Show it" in helping.pane.view.toPlainText()


def test_that_the_page_on_several_rows_leads_back_to_the_one_that_was_asked_about(
    window: MainWindow, qtbot: QtBot
) -> None:
    form = window.form
    form.model.family.set_value("mlp")
    for name in ("units_2", "units", "units_2"):
        row = form.space.rows[name]
        assert page_at(window, row.vary, qtbot) == "units"
        window.helping.explained.show("units")
        assert row.vary.hasFocus(), name


# The pane


def test_that_the_pane_stands_between_form_and_plots_in_its_width(window: MainWindow, qtbot: QtBot) -> None:
    layout = window.layout_
    form = layout.form_dock.width()
    window.actions_[Command.HELP].trigger()
    lay_out(window)
    dock = layout.help_dock
    qtbot.waitUntil(lambda: dock.width() == 300)
    assert layout.form_dock.width() == form
    assert (
        layout.form_dock.geometry().right()
        < dock.x()
        < layout.plot_area.mapTo(window, layout.plot_area.rect().topLeft()).x()
    )
    assert dock.geometry().bottom() == layout.form_dock.geometry().bottom()


def test_that_the_form_is_as_wide_as_before_once_help_is_closed(window: MainWindow, qtbot: QtBot) -> None:
    layout = window.layout_
    for width in (436, 480):
        window.resizeDocks([layout.form_dock], [width], Qt.Orientation.Horizontal)
        lay_out(window)
        for _ in range(2):
            window.actions_[Command.HELP].trigger()
            lay_out(window)
            qtbot.waitUntil(lambda: layout.help_dock.width() == 300)
            window.helping.close()
            lay_out(window)
            assert layout.form_dock.width() == width
    window.actions_[Command.HELP].trigger()
    lay_out(window)
    window.remember()
    layout.restore()
    lay_out(window)
    assert layout.form_dock.width() == 480


@pytest.mark.qt_log_ignore("This plugin does not support raise()", extend=True)  # nor does it need to
def test_that_help_has_a_place_wherever_the_form_is(window: MainWindow) -> None:
    layout, helping = window.layout_, window.helping
    for move in (
        lambda: layout.form_dock.setFloating(True),
        lambda: window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, layout.form_dock),
        layout.form_dock.hide,
    ):
        move()
        helping.open("budget")
        lay_out(window)
        assert helping.pane.view.isVisible()
        assert not layout.help_dock.isFloating()
        helping.close()
        layout.reset()


def test_that_f6_leads_to_the_pane_after_the_form(window: MainWindow, qtbot: QtBot) -> None:
    window.form.budget.trials.setFocus()
    window.actions_[Command.NEXT_PART].trigger()
    assert window.headline.isAncestorOf(QApplication.focusWidget() or window)
    window.helping.open("budget")
    window.form.budget.trials.setFocus()
    window.actions_[Command.NEXT_PART].trigger()
    assert window.helping.pane.view.hasFocus()
    window.actions_[Command.PREVIOUS_PART].trigger()
    assert window.form.budget.trials.hasFocus()


def test_that_tab_goes_from_the_form_through_the_links_to_the_headline(window: MainWindow, qtbot: QtBot) -> None:
    window.helping.open("budget")
    view = window.helping.pane.view
    window.form.card.folded[window.form.limits].line.setFocus()
    reached: list[QWidget | None] = []
    while len(reached) < 20 and not window.headline.isAncestorOf(QApplication.focusWidget() or window):
        press(qtbot, Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert len([widget for widget in reached if widget is view]) > 3, "each link is a stop"
    assert set(reached[:-1]) == {view}


def test_that_tab_goes_through_the_last_section_before_the_page(window: MainWindow, qtbot: QtBot) -> None:
    form = window.form
    window.helping.open("budget")
    for line_first in (True, False):
        form.card.set_open([form.limits.title] if line_first else [])
        form.card.set_open([form.limits.title])
        lay_out(window)
        window.helping.open("budget")
        form.card.folded[form.limits].line.setFocus()
        reached: list[QWidget | None] = []
        while len(reached) < 20 and not window.helping.pane.view.hasFocus():
            press(qtbot, Key.Key_Tab)
            reached.append(QApplication.focusWidget())
        fields = [row.editor for row in form.limits.fields.values() if row.isVisible()]
        assert [widget for widget in reached if widget in fields] == fields


def test_that_escape_closes_it_from_where_escape_means_nothing_else(window: MainWindow, qtbot: QtBot) -> None:
    window.form.budget.trials.setFocus()
    press(qtbot, Key.Key_F1)
    window.form.budget.trials.setFocus()
    press(qtbot, Key.Key_Escape)
    assert window.layout_.help_dock.isHidden()
    assert window.form.budget.trials.hasFocus()


def test_that_the_focus_goes_to_the_form_if_what_had_it_is_gone(window: MainWindow, qtbot: QtBot) -> None:
    window.form.model.family.set_value("mlp")
    window.form.space.rows["dropout"].vary.setFocus()
    press(qtbot, Key.Key_F1)
    window.form.model.family.set_value("linear")
    press(qtbot, Key.Key_Escape)
    assert window.layout_.help_dock.isHidden()
    assert window.form.isAncestorOf(QApplication.focusWidget() or window)


def test_that_largest_letters_leave_the_window_as_wide_as_a_small_screen(window: MainWindow) -> None:
    try:
        for _ in range(6):
            window.actions_[Command.LARGER_FONT].trigger()
        window.helping.open("batch_size")
        lay_out(window)
        assert window.minimumSizeHint().width() <= 1280
    finally:
        font_size().percent = NORMAL


@pytest.fixture
def twice(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Give the window of a second start, after one that was closed with its help open."""
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as window:
        window.helping.open("index")
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as window:
        yield window


def test_that_no_start_shows_help(twice: MainWindow) -> None:
    assert twice.layout_.help_dock.isHidden()
    assert twice.helping._pane is None
    assert twice.form.isVisible()


def test_that_sizes_of_a_version_without_help_are_taken(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = QMainWindow()
    qtbot.addWidget(earlier)
    for name, area in (
        ("setup", Qt.DockWidgetArea.LeftDockWidgetArea),
        ("trials", Qt.DockWidgetArea.BottomDockWidgetArea),
    ):
        dock = QDockWidget()
        dock.setObjectName(name)
        earlier.addDockWidget(area, dock)
        if name == "trials":
            dock.hide()
    settings = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
    Preferences(settings, tmp_path).set_layout("docks", earlier.saveState(1))
    settings.sync()
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as window:
        layout = window.layout_
        assert layout.table_dock.isHidden(), "the sizes were taken"
        assert layout.help_dock.isHidden()
        window.helping.open("budget")
        lay_out(window)
        assert window.helping.pane.view.isVisible()
        assert not layout.help_dock.isFloating()
        assert layout.form_dock.geometry().right() < layout.help_dock.x() < layout.plot_area.mapTo(window, QPoint()).x()
        window.actions_[Command.RESET_LAYOUT].trigger()
        assert layout.help_dock.isHidden()
        assert layout.table_dock.isVisible()


# Dialogs


@pytest.mark.parametrize(
    ("kind", "page"), [(ImportDialog, "import"), (RehearsalDialog, "rehearsal"), (ExportDialog, "export")]
)
def test_that_the_dialogs_of_the_steps_have_pages(kind: type[QDialog], page: str) -> None:
    assert getattr(kind, "help_page", "") == page
    assert page in page_names()


def test_that_f1_in_a_dialog_shows_its_page_beside_it(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_[Command.REHEARSE].trigger()
    dialog = window.findChild(RehearsalDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.isActiveWindow() and dialog.focusWidget() is not None)
    for _ in range(2):
        qtbot.keyClick(dialog.focusWidget(), Key.Key_F1)
        shown = dialog.findChildren(HelpDialog)
        assert [beside.view.page for beside in shown] == ["rehearsal"]
        dialog.activateWindow()
    beside = shown[0]
    assert window.layout_.help_dock.isHidden()
    assert title_of("rehearsal") in beside.view.toPlainText()
    beside.view.anchorClicked.emit(QUrl("part:budget"))
    assert beside.view.page == "budget", "the window behind cannot be used now"
    assert not dialog.isHidden()
    qtbot.keyClick(beside.view, Key.Key_Escape)
    assert not beside.isVisible()
    dialog.reject()


# The report


def test_that_a_report_is_shown_and_copied_as_it_stands_there(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_[Command.REPORT].trigger()
    dialog = window.findChild(ReportDialog)
    assert dialog is not None
    assert "Afina sends nothing" in dialog.told.text()
    dialog.text.setPlainText("What I did: nothing")
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "What I did: nothing"
    assert dialog.told.text() == "Copied."
    dialog.reject()
