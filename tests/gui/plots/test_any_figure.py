"""A plain plot draws any figure: its kinds by the table of styles, its legend, words and colours."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core.figures.arrays import Floats
from core.figures.figure import Axis, Builder, Curve, Figure, Kind, Points
from core.figures.scales import AxisScale
from core.trial_progress import TrialProgress
from gui.plots.drawing.style import KindStyle
from gui.plots.frame import Promise
from gui.plots.loss import OWN_STYLES
from gui.plots.plot import Plot
from gui.plots.styles import STYLES
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.theme import LIGHT, Theme
from tests.gui.plots.plot_studies import ListEngine, Study, click, settle, shown

PROMISE = Promise(Words("Numbers", "Numbers appear here."), "each trial adds one")
SCALE = Axis(AxisScale("Cost"), (0.0, 4.0))


class Numbers(Builder):
    """Draws the trials' numbers: a line, a point a trial, a coloured one a trial, and a mark where one is selected."""

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        self._trials: Floats = np.array([float(trial.number) for trial in self.progress.trials.values()])

    def figure(self, selected: int | None) -> Figure:
        trials = self._trials if self.taken else np.empty(0)
        marked = np.array([] if selected is None else [float(selected)])
        line = Curve(Kind.TRAINING, trials, trials, np.full(len(trials), 8.0))
        return Figure(
            title="Numbers",
            x=Axis(AxisScale("Trial"), (0.0, 5.0)),
            y=Axis(AxisScale("Number"), (0.0, 10.0)),
            past=(
                line,
                Points(Kind.SURROGATE, trials, trials, trials),
                Points(Kind.DONE, trials, trials, trials + 5, colours=trials),
            ),
            present=() if selected is None else (Points(Kind.SELECTED, marked, marked, marked),),
            legend=((Kind.SURROGATE, "A trial"), (Kind.TRAINING, "A line")),
            labels=((1, 1.0, 1.0),),
            colours=SCALE,
            summary=f"{len(trials)} numbers",
            is_empty=not len(trials),
        )


@pytest.fixture
def plot(qtbot: QtBot) -> Plot:
    made = Plot(Session(ListEngine()), Theme(), Numbers, title="Numbers", promise=PROMISE, explanation="Numbers.")
    return shown(made, qtbot)


@pytest.fixture
def study(plot: Plot, qtbot: QtBot) -> Study:
    study = Study(plot.session)
    for trial in (1, 2, 3, 4):
        study.complete(trial, [30.0])
    settle(plot, qtbot)
    return study


def places(plot: Plot, kind: Kind) -> list[tuple[float, float]]:
    x, y = plot.items.points(kind).getData()
    return list(zip(x.tolist(), y.tolist(), strict=True))


def selected_at(plot: Plot, x: float, y: float, qtbot: QtBot) -> int | None:
    """Return which trial a click selects."""
    click(plot, x, y)
    settle(plot, qtbot)
    return plot.session.selected


def test_that_an_empty_figure_shows_the_sentence(plot: Plot, qtbot: QtBot) -> None:
    Study(plot.session)
    settle(plot, qtbot)
    assert plot._stack.currentWidget() is plot.empty_place
    assert plot.accessibleDescription() == "Numbers. No trial has begun yet. After Resume each trial adds one."


def test_that_curves_points_words_and_legend_are_drawn(plot: Plot, study: Study) -> None:
    assert places(plot, Kind.SURROGATE) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert list(plot.items.curve(Kind.TRAINING).getData()[1]) == [8, 8, 8, 8]
    assert plot.items.curve(Kind.TRAINING).opts["pen"].color() == QColor(LIGHT.training)
    assert plot.items.labels.shown == [("trial 1", 1, 1)]
    assert plot.canvas.legend.labels == ["A trial", "A line"]
    assert plot.title == "Numbers"
    assert plot.accessibleDescription() == "4 numbers"


def test_that_points_have_the_colours_of_their_objectives_and_a_bar_tells_which(plot: Plot, study: Study) -> None:
    brushes = plot.items.points(Kind.DONE).data["brush"]
    assert len({brush.color().name() for brush in brushes}) == 4
    assert brushes[-1].color() == plot.items.colour_bar.brushes[-1].color(), "the highest cost is the worst"
    assert plot.items.colour_bar.levels() == SCALE.view
    assert plot.items.colour_bar.heading == "Cost"


def test_that_a_click_selects_the_trial_of_a_point_or_of_a_line(plot: Plot, study: Study, qtbot: QtBot) -> None:
    assert selected_at(plot, 2.0, 2.0, qtbot) == 2
    assert places(plot, Kind.SELECTED) == [(2, 2)]
    assert selected_at(plot, 3.5, 8.0, qtbot) == 3
    assert selected_at(plot, 1.0, 3.5, qtbot) is None
    assert places(plot, Kind.SELECTED) == [], "the mark goes with the selection"


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_that_it_becomes_an_image(plot: Plot, study: Study, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"numbers{suffix}"
    plot.save_image(path)
    if suffix == ".png":
        image = QImage(str(path))
        colours = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
        assert QColor(LIGHT.training).rgb() in colours
    else:
        assert LIGHT.training.lower() in path.read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("styles", [STYLES, STYLES | OWN_STYLES])
def test_that_no_two_kinds_lie_at_the_same_height(styles: dict[Kind, KindStyle]) -> None:
    heights = [how.z for how in styles.values()]
    assert len(set(heights)) == len(heights)


def test_that_every_kind_has_a_style() -> None:
    assert STYLES.keys() == set(Kind)
