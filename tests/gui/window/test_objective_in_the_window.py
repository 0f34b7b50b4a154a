"""The objective in the window: chosen in the form, and followed by plots, table, headline and status bar."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.figures.dimensions import OBJECTIVE
from core.figures.figure import Kind
from core.figures.view import ScaleChoice
from core.models.catalogue import FAMILIES
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings
from core.settings_file import settings_from_json
from gui.plots.convergence import ConvergencePlot
from gui.plots.points import PointsPlot
from gui.session.session import Session
from gui.setup.form import SettingsForm
from gui.trials.table import TrialsTable
from gui.widgets.theme import Theme
from gui.window.status_bar import StatusBar
from tests.gui.plots.plot_studies import ListEngine, Study, edge, settle, shown
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_window, progress_of

ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)
CLASSES = StudySettings(data=DataSettings(dataset="wine"), objective=ACCURACY)


@pytest.fixture
def form(qtbot: QtBot) -> SettingsForm:
    form = SettingsForm(Theme())
    qtbot.addWidget(form)
    form.card.set_open(section.title for section in form.card.folded)
    form.show()
    return form


def objective_of(form: SettingsForm) -> ObjectiveSettings:
    settings = form.settings()
    assert settings is not None, form.problem()
    return settings.objective


def hint(form: SettingsForm) -> str:
    row = form.objective.places["objective.metric"]
    assert isinstance(row, QWidget)
    labels = (label for label in row.findChildren(QLabel) if label.isVisible() and label.text() != "Metric")
    return " ".join(label.text() for label in labels)


# The form


def test_that_the_form_offers_the_metrics_of_the_task_and_each_proposes_its_direction(form: SettingsForm) -> None:
    form.data.dataset.set_value("wine")
    field = form.objective.metric_field
    offered = [field.itemText(index) for index in range(field.count())]
    assert offered == ["Validation loss", "Validation accuracy", "Training loss", "Training accuracy"]
    field.set_value("val_accuracy")
    form.objective.epoch.set_value(EpochChoice.BEST)
    assert objective_of(form) == msgspec.structs.replace(ACCURACY, epoch=EpochChoice.BEST)
    field.set_value("loss")
    assert objective_of(form).direction is Direction.MINIMISE


def test_that_a_direction_against_the_proposal_survives(form: SettingsForm) -> None:
    against = ObjectiveSettings(metric="val_accuracy", direction=Direction.MINIMISE, epoch=EpochChoice.BEST)
    form.set_settings(msgspec.structs.replace(CLASSES, objective=against))
    assert objective_of(form) == against


def test_that_a_metric_that_another_task_has_not_is_replaced_and_that_is_said(form: SettingsForm) -> None:
    form.set_settings(CLASSES)
    assert hint(form) == ""
    form.data.dataset.set_value("boston_housing")
    assert objective_of(form) == ObjectiveSettings()
    assert hint(form) == "“Validation accuracy” is not reported here: “Validation loss” has taken its place"
    form.objective.metric_field.set_value("val_mae")
    assert hint(form) == ""
    form.data.dataset.set_value("diabetes")
    assert objective_of(form).metric == "val_mae"


def test_that_any_name_can_be_typed_for_a_model_of_which_nobody_knows_the_metrics(
    form: SettingsForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FAMILIES, "linear", replace(FAMILIES["linear"], free_metrics=True))
    form.model.family.set_value("mlp")  # or the form would go on with the linear model that it knows
    form.set_settings(settings_from_json(CLASSES.to_json()))
    line = form.objective.metric_field.lineEdit()
    assert line is not None
    line.clear()
    assert form.settings() is None
    assert "needs the name of a metric" in hint(form)
    QTest.keyClicks(line, "val_f1_score")
    assert objective_of(form) == ObjectiveSettings(metric="val_f1_score", direction=Direction.MAXIMISE)


def test_that_an_empty_name_of_a_metric_is_forgotten_with_its_model(
    form: SettingsForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FAMILIES, "linear", replace(FAMILIES["linear"], free_metrics=True))
    form.set_settings(settings_from_json(CLASSES.to_json()))  # which know no family yet
    form.objective.metric_field.setEditText("")
    assert form.settings() is None
    form.model.family.set_value("mlp")
    assert objective_of(form) == ObjectiveSettings()
    form.budget.trials.setText("7")
    settings = form.settings()
    assert settings is not None
    assert settings.budget.trials == 7


def test_that_the_target_says_on_which_side_it_is_reached(form: SettingsForm) -> None:
    def said() -> list[str]:
        return [label.text() for label in form.limits.findChildren(QLabel)]

    assert "validation loss or below" in said()
    form.set_settings(CLASSES)
    assert "validation accuracy or above" in said()


# The plots


def accuracies(study: Study) -> None:
    for trial, value in enumerate((0.5, 0.7, 0.6, 0.9, 0.9), 1):
        study.complete(trial, [value])


def points(scatter: object) -> list[tuple[float, float]]:
    x, y = scatter.getData()  # type: ignore[attr-defined]
    return list(zip(x.tolist(), y.tolist(), strict=True))


def test_that_the_best_so_far_rises_when_maximising(qtbot: QtBot) -> None:
    plot = shown(ConvergencePlot(Session(ListEngine()), Theme()), qtbot)
    study = Study(plot.session, CLASSES)
    accuracies(study)
    settle(plot, qtbot)
    assert points(plot.items.curve(Kind.BEST_SO_FAR)) == [(1, 0.5), (2, 0.5), (2, 0.7), (4, 0.7), (4, 0.9), (5, 0.9)]
    assert points(plot.items.points(Kind.BEST)) == [(4, 0.9)]
    assert plot.canvas.y_axis.labelText == "Validation accuracy"


def test_that_bad_results_stand_at_the_lower_edge_when_maximising(qtbot: QtBot) -> None:
    plot = shown(ConvergencePlot(Session(ListEngine()), Theme()), qtbot)
    study = Study(plot.session, CLASSES)
    accuracies(study)
    study.complete(6, [-1e9])
    study.fail(7)
    settle(plot, qtbot)
    bottom, top = plot.canvas.view.viewRange()[1]
    assert bottom > -1
    assert points(plot.items.points(Kind.BEYOND_OTHER_ORIGIN)) == [(6, edge(plot))]
    assert points(plot.items.points(Kind.FAILED)) == [(7, edge(plot))]
    assert bottom < edge(plot) < 0.5 < top
    assert "Below" in plot.canvas.legend.labels


def test_that_there_is_no_log_axis_for_what_is_maximised_or_below_zero(qtbot: QtBot) -> None:
    plot = shown(ConvergencePlot(Session(ListEngine()), Theme()), qtbot)
    plot.scale_choice = ScaleChoice.LOG
    accuracies(Study(plot.session, CLASSES))
    settle(plot, qtbot)
    assert plot.switches.scale is not None
    assert not plot.switches.scale.isVisible()
    assert not plot.canvas.y_axis.scale_shown.log
    assert points(plot.items.points(Kind.OTHER_ORIGIN))[0] == (1, 0.5)
    assert plot.scale_choice is ScaleChoice.LOG, "the choice is kept for the next study"


def test_that_an_objective_below_zero_is_drawn_though_the_axis_was_to_be_logarithmic(qtbot: QtBot) -> None:
    plot = shown(ConvergencePlot(Session(ListEngine()), Theme()), qtbot)
    plot.scale_choice = ScaleChoice.LOG
    study = Study(plot.session)
    study.complete(1, [10.0])
    study.complete(2, [-3.0])
    settle(plot, qtbot)
    lane = plot.canvas.y_axis.scale_shown.lane
    assert lane is not None
    assert points(plot.items.points(Kind.BEST)) == [(2, lane[0])]


def test_that_the_best_has_the_same_colour_whichever_way_is_better(qtbot: QtBot) -> None:
    colours = []
    for settings in (StudySettings(), CLASSES):
        plot = shown(PointsPlot(Session(ListEngine()), Theme()), qtbot)
        study = Study(plot.session, settings)
        accuracies(study)
        plot.show_parameters("learning_rate", OBJECTIVE)
        settle(plot, qtbot)
        brushes = [brush.color().name() for brush in plot.items.points(Kind.DONE).data["brush"]]
        colours.append(brushes[-1])  # the best, which lies above all
        assert plot.items.colour_bar.brushes[0].color().name() == brushes[-1]
        assert plot.canvas.y_axis.scale_shown.label == settings.objective.title
    assert colours[0] == colours[1]


# The table, the headline, the status bar


def test_that_the_first_click_on_the_objective_brings_the_best_to_the_top(qtbot: QtBot) -> None:
    table = TrialsTable(Session(ListEngine()), Theme())
    qtbot.addWidget(table)
    table.resize(1200, 300)
    table.show()
    accuracies(Study(table._session, CLASSES))
    qtbot.waitUntil(lambda: table.model.rowCount() == 5 and len(table.model.columns) == 8)
    column = [c.header for c in table.model.columns].index("Validation accuracy ↑")
    header = table.view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [table.model.number_at(row) for row in range(5)] == [4, 5, 2, 3, 1]
    assert table.model.index(0, 0).data() == "★ 4"


def test_that_headline_and_status_bar_speak_of_the_metric(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as window:
        settings = msgspec.structs.replace(
            CLASSES, search=SearchSettings(initial_points=2), budget=BudgetSettings(trials=3, target=0.99)
        )
        window.form.set_settings(settings)
        assert "Seeks the highest validation accuracy, judged on" in window.headline.text
        assert "Ends early at 0.99 or above." in window.headline.text
        window.running.start()
        qtbot.waitUntil(
            lambda: window.session.job is None and progress_of(window.session).end is not None,
        )
        best = progress_of(window.session).best
        assert best is not None
        assert best.objective == max(t.objective or 0.0 for t in progress_of(window.session).trials.values())
        assert window.headline.result.number.text() == f"{best.objective:.4g}"
        assert window.headline.result.caption.text() == "validation accuracy"
        tip = "Validation accuracy after the last epoch, the highest is the best"
        status = window.findChild(StatusBar)
        assert isinstance(status, StatusBar)
        qtbot.waitUntil(lambda: tip in status.best.toolTip())
