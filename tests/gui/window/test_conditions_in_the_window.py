"""Conditional parameters in the form, the table and the plots."""

import math
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.conditions import AllOf, AtLeast, AtMost, IsOneOf
from core.figures.dimensions import dimensions
from core.figures.figure import Kind
from core.parameters import Fixed, IntegerRange, Scale
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.study.loop import study_started
from core.trial_progress import TrialProgress
from gui.plots.drawing.axes import PlotAxis
from gui.plots.points import PointsPlot
from gui.session.session import Session
from gui.setup.form import SettingsForm
from gui.trials.model import TrialsModel
from gui.widgets.theme import Theme
from tests.families import CONDITIONAL, NESTED, RULE, WIDTH, declare
from tests.gui.plots.plot_studies import ListEngine, Study, click, settle, shown

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
    assert rows["second"].condition == "where depth ≥ 2"
    rows["depth"].set_range(IntegerRange(1, 2))
    assert rows["second"].isVisible()
    assert not rows["third"].isVisible()
    rows["depth"].set_range(Fixed(3))
    assert rows["third"].isVisible()
    assert not rows["learning_rate"].isVisible()
    assert rows["second"].condition == ""
    assert form.settings() is not None


def test_that_the_table_shows_a_dash_and_copies_nothing(settings: StudySettings) -> None:
    progress = StudyProgress.of([study_started(settings)])
    progress.trials[1] = SHALLOW
    model = TrialsModel(Theme())
    model.show(progress)
    column = [column.header for column in model.columns].index("Second width")
    assert model.data(model.index(0, column)) == "–"
    assert model.exact_text(0, column) == ""


def test_that_a_trial_without_the_parameter_stands_in_a_lane_before_its_values(settings: StudySettings) -> None:
    known = {dimension.name: dimension for dimension in dimensions(settings)}
    assert -1.5 < known["second"].position(SHALLOW) < -0.5
    assert known["second"].view == (-1.5, 1.5)
    assert known["second"].scale.named_ticks == [(-1, "–"), (0, "8"), (1, "16")]
    assert known["depth"].position(SHALLOW) == 1.0
    assert known["depth"].scale.lane is None, "it applies to all trials"


def test_that_the_lane_of_a_logarithmic_axis_has_one_tick_and_no_number(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    sometimes = replace(WIDTH, step=0, when=AtLeast("depth", 2))
    settings = declare(monkeypatch, replace(CONDITIONAL, parameters=(*CONDITIONAL.parameters, sometimes)))
    *_others, width, _objective = dimensions(settings)
    assert width.view is not None
    left, right = width.view
    assert width.scale.lane is not None
    lane, first = width.scale.lane
    assert left < width.position(SHALLOW) < first < math.log10(16)
    axis = PlotAxis("bottom")
    axis.show_scale(width.scale)
    (spacing, highest), *_lower = ticks = axis.tickValues(left, right, 400.0)
    assert axis.tickStrings(highest, 1.0, spacing)[0] == "–"
    assert axis.tickStrings(highest, 1.0, spacing)[1:] == [f"{10**at:.0f}" for at in highest[1:]]
    assert all(at > lane + 0.04 for _spacing, places in ticks for at in places if at != lane)


def test_that_points_in_the_lane_are_drawn_marked_and_clicked(settings: StudySettings, qtbot: QtBot) -> None:
    plot = shown(PointsPlot(Session(ListEngine()), Theme()), qtbot)
    study = Study(plot.session, settings)
    study.complete(1, [30.0], depth=2, second=16)
    study.complete(2, [20.0], depth=1)
    study.begin(3, depth=1)
    plot.show_parameters("second", "depth")
    settle(plot, qtbot)
    places, depths = plot.items.points(Kind.DONE).getData()
    (best,), (current,) = plot.items.points(Kind.BEST).getData()[0], plot.items.points(Kind.RUNNING).getData()[0]
    assert list(depths) == [2, 1]
    assert list(places) == [1, best]
    assert -1.5 < best < -0.5
    assert -1.5 < current < -0.5
    assert plot.canvas.view.viewRange()[0][0] < -1
    for trial, x in ((2, best), (3, current)):
        click(plot, x, 1.0)
        assert plot.session.selected == trial
        settle(plot, qtbot)


def test_that_points_in_the_lane_do_not_cover_each_other(settings: StudySettings) -> None:
    second = next(dimension for dimension in dimensions(settings) if dimension.name == "second")
    trials = [replace(SHALLOW, number=number) for number in range(1, 21)]
    places = sorted(second.position(trial) for trial in trials)
    assert min(np.diff(places)) > 0.02


def test_that_the_form_follows_a_chain_of_conditions(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    settings = declare(monkeypatch, NESTED)
    form = SettingsForm(Theme())
    qtbot.addWidget(form)
    form.set_settings(settings)
    form.show()
    rows = form.space.rows
    assert rows["rule"].condition == "where gate is on"
    rows["gate"].set_range(Fixed(True))
    rows["second"].set_range(Fixed(16))
    assert rows["rule"].condition == "where depth ≥ 2"
    rows["second"].set_range(Fixed(8))
    assert not rows["gate"].isVisible()
    assert not rows["rule"].isVisible()
    assert not rows["learning_rate"].isVisible()


def test_that_the_form_names_all_that_has_to_hold(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    both = replace(RULE, when=AllOf((IsOneOf("gate", (True,)), AtLeast("depth", 3), AtMost("depth", 5))))
    family = replace(NESTED, parameters=tuple(both if p.name == "rule" else p for p in NESTED.parameters))
    settings = declare(monkeypatch, family)
    form = SettingsForm(Theme())
    qtbot.addWidget(form)
    form.set_settings(settings)
    form.show()
    rule = form.space.rows["rule"]
    assert rule.condition == "where gate is on and depth ≥ 3 and ≤ 5"
    form.space.rows["gate"].set_range(Fixed(True))
    assert rule.condition == "where second width is 16 and depth ≥ 3 and ≤ 5"
    form.space.rows["depth"].set_range(IntegerRange(1, 2))
    assert not form.space.rows["rule"].isVisible()


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
