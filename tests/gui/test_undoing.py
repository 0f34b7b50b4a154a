"""Undo and redo in the form: what is one step, and that all of it comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.datasets.imported_table import ImportedTable
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.parameters import Fixed, FloatRange, Scale
from core.rules import Relation, Rule
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.tables.description import ColumnRole, MissingValues, Task
from gui.setup.data_section import FILE
from gui.setup.form import SettingsForm
from gui.setup.parameters.rows import NumberRow
from gui.setup.undoing import Undoing
from gui.widgets.theme import Theme
from tests.model_files import custom_file
from tests.tables import imported

MLP = StudySettings(
    model=ModelSettings(
        family_name="mlp",
        ranges={parameter.name: parameter.first_range() for parameter in FAMILIES["mlp"].parameters},
        rules=(Rule("units", Relation.AT_MOST, 256.0, "layers"),),
    ),
    search=SearchSettings(method=SearchMethod.RANDOM),
    budget=BudgetSettings(trials=7, target=0.5),
    seed=41,
)


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path, theme: Theme) -> SettingsForm:
    made = SettingsForm(theme, tmp_path)
    made.resize(436, 693)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def undoing(form: SettingsForm) -> Undoing:
    return Undoing(form, lambda: None, form)


def settle() -> None:
    QApplication.processEvents()


def do(*acts: Callable[[], object]) -> None:
    """Do one thing after the other, as a user does."""
    for act in acts:
        act()
        settle()


def focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.MouseFocusReason)
    settle()


def type_into(widget: QWidget, text: str) -> None:
    """Type letter by letter."""
    for letter in text:
        QTest.keyClicks(widget, letter)
        settle()


def table_of(folder: Path) -> ImportedTable:
    path = folder / "houses.csv"
    path.write_text("a,b,y\n" + "1,2,3\n" * 40)
    roles = {"a": ColumnRole.NUMBER, "b": ColumnRole.CATEGORY}
    return ImportedTable(imported(path, 40, "y", Task.REGRESSION, roles), MissingValues.DROP, "b")


def rate(form: SettingsForm) -> NumberRow:
    row = form.space.rows["learning_rate"]
    assert isinstance(row, NumberRow)
    return row


def test_that_a_new_form_has_no_step(undoing: Undoing) -> None:
    settle()
    assert not undoing.can_undo
    assert not undoing.can_redo
    do(undoing.undo, undoing.redo)


def test_that_what_is_typed_in_a_field_is_one_step_until_it_is_left(form: SettingsForm, undoing: Undoing) -> None:
    trials, seed = form.budget.trials, form.execution.seed
    form.card.set_open([form.execution.title])
    focus(trials)
    trials.selectAll()
    type_into(trials, "300")
    focus(seed)
    seed.selectAll()
    type_into(seed, "17")
    focus(trials)
    type_into(trials, "0")
    texts = []
    while undoing.can_undo:
        do(undoing.undo)
        texts.append((trials.text(), seed.text()))
    assert texts == [("300", "17"), ("300", "0"), ("20", "0")]
    while undoing.can_redo:
        do(undoing.redo)
    assert (trials.text(), seed.text()) == ("3000", "17")


def test_that_the_shortest_form_of_a_number_is_no_step(form: SettingsForm, undoing: Undoing) -> None:
    trials = form.budget.trials
    focus(trials)
    trials.selectAll()
    type_into(trials, "1e2")
    QTest.keyClick(trials, Qt.Key.Key_Return)
    settle()
    assert trials.text() == "100"
    do(undoing.undo)
    assert trials.text() == "20"
    assert not undoing.can_undo


def test_that_leaving_a_field_after_undo_and_redo_is_no_step(form: SettingsForm, undoing: Undoing) -> None:
    trials = form.budget.trials
    focus(trials)
    trials.selectAll()
    type_into(trials, "3e1")
    do(undoing.undo, undoing.redo)
    assert trials.text() == "3e1"
    focus(form.data.dataset)
    assert trials.text() == "30"
    do(undoing.undo)
    assert trials.text() == "20"
    assert not undoing.can_undo
    do(undoing.redo)
    assert trials.text() == "30"


def test_that_leaving_a_field_keeps_the_way_forth(form: SettingsForm, undoing: Undoing) -> None:
    trials = form.budget.trials
    focus(trials)
    trials.selectAll()
    type_into(trials, "3e1")
    do(form.preparation.standardise.toggle, undoing.undo)
    focus(form.data.dataset)
    assert trials.text() == "30"
    assert undoing.can_redo
    do(undoing.redo)
    assert not form.preparation.standardise.isChecked()


def test_that_leaving_a_cell_keeps_the_way_forth(form: SettingsForm, undoing: Undoing) -> None:
    cell = rate(form).high
    focus(cell)
    type_into(cell, "3e-1")
    do(form.preparation.standardise.toggle, undoing.undo)
    focus(form.data.dataset)
    assert cell.text() == "0.3"
    assert undoing.can_redo
    do(undoing.undo)
    assert rate(form).range() == FloatRange(1e-4, 0.1, Scale.LOG)
    assert not undoing.can_undo


def test_that_a_click_that_leaves_the_focus_in_a_field_is_a_step_of_its_own(
    form: SettingsForm, undoing: Undoing
) -> None:
    form.execution.seed.setText("5")
    settle()
    trials = form.budget.trials
    focus(trials)
    type_into(trials, "0")
    do(form.card.folded[form.execution].line.way_back.click)
    type_into(trials, "0")
    do(undoing.undo)
    assert (trials.text(), form.execution.seed.text()) == ("200", "0")
    do(undoing.undo)
    assert (trials.text(), form.execution.seed.text()) == ("200", "5")
    do(undoing.undo)
    assert (trials.text(), form.execution.seed.text()) == ("20", "5")


def test_that_a_mistake_is_undone_too(form: SettingsForm, undoing: Undoing) -> None:
    focus(form.budget.trials)
    type_into(form.budget.trials, "x")
    assert form.settings() is None
    do(undoing.undo)
    assert form.settings() == tutorial_settings()
    do(undoing.redo)
    assert form.budget.trials.text() == "20x"


def test_that_a_way_back_after_typing_is_a_step_of_its_own(form: SettingsForm, undoing: Undoing) -> None:
    trials = form.budget.trials
    focus(trials)
    type_into(trials, "0")
    do(form.budget.fields["budget.trials"].go_back)
    assert trials.text() == "20"
    do(undoing.undo)
    assert trials.text() == "200"
    do(undoing.undo)
    assert trials.text() == "20"


def test_that_what_is_typed_in_a_cell_is_one_step_and_what_is_given_up_none(
    form: SettingsForm, undoing: Undoing
) -> None:
    cell = rate(form).high
    focus(cell)
    type_into(cell, "0.3")
    QTest.keyClick(cell, Qt.Key.Key_Return)
    settle()
    assert rate(form).range() == FloatRange(1e-4, 0.3, Scale.LOG)
    type_into(cell, "5")
    QTest.keyClick(cell, Qt.Key.Key_Escape)
    settle()
    assert cell.text() == "0.3"
    do(undoing.undo)
    assert rate(form).range() == FloatRange(1e-4, 0.1, Scale.LOG)
    assert not undoing.can_undo


def test_that_one_choice_is_one_step_whatever_follows_it(form: SettingsForm, undoing: Undoing) -> None:
    do(lambda: form.model.family.set_value("mlp"), lambda: form.data.dataset.set_value("wine"))
    do(lambda: form.objective.metric_field.set_value("val_accuracy"))
    do(undoing.undo)
    assert form.objective.metric_field.value() == "val_loss"
    assert form.objective.direction.value() == "minimise"
    do(undoing.undo)
    assert form.data.dataset.value() == "boston_housing"
    assert form.model.family.value() == "mlp"
    do(undoing.undo)
    assert form.settings() == tutorial_settings()
    assert not undoing.can_undo
    do(undoing.redo, undoing.redo, undoing.redo)
    assert form.objective.direction.value() == "maximise"


def test_that_a_preset_is_one_step(form: SettingsForm, undoing: Undoing) -> None:
    do(lambda: form.model.family.set_value("mlp"))
    before = form.settings()
    menu = form.space.presets.menu()
    menu.aboutToShow.emit()
    do(next(action for action in menu.actions() if action.text() == "Thorough").trigger)
    after = form.settings()
    assert after is not None
    assert after.model.rules
    do(undoing.undo)
    assert form.settings() == before
    assert form.space.presets.named == "Default ranges"
    do(undoing.redo)
    assert form.settings() == after
    assert form.space.presets.named == "Thorough"


def test_that_loaded_settings_and_the_reset_are_one_step_each(form: SettingsForm, undoing: Undoing) -> None:
    do(lambda: form.set_settings(MLP), form.reset)
    do(undoing.undo)
    assert form.settings() == MLP
    do(undoing.undo)
    assert form.settings() == tutorial_settings()
    assert not undoing.can_undo
    do(undoing.redo)
    assert form.settings() == MLP


def test_that_the_way_back_of_a_section_is_one_step(form: SettingsForm, undoing: Undoing) -> None:
    do(lambda: form.set_settings(MLP))
    for section in (form.rules, form.limits, form.search):
        do(form.card.folded[section].line.way_back.click)
    assert form.settings() is not None
    do(undoing.undo, undoing.undo, undoing.undo)
    assert form.settings() == MLP


def test_that_an_imported_table_is_one_step(form: SettingsForm, undoing: Undoing, tmp_path: Path) -> None:
    table = table_of(tmp_path)
    do(lambda: form.set_data_file(table))
    do(undoing.undo)
    assert form.settings() == tutorial_settings()
    do(undoing.redo)
    assert form.data.dataset.value() == FILE
    assert form.data.file == table.file


def test_that_a_model_file_is_one_step_with_the_wish_for_it(form: SettingsForm, undoing: Undoing) -> None:
    file = custom_file()
    do(form.model.choose_own, lambda: form.model.show_reading("loading Keras"))
    do(lambda: form.model.show_reading(""), lambda: form.set_model_file(file, "", "A note"))
    assert form.model.file_row.notes.text() == "A note"
    do(undoing.undo)
    assert form.settings() == tutorial_settings()
    assert not undoing.can_undo
    do(undoing.redo)
    assert form.model.chosen == file
    assert form.model.file_row.notes.text() == "A note"
    assert not undoing.can_redo


def test_that_a_wish_for_a_model_file_can_be_undone_alone(form: SettingsForm, undoing: Undoing) -> None:
    do(form.model.choose_own)
    do(undoing.undo)
    assert form.settings() == tutorial_settings()


def test_that_a_refused_model_file_comes_back_refused(form: SettingsForm, undoing: Undoing) -> None:
    do(form.model.choose_own, lambda: form.model.refuse_file("It is no Python"), form.reset)
    do(undoing.undo)
    assert form.model.file_row.problem.text() == "It is no Python"


def test_that_the_field_that_changed_is_shown(form: SettingsForm, undoing: Undoing) -> None:
    form.card.set_open([form.execution.title])
    do(lambda: form.execution.seed.setText("5"))
    form.card.set_open([])
    settle()
    do(undoing.undo)
    assert form.execution.seed.text() == "0"
    assert form.card.open == (form.execution.title,)
    assert not form.execution.seed.visibleRegion().isEmpty()


def test_that_nothing_is_noted_or_undone_while_a_study_is_shown(form: SettingsForm, undoing: Undoing) -> None:
    do(lambda: form.budget.trials.setText("33"))
    do(lambda: form.show_study(MLP, 0, running=False, can_copy=True), undoing.undo)
    assert form.settings() == MLP
    do(form.show_draft)
    assert form.budget.trials.text() == "33"
    do(undoing.undo)
    assert form.settings() == tutorial_settings()
    assert not undoing.can_undo


def test_that_after_a_study_one_can_go_back_to_what_it_was_started_with(form: SettingsForm, undoing: Undoing) -> None:
    do(lambda: form.set_settings(MLP), form.show_started)
    do(lambda: form.show_study(MLP, 0, running=False, can_copy=True), form.show_draft)
    assert form.settings() == tutorial_settings()
    do(undoing.undo)
    assert form.settings() == MLP


@pytest.mark.parametrize("shown", ["model file", "table"])
def test_that_a_study_leaves_no_trace_in_the_draft(
    form: SettingsForm, undoing: Undoing, tmp_path: Path, shown: str
) -> None:
    before = form.state()
    if shown == "table":
        form.set_data_file(table_of(tmp_path))
    else:
        form.model.choose_own()
        form.set_model_file(custom_file())
    settings = form.settings()
    assert settings is not None
    form.reset()
    do(lambda: form.show_study(settings, 0, running=False, can_copy=True), form.show_draft)
    assert form.state() == before
    assert not undoing.can_undo


def test_that_fixing_and_varying_come_back(form: SettingsForm, undoing: Undoing) -> None:
    do(rate(form).vary.click)
    assert isinstance(rate(form).range(), Fixed)
    do(undoing.undo)
    assert form.settings() == tutorial_settings()
