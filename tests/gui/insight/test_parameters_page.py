"""The page Parameters: what matters, brushes on parallel axes, panels, and what all of them have in common."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.analysis.answers import ImportanceAnswer, Pair, Share
from core.figures.brushing import Brush
from core.figures.dimensions import OBJECTIVE
from core.figures.seen_trials import ColourBy
from core.figures.view import ScaleChoice
from gui.insight.analyst import Analyst
from gui.insight.painting.look import Look
from gui.insight.painting.value_colours import CLEAR, STEPS, clear_colours, contrast
from gui.insight.parameters_page import ParametersPage
from gui.insight.plot import InsightPlot
from gui.session.session import Session
from gui.widgets.theme import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Appearance, Colours, Theme
from tests.gui.insight.test_analyst import HeldAnalysis
from tests.gui.plots.plot_studies import ListEngine, Study, folders_in

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # raising tips

RATES = [1e-4, 1e-3, 1e-2, 1e-1, 3e-2, 3e-3, 2e-2, 2e-3, 5e-2, 5e-3, 1.5e-2]
IMPORTANCE = ImportanceAnswer(
    (Share("batch_size", 0.7, 0.5, 0.9, 0.4, 1.0), Share("learning_rate", 0.2, 0.0, 0.4, 0.1, 0.0)),
    (Pair(("learning_rate", "batch_size"), 0.1, 0.0, 0.3),),
    11,
    40,
)


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session(ListEngine())


@pytest.fixture
def study(session: Session) -> Study:
    made = Study(session)
    for number, rate in enumerate(RATES, 1):
        made.complete(number, [20.0 + number % 5], learning_rate=rate, batch_size=8 * number)
    made.fail(12, learning_rate=0.1, batch_size=90)
    return made


@pytest.fixture
def analyst(session: Session) -> Iterator[Analyst]:
    made = Analyst(session, session, HeldAnalysis())
    yield made
    made.close()


@pytest.fixture
def page(session: Session, study: Study, analyst: Analyst, theme: Theme, qtbot: QtBot) -> ParametersPage:
    return shown(ParametersPage(session, theme, analyst, folders_in(Path(tempfile.mkdtemp()))), qtbot)


def shown(page: ParametersPage, qtbot: QtBot) -> ParametersPage:
    qtbot.addWidget(page)
    page.resize(1240, 545)
    with qtbot.waitExposed(page):
        page.show()
    settle(page, qtbot)
    return page


def settle(page: ParametersPage, qtbot: QtBot) -> None:
    """Wait until all plots have painted what they were told."""
    plots: tuple[InsightPlot, ...] = (page.bars, page.parallel, page.over)
    qtbot.waitUntil(lambda: not page.trials._waiting and not any(plot.waiting_to_paint for plot in plots))


def give(page: ParametersPage, answer: ImportanceAnswer | None, qtbot: QtBot) -> None:
    """Let the analyst have an answer."""
    page.analyst.importance = answer
    page.analyst.changed.emit()
    qtbot.waitUntil(lambda: (answer is None) is ("explains" not in page.answer.accessibleName()))
    settle(page, qtbot)


def axis_at(page: ParametersPage, name: str, height: float) -> QPoint:
    """Return a place on one of the parallel axes, `height` from below to above."""
    figure, axes = page.parallel.figure, page.parallel.axes
    assert figure is not None
    assert axes is not None
    number = [column.name for column in figure.columns].index(name)
    return QPointF(axes.xs[number], axes.y(height)).toPoint()


def drag(widget: QWidget, first: QPoint, last: QPoint) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=first)
    for step in range(1, 6):
        QTest.mouseMove(widget, first + (last - first) * step / 5)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=last)


# What matters


def test_that_the_page_says_from_when_on_it_is_told(
    session: Session, analyst: Analyst, theme: Theme, qtbot: QtBot
) -> None:
    study = Study(session)
    page = shown(ParametersPage(session, theme, analyst, folders_in(Path(tempfile.mkdtemp()))), qtbot)
    assert page.bars.is_empty()
    study.complete(1, [20.0])
    settle(page, qtbot)
    qtbot.waitUntil(lambda: "1 of 10 results" in page.answer.accessibleName())
    assert page.bars.is_empty() == "From trial 10 on; now it would be a guess."
    assert not page.parallel.is_empty()


def test_that_sentence_bars_and_axes_follow_the_answer(page: ParametersPage, qtbot: QtBot) -> None:
    give(page, IMPORTANCE, qtbot)
    assert page.answer.accessibleName().startswith("Batch size explains most: 70 %")
    assert not page.bars.is_empty()
    assert page.parallel.figure is not None
    assert [column.name for column in page.parallel.figure.columns] == [OBJECTIVE, "batch_size", "learning_rate"]
    assert page.accessibleDescription().startswith("Batch size explains most: 70 percent")


def test_that_a_click_on_a_pair_asks_for_its_map(page: ParametersPage, qtbot: QtBot) -> None:
    give(page, IMPORTANCE, qtbot)
    with qtbot.waitSignal(page.pair_chosen) as chosen:
        row = page.bars.rows[-1].area.center().toPoint()
        QTest.mouseClick(page.bars.canvas, Qt.MouseButton.LeftButton, pos=row)
    assert chosen.args == ["learning_rate", "batch_size"]
    assert page.analyst.pair == ("learning_rate", "batch_size")


def test_that_the_bars_are_walked_by_keys(page: ParametersPage, qtbot: QtBot) -> None:
    give(page, IMPORTANCE, qtbot)
    canvas = page.bars.canvas
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.pair_chosen):
        QTest.keyClick(canvas, Qt.Key.Key_Return)


def test_that_answers_are_wanted_only_while_the_page_is_seen(page: ParametersPage, qtbot: QtBot) -> None:
    asked = page.analyst._analysis
    assert isinstance(asked, HeldAnalysis)
    qtbot.waitUntil(lambda: len(asked.questions) == 2)
    page.hide()
    qtbot.waitUntil(lambda: len(asked.dropped) == 2)


# Brushes


def test_that_a_drag_along_an_axis_brushes_it_and_a_double_click_clears_it(page: ParametersPage, qtbot: QtBot) -> None:
    canvas, linking = page.parallel.canvas, page.session.linking
    drag(canvas, axis_at(page, "learning_rate", 0.3), axis_at(page, "learning_rate", 0.8))
    low, high = 1e-4 * 10**0.9, 1e-4 * 10**2.4
    expected = {number for number, rate in enumerate(RATES, 1) if low * 1.1 < rate < high / 1.1}
    settle(page, qtbot)
    assert linking.brushed is not None
    assert expected <= linking.brushed
    assert page.parallel.subtitle.startswith(f"brushed: {len(linking.brushed)} of 12, median")
    assert page.parallel.controls.clear.isVisible()
    drag(canvas, axis_at(page, "batch_size", 0.0), axis_at(page, "batch_size", 0.4))
    both = linking.brushed
    assert both is not None
    assert both < {*expected, *both}
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=axis_at(page, "batch_size", 0.9))
    assert list(page.trials.brushes) == ["learning_rate"]
    page.parallel.controls.clear.click()
    assert linking.brushed is None


def test_that_an_end_of_a_brush_and_all_of_it_can_be_moved(page: ParametersPage, qtbot: QtBot) -> None:
    canvas = page.parallel.canvas
    drag(canvas, axis_at(page, "learning_rate", 0.3), axis_at(page, "learning_rate", 0.6))
    first = page.trials.brushes["learning_rate"]
    settle(page, qtbot)
    drag(canvas, axis_at(page, "learning_rate", 0.6), axis_at(page, "learning_rate", 0.8))
    longer = page.trials.brushes["learning_rate"]
    assert longer.low == pytest.approx(first.low, abs=0.02)
    assert longer.high > first.high
    settle(page, qtbot)
    drag(canvas, axis_at(page, "learning_rate", 0.5), axis_at(page, "learning_rate", 0.4))
    moved = page.trials.brushes["learning_rate"]
    assert moved.high - moved.low == pytest.approx(longer.high - longer.low, abs=0.01)
    assert moved.low < longer.low


def test_that_a_click_on_a_lane_brushes_it(page: ParametersPage) -> None:
    figure = page.parallel.figure
    assert figure is not None
    (lane,) = figure.columns[0].lanes.values()  # no result
    at = axis_at(page, OBJECTIVE, sum(lane) / 2)
    QTest.mouseClick(page.parallel.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert page.session.linking.brushed == {12}
    QTest.mouseClick(page.parallel.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert page.session.linking.brushed is None


def test_that_new_trials_join_a_brush_and_another_study_ends_it(
    page: ParametersPage, study: Study, qtbot: QtBot
) -> None:
    page.trials.set_brush("learning_rate", Brush(0.0, 1.0))
    study.complete(13, [30.0], learning_rate=0.01, batch_size=10)
    settle(page, qtbot)
    qtbot.waitUntil(lambda: 13 in (page.session.linking.brushed or ()))
    Study(page.session).complete(1, [20.0])
    settle(page, qtbot)
    assert page.trials.brushes == {}
    assert page.session.linking.brushed is None


def test_that_failed_trials_are_hidden_in_both_plots(page: ParametersPage, qtbot: QtBot) -> None:
    assert page.over.spots.of_trial(12)
    assert page.parallel.spots.of_trial(12)
    page.session.linking.hide_failed(True)
    settle(page, qtbot)
    assert not page.over.spots.of_trial(12)
    assert not page.parallel.spots.of_trial(12)


# Pointing


def test_that_a_line_is_found_between_its_axes(page: ParametersPage) -> None:
    axes, figure = page.parallel.axes, page.parallel.figure
    assert axes is not None
    assert figure is not None
    row = figure.seen.row_of(11)
    assert row is not None
    ys = axes.ys(figure.heights[row])
    middle = QPointF((axes.xs[0] + 3 * axes.xs[1]) / 4, (ys[0] + 3 * ys[1]) / 4)
    QTest.mouseMove(page.parallel.canvas, QPoint(2, 2))
    QTest.mouseMove(page.parallel.canvas, middle.toPoint())
    assert page.session.linking.hovered is not None
    QTest.mouseClick(page.parallel.canvas, Qt.MouseButton.LeftButton, pos=middle.toPoint())
    assert page.session.selected == page.session.linking.hovered


def test_that_the_selected_trial_is_marked_in_all_plots(page: ParametersPage, qtbot: QtBot) -> None:
    before = page.parallel.grab().toImage(), page.over.grab().toImage()
    page.session.select(3)
    assert page.parallel.grab().toImage() != before[0]
    assert page.over.grab().toImage() != before[1]


# Looks


@pytest.mark.parametrize("colours", [LIGHT, DARK, LIGHT_CONTRAST, DARK_CONTRAST])
def test_that_every_colour_of_lines_can_be_told_from_the_ground(colours: Colours) -> None:
    found = clear_colours(colours.base)
    assert len(found) == STEPS
    assert all(contrast(colour, QColor(colours.base)) >= CLEAR for colour in found)
    assert len({colour.name() for colour in found}) > STEPS / 3


@pytest.mark.parametrize("look", [Appearance.LIGHT, Appearance.DARK])
@pytest.mark.parametrize("colour", list(ColourBy))
def test_that_all_colours_are_painted(page: ParametersPage, look: Appearance, colour: ColourBy, qtbot: QtBot) -> None:
    page.trials.set_view(colour=colour)
    page.parallel.theme.set_appearance(look)
    settle(page, qtbot)
    image = page.parallel.canvas.grab().toImage()
    assert len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}) > 10


def test_that_many_trials_are_a_shade_with_the_best_as_lines(
    session: Session, analyst: Analyst, theme: Theme, qtbot: QtBot
) -> None:
    study = Study(session)
    for number in range(1, 521):
        study.complete(number, [10.0 + number], learning_rate=RATES[number % 11], batch_size=1 + number % 100)
    page = shown(ParametersPage(session, theme, analyst, folders_in(Path(tempfile.mkdtemp()))), qtbot)
    qtbot.waitUntil(lambda: not page.parallel.shading.is_busy and not page.over.shading.is_busy)
    settle(page, qtbot)
    assert page.parallel.controls.best.isVisible()
    assert page.parallel.subtitle == "520 trials as a shade, the best 50 as lines; none brushed"
    assert len(set(page.parallel.spots.trials.tolist())) == 50
    page.parallel.controls.best.setValue(20)
    settle(page, qtbot)
    assert len(set(page.parallel.spots.trials.tolist())) == 20


def test_that_the_tables_have_what_is_drawn(page: ParametersPage, qtbot: QtBot) -> None:
    give(page, IMPORTANCE, qtbot)
    bars, lines, points = page.bars.table(), page.parallel.table(), page.over.table()
    assert bars is not None
    assert [row[0] for row in bars.rows] == ["Batch size", "Learning rate", "Learning rate × batch size"]
    assert lines is not None
    assert points is not None
    assert len(lines.rows) == len(points.rows) == 12


def test_that_a_picture_has_its_shade_at_once(page: ParametersPage, qtbot: QtBot) -> None:
    image = QImage(640, 300, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    look = Look.of(LIGHT, page.font(), is_picture=True)
    page.parallel.paint(painter, image.rect().toRectF(), look)
    painter.end()
    assert not page.parallel.shading.is_busy


def test_that_both_plots_of_all_trials_have_one_scale(page: ParametersPage, qtbot: QtBot) -> None:
    action = next(action for action in page.parallel.scale.menu.actions() if action.text() == "Log")
    action.trigger()
    assert page.trials.view.scale is ScaleChoice.LOG
    assert page.over.scale.choice.value is ScaleChoice.LOG
    assert page.session.linking.scale is ScaleChoice.LOG
    settle(page, qtbot)
    assert page.trials.seen is not None
    assert page.trials.seen.scale.is_log


def test_that_an_axis_tells_its_values_where_labels_may_be_cut(page: ParametersPage) -> None:
    top = axis_at(page, "learning_rate", 1.0)
    assert page.parallel.tip_at(top.toPointF()) == "Learning rate: 0.1"
    assert page.parallel.tip_at(QPointF(top.x(), 4)) == "Learning rate"
    figure = page.parallel.figure
    assert figure is not None
    (lane,) = figure.columns[0].lanes.values()
    assert page.parallel.tip_at(axis_at(page, OBJECTIVE, sum(lane) / 2).toPointF()).endswith(": no result")


def test_that_a_page_made_after_the_answer_shows_it(
    session: Session, study: Study, analyst: Analyst, theme: Theme, qtbot: QtBot
) -> None:
    analyst.importance = IMPORTANCE
    page = shown(ParametersPage(session, theme, analyst, folders_in(Path(tempfile.mkdtemp()))), qtbot)
    assert len(page.bars.rows) == 3


def test_that_a_past_moment_is_named(page: ParametersPage, analyst: Analyst, study: Study, qtbot: QtBot) -> None:
    analyst.importance = IMPORTANCE
    analyst.set_after(10)
    qtbot.waitUntil(lambda: "Still to come: that after 10 trials." in page.sure.accessibleName())
    analyst.importance_moment = 10
    analyst.changed.emit()
    qtbot.waitUntil(lambda: "After 10 trials: " in page.answer.accessibleName())


def test_that_a_past_moment_with_too_few_results_says_how_many_it_needs(
    page: ParametersPage, analyst: Analyst, study: Study, qtbot: QtBot
) -> None:
    analyst.set_after(8)
    assert page.bars.is_empty() == "From trial 10 on; now it would be a guess."
    qtbot.waitUntil(lambda: "too early to tell what matters: 8 of 10 results" in page.answer.accessibleName())


def test_that_brushes_go_when_they_are_cleared_elsewhere(page: ParametersPage, qtbot: QtBot) -> None:
    page.trials.set_brush("batch_size", Brush(0.5, 1.0))
    assert page.session.linking.brushed
    page.session.linking.brush(None)
    assert not page.trials.brushes
    assert page.trials.seen is not None
    assert not page.trials.seen.has_brush
