"""Live plots and the table look at the same trials: pointed at, brushed, hidden."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from core.events import TrialState
from core.figures.figure import Kind
from core.settings import tutorial_settings
from gui.plots.convergence import ConvergencePlot
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.session.session import Session
from gui.trials.table import TrialsTable
from gui.widgets.theme import Theme
from tests.figures import begun, complete, without_objective
from tests.gui.plots.plot_studies import ListEngine
from tests.windows import feed

KINDS = [LossPlot, ConvergencePlot, PointsPlot]
Make = Callable[[Session, Theme], Plot]


@pytest.fixture
def session() -> Session:
    made = Session(ListEngine())
    feed(made, begun(tutorial_settings()))
    for number in (1, 2, 3):
        feed(made, *complete(number, [40.0, 30.0 + number]))
    feed(made, *without_objective(4, TrialState.FAILED))
    return made


@pytest.fixture
def table(session: Session, qtbot: QtBot) -> TrialsTable:
    made = TrialsTable(session, Theme())
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    qtbot.waitUntil(lambda: made.is_current and made.model.rowCount() == 4)
    return made


def drawn(kind: Make, session: Session, qtbot: QtBot) -> Plot:
    plot = kind(session, Theme())
    qtbot.addWidget(plot)
    plot.resize(500, 320)
    plot.show()
    qtbot.waitUntil(lambda: plot.figure is not None and not plot.waiting_to_paint)
    return plot


def pointed_at(session: Session) -> int | None:
    return session.linking.hovered


def ringed(plot: Plot) -> int:
    """Return around how many places there is a ring."""
    ring = plot.pointing._ring
    return 0 if ring is None else len(ring.data)


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_trial_that_is_pointed_at_elsewhere_is_ringed(kind: Make, session: Session, qtbot: QtBot) -> None:
    plot = drawn(kind, session, qtbot)
    assert ringed(plot) == 0
    session.linking.hover(2)
    qtbot.waitUntil(lambda: ringed(plot) == 1)
    assert plot.pointing._ring is not None
    at = plot.pointing._ring.data["x"][0], plot.pointing._ring.data["y"][0]
    session.linking.hover(3)
    qtbot.waitUntil(lambda: (plot.pointing._ring.data["x"][0], plot.pointing._ring.data["y"][0]) != at)  # type: ignore[union-attr]
    session.linking.hover(None)
    qtbot.waitUntil(lambda: ringed(plot) == 0)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # what a tip asks of the platform
def test_that_pointing_at_a_mark_points_at_its_trial_everywhere_until_the_pointer_leaves(
    session: Session, table: TrialsTable, qtbot: QtBot
) -> None:
    plot = drawn(ConvergencePlot, session, qtbot)
    figure = plot.figure
    assert figure is not None
    trials, x, y = plot.hit_points(figure)
    own = np.flatnonzero(trials == 2)[:1]
    across, up = plot.canvas.in_pixels(x[own], y[own])
    plot.pointing.on_hover(QPointF(float(across[0]), float(up[0])))
    assert pointed_at(session) == 2
    assert table.view._ringed == table.model.row_of(2)
    assert "Trial 2" in QToolTip.text()
    plot.pointing.on_hover(None)
    assert pointed_at(session) is None
    assert table.view._ringed == -1
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    session.linking.told_in_line = True
    plot.pointing.on_hover(QPointF(float(across[0]), float(up[0])))
    assert pointed_at(session) == 2
    assert not QToolTip.isVisible()


def test_that_pointing_at_a_row_points_at_its_trial(session: Session, table: TrialsTable, qtbot: QtBot) -> None:
    before = table.view.viewport().grab().toImage()
    place = table.view.visualRect(table.model.index(1, 0)).center()
    qtbot.mouseMove(table.view.viewport(), place + QPoint(1, 0))
    qtbot.mouseMove(table.view.viewport(), place)
    assert pointed_at(session) == 2
    assert table.view.viewport().grab().toImage() != before
    QApplication.sendEvent(table.view, QEvent(QEvent.Type.Leave))
    assert pointed_at(session) is None
    assert table.view.viewport().grab().toImage() == before


@pytest.mark.parametrize("kind", KINDS)
def test_that_trials_beside_a_brush_fade(kind: Make, session: Session, qtbot: QtBot) -> None:
    plot = drawn(kind, session, qtbot)
    session.linking.brush({1, 2})
    qtbot.waitUntil(lambda: plot.figure is not None and any(s.kind is Kind.FADED for s in plot.figure.past))
    session.linking.brush(None)
    qtbot.waitUntil(lambda: plot.figure is not None and not any(s.kind is Kind.FADED for s in plot.figure.past))


def test_that_rows_beside_a_brush_are_faint_and_stay_where_they_are(
    session: Session, table: TrialsTable, qtbot: QtBot
) -> None:
    session.linking.brush({2})
    qtbot.waitUntil(lambda: table.model.cell(0, 0).colour is not None)
    assert table.model.rowCount() == 4
    assert table.model.cell(1, 0).colour is None
    session.linking.brush(None)
    qtbot.waitUntil(lambda: table.model.cell(0, 0).colour is None)


def test_that_failed_and_skipped_trials_can_be_hidden_and_come_back(
    session: Session, table: TrialsTable, qtbot: QtBot
) -> None:
    plot = drawn(ConvergencePlot, session, qtbot)
    session.select(3)
    session.linking.hide_failed(True)
    assert table.model.rowCount() == 3
    assert session.selected == 3
    qtbot.waitUntil(lambda: plot.figure is not None and Kind.FAILED not in dict(plot.figure.legend))
    feed(session, *without_objective(5, TrialState.SKIPPED))
    feed(session, *complete(6, [40.0, 20.0]))
    qtbot.waitUntil(lambda: table.model.row_of(6) is not None)
    assert table.model.row_of(5) is None
    session.linking.hide_failed(False)
    assert [table.model.number_at(row) for row in range(table.model.rowCount())] == [1, 2, 3, 4, 5, 6]
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    session.linking.hide_failed(True)
    assert [table.model.number_at(row) for row in range(table.model.rowCount())] == [6, 3, 2, 1]


def test_that_a_trial_under_way_that_fails_leaves_the_table_while_such_are_hidden(
    session: Session, table: TrialsTable, qtbot: QtBot
) -> None:
    session.linking.hide_failed(True)
    begins, *rest = without_objective(7, TrialState.FAILED)
    feed(session, begins)
    qtbot.waitUntil(lambda: table.model.row_of(7) is not None)
    feed(session, *rest)
    qtbot.waitUntil(lambda: table.model.row_of(7) is None)
