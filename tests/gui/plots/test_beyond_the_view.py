"""What the view does not show is marked at its edge, and named."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.figures.figure import Kind
from core.search.proposal import PointOrigin
from gui.plots.convergence import ConvergencePlot
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.session.session import Session
from gui.widgets.theme import DARK, LIGHT, Colours, Theme
from tests.gui.plots.plot_studies import ListEngine, Study, click, settle, shown

GOOD = (20.0, 21.0, 22.0, 23.0, 23.5, 24.0)


@pytest.fixture
def loss(qtbot: QtBot) -> LossPlot:
    return shown(LossPlot(Session(ListEngine()), Theme()), qtbot)


@pytest.fixture
def convergence(qtbot: QtBot) -> ConvergencePlot:
    return shown(ConvergencePlot(Session(ListEngine()), Theme()), qtbot)


def run_good(study: Study) -> None:
    for trial, value in enumerate(GOOD, 1):
        study.complete(trial, [30.0, value])


def marks(plot: Plot, kind: Kind) -> list[int]:
    """Return the x of the marks of a kind, all of which are within what is seen."""
    x, y = plot.items.points(kind).getData()
    bottom, top = plot.canvas.view.viewRange()[1]
    assert ((bottom < y) & (y < top)).all()
    return [int(one) for one in x]


def test_that_marks_beyond_have_the_colours_and_the_filling_of_their_points(
    convergence: ConvergencePlot, qtbot: QtBot
) -> None:
    study = Study(convergence.session)
    run_good(study)
    study.complete(7, [900.0])
    study.complete(8, [800.0], PointOrigin.MODEL)
    settle(convergence, qtbot)
    for inside, beyond, trial in (
        (Kind.OTHER_ORIGIN, Kind.BEYOND_OTHER_ORIGIN, 7),
        (Kind.SURROGATE, Kind.BEYOND_SURROGATE, 8),
    ):
        assert marks(convergence, beyond) == [trial]
        point, mark = convergence.items.points(inside).opts, convergence.items.points(beyond).opts
        assert mark["symbol"] == "t1"
        assert (mark["brush"].color(), mark["pen"].color()) == (point["brush"].color(), point["pen"].color())
    assert convergence.canvas.legend.labels.count("Above") == 1
    convergence.everything.show(True)
    settle(convergence, qtbot)
    assert marks(convergence, Kind.BEYOND_OTHER_ORIGIN) == marks(convergence, Kind.BEYOND_SURROGATE) == []
    assert "Above" not in convergence.canvas.legend.labels


def test_that_a_running_and_a_selected_trial_beyond_stand_at_the_edge_of_the_losses(
    loss: LossPlot, qtbot: QtBot
) -> None:
    study = Study(loss.session)
    run_good(study)
    study.complete(7, [9e4, 8e4, 7e4])
    study.begin(8, [9e5, 9e5, 9e5, 9e5])
    loss.session.select(7)
    settle(loss, qtbot)
    assert marks(loss, Kind.BEYOND_SELECTED) == [3]
    assert marks(loss, Kind.BEYOND_RUNNING) == [4]
    assert loss.canvas.legend.note == "▲ trial 7 stays above"
    ((name, _x, y),) = loss.items.labels.shown
    assert name == "trial 8"
    assert y < loss.canvas.view.viewRange()[1][1]
    loss.session.select(None)
    settle(loss, qtbot)
    _x, edge = loss.items.points(Kind.BEYOND_RUNNING).getData()
    click(loss, 4.0, float(edge[0]))
    assert loss.session.selected == 8


def test_that_the_note_belongs_to_the_view_that_the_plot_chose(loss: LossPlot, qtbot: QtBot) -> None:
    study = Study(loss.session)
    run_good(study)
    study.complete(7, [9e4, 8e4])
    settle(loss, qtbot)
    assert loss.canvas.legend.note
    loss.canvas.follow(False)
    settle(loss, qtbot)
    assert loss.canvas.legend.note == ""


@pytest.mark.parametrize("room", [300, 600])
def test_that_the_ring_around_the_best_is_never_cut(convergence: ConvergencePlot, qtbot: QtBot, room: int) -> None:
    convergence.resize(600, room)
    run_good(Study(convergence.session))
    settle(convergence, qtbot)
    ring = convergence.items.points(Kind.BEST)
    x, y = convergence.canvas.in_pixels(*(np.asarray(column) for column in ring.getData()))
    area = convergence.canvas.view.rect()
    half = ring.opts["size"] / 2 + 1
    assert half < x[0] < area.width() - half
    assert half < y[0] < area.height() - half


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as the Web Content Accessibility Guidelines measure it."""

    def parts(colour: str) -> Iterator[float]:
        shades = QColor(colour)
        for part in (shades.redF(), shades.greenF(), shades.blueF()):
            yield part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    light, dark = sorted(
        (
            sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts(colour), strict=True)) + 0.05
            for colour in (one, other)
        ),
        reverse=True,
    )
    return light / dark


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_that_curves_and_marks_have_a_contrast_of_3_and_their_words_of_more(colours: Colours) -> None:
    marked = (colours.past, colours.training, colours.validation, colours.best, colours.selected, colours.failed)
    assert min(contrast(colour, colours.base) for colour in marked) >= 3
    assert min(contrast(colour, colours.base) for colour in (colours.text, colours.faint_text)) >= 4.5
