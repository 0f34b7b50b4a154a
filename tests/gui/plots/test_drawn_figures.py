"""What the plots draw is what their figures hold."""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.figures import convergence, loss, points
from core.figures import view as views
from core.figures.arrays import Floats, with_gaps
from core.figures.dimensions import OBJECTIVE
from core.figures.figure import Figure, Kind, Series, joined
from core.figures.view import ScaleChoice
from core.progress import StudyProgress
from gui.plots.convergence import ConvergencePlot
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.session.session import Session
from gui.widgets.theme import Theme
from tests.figures import STUDIES, assert_same
from tests.gui.plots.plot_studies import ListEngine, MakePlot, PlotType, drawn, edge, settle, shown
from tests.windows import feed, progress_of

SELECTED = (None, 1, 3, 7)
LIVE = (Kind.SELECTED, Kind.BEST, Kind.RUNNING_FITS, Kind.SELECTED_FITS, Kind.TRAINING, Kind.VALIDATION)
AT_EDGE = (Kind.FAILED, Kind.UNFINISHED, Kind.BEST, Kind.SELECTED)
MARKS = (Kind.BEST, Kind.RUNNING, Kind.SELECTED, Kind.FAILED, Kind.UNFINISHED)
every_study = pytest.mark.parametrize("study", STUDIES)
both_scales = pytest.mark.parametrize("log", [False, True])


@pytest.fixture(autouse=True)
def _no_view_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the view suit what is seen now, whatever it was before: these tests compare figures made at once."""
    monkeypatch.setattr(views, "_STEADY", 1.0)


def watched(kind: Callable[[Session, Theme], PlotType], study: str, qtbot: QtBot) -> PlotType:
    """Return a plot that watched the study, half of which came before its first picture."""
    plot = shown(kind(Session(ListEngine()), Theme()), qtbot)
    events = STUDIES[study]
    feed(plot.session, *events[: len(events) // 2])
    settle(plot, qtbot)
    feed(plot.session, *events[len(events) // 2 :])
    settle(plot, qtbot)
    return plot


def selections(plot: Plot, qtbot: QtBot) -> Iterator[tuple[StudyProgress, int | None]]:
    """Select some trials, one after the other; yield the study and what is selected when the plot has drawn it."""
    progress = progress_of(plot.session)
    for selected in SELECTED:
        if selected is None or selected in progress.trials:
            plot.session.select(selected)
            settle(plot, qtbot)
            yield progress, selected


def assert_drawn(item: object, x: Floats, y: Floats) -> None:
    """Compare an item's data, NaN being a gap, with what it is to show."""
    drawn_x, drawn_y = item.getData()  # type: ignore[attr-defined]
    np.testing.assert_array_equal(np.empty(0) if drawn_x is None else drawn_x, x)
    np.testing.assert_array_equal(np.empty(0) if drawn_y is None else drawn_y, y)


def seen(series: Sequence[Series]) -> tuple[Floats, Floats]:
    """Return the places that can be seen."""
    _trials, x, y = joined(series)
    known = np.isfinite(x) & np.isfinite(y)
    return x[known], y[known]


def assert_framed(plot: Plot, figure: Figure) -> None:
    """Compare title, axes, range and words."""
    assert plot.title == figure.title
    assert (plot.canvas.x_axis.scale_shown, plot.canvas.y_axis.scale_shown) == (figure.x.scale, figure.y.scale)
    for (low, high), (least, most) in zip(plot.canvas.view.viewRange(), (figure.x.view, figure.y.view), strict=True):
        tolerance = 0.03 * (most - least)
        assert low - tolerance <= least < most <= high + tolerance
        assert high - low < 1.2 * (most - least), "there is no more room beside it than marks need"
    assert plot.accessibleDescription() == (plot.empty_place.accessibleName() if figure.is_empty else figure.summary)


def assert_at_once(plot: Plot, figure: Figure) -> None:
    """Compare what the plot took in bit by bit with the figure that is made at once."""
    assert_same(drawn(plot), figure)
    assert_framed(plot, figure)


@every_study
@both_scales
def test_that_the_loss_plot_draws_its_figure(study: str, qtbot: QtBot, *, log: bool) -> None:
    plot = watched(LossPlot, study, qtbot)
    plot.scale_choice = ScaleChoice.LOG if log else ScaleChoice.LINEAR
    for progress, selected in selections(plot, qtbot):
        figure = loss.figure(progress, selected, choice=plot.scale_choice)
        assert_at_once(plot, figure)
        (past,) = figure.curves(Kind.PAST)
        assert_drawn(plot.items.curve(Kind.PAST), past.x, past.y)
        for kind in LIVE:
            curves = figure.curves(kind)
            item = plot.items.curve(kind)
            assert_drawn(item, with_gaps([curve.x for curve in curves]), with_gaps([curve.y for curve in curves]))
            assert_drawn(plot.items.points(kind), *seen(figure.points(kind)))
            assert plot.items.points(kind).opts["symbol"] == plot._styles[kind].symbol
        heights = [plot.items.points(mark.kind).zValue() for mark in figure.points()]
        assert heights == sorted(heights), "marks lie on each other in their order"
        numbers = {int(word) for label, _x, _y in plot.items.labels.shown for word in re.findall("[0-9]+", label)}
        assert numbers == {number for number, _x, _y in figure.labels}
        assert plot.canvas.legend.note == figure.note
        assert plot.canvas.legend.labels == [label for _kind, label in figure.legend]


@every_study
@both_scales
def test_that_the_convergence_plot_draws_its_figure(study: str, qtbot: QtBot, *, log: bool) -> None:
    plot = watched(ConvergencePlot, study, qtbot)
    plot.scale_choice = ScaleChoice.LOG if log else ScaleChoice.LINEAR
    for progress, selected in selections(plot, qtbot):
        figure = convergence.figure(progress, selected, choice=plot.scale_choice)
        assert_at_once(plot, figure)
        for kind in (Kind.BARS, Kind.BEST_SO_FAR):
            (curve,) = figure.curves(kind)
            assert_drawn(plot.items.curve(kind), curve.x, curve.y)
        view = figure.y.view
        for kind in convergence.BEYOND:
            x, y = seen(figure.points(kind))
            inside = ~figure.y.is_beyond(y, view)
            assert_drawn(plot.items.points(kind), x[inside], y[inside])
        for kind in AT_EDGE:
            _trials, x, y = joined(figure.points(kind))
            assert_drawn(plot.items.points(kind), x, np.where(figure.y.is_beyond(y, view), edge(plot), y))
        marked = set()
        for kind, mark in convergence.BEYOND.items():
            _trials, x, y = joined(figure.points(kind))
            beyond = figure.y.is_beyond(y, view)
            assert_drawn(plot.items.points(mark), x[beyond], np.full(np.count_nonzero(beyond), edge(plot)))
            marked |= {mark} if beyond.any() else set()
        names = [label for kind, label in figure.legend if kind not in convergence.BEYOND.values() or kind in marked]
        assert plot.canvas.legend.labels == list(dict.fromkeys(names))


@every_study
@pytest.mark.parametrize("y", ["batch_size", OBJECTIVE])
def test_that_the_points_plot_draws_its_figure(study: str, y: str, qtbot: QtBot) -> None:
    plot = watched(PointsPlot, study, qtbot)
    plot.show_parameters("learning_rate", y)
    for progress, selected in selections(plot, qtbot):
        figure = points.figure(progress, selected, y=y)
        assert_at_once(plot, figure)
        assert_drawn(plot.items.points(Kind.DONE), *seen(figure.points(Kind.DONE)))
        for kind in MARKS:
            assert_drawn(plot.items.points(kind), *seen(figure.points(kind)))
        assert plot.canvas.legend.labels == [label for _kind, label in figure.legend]
        assert figure.colours is not None
        assert plot.items.colour_bar.levels() == figure.colours.view
        assert plot.items.colour_bar.heading in (figure.colours.scale.label, *figure.colours.scale.short_labels)
        (done,) = figure.points(Kind.DONE)
        assert done.colours is not None
        best = np.argmax(done.colours) if figure.colours.higher_is_better else np.argmin(done.colours)
        brush = plot.items.points(Kind.DONE).data["brush"][best]
        assert brush.color() == plot.items.colour_bar.brushes[0].color()


@pytest.mark.parametrize("kind", [LossPlot, ConvergencePlot, PointsPlot])
def test_that_without_a_study_a_plot_has_no_figure_and_shows_its_sentence(kind: MakePlot, qtbot: QtBot) -> None:
    plot = watched(kind, "mixed", qtbot)
    plot.session.clear()
    settle(plot, qtbot)
    assert plot._figure is None
    assert plot._stack.currentWidget() is plot.empty_place
    assert plot.accessibleDescription() == plot.empty_place.accessibleName()
    assert plot.title == kind(Session(ListEngine()), Theme()).title
