"""The points plot: which parameters are on the axes, where the points are and how they look."""

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.figures.dimensions import OBJECTIVE, PlotDimension
from core.figures.figure import Kind
from core.figures.scales import AxisScale
from core.parameters import Choices, Fixed
from gui.plots.drawing.axis_box import AxisBox
from gui.plots.points import PointsPlot
from gui.session.session import Session
from gui.widgets.theme import Appearance, Theme
from tests.gui.plots.plot_studies import ListEngine, Study, click, settings_with, settle, shown


@pytest.fixture
def plot(qtbot: QtBot) -> PointsPlot:
    return shown(PointsPlot(Session(ListEngine()), Theme()), qtbot)


def choose(plot: PointsPlot, box: str, label: str) -> None:
    combo = getattr(plot, box)
    combo.setCurrentIndex(combo.findText(label))
    combo.activated.emit(combo.currentIndex())


def test_that_the_first_two_varied_parameters_are_on_the_axes(plot: PointsPlot, qtbot: QtBot) -> None:
    study = Study(plot.session)
    study.complete(1, [30.0], learning_rate=0.01, batch_size=64)
    settle(plot, qtbot)
    assert plot.shown == ("learning_rate", "batch_size")
    x, y = plot.items.points(Kind.DONE).getData()
    np.testing.assert_allclose([x[0], y[0]], [-2, 64])
    assert plot.x_box.currentText() == "Learning rate"
    assert plot.y_box.currentText() == "Batch size (rows)"


def test_that_a_log_range_has_a_log_axis_over_the_search_range(plot: PointsPlot, qtbot: QtBot) -> None:
    Study(plot.session).complete(1, [30.0])
    settle(plot, qtbot)
    (left, right), (bottom, top) = plot.canvas.view.viewRange()
    assert -4.5 < left < -4
    assert -1 < right < -0.5
    assert -10 < bottom < 1
    assert 100 < top < 110
    assert plot.canvas.x_axis.tickStrings([-4.0, -1.0], 1.0, 1.0) == ["1e-4", "0.1"]


def test_that_choices_are_named_ticks(plot: PointsPlot, qtbot: QtBot) -> None:
    study = Study(plot.session, settings_with({"optimizer": Choices(("sgd", "rmsprop"))}))
    study.complete(1, [30.0], optimizer="rmsprop")
    plot.show_parameters("learning_rate", "optimizer")
    settle(plot, qtbot)
    assert plot.items.points(Kind.DONE).getData()[1][0] == 1
    assert plot.canvas.y_axis.scale_shown.names == ("SGD", "RMSprop")


def test_that_a_single_varied_parameter_stands_against_the_objective(plot: PointsPlot, qtbot: QtBot) -> None:
    study = Study(plot.session, settings_with({"batch_size": Fixed(32)}))
    study.complete(1, [30.0])
    study.complete(2, [20.0])
    study.fail(3)
    settle(plot, qtbot)
    assert plot.shown == ("learning_rate", OBJECTIVE)
    assert list(plot.items.points(Kind.DONE).getData()[1]) == [30, 20]
    top = plot.canvas.view.viewRange()[1][1]
    assert 30 < plot.items.points(Kind.FAILED).getData()[1][0] < top


def test_that_only_varied_parameters_are_offered(plot: PointsPlot, qtbot: QtBot) -> None:
    Study(plot.session).complete(1, [30.0])
    settle(plot, qtbot)
    assert [plot.x_box.itemText(i) for i in range(plot.x_box.count())] == ["Learning rate", "Batch size (rows)"]
    assert [plot.y_box.itemText(i) for i in range(plot.y_box.count())] == [
        "Learning rate",
        "Batch size (rows)",
        "Objective",
    ]


def test_that_choosing_the_same_parameter_twice_swaps_the_axes(plot: PointsPlot, qtbot: QtBot) -> None:
    Study(plot.session).complete(1, [30.0])
    settle(plot, qtbot)
    choose(plot, "x_box", "Batch size (rows)")
    assert plot.shown == ("batch_size", "learning_rate")
    choose(plot, "y_box", "Batch size (rows)")
    assert plot.shown == ("learning_rate", "batch_size")
    choose(plot, "y_box", "Objective")
    choose(plot, "y_box", "Learning rate")
    assert plot.shown == ("batch_size", "learning_rate")
    settle(plot, qtbot)
    assert plot.items.points(Kind.DONE).getData()[0][0] == 32
    assert plot.y_box.currentText() == "Learning rate"


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_that_better_points_are_brighter_and_larger_in_the_light_and_in_the_dark(
    plot: PointsPlot, qtbot: QtBot, appearance: Appearance
) -> None:
    plot.theme.set_appearance(appearance)
    study = Study(plot.session)
    for trial, objective in enumerate([30.0, 20.0, 25.0], 1):
        study.complete(trial, [objective])
    settle(plot, qtbot)
    drawn = plot.items.points(Kind.DONE).data  # from the worst to the best, which lies above
    assert list(drawn["size"]) == sorted(drawn["size"])
    assert (drawn["size"][0], drawn["size"][-1]) == (7, 12)
    colours = [brush.color() for brush in drawn["brush"]]
    assert [colour.lightness() for colour in colours] == sorted(colour.lightness() for colour in colours)
    assert (colours[0].name(), colours[-1].name()) == ("#440154", "#fde725")
    assert plot.items.colour_bar.heading == "Val. loss"
    assert plot.items.colour_bar.levels() == (20, 30)
    assert plot.items.colour_bar.ticks == [(0.0, "20"), (0.5, "25"), (1.0, "30")]


def test_that_what_is_worse_than_the_view_is_a_hollow_ring_and_the_bar_says_from_where(
    plot: PointsPlot, qtbot: QtBot
) -> None:
    study = Study(plot.session)
    for trial, objective in enumerate([30.0, 20.0, 1e12, 1e300], 1):
        study.complete(trial, [objective], batch_size=10 * trial)
    settle(plot, qtbot)
    assert list(plot.items.points(Kind.DONE).getData()[1]) == [10, 20]
    assert list(plot.items.points(Kind.WORSE).getData()[1]) == [30, 40]
    assert plot.items.points(Kind.WORSE).opts["brush"].style() == Qt.BrushStyle.NoBrush
    assert plot.canvas.legend.labels == ["Best", "Worse"]
    bar = plot.items.colour_bar
    assert bar.levels()[0] == 20
    assert bar._shown is not None
    assert bar._shown.beyond == "> 35"
    click(plot, -2.0, 30.0)
    assert plot.session.selected == 3


def test_that_everything_is_coloured_if_it_is_asked_for(plot: PointsPlot, qtbot: QtBot) -> None:
    study = Study(plot.session)
    for trial, objective in enumerate([30.0, 20.0, 1e12], 1):
        study.complete(trial, [objective])
    plot.everything.show(True)
    settle(plot, qtbot)
    assert len(plot.items.points(Kind.DONE).data) == 3
    assert not len(plot.items.points(Kind.WORSE).data)


def test_that_the_colour_bar_is_there_only_with_objectives(plot: PointsPlot, qtbot: QtBot) -> None:
    study = Study(plot.session)
    study.begin(1, [30.0])
    settle(plot, qtbot)
    right = plot.canvas.view.sceneBoundingRect().right()
    assert plot.canvas.width() - right < 40, "it takes no room"
    study.complete(2, [30.0])
    settle(plot, qtbot)
    plot.canvas.make_room()
    bar = plot.items.colour_bar
    assert (
        plot.canvas.view.sceneBoundingRect().right() < bar.sceneBoundingRect().left() < right - bar.minimumWidth() / 2
    )
    assert bar.sceneBoundingRect().height() > plot.canvas.view.rect().height()


def test_that_the_point_in_training_the_best_and_the_failed_are_marked(plot: PointsPlot, qtbot: QtBot) -> None:
    study = Study(plot.session)
    study.complete(1, [30.0], batch_size=10)
    study.fail(2, batch_size=20)
    study.begin(3, batch_size=30)
    settle(plot, qtbot)
    for kind, batch_size in ((Kind.BEST, 10), (Kind.FAILED, 20), (Kind.RUNNING, 30)):
        assert list(plot.items.points(kind).getData()[1]) == [batch_size]
    assert plot.canvas.legend.labels == ["Best", "Trial 3", "Failed"]
    study.complete(3, [20.0], batch_size=30)
    settle(plot, qtbot)
    assert not len(plot.items.points(Kind.RUNNING).getData()[0])


def test_that_all_points_in_training_are_marked(plot: PointsPlot, qtbot: QtBot) -> None:
    study = Study(plot.session)
    study.begin(1, batch_size=30)
    study.begin(2, batch_size=50)
    settle(plot, qtbot)
    assert list(plot.items.points(Kind.RUNNING).getData()[1]) == [30, 50]


def test_that_a_click_selects_the_trial_of_the_point(plot: PointsPlot, qtbot: QtBot) -> None:
    study = Study(plot.session)
    study.complete(1, [30.0], learning_rate=0.01, batch_size=10)
    study.fail(2, learning_rate=0.001, batch_size=80)
    study.begin(3, learning_rate=0.05, batch_size=50)
    settle(plot, qtbot)
    for number, rate, batch_size in ((1, 0.01, 10), (2, 0.001, 80), (3, 0.05, 50)):
        click(plot, math.log10(rate), batch_size)
        assert plot.session.selected == number
        settle(plot, qtbot)
    click(plot, -3.5, 20)
    assert plot.session.selected is None


def test_that_the_boxes_are_there_only_with_a_study(plot: PointsPlot, qtbot: QtBot) -> None:
    assert not plot.x_box.isVisible()
    study = Study(plot.session)
    study.complete(1, [30.0])
    settle(plot, qtbot)
    assert plot.x_box.isVisible()
    plot.session.clear()
    settle(plot, qtbot)
    assert not plot.x_box.isVisible()


def test_that_the_boxes_show_names_whole_where_there_is_room(plot: PointsPlot, qtbot: QtBot) -> None:
    Study(plot.session).complete(1, [30.0])
    settle(plot, qtbot)
    assert plot.x_box.text_shown == "Learning rate"
    assert plot.y_box.text_shown == "Batch size (rows)"


def test_that_a_name_that_does_not_fit_is_elided_and_whole_in_the_tool_tip(qtbot: QtBot) -> None:
    box = AxisBox("x", "horizontal")
    qtbot.addWidget(box)
    name = "Number of units in the first of all hidden layers"
    box.offer([PlotDimension("units", name, AxisScale(name)), PlotDimension("rate", "Rate", AxisScale("Rate"))])
    box.resize(box.sizeHint())
    box.show()
    assert box.text_shown.startswith("Number of units")
    assert box.text_shown.endswith("…")
    assert name in box.toolTip()
    box.setCurrentIndex(1)
    assert box.text_shown == "Rate"
    assert name not in box.toolTip()


def test_that_the_axes_start_with_what_matters_most_once_that_is_told(qtbot: QtBot) -> None:
    plot = shown(PointsPlot(Session(ListEngine()), Theme()), qtbot)
    ranges = {"optimizer": Choices(("sgd", "rmsprop"))}
    Study(plot.session, settings_with(ranges)).complete(1, [30.0])
    settle(plot, qtbot)
    assert plot.shown == ("learning_rate", "batch_size")
    plot.start_with(("optimizer",))
    assert plot.shown == ("optimizer", "learning_rate")
    plot.start_with(("optimizer", "batch_size", "learning_rate"))
    assert plot.shown == ("optimizer", "batch_size")
    plot.start_with(("learning_rate", "batch_size"))  # axes do not go to and fro
    assert plot.shown == ("optimizer", "batch_size")
    Study(plot.session, settings_with(ranges)).complete(1, [30.0])
    settle(plot, qtbot)
    assert plot.shown == ("learning_rate", "batch_size")


def test_that_what_the_user_chose_stays_whatever_matters(plot: PointsPlot, qtbot: QtBot) -> None:
    Study(plot.session).complete(1, [30.0])
    settle(plot, qtbot)
    plot.show_parameters("batch_size", OBJECTIVE)
    plot.start_with(("learning_rate",))
    assert plot.shown == ("batch_size", OBJECTIVE)
