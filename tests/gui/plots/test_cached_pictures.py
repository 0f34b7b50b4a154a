"""Plots that cache pictures of what they drew look exactly as if all were drawn anew."""

import numpy as np
import pytest
from pyqtgraph import mkBrush, mkPen
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.figures.arrays import nearly_same
from core.study.engine import Engine
from gui.plots.convergence import ConvergencePlot
from gui.plots.drawing.cached import Cached
from gui.plots.drawing.curves import LONG, LiveCurve
from gui.plots.drawing.scatter import MANY, Points
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.session.session import Session
from gui.widgets.theme import Appearance, Theme
from tests.gui.plots.plot_studies import ListEngine, MakePlot, Study, settle, shown
from tests.windows import lay_out

PLOTS = (LossPlot, ConvergencePlot, PointsPlot)


def make(kind: MakePlot, qtbot: QtBot) -> tuple[Plot, Study, Theme]:
    engine: Engine = ListEngine()
    session, theme = Session(engine), Theme()
    plot = shown(kind(session, theme), qtbot)
    return plot, Study(session), theme


def picture(plot: Plot, *, anew: bool) -> QImage:
    """Return what the plot shows; `anew` draws each item again."""
    if anew:
        for item in plot.canvas.view.addedItems:
            if isinstance(item, Cached):
                item.update()
    grabbed: QImage = plot.canvas.grab().toImage()
    return grabbed


def run_many(study: Study, first: int, last: int) -> None:
    for trial in range(first, last + 1):
        rate = 10.0 ** -(1 + trial % 30 / 10)
        study.complete(
            trial, [90.0 + trial % 13, 60.0, 40.0 + trial % 7], learning_rate=rate, batch_size=1 + trial % 90
        )


@pytest.mark.parametrize("kind", PLOTS)
def test_that_what_was_drawn_bit_by_bit_looks_as_if_drawn_at_once(kind: MakePlot, qtbot: QtBot) -> None:
    plot, study, _theme = make(kind, qtbot)
    run_many(study, 1, MANY + 50)
    settle(plot, qtbot)
    picture(plot, anew=False)
    before = picture(plot, anew=False)
    for trial in range(MANY + 51, MANY + 56):
        # Where none was before, and within the view.
        study.complete(trial, [75.3 + trial % 5, 55.0, 41.5], learning_rate=0.003 + trial % 5 / 1000, batch_size=95)
        settle(plot, qtbot)
        assert picture(plot, anew=False) != before, "the new trial is not seen"
        before = picture(plot, anew=False)
    assert before == picture(plot, anew=True)


@pytest.mark.parametrize("kind", PLOTS)
def test_that_a_cached_picture_follows_zoom_size_theme_and_another_study(kind: MakePlot, qtbot: QtBot) -> None:
    plot, study, theme = make(kind, qtbot)
    run_many(study, 1, MANY + 50)
    settle(plot, qtbot)
    before = picture(plot, anew=False)
    plot.canvas.view.scaleBy((0.5, 0.5))
    zoomed = picture(plot, anew=False)
    assert before != zoomed == picture(plot, anew=True)
    plot.resize(500, 300)
    lay_out(plot)
    assert picture(plot, anew=False) == picture(plot, anew=True)
    theme.set_appearance(Appearance.DARK)
    settle(plot, qtbot)
    assert picture(plot, anew=False) == picture(plot, anew=True) != zoomed
    before = picture(plot, anew=False)
    plot.session.clear()
    run_many(Study(plot.session), 2, MANY + 50)  # nearly the same, in the same view
    settle(plot, qtbot)
    assert picture(plot, anew=False) == picture(plot, anew=True)


def test_that_each_of_many_points_has_the_brush_that_was_chosen_for_it(qtbot: QtBot) -> None:
    points = Points()
    points.setSymbol("o")
    brushes = np.array([mkBrush("r"), mkBrush("g"), mkBrush("b")], dtype=object)
    x = np.arange(6.0)
    x[2] = np.nan
    points.show_places(x, x, brushes, np.array([0, 1, 2, 2, 1, 0]))
    assert list(points.getData()[0]) == [0, 1, 3, 4, 5]
    assert [brush.color().name() for brush in points.data["brush"]] == [
        brushes[i].color().name() for i in (0, 1, 2, 1, 0)
    ]
    rects = [tuple(rect) for rect in points.data["sourceRect"]]
    assert rects[0] == rects[4] != rects[1] == rects[3] != rects[2]
    points.setPen(mkPen("w", width=3))
    assert [tuple(rect) for rect in points.data["sourceRect"]] != rects
    points.show_places(x[:1], x[:1])
    assert len(points.data) == 1


def test_that_ranges_are_nearly_the_same_only_when_nobody_sees_the_difference() -> None:
    assert nearly_same((0.0, 100.0), (1.0, 101.0))
    assert not nearly_same((0.0, 100.0), (0.0, 103.0))
    assert not nearly_same((0.0, 100.0), (0.0, 10.0))
    assert nearly_same((5.0, 5.0), (5.0, 5.0))


def test_that_a_long_dashed_curve_is_dashed_too_and_a_short_one_by_its_pen(qtbot: QtBot) -> None:
    curve = LiveCurve()
    curve.set_style(mkPen("r", width=2, dash=[2, 2]))
    x = np.arange(float(LONG + 100))
    curve.show(x, x)
    assert 0 < np.count_nonzero(curve.opts["connect"]) < len(x)
    curve.show(x[:20], x[:20])
    assert curve.opts["connect"] == "finite"
    assert curve.opts["pen"].style() == curve._wanted_pen.style()


def test_that_points_that_stay_where_they_are_are_not_drawn_anew(qtbot: QtBot) -> None:
    points = Points()
    points.setSymbol("o")
    x = np.arange(3.0)
    points.show_places(x, x)
    points._changed = False
    points.show_places(x, x)
    assert not points._changed
    points.show_places(x, x + 1)
    assert points._changed
