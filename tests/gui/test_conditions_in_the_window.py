"""Conditional parameters in the form, the table and the plots."""

import math

import pytest
from pytestqt.qtbot import QtBot

from core.conditions import AtLeast
from core.events import PointOrigin
from core.parameters import Fixed, IntegerRange, Scale
from core.progress import StudyProgress, TrialProgress
from core.settings import StudySettings
from core.study import study_started
from gui.plots.dimensions import dimensions
from gui.settings_form import SettingsForm
from gui.theme import Theme
from gui.trials_model import TrialsModel
from tests.families import CONDITIONAL, NESTED, declare

SHALLOW = TrialProgress(1, {"depth": 1, "learning_rate": 0.1, "batch_size": 32, "epochs": 1}, 1, PointOrigin.RANDOM)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> StudySettings:
    return declare(monkeypatch, CONDITIONAL)


def test_that_the_form_hides_what_cannot_apply_and_says_what_applies_sometimes(
    settings: StudySettings, qtbot: QtBot
) -> None:
    form = SettingsForm(Theme())
    qtbot.addWidget(form)
    form.set_settings(settings)
    form.show()
    rows = form.space.rows
    hint = rows["second"].findChildren(type(form.space.size_hint))
    assert "Applies only where depth is at least 2" in [label.text() for label in hint if label.isVisibleTo(form)]
    assert form.space.size_hint.text() == "Finite: 9 points"
    rows["depth"].set_range(IntegerRange(1, 2))
    assert rows["second"].isVisible()
    assert not rows["third"].isVisible()
    assert form.space.size_hint.text() == "Finite: 3 points"
    rows["depth"].set_range(Fixed(3))
    assert rows["third"].isVisible()
    assert not rows["learning_rate"].isVisible()
    assert "Applies" not in " ".join(label.text() for label in hint)
    assert form.settings() is not None


def test_that_the_table_shows_a_dash_and_copies_nothing(settings: StudySettings) -> None:
    progress = StudyProgress([study_started(settings)])
    progress.trials[1] = SHALLOW
    model = TrialsModel(Theme())
    model.show(progress)
    column = [column.header for column in model.columns].index("Second width")
    assert model.data(model.index(0, column)) == "–"
    assert model.exact_text(0, column) == ""


def test_that_a_trial_without_the_parameter_has_no_place_on_its_axis(settings: StudySettings) -> None:
    known = {dimension.name: dimension for dimension in dimensions(settings)}
    assert math.isnan(known["second"].position(SHALLOW))
    assert known["depth"].position(SHALLOW) == 1.0


def test_that_the_form_follows_a_chain_of_conditions(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    settings = declare(monkeypatch, NESTED)
    form = SettingsForm(Theme())
    qtbot.addWidget(form)
    form.set_settings(settings)
    form.show()
    rows = form.space.rows
    labels = rows["rule"].findChildren(type(form.space.size_hint))
    assert "Applies only where gate is on" in [label.text() for label in labels if label.isVisibleTo(form)]
    rows["gate"].set_range(Fixed(True))
    rows["second"].set_range(Fixed(16))
    assert "Applies only where depth is at least 2" in [label.text() for label in labels if label.isVisibleTo(form)]
    rows["second"].set_range(Fixed(8))
    assert not rows["gate"].isVisible()
    assert not rows["rule"].isVisible()
    assert not rows["learning_rate"].isVisible()


def test_that_a_perceptrons_form_shows_the_widths_of_layers_that_there_can_be(qtbot: QtBot) -> None:
    form = SettingsForm(Theme())
    qtbot.addWidget(form)
    form.show()
    form.model.family.set_value("mlp")
    rows = form.space.rows
    assert [rows[f"units_{layer}"].isVisible() for layer in range(2, 6)] == [True, True, False, False]
    rows["units_3"].set_range(IntegerRange(8, 128, Scale.LOG))
    settings = form.settings()
    assert settings is not None
    assert settings.conditions == {"units_3": AtLeast("layers", 3)}
    rows["optimizer"].set_range(Fixed("sgd"))
    assert rows["momentum"].isVisible()
    rows["optimizer"].set_range(Fixed("adam"))
    assert not rows["momentum"].isVisible()
