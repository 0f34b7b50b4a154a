"""The presets in the form: the family's, and those that the user saves, loads and removes."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from core.models.catalogue import FAMILIES
from core.parameters import Fixed, FloatRange, Scale
from core.presets import save_preset, saved_presets
from core.rules import Relation, Rule
from gui.setup.form import SettingsForm
from gui.setup.preset_menu import PresetMenu
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
        ('{"name": "x", "ranges": {"depth": {"kind": "fixed", "value": 1}}}', "no parameter “depth”"),
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


def test_that_a_preset_cannot_be_called_like_one_of_the_model_s_but_an_earlier_one_is_loaded(
    form: SettingsForm, tmp_path: Path
) -> None:
    form.space.presets.save_as("The tutorial's")
    assert box(form).informativeText() == "Afina calls ranges “The tutorial's” itself: choose another name"
    assert not saved_presets(tmp_path / "linear")
    rate = form.space.rows["learning_rate"]
    rate.set_range(Fixed(0.5))
    ranges = form.space.presets._current("a\u202eb")
    assert ranges is not None
    save_preset(tmp_path / "linear", ranges)
    rate.set_range(Fixed(0.25))
    press(filled(form), "a‹U+202E›b")
    assert rate.range() == Fixed(0.5)
    assert named(form) == "a‹U+202E›b"
    assert [action.text() for action in filled(form).actions() if action.isChecked()] == ["a‹U+202E›b"]


def test_that_ranges_with_a_mistake_cannot_be_saved_and_a_locked_form_has_no_presets(form: SettingsForm) -> None:
    save = "Save these ranges as…"
    assert next(a for a in filled(form).actions() if a.text() == save).isEnabled()
    form.space.rows["learning_rate"].low.setText("x")  # type: ignore[attr-defined]
    assert not next(a for a in filled(form).actions() if a.text() == save).isEnabled()
    form.space.rows["learning_rate"].low.setText("0.01")  # type: ignore[attr-defined]
    lock(form)
    assert not form.space.presets.isEnabled()


def named(form: SettingsForm) -> str:
    menu = form.space.presets
    assert menu.accessibleName() == f"Preset: {menu.named}"
    return menu.named


def test_that_the_preset_in_force_is_named_and_that_it_was_changed(form: SettingsForm) -> None:
    assert named(form) == "The tutorial's"
    rate = form.space.rows["learning_rate"]
    rate.set_range(FloatRange(1e-4, 0.3, Scale.LOG))
    assert named(form) == "The tutorial's, changed"
    rate.low.setText("x")  # type: ignore[attr-defined]
    assert named(form) == "The tutorial's, changed"
    rate.go_back()
    assert named(form) == "The tutorial's"


@pytest.mark.parametrize("family", FAMILIES)
def test_that_each_preset_that_is_chosen_is_named(form: SettingsForm, family: str) -> None:
    form.model.family.set_value(family)
    before = named(form)
    declared = [preset.name for preset in FAMILIES[family].presets]
    assert filled(form).actions()[0].text() == before
    for name in declared:
        press(filled(form), name)
        assert named(form) == name
        assert [action.text() for action in filled(form).actions() if action.isChecked()] == [name]
    press(filled(form), before)
    assert named(form) == before


def test_that_the_default_has_one_name_only(form: SettingsForm) -> None:
    assert "Default ranges" not in [action.text() for action in filled(form).actions()]
    form.model.family.set_value("mlp")
    assert named(form) == "Default ranges"


def test_that_a_rule_changes_a_preset(form: SettingsForm) -> None:
    form.model.family.set_value("mlp")
    press(filled(form), "Thorough")
    form.rules.go_back()
    assert named(form) == "Thorough, changed"


def test_that_loaded_ranges_have_the_name_of_the_preset_that_they_equal(form: SettingsForm) -> None:
    form.model.family.set_value("mlp")
    press(filled(form), "Few rows")
    equal = form.settings()
    form.space.rows["units"].set_range(Fixed(8))
    other = form.settings()
    assert equal is not None
    assert other is not None
    form.reset()
    form.set_settings(other)
    assert named(form) == "Own ranges"
    form.set_settings(equal)
    assert named(form) == "Few rows"


def test_that_of_equal_presets_the_last_chosen_is_named(form: SettingsForm) -> None:
    form.space.presets.save_as("Mine")
    assert named(form) == "Mine"
    press(filled(form), "The tutorial's")
    assert named(form) == "The tutorial's"
    press(filled(form), "Mine")
    assert named(form) == "Mine"
    form.space.rows["learning_rate"].set_range(Fixed(0.5))
    assert named(form) == "Mine, changed"


def test_that_a_preset_of_ones_own_is_named_until_it_is_removed(form: SettingsForm) -> None:
    form.space.rows["learning_rate"].set_range(Fixed(0.5))
    form.space.presets.save_as("Mine")
    settings = form.settings()
    assert settings is not None
    form.reset()
    assert named(form) == "The tutorial's"
    form.set_settings(settings)
    assert named(form) == "Mine"
    form.space.presets.ask_to_remove("Mine")
    _accept(box(form), "Remove")
    assert named(form) == "Own ranges"


def test_that_a_broken_preset_of_ones_own_does_no_harm(form: SettingsForm, tmp_path: Path) -> None:
    (tmp_path / "linear").mkdir()
    (tmp_path / "linear" / "Bad.json").write_text("nonsense")
    form.space.rows["learning_rate"].set_range(Fixed(0.5))
    assert named(form) == "The tutorial's, changed"


def test_that_a_model_file_has_its_own_default(form: SettingsForm) -> None:
    form.set_settings(custom_settings(custom_file(), epochs=10))
    assert named(form) == "Default ranges"
    form.space.rows["rate"].set_range(Fixed(0.05))
    assert named(form) == "Default ranges, changed"


def test_that_a_long_name_is_cut_off_and_told_whole(form: SettingsForm) -> None:
    name = "The ranges that were left after the first three studies of it"[:60]
    form.space.presets.save_as(name)
    form.resize(400, 690)
    assert form.space.presets.minimumSizeHint().width() < 200
    assert named(form) == name
    assert name in form.space.presets.toolTip()


def test_that_keys_open_the_menu(form: SettingsForm, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(PresetMenu, "showMenu", lambda _menu: opened.append("it"))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(form.space.presets, key)
    assert len(opened) == 2
