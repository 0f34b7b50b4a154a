"""The loss plot where another metric is the objective: it shows that one, and which epoch counted."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.events import EpochEnded, TrialEnded, TrialStarted, TrialState
from core.figures.figure import Kind
from core.figures.loss import LossKind
from core.figures.view import ScaleChoice
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.words.trials import trial_tip
from gui.plots.loss import LossPlot
from gui.session.session import Session
from gui.widgets.theme import Theme
from tests.gui.plots.plot_studies import ListEngine, Study, click, scale_list, settle, shown
from tests.windows import progress_of

BEST_EPOCH = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)
VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 4, "optimizer": "sgd"}


@pytest.fixture
def plot(qtbot: QtBot) -> LossPlot:
    """A plot on a linear axis, where the values themselves are drawn."""
    plot = shown(LossPlot(Session(ListEngine()), Theme()), qtbot)
    plot.scale_choice = ScaleChoice.LINEAR
    return plot


def study_of(plot: LossPlot, objective: ObjectiveSettings = BEST_EPOCH, folds: int = 0) -> Study:
    return Study(plot.session, StudySettings(data=DataSettings(dataset="wine", folds=folds), objective=objective))


def train(study: Study, trial: int, *fits: Sequence[float], ended: bool = True) -> None:
    """Train a trial whose fits have these validation accuracies; each accuracy a has a loss of 1 - a."""
    objective = progress_of(study.session).objective
    study.feed(TrialStarted(trial=trial, values=VALUES, seed=trial, origin=PointOrigin.INITIAL))
    for number, accuracies in enumerate(fits, 1):
        for epoch, value in enumerate(accuracies, 1):
            metrics = {"accuracy": value / 2, "val_accuracy": value}
            loss = 1.0 - value
            study.feed(
                EpochEnded(
                    trial=trial, epoch=epoch, loss=loss / 2, val_loss=loss, metrics=metrics, seconds=1, fit=number
                )
            )
    if ended:
        scale = 1.0 if objective.in_validation else 0.5
        scores = tuple(objective.of([value * scale for value in fit]) for fit in fits)
        mean = sum(scores) / len(scores)
        study.feed(
            TrialEnded(trial=trial, state=TrialState.COMPLETE, epoch=4, seconds=1, objective=mean, scores=scores)
        )


def marks(plot: LossPlot) -> list[tuple[float, float]]:
    kinds = (Kind.SELECTED_FITS, Kind.SELECTED, Kind.BEST, Kind.VALIDATION)
    drawn = [plot.items.points(kind).getData() for kind in kinds]
    return [(float(one), round(float(other), 6)) for x, y in drawn for one, other in zip(x, y, strict=True)]


def choose(plot: LossPlot, text: str) -> None:
    next(action for action in plot.measure_menu.menu.actions() if action.text() == text).trigger()


def test_that_the_objective_s_metric_is_shown_at_first_and_names_plot_and_axis(plot: LossPlot, qtbot: QtBot) -> None:
    train(study_of(plot), 1, [0.5, 0.9, 0.7])
    settle(plot, qtbot)
    assert plot.title == plot.accessibleName() == plot.canvas.accessibleName() == "Accuracy per epoch"
    assert plot.canvas.y_axis.labelText == "Validation accuracy"
    assert [action.text() for action in plot.measure_menu.menu.actions()] == ["Loss", "Accuracy"]
    assert plot.measure_menu.menu.menuAction().isVisible()
    np.testing.assert_allclose(plot.items.curve(Kind.PAST).getData()[1], [0.5, 0.9, 0.7, np.nan])


def test_that_the_running_trial_s_metric_is_drawn_and_said(plot: LossPlot, qtbot: QtBot) -> None:
    train(study_of(plot), 1, [0.5, 0.9], ended=False)
    settle(plot, qtbot)
    np.testing.assert_allclose(plot.items.curve(Kind.VALIDATION).getData()[1], [0.5, 0.9])
    np.testing.assert_allclose(plot.items.curve(Kind.TRAINING).getData()[1], [0.25, 0.45])
    assert "training accuracy 0.45, validation accuracy 0.9" in plot.accessibleDescription()


def test_that_the_mark_of_the_best_stands_at_the_epoch_that_counted(plot: LossPlot, qtbot: QtBot) -> None:
    study = study_of(plot)
    train(study, 1, [0.5, 0.9, math.nan, 0.7])
    settle(plot, qtbot)
    assert marks(plot) == [(2.0, 0.9)]
    assert plot.canvas.legend.labels[0] == "Best: trial 1, epoch 2"
    assert "<td>in epoch&nbsp;&nbsp;</td><td>2</td>" in trial_tip(
        progress_of(study.session).trials[1], progress_of(plot.session).settings
    )


def test_that_it_stands_at_the_last_epoch_where_that_one_counts(plot: LossPlot, qtbot: QtBot) -> None:
    study = study_of(plot, ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE))
    train(study, 1, [0.5, 0.9, 0.7])
    settle(plot, qtbot)
    assert marks(plot) == [(3.0, 0.7)]
    assert plot.canvas.legend.labels[0] == "Best: trial 1"


def test_that_the_best_epoch_counts_for_a_loss_too(plot: LossPlot, qtbot: QtBot) -> None:
    train(study_of(plot, ObjectiveSettings(epoch=EpochChoice.BEST)), 1, [0.5, 0.9, 0.7])
    settle(plot, qtbot)
    assert plot.title == "Loss per epoch"
    assert not plot.measure_menu.menu.menuAction().isVisible()
    assert marks(plot) == [(2.0, 0.1)]


def test_that_the_loss_can_be_chosen_with_the_mark_at_the_same_epoch(plot: LossPlot, qtbot: QtBot) -> None:
    train(study_of(plot), 1, [0.5, 0.9, 0.7])
    settle(plot, qtbot)
    choose(plot, "Loss")
    settle(plot, qtbot)
    assert plot.title == "Loss per epoch"
    assert plot.canvas.y_axis.labelText.startswith("Validation loss (")
    np.testing.assert_allclose(plot.items.curve(Kind.PAST).getData()[1], [0.5, 0.1, 0.3, np.nan])
    assert marks(plot) == [(2.0, 0.1)]


def test_that_a_choice_lasts_while_studies_optimise_the_same(plot: LossPlot, qtbot: QtBot) -> None:
    train(study_of(plot), 1, [0.5, 0.9])
    settle(plot, qtbot)
    choose(plot, "Loss")
    Study(plot.session, StudySettings(data=DataSettings(dataset="wine", repeats=2), objective=BEST_EPOCH))
    settle(plot, qtbot)
    assert plot.title == "Loss per epoch"


def test_that_an_objective_in_training_has_its_mark_on_the_training_curve(plot: LossPlot, qtbot: QtBot) -> None:
    objective = ObjectiveSettings(metric="accuracy", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)
    train(study_of(plot, objective), 1, [0.5, 0.9, 0.7])
    settle(plot, qtbot)
    assert plot.earlier is LossKind.TRAINING
    np.testing.assert_allclose(plot.items.curve(Kind.BEST).getData()[1], [0.25, 0.45, 0.35])
    assert marks(plot) == [(2.0, 0.45)]
    click(plot, 2.0, 0.45)
    assert plot.session.selected == 1


def test_that_what_is_maximised_has_no_log_axis(plot: LossPlot, qtbot: QtBot) -> None:
    plot.scale_choice = ScaleChoice.LOG
    train(study_of(plot), 1, [0.1, 0.9])
    settle(plot, qtbot)
    assert not scale_list(plot).isVisible()
    np.testing.assert_allclose(plot.items.curve(Kind.PAST).getData()[1], [0.1, 0.9, np.nan])
    choose(plot, "Loss")
    settle(plot, qtbot)
    assert scale_list(plot).isVisible()
    np.testing.assert_allclose(plot.items.curve(Kind.PAST).getData()[1], [*np.log10([0.9, 0.1]), np.nan])


def test_that_a_trial_that_is_much_worse_leaves_the_view_of_what_is_maximised_below(
    plot: LossPlot, qtbot: QtBot
) -> None:
    study = study_of(plot)
    for trial in range(1, 10):
        train(study, trial, [0.8, 0.9 + trial / 100])
    train(study, 10, [-1e9, -1e12])
    settle(plot, qtbot)
    bottom, top = plot.canvas.view.viewRange()[1]
    assert 0.0 < bottom < 0.8
    assert 0.99 < top < 1.1
    _x, y = plot.items.curve(Kind.PAST).getData()
    assert np.nanmin(y) > -1e4, "an image of greater numbers could not be written"


def test_that_each_training_of_the_selected_trial_has_a_mark_at_the_epoch_that_counted(
    plot: LossPlot, qtbot: QtBot
) -> None:
    study = study_of(plot, folds=2)
    train(study, 1, [0.5, 0.9, 0.7], [0.4, 0.5, 0.8])
    plot.session.select(1)
    settle(plot, qtbot)
    _x, y = plot.items.curve(Kind.SELECTED_FITS).getData()
    np.testing.assert_allclose(y, [0.5, 0.9, 0.7, np.nan, 0.4, 0.5, 0.8])
    mean = (2.5, 0.85)  # of those two places, as the objective is: the mean curve's own best is another one
    assert marks(plot) == [(2.0, 0.9), (3.0, 0.8), mean, mean]
    assert "<td>2, 3</td>" in trial_tip(progress_of(study.session).trials[1], progress_of(plot.session).settings)


def test_that_a_metric_that_is_not_reported_leaves_the_plot_alive(plot: LossPlot, qtbot: QtBot) -> None:
    study = study_of(plot)
    study.complete(1, [0.4, 0.3])
    study.begin(2, [0.5])
    settle(plot, qtbot)
    assert marks(plot) == []
    assert plot.accessibleDescription().startswith("Trial 2, epoch 1 of 4. Best")
    choose(plot, "Loss")
    settle(plot, qtbot)
    np.testing.assert_allclose(plot.items.curve(Kind.PAST).getData()[1], [0.4, 0.3, np.nan])
