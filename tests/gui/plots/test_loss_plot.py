"""The loss plot: which curves it draws, and that none of them wrecks the view."""

import math

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.events import EpochEnded, TrialEnded, TrialState
from core.figures import loss
from core.figures.figure import Kind
from core.figures.loss import LossKind
from core.figures.view import ScaleChoice
from gui.plots.loss import LossPlot
from gui.session.session import Session
from gui.widgets.theme import Theme
from tests.gui.plots.plot_studies import ListEngine, Study, click, count_calls, drawn, scale_list, settle, shown


@pytest.fixture
def plot(qtbot: QtBot) -> LossPlot:
    """A plot on a linear axis, where the values themselves are drawn."""
    plot = shown(LossPlot(Session(ListEngine()), Theme()), qtbot)
    plot.scale_choice = ScaleChoice.LINEAR
    return plot


@pytest.fixture
def study(plot: LossPlot) -> Study:
    return Study(plot.session)


def test_that_the_current_trial_is_drawn_epoch_by_epoch(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.begin(1, [400.0, 100.0, 50.0])
    settle(plot, qtbot)
    assert list(plot.items.curve(Kind.VALIDATION).getData()[0]) == [1, 2, 3]
    assert list(plot.items.curve(Kind.VALIDATION).getData()[1]) == [400, 100, 50]
    assert list(plot.items.curve(Kind.TRAINING).getData()[1]) == [360, 90, 45]
    assert plot.items.curve(Kind.PAST).getData()[0] is None or not len(plot.items.curve(Kind.PAST).getData()[0])


def test_that_trials_that_run_at_the_same_time_are_all_drawn(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.begin(1, [400.0, 100.0])
    study.begin(2, [300.0, 80.0, 70.0])
    settle(plot, qtbot)
    np.testing.assert_array_equal(plot.items.curve(Kind.VALIDATION).getData()[1], [400, 100, np.nan, 300, 80, 70])
    assert plot.canvas.legend.labels == ["Trials 1, 2: validation", "training"]
    said = plot.accessibleDescription()
    assert said.startswith("Trial 1, epoch 2 of 4: training loss 90, validation loss 100. Trial 2, epoch 3")
    click(plot, 2.5, 75.0)
    assert plot.session.selected == 2


def test_that_curves_of_trials_that_run_at_the_same_time_end_in_their_numbers(
    plot: LossPlot, study: Study, qtbot: QtBot
) -> None:
    study.begin(1, [400.0, 100.0])
    settle(plot, qtbot)
    assert plot.items.labels.shown == [("trial 1", 2, 100)]
    study.begin(2, [300.0, 80.0, 70.0])
    study.begin(3, [])
    settle(plot, qtbot)
    assert plot.items.labels.shown == [("trial 1", 2, 100), ("trial 2", 3, 70)]
    for trial in (1, 2, 3):
        study.feed(TrialEnded(trial=trial, state=TrialState.SKIPPED, epoch=2, seconds=1))
    settle(plot, qtbot)
    assert plot.items.labels.shown == []


@pytest.mark.parametrize("losses", [[400.0, 100.0, 90.0, 80.0], [400.0]])
def test_that_numbers_at_the_edges_stay_in_the_plot(
    plot: LossPlot, study: Study, qtbot: QtBot, losses: list[float]
) -> None:
    study.begin(1, losses)
    study.begin(222222, [0.5 * loss for loss in losses])
    settle(plot, qtbot)
    area = plot.canvas.view.sceneBoundingRect()
    words = [item for item in plot.canvas.scene().items() if isinstance(item, pg.TextItem) and item.isVisible()]
    assert len(words) == 2
    assert all(area.contains(item.sceneBoundingRect()) for item in words)


def test_that_numbers_that_would_lie_on_each_other_are_joined(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.begin(1, [400.0, 50.0])
    study.begin(2, [300.0, 250.0])
    study.begin(3, [380.0, 51.0])
    settle(plot, qtbot)
    assert plot.items.labels.shown == [("trials 1, 3", 2, 50), ("trial 2", 2, 250)]


def test_that_a_trial_without_validation_is_named_at_the_end_of_its_training(
    plot: LossPlot, study: Study, qtbot: QtBot
) -> None:
    study.begin(1, [400.0, 100.0])
    study.begin(2, [300.0])
    study.feed(EpochEnded(trial=2, epoch=2, loss=270.0, val_loss=math.nan, metrics={}, seconds=1))
    settle(plot, qtbot)
    assert plot.items.labels.shown == [("trial 1", 2, 100), ("trial 2", 2, 270)]


def test_that_training_and_validation_differ_in_more_than_colour(plot: LossPlot) -> None:
    training, validation = plot.items.curve(Kind.TRAINING).opts["pen"], plot.items.curve(Kind.VALIDATION).opts["pen"]
    assert training.style() == Qt.PenStyle.DashLine
    assert validation.style() == Qt.PenStyle.SolidLine
    assert training.color() != validation.color()


def test_that_earlier_trials_are_one_item_with_gaps(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [400.0, 100.0])
    study.complete(2, [300.0, 80.0])
    settle(plot, qtbot)
    _x, y = plot.items.curve(Kind.PAST).getData()
    np.testing.assert_array_equal(y, [400, 100, np.nan, 300, 80, np.nan])


def test_that_the_user_chooses_which_losses_of_earlier_trials_are_drawn(
    plot: LossPlot, study: Study, qtbot: QtBot
) -> None:
    study.complete(1, [400.0, 100.0])
    for kind, expected in (
        (LossKind.TRAINING, [360, 90, np.nan]),
        (LossKind.BOTH, [400, 100, np.nan, 360, 90, np.nan]),
        (LossKind.VALIDATION, [400, 100, np.nan]),
    ):
        plot.earlier = kind
        settle(plot, qtbot)
        np.testing.assert_array_equal(plot.items.curve(Kind.PAST).getData()[1], expected)


def test_that_the_best_and_the_selected_trial_are_marked_and_named(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [400.0, 100.0])
    study.complete(2, [300.0, 80.0])
    plot.session.select(1)
    settle(plot, qtbot)
    assert list(plot.items.curve(Kind.BEST).getData()[1]) == [300, 80]
    assert list(plot.items.curve(Kind.SELECTED).getData()[1]) == [400, 100]
    assert list(plot.items.points(Kind.BEST).getData()[1]) == [80]
    assert list(plot.items.points(Kind.SELECTED).getData()[1]) == [100]
    assert plot.canvas.legend.labels == ["Best: trial 2", "Selected: trial 1", "Other trials"]


def test_that_a_tick_redraws_the_earlier_trials_only_when_one_ended(
    plot: LossPlot, study: Study, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.complete(1, [400.0, 100.0])
    settle(plot, qtbot)
    drawn = count_calls(plot, "_draw_past", monkeypatch)
    study.begin(2, [300.0, 80.0])
    settle(plot, qtbot)
    assert not drawn
    study.complete(3, [300.0, 80.0])
    settle(plot, qtbot)
    assert len(drawn) == 1


def test_that_a_click_on_a_curve_selects_its_trial(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [400.0, 100.0, 90.0])
    study.complete(2, [300.0, 30.0, 20.0])
    study.begin(3, [380.0, 250.0])
    settle(plot, qtbot)
    click(plot, 2.5, 25.0)  # between two epochs
    assert plot.session.selected == 2
    click(plot, 3.0, 90.0)
    assert plot.session.selected == 1
    click(plot, 2.0, 250.0)
    assert plot.session.selected == 3
    click(plot, 3.0, 350.0)
    assert plot.session.selected is None


def test_that_the_best_curve_can_be_clicked_whatever_else_is_drawn(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [400.0, 100.0])
    study.complete(2, [300.0, 30.0])
    plot.earlier = LossKind.TRAINING
    settle(plot, qtbot)
    click(plot, 1.5, 165.0)
    assert plot.session.selected == 2


def test_that_a_diverging_trial_does_not_wreck_the_view(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    for trial in range(1, 6):
        study.complete(trial, [400.0, 100.0, 30.0 + trial])
    study.begin(6, [900.0, 1e9, 1e300])
    settle(plot, qtbot)
    low, high = plot.canvas.view.viewRange()[1]
    assert low < 30
    assert 400 < high < 5000
    study.begin(7, [math.nan, math.inf])
    settle(plot, qtbot)
    assert 400 < plot.canvas.view.viewRange()[1][1] < 5000


def test_that_the_current_trial_stays_in_view_when_it_is_worse_than_the_others(
    plot: LossPlot, study: Study, qtbot: QtBot
) -> None:
    for trial in range(1, 10):
        study.complete(trial, [40.0, 30.0])
    study.begin(10, [200.0])
    settle(plot, qtbot)
    assert plot.canvas.view.viewRange()[1][1] > 200


def test_that_the_log_switch_draws_and_labels_logarithms(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [1000.0, 10.0, 0.0])
    plot.scale_choice = ScaleChoice.LOG
    settle(plot, qtbot)
    lane = plot.canvas.y_axis.scale_shown.lane
    assert lane is not None
    np.testing.assert_allclose(plot.items.curve(Kind.PAST).getData()[1], [3, 1, lane[0], np.nan])
    assert scale_list(plot).currentText() == "Log"
    assert plot.canvas.y_axis.tickStrings([1.0, 2.0], 1.0, 1.0) == ["10", "100"]
    plot.scale_choice = ScaleChoice.LINEAR
    settle(plot, qtbot)
    np.testing.assert_allclose(plot.items.curve(Kind.PAST).getData()[1], [1000, 10, 0, np.nan])


def test_that_a_single_epoch_can_be_seen_and_clicked(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [100.0], epochs=1)
    study.complete(2, [50.0], epochs=1)
    settle(plot, qtbot)
    click(plot, 1.0, 100.0)
    assert plot.session.selected == 1


def test_that_only_the_newest_trials_are_drawn_when_there_are_very_many(
    plot: LossPlot, study: Study, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "MAX_POINTS", 10)
    for trial in range(1, 8):
        study.complete(trial, [100.0, 50.0, 40.0])  # four rows each
    settle(plot, qtbot)
    assert set(drawn(plot).curves(Kind.PAST)[0].trials) == {6, 7}
    assert "Latest 2 trials" in plot.canvas.legend.labels


def test_that_earlier_trials_of_many_epochs_leave_room_for_others(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    falling = list(np.linspace(100.0, 1.0, 3000))
    for trial in range(1, 21):
        study.complete(trial, falling)
    settle(plot, qtbot)
    (past,) = drawn(plot).curves(Kind.PAST)
    trials, epochs, values = past.trials, past.x, past.y
    assert set(trials[np.isfinite(trials)]) == set(range(1, 21))
    first = epochs[trials == 1][:-1]
    assert (first[0], first[-1]) == (1, 3000)
    np.testing.assert_allclose(values[trials == 1][:-1], 100 - 99 * (first - 1) / 2999)


def test_that_the_legend_counts_the_earlier_trials_that_are_drawn(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    for trial in range(1, 121):
        study.complete(trial, list(np.linspace(100.0, 1.0, 301)))
    plot._start_over()  # all at once, as when a study is opened
    settle(plot, qtbot)
    assert "The 60 best of the latest 80" in plot.canvas.legend.labels
    plot.everything.show(True)
    settle(plot, qtbot)
    trials = set(drawn(plot).curves(Kind.PAST)[0].trials)
    assert max(trials) == 120
    assert 1 not in trials
    assert f"Latest {len(trials)} trials" in plot.canvas.legend.labels


@pytest.mark.parametrize(("never_drawn", "log"), [(0.0, True), (math.inf, False), (1e300, False)])
def test_that_values_without_a_place_do_not_tear_a_thinned_curve(
    plot: LossPlot, study: Study, qtbot: QtBot, never_drawn: float, *, log: bool
) -> None:
    losses = [never_drawn if epoch % 10 == 9 else 100.0 - epoch / 100 for epoch in range(3000)]
    study.complete(1, losses)
    plot.scale_choice = ScaleChoice.LOG if log else ScaleChoice.LINEAR
    settle(plot, qtbot)
    drawn = plot.items.curve(Kind.PAST).getData()[1][:-1]
    assert np.isfinite(drawn[:-1]).all()


def test_that_a_single_latest_trial_is_not_called_trials(
    plot: LossPlot, study: Study, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "MAX_POINTS", 5)
    for trial in (1, 2):
        study.complete(trial, [100.0, 50.0, 40.0])
    settle(plot, qtbot)
    assert "Latest trial" in plot.canvas.legend.labels


def test_that_the_axes_are_named_after_the_family_s_loss(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.begin(1, [100.0])
    settle(plot, qtbot)
    assert plot.canvas.corner_name.text == "Epoch"
    assert plot.canvas.y_axis.labelText == "Validation loss (mean squared error)"


def test_that_the_summary_tells_the_current_epoch_and_the_best(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [100.0, 15.706])
    study.begin(2, [200.0, 100.0])
    settle(plot, qtbot)
    assert plot.accessibleDescription() == (
        "Trial 2, epoch 2 of 4: training loss 90, validation loss 100. "
        "Best 15.71 at trial 1 of 20, validation loss 15.71 after epoch 2, its lowest"
    )
    assert plot.canvas.accessibleDescription() == plot.accessibleDescription()


def test_that_negative_losses_are_drawn_as_they_are(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    study.complete(1, [-1.0, -3.0])
    settle(plot, qtbot)
    np.testing.assert_array_equal(plot.items.curve(Kind.PAST).getData()[1], [-1, -3, np.nan])
    low, high = plot.canvas.view.viewRange()[1]
    assert low < -3 < -1 < high


def test_that_a_trial_s_line_follows_its_epochs_from_the_first_on(plot: LossPlot, study: Study, qtbot: QtBot) -> None:
    losses = [100.0, 90.0, 80.0]
    study.begin(1, losses[:1])
    for count in (1, 2, 3):
        if count > 1:
            loss = losses[count - 1]
            study.feed(EpochEnded(trial=1, epoch=count, loss=loss, val_loss=loss, metrics={}, seconds=1.0))
        settle(plot, qtbot)
        assert plot.items.curve(Kind.VALIDATION).getData()[1][-1] == losses[count - 1]
        assert len(plot.items.curve(Kind.VALIDATION).getData()[1]) == max(count, 2)
