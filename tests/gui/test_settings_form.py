"""The setup form: what it shows becomes settings, and what is wrong is said beside the field."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStyle,
    QWidget,
)
from pytestqt.qtbot import QtBot

import gui
from core.datasets.builtin import BOSTON_HOUSING, DATASETS
from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.datasets.settings import DataSettings, TargetScale
from core.models.catalogue import FAMILIES
from core.models.declarations import BATCH_SIZE, EPOCHS, LEARNING_RATE, OPTIMISER
from core.models.families.linear import FAMILY as LINEAR
from core.models.settings import ModelSettings
from core.parameters import ChoiceParameter, Choices, Fixed, FloatRange, IntegerParameter, IntegerRange, Scale
from core.search.settings import Acquisition, InitialDesign, SearchMethod, SearchSettings, Surrogate
from core.settings import BudgetSettings, LimitSettings, StudySettings, TrainerKind, tutorial_settings
from core.settings_file import CAPTIONS
from core.tables.description import ColumnRole, MissingValues, Task
from core.tables.fingerprint import Fingerprint
from core.tables.table_format import TableFormat
from gui.setup import preparation_section
from gui.setup.form import SettingsForm
from gui.setup.parameters.rows import NumberRow
from gui.widgets.number_fields import NumberField
from gui.widgets.theme import DARK, LIGHT, Appearance, Theme
from tests.tables import imported
from tests.windows import lock

OTHER = StudySettings(
    data=DataSettings(excluded=("b",), validation_fraction=0.333, standardise=False),
    model=ModelSettings(
        ranges={
            "learning_rate": FloatRange(1e-5, 0.5),
            "batch_size": Fixed(16),
            "epochs": IntegerRange(3, 30, Scale.LOG),
            "optimizer": Choices(("sgd", "adam")),
        }
    ),
    search=SearchSettings(
        surrogate=Surrogate.EXTRA_TREES,
        acquisition=Acquisition.LOWER_CONFIDENCE_BOUND,
        xi=0.5,
        kappa=2.5,
        initial_design=InitialDesign.HALTON,
        initial_points=4,
        grid_points=7,
    ),
    budget=BudgetSettings(trials=50, seconds=100.1, target=-1e-5),
    limits=LimitSettings(trial_seconds=2.5, failures_in_a_row=3),
    trainer=TrainerKind.INLINE,
    seed=42,
)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    palette = qapp.palette()
    yield Theme()
    qapp.setPalette(palette)


@pytest.fixture
def form(qtbot: QtBot, theme: Theme) -> SettingsForm:
    form = SettingsForm(theme)
    qtbot.addWidget(form)
    form.resize(436, 700)
    form.card.set_open(section.title for section in form.card.folded)
    form.show()
    return form


UNITS = IntegerParameter(
    name="units",
    label="Units",
    help="Neurons in the hidden layer.",
    default=8,
    low=2,
    high=64,
    minimum=1,
    maximum=999,
    scale=Scale.LOG,
)
ACTIVATION = ChoiceParameter(
    name="activation",
    label="Activation",
    help="What bends the line.",
    default="relu",
    choices=(("relu", "ReLU"), ("elu", "ELU")),
)


@pytest.fixture
def _network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declare a second model family, with parameters of its own."""
    parameters = (UNITS, ACTIVATION, LEARNING_RATE, BATCH_SIZE, EPOCHS, OPTIMISER)
    family = replace(LINEAR, name="network", label="Network", parameters=parameters)
    monkeypatch.setitem(FAMILIES, family.name, family)


@pytest.fixture
def _second_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declare a second data set, without a column to warn of."""
    dataset = replace(BOSTON_HOUSING, name="plain", label="Plain", rows=1200, features=4, questionable=())
    monkeypatch.setitem(DATASETS, dataset.name, dataset)


def number_row(form: SettingsForm, name: str) -> NumberRow:
    row = form.space.rows[name]
    assert isinstance(row, NumberRow)
    return row


def said(part: QWidget) -> list[str]:
    """Return all sentences that can be read in a part of the form."""
    return [label.text() for label in part.findChildren(QLabel) if label.isVisible()]


def turn_wheel(widget: QWidget) -> None:
    middle = QPointF(widget.rect().center())
    QApplication.sendEvent(
        widget,
        QWheelEvent(
            middle,
            QPointF(widget.mapToGlobal(middle.toPoint())),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


# What is set


def test_that_the_form_shows_the_tutorial_at_first(form: SettingsForm) -> None:
    assert form.settings() == tutorial_settings()
    assert form.problem() == ""


def test_that_the_form_gives_back_the_settings_that_it_was_given(form: SettingsForm) -> None:
    form.set_settings(OTHER)
    assert form.settings() == OTHER


@pytest.mark.parametrize("method", list(SearchMethod))
@pytest.mark.parametrize("acquisition", list(Acquisition))
def test_that_settings_that_do_not_apply_are_kept(
    form: SettingsForm, method: SearchMethod, acquisition: Acquisition
) -> None:
    search = msgspec.structs.replace(OTHER.search, method=method, acquisition=acquisition)
    given = msgspec.structs.replace(OTHER, search=search)
    form.set_settings(given)
    assert form.settings() == given


def test_that_reset_goes_back_to_the_tutorial(form: SettingsForm) -> None:
    form.set_settings(OTHER)
    number_row(form, "learning_rate").low.setText("abc")
    form.reset()
    assert form.settings() == tutorial_settings()
    assert form.problem() == ""


def test_that_new_settings_are_told_once(qtbot: QtBot, form: SettingsForm) -> None:
    told: list[StudySettings | None] = []
    form.settings_changed.connect(told.append)
    form.set_settings(OTHER)
    assert told == [OTHER]


def test_that_every_key_is_told_with_the_settings_that_it_makes(qtbot: QtBot, form: SettingsForm) -> None:
    told: list[StudySettings | None] = []
    form.settings_changed.connect(told.append)
    form.budget.trials.selectAll()
    QTest.keyClicks(form.budget.trials, "9x")
    assert [settings and settings.budget.trials for settings in told] == [9, None]
    assert form.settings() is None


def test_that_each_choice_reaches_the_settings(form: SettingsForm) -> None:
    form.search.surrogate.set_value(Surrogate.RANDOM_FOREST)
    form.search.initial_design.set_value(InitialDesign.LATIN_HYPERCUBE)
    form.execution.trainer.set_value(TrainerKind.INLINE)
    form.execution.seed.setText("7")
    form.preparation.columns["b"].setChecked(False)
    form.validation.share.setText("25")
    settings = form.settings()
    assert settings is not None
    assert settings.search.surrogate is Surrogate.RANDOM_FOREST
    assert settings.search.initial_design is InitialDesign.LATIN_HYPERCUBE
    assert settings.trainer is TrainerKind.INLINE
    assert settings.seed == 7
    assert settings.data == DataSettings(excluded=("b",), validation_fraction=0.25)


@pytest.mark.parametrize("seconds", [1.0, 60.0, 90.0, 100.0, 100.1, 3600.0, 86_399.9, 31_536_000.0, 1 / 3 * 10])
def test_that_a_time_limit_in_minutes_means_the_same_seconds(form: SettingsForm, seconds: float) -> None:
    form.set_settings(msgspec.structs.replace(OTHER, budget=BudgetSettings(seconds=seconds)))
    settings = form.settings()
    assert settings is not None
    assert settings.budget.seconds == seconds


def test_that_limits_that_are_typed_reach_the_settings_and_empty_ones_are_none(form: SettingsForm) -> None:
    form.limits.seconds.setText("1.5")
    form.limits.target.setText("10,5")
    form.limits.trial_seconds.setText("30")
    form.limits.trial_megabytes.setText("4000")
    form.limits.failures_in_a_row.setText("2")
    settings = form.settings()
    assert settings is not None
    assert settings.budget == BudgetSettings(seconds=90, target=10.5)
    assert settings.limits == LimitSettings(trial_seconds=30, trial_megabytes=4000, failures_in_a_row=2)
    for field in (form.limits.seconds, form.limits.target, form.limits.trial_seconds, form.limits.trial_megabytes):
        assert field.placeholderText()
        field.setText("  ")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == ""
    settings = form.settings()
    assert settings is not None
    assert settings.budget == BudgetSettings()
    assert settings.limits == LimitSettings(failures_in_a_row=2)


def test_that_the_text_of_an_empty_field_is_not_cut_off(form: SettingsForm) -> None:
    for field in form.findChildren(QLineEdit):
        room = field.width() - 2 * field.style().pixelMetric(QStyle.PixelMetric.PM_DefaultFrameWidth) - 4
        assert field.fontMetrics().horizontalAdvance(field.placeholderText()) <= room


# What is wrong


def test_that_every_field_can_be_painted_with_its_problem(form: SettingsForm) -> None:
    for field in form.findChildren(NumberField):
        field.show_problem("“x” is not a number")
        field.grab()


def test_that_a_limit_of_memory_without_a_worker_is_said_beside_it(form: SettingsForm) -> None:
    form.limits.trial_megabytes.setText("2000")
    form.execution.trainer.set_value(TrainerKind.INLINE)
    assert "needs a worker process" in form.limits.trial_megabytes.problem
    assert form.settings() is None
    form.limits.trial_megabytes.clear()
    assert form.problem() == ""


def test_that_a_wrong_range_is_said_in_its_row_and_by_the_form(form: SettingsForm) -> None:
    row = number_row(form, "learning_rate")
    row.high.setText("1e-5")
    sentence = "Low (1e-4) must be below high (1e-5)"
    assert sentence in said(row)
    assert form.problem() == f"Learning rate: {sentence}"
    row.high.setText("0.1")
    assert sentence not in said(row)
    assert form.problem() == ""


def test_that_every_wrong_field_has_its_sentence_and_the_form_tells_the_first(form: SettingsForm) -> None:
    number_row(form, "batch_size").low.setText("1.5")
    form.search.xi.setText("")
    form.search.initial_points.setText("many")
    form.budget.trials.setText("0")
    assert "“1.5” is not a whole number" in said(form.space)
    assert {"Enter a number", "“many” is not a number"} <= set(said(form.search))
    assert "Trials (0) must be between 1 and 100000" in said(form.budget)
    assert form.problem() == "Batch size: “1.5” is not a whole number"


def test_that_a_space_with_nothing_varied_is_said_over_its_rows(form: SettingsForm) -> None:
    for row in form.space.rows.values():
        row.vary.setChecked(False)
    sentence = "Nothing is varied: give at least one parameter a range"
    assert sentence in said(form.space)
    assert form.problem() == sentence


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("validation.share", "95", "The validation share (95 %) must be between 5 % and 90 %"),
        ("execution.seed", "-1", "The seed (-1) must be between 0 and 4294967295"),
        ("search.xi", "11", "ξ (11) must be between 0 and 10"),
        ("search.initial_points", "0", "The initial points (0) must be between 1 and 1000"),
        ("limits.seconds", "0.01", "The time (0.6 s) must be between 1 second and 1 year"),
        ("limits.seconds", "soon", "“soon” is not a number"),
        ("limits.target", "1e999", "“1e999” is too large"),
        ("limits.trial_seconds", "0", "The time of a trial (0 s) must be between 0.1 s and 1 year"),
        ("limits.trial_megabytes", "1.5", "“1.5” is not a whole number"),
        (
            "limits.trial_megabytes",
            "16",
            "16 MB is too little memory per trial: TensorFlow itself needs 1,000 MB",
        ),
        ("limits.failures_in_a_row", "", "Enter a number"),
        ("budget.trials", "1e6", "Trials (1000000) must be between 1 and 100000"),
        ("budget.trials", "1" + "0" * 400, "“1000000000000000000…” is too large"),
    ],
)
def test_that_what_is_out_of_bounds_is_said_beside_its_field(
    form: SettingsForm, field: str, text: str, sentence: str
) -> None:
    section, name = field.split(".")
    editor = getattr(getattr(form, section), name)
    editor.setText(text)
    assert editor.problem == sentence
    assert sentence in said(getattr(form, section))
    assert sentence in form.problem()


def test_that_a_field_that_no_longer_applies_cannot_keep_the_study_from_starting(form: SettingsForm) -> None:
    form.search.xi.setText("abc")
    form.search.acquisition.set_value(Acquisition.LOWER_CONFIDENCE_BOUND)
    assert form.problem() == ""
    settings = form.settings()
    assert settings is not None
    assert settings.search.xi == SearchSettings().xi


# What is shown


@pytest.mark.parametrize(
    ("method", "acquisition", "shown"),
    [
        (SearchMethod.RANDOM, Acquisition.HEDGE, set()),
        (SearchMethod.GRID, Acquisition.HEDGE, {"grid_points"}),
        (SearchMethod.BAYESIAN, Acquisition.EXPECTED_IMPROVEMENT, {"xi", "initial_points"}),
        (SearchMethod.BAYESIAN, Acquisition.PROBABILITY_OF_IMPROVEMENT, {"xi", "initial_points"}),
        (SearchMethod.BAYESIAN, Acquisition.LOWER_CONFIDENCE_BOUND, {"kappa", "initial_points"}),
        (SearchMethod.BAYESIAN, Acquisition.HEDGE, {"xi", "kappa", "initial_points"}),
    ],
)
def test_that_only_the_fields_that_apply_are_shown(
    form: SettingsForm, method: SearchMethod, acquisition: Acquisition, shown: set[str]
) -> None:
    form.search.acquisition.set_value(acquisition)
    form.search.method.set_value(method)
    numbers = ("xi", "kappa", "initial_points", "grid_points")
    assert {name for name in numbers if getattr(form.search, name).isVisible()} == shown
    assert form.search.surrogate.isVisible() == (method is SearchMethod.BAYESIAN)


def test_that_the_grid_tells_its_size_and_what_the_budget_pays_for(form: SettingsForm) -> None:
    form.search.method.set_value(SearchMethod.GRID)
    assert "25 points; only the first 20 fit the budget" in said(form.search)
    form.budget.trials.setText("30")
    assert "25 points" in said(form.search)
    number_row(form, "batch_size").high.setText("2")
    assert "10 points" in said(form.search)


@pytest.mark.parametrize("scale", TargetScale)
def test_that_the_form_keeps_the_scale_of_the_target(form: SettingsForm, scale: TargetScale) -> None:
    given = msgspec.structs.replace(OTHER, data=msgspec.structs.replace(OTHER.data, target_scale=scale))
    form.set_settings(given)
    assert form.settings() == given
    assert (preparation_section.OWN_UNIT in said(form.preparation)) is (scale is not TargetScale.AS_IT_IS)
    form.reset()
    assert form.settings() == tutorial_settings()
    assert preparation_section.OWN_UNIT not in said(form.preparation)


def test_that_another_target_is_trained_as_it_is_until_one_says_otherwise(form: SettingsForm, tmp_path: Path) -> None:
    def use(target: str) -> None:
        columns = {name: ColumnRole.NUMBER for name in ("rooms", "price", "rent") if name != target}
        form.set_data_file(ImportedTable(imported(tmp_path / "a.csv", 24, target, Task.REGRESSION, columns)))

    (tmp_path / "a.csv").write_text("rooms,price,rent\n")
    form.preparation.target_scale.set_value(TargetScale.LOGARITHM)
    use("price")
    assert form.preparation.target_scale.value() == TargetScale.AS_IT_IS
    form.preparation.target_scale.set_value(TargetScale.LOGARITHM)
    use("price")
    assert form.preparation.target_scale.value() == TargetScale.LOGARITHM
    use("rent")
    assert form.preparation.target_scale.value() == TargetScale.AS_IT_IS


def test_that_a_chosen_scale_of_the_target_counts_for_regressions_only(form: SettingsForm) -> None:
    form.preparation.target_scale.set_value(TargetScale.LOGARITHM)
    settings = form.settings()
    assert settings is not None
    assert settings.data.target_scale is TargetScale.LOGARITHM
    form.data.dataset.set_value("wine")
    assert not form.preparation.target_scale.isVisible()
    settings = form.settings()
    assert settings is not None
    assert settings.data.target_scale is TargetScale.AS_IT_IS
    form.data.dataset.set_value("diabetes")
    assert form.preparation.target_scale.isVisible()
    assert "Train target as" in said(form.preparation)
    settings = form.settings()
    assert settings is not None
    assert settings.data.target_scale is TargetScale.LOGARITHM


def test_that_unstandardised_features_come_with_a_warning(form: SettingsForm) -> None:
    warning = "Without this, SGD diverges on this data at most learning rates"
    assert warning not in said(form.preparation)
    form.preparation.standardise.setChecked(False)
    assert warning in said(form.preparation)
    assert form.warning_count == 1
    assert form.settings() is not None


def test_that_the_hint_counts_the_features_that_are_used(form: SettingsForm) -> None:
    assert "506 rows, 13 features. Predicts the median home value, in $1,000." in said(form.data)
    form.preparation.columns["b"].setChecked(False)
    assert "506 rows, 12 features. Predicts the median home value, in $1,000." in said(form.data)


def test_that_the_note_on_the_data_is_one_click_away_even_while_locked(qtbot: QtBot, form: SettingsForm) -> None:
    lock(form)
    about = form.data.findChildren(QPushButton)[0]
    with qtbot.waitSignal(form.note_requested) as asked:
        QTest.mouseClick(about, Qt.MouseButton.LeftButton)
    assert asked.args == ["boston_housing"]


@pytest.mark.usefixtures("_second_dataset")
def test_that_another_data_set_brings_its_own_columns(qtbot: QtBot, theme: Theme) -> None:
    form = SettingsForm(theme)
    qtbot.addWidget(form)
    form.preparation.columns["b"].setChecked(False)
    form.data.dataset.set_value("plain")
    assert form.preparation.columns == {}
    settings = form.settings()
    assert settings is not None
    assert settings.data == DataSettings(dataset="plain")
    form.data.dataset.set_value("boston_housing")
    assert form.settings() == tutorial_settings()


@pytest.mark.usefixtures("_network")
def test_that_another_family_brings_its_own_rows(qtbot: QtBot, theme: Theme) -> None:
    form = SettingsForm(theme)
    qtbot.addWidget(form)
    form.model.family.set_value("network")
    assert list(form.space.rows) == [
        "units",
        "activation",
        "learning_rate",
        "batch_size",
        "epochs",
        "optimizer",
    ]
    settings = form.settings()
    assert settings is not None
    assert settings.model.ranges["units"] == IntegerRange(2, 64, Scale.LOG)
    form.set_settings(OTHER)
    assert form.settings() == OTHER


def test_that_typing_builds_no_rows_anew(form: SettingsForm) -> None:
    rows = dict(form.space.rows)
    form.set_settings(OTHER)
    number_row(form, "epochs").low.setText("4")
    assert form.space.rows == rows


# Locked, scrolled, read aloud


def test_that_a_locked_form_can_be_read_and_scrolled_but_not_changed(qtbot: QtBot, form: SettingsForm) -> None:
    lock(form)
    for field in (form.budget.trials, form.limits.seconds, form.validation.share):
        before = field.text()
        qtbot.keyClicks(field, "7")
        assert field.text() == before
    qtbot.keyClick(form.search.surrogate, Qt.Key.Key_Down)
    qtbot.mouseClick(form.preparation.standardise, Qt.MouseButton.LeftButton)
    assert form.settings() == tutorial_settings()
    assert form.findChildren(QScrollArea)[0].isEnabled()
    form.show_draft()
    form.budget.trials.setText("7")
    settings = form.settings()
    assert settings is not None
    assert settings.budget.trials == 7


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_that_locked_text_is_the_text_of_the_theme(form: SettingsForm, theme: Theme, appearance: Appearance) -> None:
    theme.set_appearance(appearance)
    QApplication.processEvents()
    lock(form)
    colours = DARK if appearance is Appearance.DARK else LIGHT
    for field in (form.budget.trials, form.search.surrogate, form.preparation.standardise):
        assert field.isEnabled()
        colour = field.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
        assert colour.name() == colours.text


def test_that_the_study_is_shown_as_it_is_in_force_and_the_setup_comes_back(form: SettingsForm) -> None:
    form.budget.trials.setText("abc")
    in_force = msgspec.structs.replace(OTHER, budget=BudgetSettings(trials=70))
    form.show_study(in_force, 20, running=False, can_copy=True)
    assert form.settings() == in_force
    assert "20 of them added" in said(form.budget)
    assert "These settings were in force" in said(form)
    form.show_draft()
    assert form.budget.trials.text() == "abc"
    assert not form.lock_line.isVisible()


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", r"does not support raise\(\)", extend=True)
def test_that_a_list_that_is_open_closes_when_a_study_is_shown(qtbot: QtBot, form: SettingsForm) -> None:
    ticks = form.space.rows["optimizer"]
    ticks.vary.setChecked(True)
    form.data.dataset.showPopup()
    assert form.data.dataset.view().isVisible()
    lock(form)
    assert not form.data.dataset.view().isVisible()
    form.show_draft()
    ticks.ticks.open()  # type: ignore[attr-defined]
    assert ticks.ticks.popup is not None  # type: ignore[attr-defined]
    lock(form)
    assert ticks.ticks.popup is None  # type: ignore[attr-defined]


def test_that_a_study_that_cannot_begin_leaves_the_setup(form: SettingsForm) -> None:
    form.budget.trials.setText("77")
    form.show_started()
    form.show_draft()
    assert form.budget.trials.text() == "77"
    settings = form.settings()
    assert settings is not None
    form.show_started()
    form.show_study(settings, 0, running=True, can_copy=False)
    form.show_draft()
    assert form.settings() == tutorial_settings()


def test_that_added_trials_are_told_as_long_as_the_study_is_shown(form: SettingsForm) -> None:
    in_force = msgspec.structs.replace(OTHER, budget=BudgetSettings(trials=70))
    form.show_study(in_force, 20, running=False, can_copy=True)
    form.space.changed.emit()  # as when more is known of its table
    assert "20 of them added" in said(form.budget)
    form.show_study(in_force, 30, running=False, can_copy=True)
    assert "30 of them added" in said(form.budget)


def test_that_new_study_from_these_waits_for_a_study_that_runs_here_only(form: SettingsForm) -> None:
    form.show_study(OTHER, 0, running=True, can_copy=True)  # another window runs it
    assert form.lock_line.copy.isEnabled()
    form.show_study(OTHER, 0, running=True, can_copy=False)
    assert not form.lock_line.copy.isEnabled()


def test_that_values_that_are_held_keep_the_ranges_behind_them(form: SettingsForm) -> None:
    form.set_settings(OTHER)
    form.hold_values({"learning_rate": 0.02, "batch_size": 16, "epochs": 5, "optimizer": "adam"})
    assert "Nothing is varied" in form.problem()
    form.space.rows["learning_rate"].vary.setChecked(True)
    settings = form.settings()
    assert settings is not None
    assert settings.model.ranges["learning_rate"] == OTHER.model.ranges["learning_rate"]


def test_that_the_wheel_turns_no_choice(qtbot: QtBot, form: SettingsForm) -> None:
    for choice in form.findChildren(QComboBox):
        choice.setFocus()
        turn_wheel(choice)
    assert form.settings() == tutorial_settings()


def make_long(form: SettingsForm) -> None:
    form.search.acquisition.set_value(Acquisition.HEDGE)
    form.preparation.standardise.setChecked(False)
    form.space.rows["optimizer"].vary.setChecked(True)
    form.budget.trials.setText("1" + "0" * 400)
    form.limits.trial_megabytes.setText("16")
    number_row(form, "learning_rate").low.setText("9" * 300)
    form.space.rows["batch_size"].toggle_help()


@pytest.mark.parametrize("more", range(0, 100, 25))
@pytest.mark.parametrize("prepare", [lambda form: None, make_long], ids=["tutorial", "long"])
def test_that_nothing_is_cut_off_in_a_narrow_dock(
    form: SettingsForm, more: int, prepare: Callable[[SettingsForm], None]
) -> None:
    prepare(form)
    QApplication.processEvents()
    form.resize(form.minimumSizeHint().width() + more, 500)
    QApplication.processEvents()
    assert form.minimumSizeHint().width() <= 480
    scroller = form.findChildren(QScrollArea)[0]
    content = scroller.widget()
    assert content is not None
    assert content.width() <= scroller.viewport().width()
    for widget in content.findChildren(QWidget):
        if widget.isVisible():
            left = widget.mapTo(content, QPoint(0, 0)).x()
            assert left >= 0
            assert left + widget.width() <= content.width()
            assert widget.width() >= widget.minimumSizeHint().width()


def test_that_a_wide_dock_does_not_stretch_the_fields(form: SettingsForm) -> None:
    form.resize(1200, 700)
    QApplication.processEvents()
    assert form.data.width() < 650
    assert form.budget.trials.width() < 200


@pytest.mark.usefixtures("_network")
def test_that_tab_goes_down_the_form_after_the_rows_were_replaced(qtbot: QtBot, theme: Theme) -> None:
    form = SettingsForm(theme)
    qtbot.addWidget(form)
    form.model.family.set_value("network")
    form.space.rules.add.click()
    expected = [
        form.data.dataset,
        form.model.family,
        form.space.table,
        form.budget.trials,
        form.space.rules.rows[0].left,
        form.validation.share,
        form.search.method,
        form.execution.trainer,
        form.limits.seconds,
        form.limits.target,
        form.limits.trial_seconds,
        form.limits.trial_megabytes,
        form.limits.failures_in_a_row,
    ]
    form.focusNextPrevChild(True)
    chain: list[QWidget] = [form.data.dataset]
    while (following := chain[-1].nextInFocusChain()) is not None and following is not chain[0]:
        chain.append(following)
    assert [widget for widget in chain if widget in expected] == expected


def test_that_every_field_has_a_name_to_be_read_aloud(form: SettingsForm) -> None:
    editors = [*form.findChildren(QLineEdit), *form.findChildren(QComboBox)]
    assert editors
    assert all(editor.accessibleName() for editor in editors)


def test_that_an_imported_table_takes_the_place_of_the_data_set(form: SettingsForm) -> None:
    file = DataFile(
        path="/data/houses.csv",
        layout=TableFormat(),
        fingerprint=Fingerprint(10, "ab"),
        rows=100,
        target="sold",
        task=Task.BINARY,
        columns={"size": ColumnRole.NUMBER, "town": ColumnRole.CATEGORY, "owner": ColumnRole.IGNORE},
    )
    assert not form.validation.group.isVisible()
    form.set_data_file(ImportedTable(file, MissingValues.DROP))
    settings = form.settings()
    assert settings is not None
    assert settings.data.file == file
    assert settings.data.missing is MissingValues.DROP
    assert "100 rows, 2 features. Tells apart 2 classes of sold." in said(form.data)
    assert "A weight per feature and a bias. Loss: binary cross-entropy." in said(form.model)
    lock(form)
    assert not form.data.about.isVisible()
    form.show_draft()
    form.validation.group.set_value("owner")
    again = form.settings()
    assert again is not None
    assert again.data.group == "owner"
    form.set_settings(tutorial_settings())
    assert form.settings() == tutorial_settings()
    assert not form.validation.group.isVisible()
    form.set_settings(again)
    assert form.settings() == again


def test_that_a_family_that_does_not_suit_the_data_says_so(form: SettingsForm) -> None:
    form.model.family.set_value("cnn")
    assert form.settings() is None
    assert "Convolutional network takes images, and this data set has none" in said(form.model)
    form.data.dataset.set_value("digits")
    assert form.settings() is not None


def test_that_a_model_that_the_data_do_not_suit_is_grey_and_says_why(form: SettingsForm) -> None:
    def state(family: str) -> tuple[bool, str]:
        model = form.model.family.model()
        index = model.index(list(FAMILIES).index(family), 0)
        return bool(index.flags() & Qt.ItemFlag.ItemIsEnabled), str(index.data(Qt.ItemDataRole.ToolTipRole))

    assert state("cnn")[0] is False
    assert "takes images, and this data set has none" in state("cnn")[1]
    assert state("mlp") == (True, "")
    form.data.dataset.set_value("digits")
    assert state("cnn") == (True, "")
    form.model.family.set_value("cnn")
    assert form.settings() is not None
    form.data.dataset.set_value("boston_housing")
    assert form.model.family.value() == "cnn"
    assert "takes images" in form.problem()


def test_that_no_layout_is_asked_for_its_items() -> None:
    """PySide keeps what stands for an item when Qt has deleted it, and crashes when the address is used again."""
    sources = Path(gui.__file__).parent.rglob("*.py")
    assert not [path.name for path in sources if ".itemAt(" in path.read_text(encoding="utf-8")]


def test_that_nobody_walks_the_chain_of_the_focus() -> None:
    """PySide takes each widget of it for a child of the one before, and then for deleted when that one is."""
    sources = Path(gui.__file__).parent.rglob("*.py")
    assert not [path.name for path in sources if "InFocusChain(" in path.read_text(encoding="utf-8")]


def test_that_a_settings_file_is_told_of_in_the_names_of_the_form(form: SettingsForm) -> None:
    """`core.settings_file` says "Trials must be a whole number", as the form would."""
    places = {path: place for section in form._sections.all for path, place in section.places.items()}
    named = {path: place.caption for path, place in places.items() if path in CAPTIONS}
    assert named == {path: CAPTIONS[path] for path in named}
    no_fields = {"data.file", "data.excluded", "data.validation", "model", "model.file", "model.ranges"}
    fields = {path for path, place in places.items() if path.count(".") < 2 and place.caption} - no_fields
    assert fields == named.keys() == CAPTIONS.keys()
