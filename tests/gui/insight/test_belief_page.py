"""The page Belief: what it says and draws for made-up answers, and how its lines are moved."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from core.progress import StudyProgress
from core.study.local_engine import LocalEngine
from gui.insight.analyst import Analyst
from gui.insight.belief_page import BeliefPage
from gui.insight.plot import InsightPlot
from gui.insight.slices_layout import rows_of
from gui.session.session import Session
from gui.widgets.theme import Appearance, Theme
from tests.beliefs import belief, map_of, study, trust_of
from tests.gui.plots.plot_studies import folders_in

RESULTS = (18.0, 17.0, 30.0, 15.74, 24.0, None, 16.0, 17.0, 19.0)


class Still(Analyst):
    """An analyst that never asks: its answers are set by the tests."""

    def _ask(self) -> None:
        pass


class Bench:
    """A page with a session and an analyst of its own."""

    def __init__(self, theme: Theme, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session(LocalEngine())
        self.analyst = Still(self.session)
        self.page = BeliefPage(self.session, theme, self.analyst, folders_in(Path(tempfile.mkdtemp())))
        qtbot.addWidget(self.page)
        qtbot.addWidget(self.page.bar)
        self.page.resize(1240, 545)

    def show(self, progress: StudyProgress, *, believes: bool = True) -> None:
        self.session._replace(Path("/study.afina"), progress)
        if believes:
            self.analyst.belief, self.analyst.map = belief(progress), map_of(progress)
            self.analyst.trust = trust_of(progress)
        with self.qtbot.waitExposed(self.page):
            self.page.show()
        self.page.bar.show()
        self.settle()

    def settle(self) -> None:
        self.analyst.changed.emit()
        page = self.page
        shown = page.slices, page.map, page.trust
        self.qtbot.waitUntil(lambda: not any(plot.isVisible() and plot.waiting_to_paint for plot in shown))

    def line(self, name: str) -> QPoint:
        """Return a place on a slice's line, in its strip."""
        place = self.page.slices._layout_of_panels.of(name)
        panel = self.page.slices._panel(name)
        assert place is not None
        assert panel is not None
        assert panel.at is not None
        return QPointF(place.pane.across(panel.at), place.strip.rect.center().y()).toPoint()


@pytest.fixture
def bench(theme: Theme, qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(theme, qtbot)
    yield made
    made.session._replace(None, None)
    made.analyst.close()


def test_that_the_page_opens_with_its_answer_and_how_sure_it_is(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    bench.qtbot.waitUntil(lambda: "Best with" in bench.page.answer.whole)
    assert bench.page.sure.whole.startswith("The lowest mean is believed to be <b>16.47</b>")
    assert bench.page.accessibleDescription().startswith("After 9 trials: best with learning rate")
    assert bench.page.slices.title == "Slices through trial 4, the best observed"
    assert bench.page.slices.accessibleDescription().startswith("2 parameters. Learning rate, 0.0001 to 0.1, log:")
    assert bench.page.map.title == "Learning rate × batch size"
    assert not bench.page.steps.isVisible()


def test_that_it_says_what_comes_while_it_is_too_early(bench: Bench) -> None:
    bench.show(study(18.0, 17.0, 30.0, under_way=1), believes=False)
    bench.qtbot.waitUntil(lambda: "Too early" in bench.page.answer.whole)
    assert bench.page.steps.isVisible()
    assert bench.page.steps.accessibleName().startswith("Now: three observed results; From trial 5")
    assert "From trial 8 on" in bench.page.trust.empty_place.words.sentence
    assert not bench.page.past.isVisible()
    assert not bench.page.averaged_box.isEnabled()


def test_that_dragging_a_line_asks_for_the_belief_there_and_a_double_click_goes_back(bench: Bench) -> None:
    progress = study(*RESULTS)
    bench.show(progress)
    canvas, start = bench.page.slices.canvas, bench.line("batch_size")
    bench.qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    bench.qtbot.mouseMove(canvas, start + QPoint(30, 0))
    bench.qtbot.mouseMove(canvas, start + QPoint(60, 0))
    bench.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    through = bench.analyst.through
    assert through is not None
    assert through["learning_rate"] == progress.trials[4].values["learning_rate"]
    moved = through["batch_size"]
    assert isinstance(moved, int)
    assert moved > int(progress.trials[4].values["batch_size"])
    bench.settle()
    panel = bench.page.slices._panel("batch_size")
    assert panel is not None
    assert bench.page.slices.lines.at(panel) == (panel.axis.place(moved), str(moved))  # before the answer comes
    assert bench.page.slices.back.isVisibleTo(bench.page)
    bench.qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=start)
    assert bench.analyst.through is None


def test_that_what_is_told_of_the_best_does_not_follow_the_lines(bench: Bench) -> None:
    progress = study(*RESULTS)
    bench.show(progress)
    bench.qtbot.waitUntil(lambda: "Best with" in bench.page.answer.whole)
    told = bench.page.answer.whole
    bench.analyst.best = bench.analyst.belief
    bench.analyst.through = {"learning_rate": 0.001, "batch_size": 90}
    bench.analyst.belief = belief(progress, through=bench.analyst.through, through_trial=None, slices=())
    bench.settle()
    bench.page._show()
    assert bench.page.answer.whole == told


def test_that_the_answer_is_of_the_moment_of_the_slices_while_they_are_through_the_best(bench: Bench) -> None:
    progress = study(*RESULTS)
    bench.show(progress)
    bench.qtbot.waitUntil(lambda: "Best with" in bench.page.answer.whole)
    bench.analyst.best = belief(progress, slices=())  # of a moment before
    bench.page._show()
    assert "Best with" in bench.page.answer.whole


def test_that_keys_move_a_line_enlarge_its_panel_and_give_back(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    slices = bench.page.slices
    slices.canvas.setFocus()
    bench.qtbot.keyClick(slices.canvas, "2")
    assert slices.lines.focused == "batch_size"
    bench.qtbot.keyClick(slices.canvas, Qt.Key.Key_Right)
    bench.qtbot.waitUntil(lambda: bench.analyst.through is not None)
    bench.qtbot.keyClick(slices.canvas, Qt.Key.Key_Return)
    bench.settle()
    rate, size = slices._layout_of_panels.places
    assert size.pane.rect.width() > 1.8 * rate.pane.rect.width()
    bench.qtbot.keyClick(slices.canvas, Qt.Key.Key_Escape)
    bench.settle()
    rate, size = slices._layout_of_panels.places
    assert size.pane.rect.width() == pytest.approx(rate.pane.rect.width())
    bench.qtbot.keyClick(slices.canvas, Qt.Key.Key_Escape)
    assert slices.lines.focused is None


def test_that_a_click_on_a_name_enlarges_its_panel(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    slices = bench.page.slices
    heading = slices._layout_of_panels.places[0].heading
    assert slices.tip_at(heading.center()) == "Click to enlarge"
    assert slices.on_click(heading.center())
    bench.settle()
    first, second = slices._layout_of_panels.places
    assert first.pane.rect.width() > 1.8 * second.pane.rect.width()


def test_that_a_click_on_a_point_selects_its_trial(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    bench.session.linking.told_in_line = True  # or a tip would come
    canvas = bench.page.slices.canvas
    index = canvas.spots.of_trial(5)[0]
    bench.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.spots.place(index).toPoint())
    assert bench.session.selected == 5


def test_that_the_past_is_stepped_through_and_the_present_followed(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    past = bench.page.past
    assert past.count.text() == "9 of 9"
    past.slider.setValue(7)
    assert bench.analyst.after == 7
    past.forward.click()
    assert bench.analyst.after == 8
    past.forward.click()
    assert bench.analyst.after is None


def test_that_the_box_averages_over_the_others(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    bench.page.averaged_box.click()
    assert bench.analyst.averaged


def test_that_log_counts_for_slices_and_map(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    bench.page.slices.log_box.click()
    bench.settle()
    assert bench.page.slices.figure is not None
    assert bench.page.slices.figure.scale.is_log
    assert bench.page.map.choice is bench.page.slices.choice


def test_that_a_pair_is_chosen_in_a_menu(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    menu = bench.page.slices.pairs
    menu.offer()
    across = menu._sides[0]
    next(action for action in across.actions() if action.text() == "Batch size").trigger()
    assert bench.analyst.pair is not None
    assert set(bench.analyst.pair) == {"learning_rate", "batch_size"}


@pytest.mark.parametrize("suffix", [".svg", ".png", ".csv"])
def test_that_each_plot_is_saved_as_what_it_draws(bench: Bench, suffix: str) -> None:
    bench.show(study(*RESULTS))
    plots: tuple[InsightPlot, ...] = bench.page.slices, bench.page.map, bench.page.trust
    for plot in plots:
        assert len(plot.menu.content(suffix)) > 150
    if suffix == ".svg":
        assert b"Learning rate" in bench.page.slices.menu.content(".svg")


def test_that_all_is_drawn_in_the_dark_and_for_one_parameter(bench: Bench, theme: Theme) -> None:
    bench.show(study(*RESULTS))
    theme.set_appearance(Appearance.DARK)
    bench.settle()
    bench.page.plots.arrange(1)
    assert not bench.page.map.isVisible()
    bench.page.plots.arrange(6)
    assert bench.page.trust.y() > bench.page.slices.y()


@pytest.mark.parametrize(("width", "rows"), [(1234, 1), (830, 2), (600, 2)])
def test_that_narrow_panels_stand_in_two_rows_that_have_room(bench: Bench, width: int, rows: int) -> None:
    assert rows_of(6, width, 1.0) == rows
    assert rows_of(2, width, 1.0) == 1
    bench.show(study(*RESULTS))
    plots = bench.page.plots
    plots.resize(width, 300)
    plots.arrange(6)
    assert plots.minimumSizeHint().height() >= 290 * rows


def test_that_a_narrow_page_says_all_of_its_answer(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    bench.page.answer.say(("Best with learning rate <b>0.0058 to 0.046</b> and batch size <b>24 to 61</b>.",), 2)
    bench.page.resize(400, 600)
    bench.settle()
    assert "…" not in bench.page.answer.text()


def test_that_no_figure_is_made_of_an_answer_while_nobody_sees_it(bench: Bench) -> None:
    bench.show(study(*RESULTS))
    bench.page.hide()
    made = bench.page.slices._kept._made
    bench.analyst.belief = belief(study(*RESULTS))
    bench.analyst.changed.emit()
    assert bench.page.slices._kept._made is made
    bench.page.show()
    bench.qtbot.waitUntil(lambda: bench.page.slices._kept._made is not made)
