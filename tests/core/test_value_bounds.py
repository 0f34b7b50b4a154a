"""Which values a metric can have, by its name, and that no plot shows others."""

import math

import numpy as np
import pytest

from core.figures import convergence, loss, points
from core.figures.dimensions import OBJECTIVE
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.bounds import UNBOUNDED, bounds_of, objective_bounds
from tests.core.told_studies import progress_with
from tests.figures import STUDIES


@pytest.mark.parametrize(
    ("quantity", "bounds"),
    [
        ("accuracy", (0, 1)),
        ("sparse_categorical_accuracy", (0, 1)),
        ("acc", (0, 1)),
        ("auc_1", (0, 1)),
        ("f1", (0, 1)),
        ("f1_score", (0, 1)),
        ("precision_at_recall", (0, 1)),
        ("mean_io_u", (0, 1)),
        ("mae", (0, math.inf)),
        ("mean_absolute_error", (0, math.inf)),
        ("binary_crossentropy", (0, math.inf)),
        ("true_positives", (0, math.inf)),
        ("r2_score", (-math.inf, 1)),
        ("cosine_similarity", (-1, 1)),
        ("loss", (0, math.inf)),
        ("score", UNBOUNDED),
        ("vacc", UNBOUNDED),
    ],
)
def test_that_the_name_of_a_metric_tells_its_bounds(quantity: str, bounds: tuple[float, float]) -> None:
    assert bounds_of(quantity, StudySettings()) == bounds


def test_that_no_plot_of_accuracies_goes_beyond_1() -> None:
    progress = StudyProgress.of(STUDIES["maximised"])
    figures = loss.figure(progress), convergence.figure(progress), points.figure(progress, y=OBJECTIVE)
    for figure in figures:
        assert figure.y.view[1] <= 1
        assert figure.y.scale.bounds == (0, 1)
    colours = figures[-1].colours
    assert colours is not None
    assert colours.view[1] <= 1


def test_that_no_plot_of_losses_goes_below_0() -> None:
    progress = StudyProgress.of(STUDIES["under way"])
    for figure in (loss.figure(progress, everything=True), convergence.figure(progress, everything=True)):
        values = np.array(figure.y.view)
        assert ((10.0**values if figure.y.scale.log else values) >= 0).all()


def test_that_results_beyond_the_bounds_show_that_the_name_misleads() -> None:
    assert objective_bounds(progress_with(2.0, 3.0)) == (0.0, math.inf)
    assert objective_bounds(progress_with(-2.0, 3.0)) == UNBOUNDED
    assert objective_bounds(progress_with()) == (0.0, math.inf)
