"""The presets in the form: the family's, and those that the user saves, loads and removes."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from core.models.catalogue import FAMILIES
from core.parameters import Fixed, FloatRange, Scale
from core.presets import saved_presets
from core.rules import Relation, Rule
from gui.setup.form import SettingsForm
from gui.widgets.theme import Theme
from tests.model_files import CUSTOM, custom_file, custom_settings
from tests.windows import lock


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path) -> SettingsForm:
    made = SettingsForm(Theme(), tmp_path)
    qtbot.addWidget(made)
    made.show()
    return made


def filled(form: SettingsForm) -> QMenu:
    menu = form.space.presets.menu()
    menu.aboutToShow.emit()
    return menu


def press(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


def box(form: SettingsForm) -> QMessageBox:
    return form.findChildren(QMessageBox)[-1]


def test_that_the_presets_of_the_chosen_family_are_offered_with_their_help(form: SettingsForm) -> None:
    form.model.family.set_value("mlp")
    actions = [action for action in filled(form).actions() if action.text()]
    names = ["Default ranges", *(preset.name for preset in FAMILIES["mlp"].presets)]
    assert [action.text() for action in actions] == [*names, "Save these ranges as…", "Remove"]
    assert all(action.toolTip() for action in actions[: len(names)])


def test_that_a_preset_fills_ranges_and_rules_and_the_default_brings_them_back(form: SettingsForm) -> None:
    form.model.family.set_value("mlp")
    before = form.settings()
    heard: list[object] = []
    form.settings_changed.connect(heard.append)
    press(filled(form), "Thorough")
    settings = form.settings()
    assert settings is not None
    assert settings.model.rules == (Rule("units", Relation.AT_MOST, 1024.0, "layers"),)
    assert heard == [settings]
    press(filled(form), "Default ranges")
    assert form.settings() == before


def test_that_ranges_are_saved_under_a_name_loaded_and_removed(form: SettingsForm, tmp_path: Path) -> None:
    rate = form.space.rows["learning_rate"]
    rate.set_range(FloatRange(1e-3, 1e-2, Scale.LOG))
    form.space.presets.save_as("Mine & yours")
    assert saved_presets(tmp_path / "linear") == ["Mine & yours"]
    rate.set_range(Fixed(0.5))
    press(filled(form), "Mine && yours")
    assert rate.range() == FloatRange(1e-3, 1e-2, Scale.LOG)
    form.model.family.set_value("mlp")
    assert "Mine && yours" not in [action.text() for action in filled(form).actions()]
    form.model.family.set_value("linear")
    form.space.presets.ask_to_remove("Mine & yours")
    _accept(box(form), "Remove")
    assert saved_presets(tmp_path / "linear") == []


def _accept(asked: QMessageBox, text: str) -> None:
    next(button for button in asked.buttons() if button.text() == text).click()


def test_that_a_name_in_use_is_asked_about(form: SettingsForm, tmp_path: Path) -> None:
    form.space.presets.save_as("Mine")
    text = (tmp_path / "linear" / "Mine.json").read_text()
    form.space.rows["learning_rate"].set_range(Fixed(0.5))
    form.space.presets.save_as("Mine")
    assert (tmp_path / "linear" / "Mine.json").read_text() == text
    _accept(box(form), "Replace")
    assert (tmp_path / "linear" / "Mine.json").read_text() != text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", "no preset that can be used"),
        ('{"name": "x", "ranges": {"depth": {"kind": "fixed", "value": 1}}}', "no parameter 'depth'"),
        ('{"name": "x", "ranges": {"learning_rate": {"kind": "fixed", "value": "a"}}}', "Learning rate"),
    ],
)
def test_that_a_bad_file_is_told_and_changes_nothing(
    text: str, sentence: str, form: SettingsForm, tmp_path: Path
) -> None:
    before = form.settings()
    (tmp_path / "linear").mkdir()
    (tmp_path / "linear" / "Bad.json").write_text(text)
    press(filled(form), "Bad")
    assert box(form).text() == "The preset cannot be used"
    assert sentence in box(form).informativeText()
    assert form.settings() == before


def test_that_a_model_file_has_presets_of_its_own(form: SettingsForm, tmp_path: Path) -> None:
    def offered() -> list[str]:
        return [action.text() for action in filled(form).actions()]

    form.set_settings(custom_settings(custom_file("/models/one.py")))
    form.space.presets.save_as("Mine")
    assert "Mine" in offered()
    form.set_settings(custom_settings(custom_file("/models/other.py")))
    assert "Mine" not in offered()
    form.set_settings(custom_settings(custom_file("/models/one.py", source=f"{CUSTOM}# edited\n")))
    rate = form.space.rows["rate"]
    before = rate.range()
    rate.set_range(Fixed(0.05))
    press(filled(form), "Mine")
    assert rate.range() == before
    form.space.presets.ask_to_remove("Mine")
    _accept(box(form), "Remove")
    assert "Mine" not in offered()


def test_that_a_name_that_cannot_be_is_told(form: SettingsForm, tmp_path: Path) -> None:
    form.space.presets.save_as("a/b")
    assert "“a/b”" in box(form).informativeText()
    assert list(tmp_path.iterdir()) == []


def test_that_ranges_with_a_mistake_cannot_be_saved_and_a_locked_form_has_no_presets(form: SettingsForm) -> None:
    save = "Save these ranges as…"
    assert next(a for a in filled(form).actions() if a.text() == save).isEnabled()
    form.space.rows["learning_rate"].low.setText("x")  # type: ignore[attr-defined]
    assert not next(a for a in filled(form).actions() if a.text() == save).isEnabled()
    form.space.rows["learning_rate"].low.setText("0.01")  # type: ignore[attr-defined]
    lock(form)
    assert not form.space.presets.isEnabled()
