"""The setup form in the window: what a newcomer came for is in view, and a few keys away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from core.rules import Relation, Rule
from core.settings import tutorial_settings
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.reading import heard_of
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import lay_out, open_window

_FORBIDDEN = "Infinite", "each times", "in steps of", "any", "Use column"


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as opened:
        opened.resize(1280, 800)
        lay_out(opened)
        yield opened


def scroller(window: MainWindow) -> QScrollArea:
    return window.form.findChildren(QScrollArea)[0]


def heights(window: MainWindow) -> tuple[int, int]:
    """Return the heights of what the form holds and of the part of it that is in view, in pixels."""
    lay_out(window)
    content = scroller(window).widget()
    assert content is not None
    return content.sizeHint().height(), scroller(window).viewport().height()


def focused() -> QWidget:
    """Return the widget that has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_that_the_tutorials_form_fits_the_window_without_scrolling(window: MainWindow) -> None:
    needed, seen = heights(window)

    assert seen > 640
    assert needed <= seen
    window.resize(1280, 720)
    needed, seen = heights(window)
    assert seen < 640
    assert needed <= seen


def test_that_the_perceptrons_form_is_one_and_a_half_times_as_high_at_most(window: MainWindow) -> None:
    window.form.model.family.set_value("mlp")
    needed, seen = heights(window)

    assert needed <= 1.5 * seen


@pytest.mark.parametrize("family", ["linear", "mlp"])
def test_that_few_tabs_lead_from_the_first_field_to_the_trials(window: MainWindow, qtbot: QtBot, family: str) -> None:
    window.form.model.family.set_value(family)
    window.form.data.dataset.setFocus()
    visited: list[QWidget] = []
    while focused() is not window.form.budget.trials and len(visited) <= 15:
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        visited.append(focused())

    assert len(visited) <= 9


def test_that_letters_lead_to_the_parts_of_the_form(window: MainWindow, qtbot: QtBot) -> None:
    form = window.form
    form.card.setFocus()
    for letter, wanted in ((Qt.Key.Key_D, form.data.dataset), (Qt.Key.Key_M, form.model.family)):
        qtbot.keyClick(window, letter, Qt.KeyboardModifier.AltModifier)
        assert focused() is wanted
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    assert form.space.isAncestorOf(focused())
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert focused() is form.budget.trials


def test_that_no_two_letters_of_the_form_and_the_menus_are_the_same(window: MainWindow) -> None:
    titles = [action.text() for action in window.menuBar().actions()]
    texts = [label.text() for label in window.form.findChildren(QLabel) if label.buddy() is not None]
    buttons = [button.text() for button in window.form.findChildren(QAbstractButton) if button.isVisible()]
    marked = [text[text.index("&") + 1].lower() for text in (*titles, *texts, *buttons) if "&" in text]

    assert len(marked) == len(set(marked)), marked
    assert set("dmptralocxufsvh") <= set(marked)


def test_that_a_model_file_brings_no_letter_twice_and_few_tabs(window: MainWindow, qtbot: QtBot) -> None:
    window.form.model.choose_own()
    lay_out(window)
    test_that_no_two_letters_of_the_form_and_the_menus_are_the_same(window)
    window.form.data.dataset.setFocus()
    visited: list[QWidget] = []
    while focused() is not window.form.budget.trials and len(visited) <= 15:
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        visited.append(focused())
    assert len(visited) <= 9


def test_that_every_field_has_help_in_place(window: MainWindow, qtbot: QtBot) -> None:
    form = window.form
    form.card.set_open(section.title for section in form.card.folded)
    lay_out(window)
    for section in (form.data, form.model, form.budget, *form.card.folded):
        for row in section.fields.values():
            if not row.isVisible():
                continue
            row.focus_place.setFocus()
            qtbot.keyClick(focused(), Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
            assert row.help.isChecked(), row.caption
            assert row.help.isVisible(), row.caption


def test_that_the_headline_names_the_mistake_that_it_leads_to(window: MainWindow) -> None:
    form = window.form
    form.validation.share.setText("x")
    form.limits.seconds.setText("y")
    form.space.rows["learning_rate"].low.setText("z")  # type: ignore[attr-defined]

    assert "Learning rate" in form.problem()
    assert "and 2 more" in window.headline.text
    window.headline.show_field_requested.emit()
    assert form.space.rows["learning_rate"].isAncestorOf(focused())


def test_that_the_way_to_a_field_shows_a_form_that_is_hidden(window: MainWindow) -> None:
    window.form.budget.trials.setText("x")
    window.layout_.form_dock.hide()
    window.headline.show_field_requested.emit()
    assert window.form.budget.trials.isVisible()


def test_that_the_form_speaks_in_words_that_a_person_says(window: MainWindow) -> None:
    form = window.form
    form.card.set_open(section.title for section in form.card.folded)
    for family in ("linear", "mlp"):
        form.model.family.set_value(family)
        lay_out(window)
        labels = [label.text() for label in form.findChildren(QLabel) if label.isVisible()]
        buttons = [button.text() for button in form.findChildren(QAbstractButton) if button.isVisible()]
        empty = [field.placeholderText() for field in form.findChildren(QLineEdit) if field.isVisible()]
        for word in _FORBIDDEN:
            assert not [text for text in (*labels, *buttons, *empty) if word in text.split() or f"{word} " in text]


def test_that_the_headline_counts_warnings_and_leads_to_the_first(window: MainWindow) -> None:
    form = window.form
    form.preparation.standardise.setChecked(False)
    form.space.rules.set_rules([Rule("batch_size", Relation.AT_MOST, 1000.0)])
    form.space.rules.changed.emit()

    assert "2 warnings" in window.headline.text
    assert window.actions_[Command.START].isEnabled()
    window.headline.show_warning_requested.emit()
    assert form.space.rules.rows[0].isVisible()
    assert form.space.rules.isAncestorOf(focused())


def test_that_a_mistake_in_a_folded_section_is_told_in_its_line_and_the_headline_leads_there(
    window: MainWindow,
) -> None:
    form = window.form
    form.limits.trial_megabytes.setText("500")
    form.preparation.standardise.setChecked(False)
    line = form.card.folded[form.limits].line

    assert not form.limits.isVisible()
    assert line.said == "500 MB is too little memory per trial: TensorFlow itself needs 1,000 MB"
    assert form.warning_count == 1
    assert not window.actions_[Command.START].isEnabled()
    window.headline.show_field_requested.emit()
    assert focused() is form.limits.trial_megabytes
    line.way_back.click()
    assert form.limits.trial_megabytes.text() == ""
    assert window.actions_[Command.START].isEnabled()


def test_that_what_differs_is_marked_and_goes_back_with_a_click(window: MainWindow) -> None:
    form = window.form
    form.budget.trials.setText("30")
    form.search.xi.setText("0.5")
    row = form.budget.fields["budget.trials"]
    line = form.card.folded[form.search].line

    assert row in form.budget.marked_rows
    assert row.way_back.isVisible()
    assert line.way_back.isVisible()
    row.way_back.click()
    line.way_back.click()
    assert form.settings() == tutorial_settings()
    assert not row.way_back.isVisible()
    assert not line.way_back.isVisible()


def test_that_a_folded_line_opens_and_folds_by_keys_and_tells_what_is_set(window: MainWindow, qtbot: QtBot) -> None:
    line = window.form.card.folded[window.form.validation].line
    assert line.accessibleName() == "Validation, folded: 20 % held out, no test part"
    line.setFocus()

    qtbot.keyClick(line, Qt.Key.Key_Space)
    assert window.form.validation.isVisible()
    qtbot.keyClick(line, Qt.Key.Key_Left)
    assert not window.form.validation.isVisible()
    qtbot.keyClick(line, Qt.Key.Key_Right)
    assert window.form.validation.isVisible()
    window.form.validation.test_share.setText("10")
    assert line.said == "20 % held out, 10 % test"


def test_that_the_letter_of_a_folded_line_opens_it_each_time_and_a_reader_hears_no_tick(
    window: MainWindow, qtbot: QtBot
) -> None:
    line = window.form.card.folded[window.form.objective].line
    for _ in range(2):
        window.form.budget.trials.setFocus()
        qtbot.keyClick(window.form.budget.trials, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
        assert line.hasFocus()
        assert window.form.objective.isVisible()
    assert (heard_of(line).role, line.accessibleName()[:16]) == (QAccessible.Role.Button, "Objective, open:")
    qtbot.keyClick(line, Qt.Key.Key_Space)
    assert not window.form.objective.isVisible()
    line.click()
    assert window.form.objective.isVisible()


def test_that_the_help_of_a_field_opens_in_place(window: MainWindow, qtbot: QtBot) -> None:
    form = window.form
    form.card.set_open([form.search.title])
    lay_out(window)
    form.search.acquisition.setFocus()
    qtbot.keyClick(form.search.acquisition, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)

    shown = [label.text() for label in form.search.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("How the next point is chosen") for text in shown)
