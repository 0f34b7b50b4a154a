"""The convergence plot: objectives, the best so far, and what has no place among them."""

import numpy as np
import pytest
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from core.events import TrialEnded, TrialStarted, TrialState
from core.figures.figure import Kind
from core.figures.view import ScaleChoice
from core.parameters import Value
from core.search.proposal import PointOrigin
from gui.plots.convergence import ConvergencePlot
from gui.session.session import Session
from gui.widgets.theme import Theme
from tests.gui.plots.plot_studies import ListEngine, Study, click, edge, settle, shown


@pytest.fixture
def plot(qtbot: QtBot) -> ConvergencePlot:
    return shown(ConvergencePlot(Session(ListEngine()), Theme()), qtbot)


@pytest.fixture
def study(plot: ConvergencePlot) -> Study:
    return Study(plot.session)


def points(scatter: object) -> list[tuple[float, float]]:
    x, y = scatter.getData()  # type: ignore[attr-defined]
    return list(zip(x.tolist(), y.tolist(), strict=True))


def score(study: Study, trial: int, *scores: float) -> None:
    """Run a trial of several trainings with these objectives."""
    study.begin(trial, [100.0])
    mean = sum(scores) / len(scores)
    study.feed(TrialEnded(trial=trial, state=TrialState.COMPLETE, epoch=1, seconds=1.0, objective=mean, scores=scores))


def test_that_a_running_trial_alone_leaves_the_plot_empty(plot: ConvergencePlot, study: Study, qtbot: QtBot) -> None:
    study.begin(1, [100.0])
    settle(plot, qtbot)
    assert plot.accessibleDescription() == plot.empty_place.accessibleName()


def test_that_initial_and_surrogate_points_have_different_marks(
    plot: ConvergencePlot, study: Study, qtbot: QtBot
) -> None:
    study.complete(1, [30.0])
    study.complete(2, [20.0], PointOrigin.MODEL)
    settle(plot, qtbot)
    assert points(plot.items.points(Kind.OTHER_ORIGIN)) == [(1, 30)]
    assert points(plot.items.points(Kind.SURROGATE)) == [(2, 20)]
    other, surrogate = (plot.items.points(kind).opts["brush"] for kind in (Kind.OTHER_ORIGIN, Kind.SURROGATE))
    assert other.color() != surrogate.color()
    assert plot.canvas.legend.labels[1:3] == ["Spread", "Chosen"]


def test_that_the_legend_names_what_else_proposed_points(plot: ConvergencePlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [30.0], PointOrigin.GRID)
    settle(plot, qtbot)
    assert plot.canvas.legend.labels == ["Best so far", "Grid"]


def test_that_the_best_so_far_is_a_step_line_to_the_last_trial(
    plot: ConvergencePlot, study: Study, qtbot: QtBot
) -> None:
    study.complete(1, [30.0])
    study.complete(2, [40.0])
    study.complete(3, [20.0])
    study.fail(4)
    settle(plot, qtbot)
    assert points(plot.items.curve(Kind.BEST_SO_FAR)) == [(1, 30), (3, 30), (3, 20), (4, 20)]
    assert points(plot.items.points(Kind.BEST)) == [(3, 20)]


def test_that_trials_without_an_objective_stand_at_the_upper_edge(
    plot: ConvergencePlot, study: Study, qtbot: QtBot
) -> None:
    study.complete(1, [30.0])
    study.fail(2)
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 4, "optimizer": "sgd"}
    study.feed(
        TrialStarted(trial=3, values=values, seed=3, origin=PointOrigin.INITIAL),
        TrialEnded(trial=3, state=TrialState.SKIPPED, epoch=1, seconds=1.0),
    )
    settle(plot, qtbot)
    top = plot.canvas.view.viewRange()[1][1]
    assert points(plot.items.points(Kind.FAILED)) == [(2, edge(plot))]
    assert points(plot.items.points(Kind.UNFINISHED)) == [(3, edge(plot))]
    assert 30 < edge(plot) < top
    assert plot.items.points(Kind.FAILED).opts["symbol"] != plot.items.points(Kind.UNFINISHED).opts["symbol"]
    assert plot.accessibleDescription() == "Best 30 at trial 1 of 20; 1 failed, 1 not finished"


def test_that_the_marks_at_the_edge_stay_there_when_the_user_zooms(
    plot: ConvergencePlot, study: Study, qtbot: QtBot
) -> None:
    study.complete(1, [30.0])
    study.fail(2)
    settle(plot, qtbot)
    plot.canvas.follow(False)
    plot.canvas.view.setRange(yRange=(0.0, 10.0), padding=0)
    settle(plot, qtbot)
    assert points(plot.items.points(Kind.FAILED))[0][1] < 10
    assert points(plot.items.points(Kind.BEYOND_OTHER_ORIGIN)) == [(1, edge(plot))]


def test_that_one_absurd_objective_does_not_flatten_the_rest(plot: ConvergencePlot, study: Study, qtbot: QtBot) -> None:
    for trial, objective in enumerate([30.0, 25.0, 1e9, 24.0], 1):
        study.complete(trial, [objective])
    settle(plot, qtbot)
    assert plot.canvas.view.viewRange()[1][1] < 50
    assert points(plot.items.points(Kind.BEYOND_OTHER_ORIGIN)) == [(3, edge(plot))]
    assert "Above" in plot.canvas.legend.labels


def test_that_the_budget_gives_the_trials_axis_its_length(plot: ConvergencePlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [30.0])
    settle(plot, qtbot)
    left, right = plot.canvas.view.viewRange()[0]
    assert 0 < left < 1
    assert 20 < right < 21


def test_that_a_click_selects_the_nearest_trial_wherever_its_mark_is(
    plot: ConvergencePlot, study: Study, qtbot: QtBot
) -> None:
    study.complete(1, [30.0])
    study.complete(2, [20.0])
    study.fail(3)
    settle(plot, qtbot)
    click(plot, 2.0, 20.0)
    assert plot.session.selected == 2
    click(plot, 3.0, edge(plot))
    assert plot.session.selected == 3
    settle(plot, qtbot)
    assert points(plot.items.points(Kind.SELECTED)) == [(3, edge(plot))]
    click(plot, 10.0, 25.0)
    assert plot.session.selected is None


def test_that_the_log_switch_draws_logarithms(plot: ConvergencePlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [1000.0])
    study.complete(2, [10.0])
    plot.scale_choice = ScaleChoice.LOG
    settle(plot, qtbot)
    assert points(plot.items.points(Kind.OTHER_ORIGIN)) == [(1, 3), (2, 1)]
    assert points(plot.items.points(Kind.BEYOND_OTHER_ORIGIN)) == []
    assert plot.canvas.y_axis.labelText == "Validation loss"


def test_that_a_best_of_zero_is_seen_in_a_lane_of_a_log_axis(plot: ConvergencePlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [10.0])
    study.complete(2, [0.0])
    plot.scale_choice = ScaleChoice.LOG
    settle(plot, qtbot)
    scale = plot.canvas.y_axis.scale_shown
    assert scale.lane is not None
    assert scale.lane_name == "0"
    zero = scale.lane[0]
    assert points(plot.items.points(Kind.OTHER_ORIGIN)) == [(1, 1), (2, zero)]
    assert points(plot.items.points(Kind.BEST)) == [(2, zero)]
    assert points(plot.items.curve(Kind.BEST_SO_FAR)) == [(1, 1), (2, 1), (2, zero), (2, zero)]
    assert points(plot.items.points(Kind.BEYOND_OTHER_ORIGIN)) == []
    assert plot.canvas.view.viewRange()[1][0] < zero < 1


def test_that_the_best_so_far_never_goes_back_when_trials_end_out_of_order(plot: ConvergencePlot, qtbot: QtBot) -> None:
    study = Study(plot.session)
    for trial, objective in ((2, 30.0), (4, 10.0), (1, 40.0), (3, 20.0)):
        study.complete(trial, [objective])
    settle(plot, qtbot)
    x, y = plot.items.curve(Kind.BEST_SO_FAR).getData()
    assert list(x) == sorted(x)
    assert [float(value) for value in y] == [40, 40, 30, 30, 20, 20, 10, 10]


def test_that_several_scores_give_their_mean_a_bar_of_one_standard_deviation_each_way(
    plot: ConvergencePlot, study: Study, qtbot: QtBot
) -> None:
    score(study, 1, 20.0, 30.0, 40.0)
    score(study, 2, 25.0)
    study.fail(3)
    score(study, 4, 21.0, 21.0, 24.0)
    settle(plot, qtbot)
    x, y = plot.items.curve(Kind.BARS).getData()
    np.testing.assert_array_equal(x, [1, 1, 1, 4, 4, 4])
    np.testing.assert_allclose(y, [20, 40, np.nan, 22 - 3**0.5, 22 + 3**0.5, np.nan])
    plot.everything.show(True)
    settle(plot, qtbot)
    bottom, top = plot.canvas.view.viewRange()[1]
    assert bottom < 20 < 40 < top
    assert plot.canvas.legend.labels[-1] == "± 1 std. dev."


def test_that_one_score_has_no_bar(plot: ConvergencePlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [30.0])
    score(study, 2, 25.0)
    settle(plot, qtbot)
    assert not len(plot.items.curve(Kind.BARS).getData()[0])
    assert "± 1 std. dev." not in plot.canvas.legend.labels


def test_that_a_bar_down_to_zero_leaves_a_logarithmic_view_at_its_lower_end(
    plot: ConvergencePlot, study: Study, qtbot: QtBot
) -> None:
    score(study, 1, 10.0, 1000.0)
    score(study, 2, 90.0, 110.0)
    plot.scale_choice = ScaleChoice.LOG
    settle(plot, qtbot)
    low, high, _gap, second_low, *_rest = plot.items.curve(Kind.BARS).getData()[1]
    assert low < plot.canvas.view.viewRange()[1][0] < second_low < np.log10(505) < high


def test_that_the_axes_go_along_the_data_area_with_letters_of_any_size(
    plot: ConvergencePlot, study: Study, qtbot: QtBot
) -> None:
    for trial, objective in enumerate((30.0, 20.0, 25.0), 1):
        study.complete(trial, [objective])
    for size in (14, 9):
        font = QFont(plot.font())
        font.setPixelSize(size)
        plot.setFont(font)
        settle(plot, qtbot)
        plot.grab()
        area, canvas = plot.canvas.view.geometry(), plot.canvas
        assert canvas.y_axis.geometry().height() == pytest.approx(area.height(), abs=2)
        assert canvas.x_axis.geometry().width() == pytest.approx(area.width(), abs=2)
