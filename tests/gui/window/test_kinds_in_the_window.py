"""Steps, levels and booleans: their rows, their columns and their axes."""

import msgspec
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.errors import InvalidSetting
from core.events import TrialStarted
from core.figures.dimensions import dimensions
from core.parameters import Fixed, IntegerRange, Levels, OffOrOn, Scale, Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.search.settings import SearchMethod, SearchSettings
from core.settings import tutorial_settings
from core.study.loop import study_started
from core.trial_progress import TrialProgress
from core.words.plan import describe_plan
from gui.session.session import Session
from gui.setup.form import SettingsForm
from gui.setup.parameters.rows import BooleanRow, ChoiceRow, NumberRow, row_for
from gui.trials.columns import make_columns
from gui.widgets.theme import Theme
from gui.window.status_bar import StatusBar
from tests.families import BIAS, EVERY_KIND, KERNEL, WIDTH, declare
from tests.scripted import ScriptedTrainer, scripted_engine

TRIAL = TrialProgress(
    1, {"width": 64, "kernel": 7, "bias": True, "learning_rate": 0.01, "batch_size": 1}, 1, PointOrigin.RANDOM
)


def test_that_a_step_can_be_typed_and_left_out(qtbot: QtBot) -> None:
    row = row_for(WIDTH)
    qtbot.addWidget(row)
    assert isinstance(row, NumberRow)
    assert row.range() == IntegerRange(16, 128, Scale.LOG, 2)
    row.step.clear()
    assert row.range() == IntegerRange(16, 128, Scale.LOG)
    row.scale.set_value(Scale.LINEAR)
    row.step.setText("16")
    assert row.range() == IntegerRange(16, 128, Scale.LINEAR, 16)


def test_that_a_wrong_step_is_the_steps_problem(qtbot: QtBot) -> None:
    row = row_for(WIDTH)
    qtbot.addWidget(row)
    assert isinstance(row, NumberRow)
    row.step.setText("1")
    with pytest.raises(InvalidSetting) as caught:
        row.range()
    assert caught.value.field == "step"
    row.show_problem(caught.value.message, "step")
    assert row.step.problem
    assert not row.low.problem


def test_that_levels_are_ticked_in_their_order(qtbot: QtBot) -> None:
    row = row_for(KERNEL)
    qtbot.addWidget(row)
    assert isinstance(row, ChoiceRow)
    assert row.range() == Levels((1, 3, 7))
    row.ticks.tick({"1", "7"})
    assert row.range() == Levels((1, 7))
    row.set_range(Fixed(7))
    assert row.range() == Fixed(7)


def test_that_a_boolean_is_a_tick_or_both(qtbot: QtBot) -> None:
    row = row_for(BIAS)
    qtbot.addWidget(row)
    assert isinstance(row, BooleanRow)
    assert row.range() == OffOrOn()
    row.vary.setChecked(False)
    row.choice.set_value("on")
    assert row.range() == Fixed(True)
    row.vary.setChecked(True)
    assert row.range() == OffOrOn()


def test_that_the_table_says_off_or_on(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {column.header: column for column in make_columns(declare(monkeypatch, EVERY_KIND))}
    assert columns["Bias"].text(True) == "on"
    assert columns["Bias"].text(False) == "off"
    assert columns["Kernel"].numeric


def test_that_levels_and_booleans_have_named_places_on_an_axis(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {dimension.name: dimension for dimension in dimensions(declare(monkeypatch, EVERY_KIND))}
    assert known["kernel"].scale.names == ("1", "3", "7")
    assert known["bias"].scale.names == ("off", "on")
    assert (known["kernel"].position(TRIAL), known["bias"].position(TRIAL)) == (2.0, 1.0)
    assert known["width"].scale.log


def test_that_the_status_counts_the_points_tried_and_left_where_they_have_an_end(qtbot: QtBot) -> None:
    settings = tutorial_settings()
    values: dict[str, Value] = {"learning_rate": 1e-4, "batch_size": 1, "epochs": 1}
    begun = TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.GRID)
    session = Session(scripted_engine(ScriptedTrainer()))
    status = StatusBar(session)
    qtbot.addWidget(status)
    status.show()
    for search, text in (
        (settings.search, ""),
        (SearchSettings(method=SearchMethod.GRID, grid_points=3), "1 of 9 points tried, 8 left"),
    ):
        session.progress = StudyProgress.of([study_started(msgspec.structs.replace(settings, search=search)), begun])
        session.run_state_changed.emit(session.job, session.phase)
        assert status.points.text() == text
        assert status.points.isVisible() is bool(text)


def test_that_too_few_points_for_the_budget_are_told_before_start(qtbot: QtBot) -> None:
    form = SettingsForm(Theme())
    qtbot.addWidget(form)

    def told() -> str:
        return " ".join(label.text() for label in form.budget.findChildren(QLabel))

    assert "only" not in told()
    form.space.rows["learning_rate"].set_range(Fixed(0.01))
    form.space.rows["batch_size"].set_range(IntegerRange(1, 16))
    assert "only 16 points: it ends after them" in told()
    settings = form.settings()
    assert settings is not None
    assert describe_plan(settings).title == "16 trials of a linear model on Boston Housing"
    assert describe_plan(settings).facts.endswith(" There are no more points for the budget of 20 trials.")
    form.budget.trials.set_value(16)
    assert "only" not in told()
    form.search.method.set_value(SearchMethod.GRID)
    form.search.grid_points.set_value(4)
    assert "only 4 points: it ends after them" in told()
