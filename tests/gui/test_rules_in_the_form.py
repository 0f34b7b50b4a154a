"""Rules in the setup form: added, changed and removed by the user, each with its own mistake."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.models.catalogue import family_named
from core.models.settings import ModelSettings
from core.ranges import Fixed
from core.rules import Relation, Rule
from core.settings import StudySettings
from core.words.summaries import joined, rules_in_short
from gui.setup.form import SettingsForm
from gui.setup.rule_rows import RuleRow
from gui.widgets.theme import Theme
from tests.families import EVERY_KIND, declare
from tests.windows import lock


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> SettingsForm:
    settings = declare(monkeypatch, EVERY_KIND)
    made = SettingsForm(Theme())
    qtbot.addWidget(made)
    made.set_settings(settings)
    made.show()
    return made


def add_rule(form: SettingsForm, qtbot: QtBot) -> RuleRow:
    qtbot.mouseClick(form.space.rules.add, Qt.MouseButton.LeftButton)
    return form.space.rules.rows[-1]


def said(row: RuleRow) -> list[str]:
    return [label.text() for label in row.findChildren(QLabel) if label.isVisibleTo(row)]


def test_that_a_new_rule_forbids_nothing_until_it_is_changed(form: SettingsForm, qtbot: QtBot) -> None:
    row = add_rule(form, qtbot)
    settings = form.settings()
    assert settings is not None
    assert settings.model.rules == (Rule("width", Relation.AT_MOST, 128.0),)
    row.left.set_value("width")
    row.times.set_value("kernel")
    row.number.set_value(200)
    settings = form.settings()
    assert settings is not None
    assert settings.model.rules == (Rule("width", Relation.AT_MOST, 200.0, "kernel"),)
    assert joined(rules_in_short(settings.model)) == "width × kernel ≤ 200"
    row.right.set_value("batch_size")
    assert not row.number.isVisible()
    settings = form.settings()
    assert settings is not None
    assert settings.model.rules[0].right == "batch_size"


def test_that_only_numbers_are_offered_and_every_field_has_a_name(form: SettingsForm, qtbot: QtBot) -> None:
    row = add_rule(form, qtbot)
    offered = [row.left.itemText(place) for place in range(row.left.count())]
    assert offered == ["Width", "Kernel", "Learning rate", "Batch size", "Epochs"]
    for widget in (row.left, row.times, row.relation, row.right, row.number, row.remove):
        assert "rule 1" in widget.accessibleName().lower()


def test_that_a_rule_that_leaves_nothing_says_so_on_its_row(form: SettingsForm, qtbot: QtBot) -> None:
    good, bad = add_rule(form, qtbot), add_rule(form, qtbot)
    bad.number.set_value(5)
    assert form.settings() is None
    assert said(bad) == ["“Width ≤ 5” leaves nothing of these ranges"]
    assert said(good) == []
    bad.number.setText("five")
    assert said(bad) == ["“five” is not a number"]
    assert bad.number.problem
    bad.number.set_value(64)
    assert said(bad) == []
    assert form.settings() is not None


def test_that_a_rule_is_removed_and_the_others_are_counted_anew(form: SettingsForm, qtbot: QtBot) -> None:
    first, second = add_rule(form, qtbot), add_rule(form, qtbot)
    second.number.set_value(64)
    qtbot.mouseClick(first.remove, Qt.MouseButton.LeftButton)
    assert form.space.rules.rows == [second]
    assert second.caption == "Rule 1"
    settings = form.settings()
    assert settings is not None
    assert settings.model.rules == (Rule("width", Relation.AT_MOST, 64.0),)
    second.number.setText("")
    assert said(second) == ["Enter a number"]


def test_that_the_rules_of_settings_are_shown_and_go_with_their_family(
    form: SettingsForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = declare(monkeypatch, EVERY_KIND)
    rules = (Rule("width", Relation.ABOVE, "batch_size"), Rule("epochs", Relation.AT_MOST, 500.0, "batch_size"))
    model = ModelSettings(family_name="every_kind", ranges=settings.model.ranges, rules=rules)
    settings = msgspec.structs.replace(settings, model=model)
    form.set_settings(settings)
    assert form.settings() == settings
    form.set_settings(StudySettings())
    assert form.space.rules.rows == []


def test_that_a_locked_form_lets_nobody_touch_the_rules(form: SettingsForm, qtbot: QtBot) -> None:
    row = add_rule(form, qtbot)
    form.card.set_open([form.rules.title])
    lock(form)
    assert not row.remove.isVisible()
    assert not form.space.rules.add.isVisible()
    before = row.rule()
    for field in (row.left, row.relation, row.right):
        qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClicks(row.number, "7")
    assert row.rule() == before
    form.show_draft()
    (row,) = form.space.rules.rows
    assert row.rule() == before
    assert row.remove.isVisible()


def test_that_a_rule_on_what_applies_to_no_trial_says_that_it_is_not_in_force(qtbot: QtBot) -> None:
    ranges = {parameter.name: parameter.first_range() for parameter in family_named("mlp").parameters}
    model = ModelSettings(family_name="mlp", ranges=ranges | {"layers": Fixed(1)})
    form = SettingsForm(Theme())
    qtbot.addWidget(form)
    rule = Rule("units_2", Relation.AT_MOST, "units")
    form.set_settings(StudySettings(model=msgspec.structs.replace(model, rules=(rule,))))
    (row,) = form.space.rules.rows
    settings = form.settings()
    assert settings is not None
    assert "It excludes nothing: Units of layer 2 applies to no trial" in said(row)
    assert settings.model.rules_in_force == ()
    form.space.rows["layers"].set_range(Fixed(2))
    form.space.changed.emit()
    settings = form.settings()
    assert settings is not None
    assert not any("applies to no trial" in text for text in said(row))
    assert settings.model.rules_in_force == (rule,)
