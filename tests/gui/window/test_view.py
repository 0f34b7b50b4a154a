"""The menu View: the size of the letters, and the way from part to part by one key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from core.analysis.answers import ImportanceAnswer, Share
from gui.session.run_state import Command
from gui.widgets.font_size import LARGEST, NORMAL, SMALLEST, font_size
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, lay_out, open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    engine = scripted_engine(ScriptedTrainer(seconds=0.01))
    try:
        with open_window(engine, tmp_path, qtbot, monkeypatch) as opened:
            yield opened
    finally:
        font_size().percent = NORMAL


def start(window: MainWindow, qtbot: QtBot) -> None:
    window.form.set_settings(LONG_STUDY)
    window.headline.buttons[Command.START].click()
    qtbot.waitUntil(lambda: progress_of(window.session).best is not None, timeout=RUN)
    qtbot.waitUntil(lambda: not window.loss_plot.waiting_to_paint, timeout=RUN)


# Letters


def test_that_all_parts_follow_the_font_size_at_once(window: MainWindow, qtbot: QtBot) -> None:
    start(window, qtbot)
    parts: list[QWidget] = [window.headline.title, window.headline.facts, window.table.view, window.form, window]
    parts += [window.menuBar(), window.statusBar(), window.table.view.horizontalHeader(), window.loss_plot.canvas]
    before = [part.fontMetrics().height() for part in parts]
    rows, ticks = window.table.view.verticalHeader().defaultSectionSize(), window.loss_plot.canvas.x_axis.height()
    headline = window.headline.height()
    for _ in range(6):
        window.actions_[Command.LARGER_FONT].trigger()
    lay_out(window)
    assert font_size().percent == LARGEST
    assert all(part.fontMetrics().height() > size for part, size in zip(parts, before, strict=True))
    assert window.table.view.verticalHeader().defaultSectionSize() > rows
    assert window.loss_plot.canvas.x_axis.height() > ticks
    assert window.headline.height() > headline
    window.actions_[Command.NORMAL_FONT].trigger()
    lay_out(window)
    assert [part.fontMetrics().height() for part in parts] == before
    assert window.headline.height() == headline


def test_that_the_font_size_has_bounds(window: MainWindow) -> None:
    for command, bound in ((Command.LARGER_FONT, LARGEST), (Command.SMALLER_FONT, SMALLEST)):
        for _ in range(12):
            window.actions_[command].trigger()
        assert font_size().percent == bound


def test_that_the_largest_letters_fit_a_window_of_1280_pixels(window: MainWindow, qtbot: QtBot) -> None:
    start(window, qtbot)
    for _ in range(6):
        window.actions_[Command.LARGER_FONT].trigger()
    lay_out(window)
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 689


def test_that_the_font_size_is_remembered(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as window:
            window.actions_[Command.LARGER_FONT].trigger()
        font_size().percent = NORMAL
        with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch):
            assert font_size().percent == 110
    finally:
        font_size().percent = NORMAL


def test_that_the_keys_of_other_programs_change_the_font_size(window: MainWindow) -> None:
    keys = {command: window.actions_[command].shortcuts() for command in (Command.LARGER_FONT, Command.SMALLER_FONT)}
    assert keys == {
        Command.LARGER_FONT: [QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")],
        Command.SMALLER_FONT: [QKeySequence("Ctrl+-")],
    }


# Parts


def part(window: MainWindow) -> str:
    """Return which part has the focus."""
    rail, form, explained, headline, tabs, plots, *_pages, table, line = window.layout_.parts
    names = {rail: "rail", form: "form", explained: "help", headline: "headline", tabs: "tabs", plots: "plots"}
    names |= {table: "trials", line: "line"}
    has = QApplication.focusWidget()
    return next((name for each, name in names.items() if has and (each is has or each.isAncestorOf(has))), "")


def press(window: MainWindow, qtbot: QtBot, *, back: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6, modifier)


def test_that_f6_goes_round_the_parts_and_shift_f6_back(window: MainWindow, qtbot: QtBot) -> None:
    window.form.budget.trials.setFocus()
    seen = [part(window)]
    for _ in range(5):
        press(window, qtbot)
        seen.append(part(window))
    assert seen == ["form", "headline", "tabs", "plots", "trials", "form"]
    for expected in ("trials", "plots", "tabs", "headline", "form"):
        press(window, qtbot, back=True)
        assert part(window) == expected


def test_that_each_part_remembers_what_had_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    window.form.budget.trials.setFocus()
    press(window, qtbot)
    window.headline.buttons[Command.START].setFocus()
    for _ in range(5):
        press(window, qtbot)
    assert QApplication.focusWidget() is window.headline.buttons[Command.START]
    press(window, qtbot, back=True)
    assert QApplication.focusWidget() is window.form.budget.trials


def test_that_f6_leads_into_the_loss_plot_and_to_what_can_be_done_in_the_headline(
    window: MainWindow, qtbot: QtBot
) -> None:
    headline = window.headline
    window.form.budget.trials.setFocus()
    press(window, qtbot)
    assert QApplication.focusWidget() is headline.buttons[Command.START]
    press(window, qtbot)
    assert QApplication.focusWidget() is window.layout_.pages.tabs
    press(window, qtbot)
    assert QApplication.focusWidget() is window.loss_plot.empty_place
    start(window, qtbot)
    window.headline._show()
    assert window.headline.first_stop() is window.headline.title
    window.form.data.dataset.setFocus()
    press(window, qtbot, back=True)
    press(window, qtbot, back=True)
    assert window.loss_plot.canvas.hasFocus()


def test_that_the_buttons_of_the_headline_come_after_its_words(window: MainWindow) -> None:
    headline, standardise = window.headline, window.form.preparation.standardise
    standardise.setChecked(False)
    lay_out(window)
    headline.title.setFocus(Qt.FocusReason.TabFocusReason)
    assert headline.title.selectedText() == "1 warning"
    headline.focusNextChild()
    assert headline.buttons.isAncestorOf(QApplication.focusWidget() or window)
    headline.title.setFocus()
    standardise.setChecked(True)
    assert QApplication.focusWidget() is headline.buttons[Command.START]


def test_that_f6_works_while_the_form_is_locked_and_passes_what_is_hidden(window: MainWindow, qtbot: QtBot) -> None:
    start(window, qtbot)
    window.headline.buttons[Command.PAUSE].setFocus()
    window.layout_.table_dock.close()
    seen = []
    for _ in range(5):
        press(window, qtbot)
        seen.append(part(window))
    assert seen == ["tabs", "plots", "line", "form", "headline"]


def test_that_a_part_without_a_mark_of_its_own_gets_a_ring(window: MainWindow, qtbot: QtBot) -> None:
    start(window, qtbot)
    card = window.layout_.table_card
    before = card.grab().toImage()
    window.table.view.setFocus()
    lay_out(window)
    assert card.grab().toImage() != before


def test_that_the_window_begins_in_the_form_and_tab_goes_on_to_the_headline(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    assert part(window) == "form"
    seen = [part(window)]
    for _ in range(400):
        window.focusNextChild()
        if part(window) != seen[-1]:
            seen.append(part(window))
        if len(seen) > 5:
            break
    assert [name for name in seen if name][:5] == ["form", "headline", "tabs", "plots", "trials"]


def test_that_only_form_and_menus_take_letters_with_alt(window: MainWindow) -> None:
    seen = [button for button in window.findChildren(QAbstractButton) if button.isVisible()]
    buttons = [button for button in seen if not window.form.isAncestorOf(button)]
    assert buttons
    assert not [button.text() for button in buttons if "&" in button.text().replace("&&", "")]


def test_that_the_way_through_an_empty_part_leaves_all_others_whole(window: MainWindow, qtbot: QtBot) -> None:
    start(window, qtbot)
    viewport = window.loss_plot.canvas.viewport()
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    window.study_files.copy_settings()
    for _ in range(6):
        press(window, qtbot)
    window.form.model.family.set_value("mlp")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert isValid(viewport)
    window.loss_plot.canvas.draw_later()
    qtbot.waitUntil(lambda: not window.loss_plot.canvas.draws_later)
    assert viewport.updatesEnabled()


def test_that_what_is_reached_by_a_key_is_in_view(window: MainWindow, qtbot: QtBot) -> None:
    window.form.model.family.set_value("mlp")
    lay_out(window)
    port = window.form.findChildren(QScrollArea)[0].viewport()

    def in_view(widget: QWidget) -> bool:
        return port.rect().contains(QRect(widget.mapTo(port, QPoint()), widget.size()))

    for letter, widget in (
        (Qt.Key.Key_T, window.form.budget.trials),
        (Qt.Key.Key_D, window.form.data.dataset),
        (Qt.Key.Key_C, window.form.card.folded[window.form.search]),  # last: it unfolds a moment later
    ):
        qtbot.keyClick(window, letter, Qt.KeyboardModifier.AltModifier)
        lay_out(window)
        assert in_view(widget)
    qtbot.waitUntil(window.form.search.isVisible)  # Alt and a letter press for a moment
    window.form.search.acquisition.setFocus()
    qtbot.keyClick(window.form.search.acquisition, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    lay_out(window)
    assert in_view(window.form.search.fields["search.acquisition"])


def test_that_the_points_start_with_what_matters_most(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(window.points_plot, "start_with", started.append)
    shares = Share("batch_size", 0.7, 0.5, 0.9, 0.4, 1.0), Share("learning_rate", 0.2, 0.0, 0.4, 0.1, 0.0)
    window.layout_.analyst.importance = ImportanceAnswer(shares, (), 20, 40)
    window.layout_.analyst.changed.emit()
    assert started == [("batch_size",)]
