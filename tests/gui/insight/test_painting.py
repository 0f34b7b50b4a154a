"""The painting kit: ticks that can be read, panes, spots that are hit, and a legend of what there is room for."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from core.figures.figure import Axis
from core.figures.scales import AxisScale
from gui.insight.painting import marks
from gui.insight.painting.axes import Pane
from gui.insight.painting.legend import Entry, draw_legend
from gui.insight.painting.look import Look
from gui.insight.painting.ticks import axis_ticks, round_places, without_touching
from gui.insight.spots import Spot, Spots
from gui.widgets.theme import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Colours


def labels(scale: AxisScale, view: tuple[float, float], length: float) -> list[str]:
    return [label for _place, label in axis_ticks(scale, view, length).labelled]


@pytest.mark.parametrize(
    ("view", "length", "expected"),
    [
        ((15.0, 25.0), 280, ["16", "18", "20", "22", "24"]),
        ((0.0, 100.0), 375, ["0", "20", "40", "60", "80", "100"]),
        ((0.0, 0.5), 180, ["0.0", "0.2", "0.4"]),
        ((1e-5, 9e-5), 180, ["5e-5"]),
        ((-3.0, 3.0), 150, ["−2", "0", "2"]),
    ],
)
def test_that_a_linear_axis_has_few_round_numbers(
    view: tuple[float, float], length: float, expected: list[str]
) -> None:
    shown = labels(AxisScale("x"), view, length)
    assert shown == [label if label != "0.0" else "0" for label in expected]


def test_that_a_short_linear_axis_has_at_most_three_labels() -> None:
    for low, width in ((0.0, 1.0), (0.37, 12.0), (-5e-4, 9e-4), (1e6, 3e7)):
        assert 1 <= len(labels(AxisScale("x"), (low, low + width), 199)) <= 3


def test_that_whole_numbers_have_whole_ticks() -> None:
    assert labels(AxisScale("x", whole=True), (0.6, 3.4), 300) == ["1", "2", "3"]


def test_that_values_that_cannot_be_have_no_ticks() -> None:
    assert labels(AxisScale("x", bounds=(0.0, 1.0)), (-0.2, 1.2), 400)[-1] == "1.0"


def test_that_log_ticks_are_powers_with_fainter_lines_between() -> None:
    ticks = axis_ticks(AxisScale("x", log=True), (-4.0, -1.0), 375)
    assert [label for _place, label in ticks.labelled] == ["1e-4", "0.001", "0.01", "0.1"]
    assert len(ticks.between) >= 20


def test_that_names_and_the_lane_of_those_without_a_value_have_ticks() -> None:
    assert labels(AxisScale("x", names=("SGD", "Adam")), (-0.5, 1.5), 180) == ["SGD", "Adam"]
    assert labels(AxisScale("x", lane=(-0.3, -0.1)), (-0.5, 1.0), 180)[0] == "–"


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (float("nan"), 1.0), (0.0, float("inf"))])
def test_that_a_view_without_a_length_does_no_harm(low: float, high: float) -> None:
    places, _step = round_places(low, high, 3)
    assert len(places) <= 1


def test_that_labels_never_touch_and_the_first_stays(qtbot: QtBot) -> None:
    font = QFont()
    advance = QFontMetricsF(font).horizontalAdvance
    kept = without_touching([(float(x), "0.0001") for x in range(0, 400, 17)], font, 6)
    assert kept[0][0] == 0
    gaps = [b[0] - a[0] for a, b in itertools.pairwise(kept)]
    assert min(gaps) >= advance("0.0001") + 6


def pane() -> Pane:
    x, y = Axis(AxisScale("x"), (0.0, 10.0)), Axis(AxisScale("y"), (-1.0, 1.0))
    return Pane(QRectF(50, 20, 200, 100), x, y)


def test_that_a_pane_knows_where_positions_are() -> None:
    assert pane().at(0.0, -1.0) == QPointF(50, 120)
    assert pane().at(10.0, 1.0) == QPointF(250, 20)
    assert pane().position(QPointF(150, 70)) == (5.0, 0.0)
    xs, ys = pane().in_pixels(np.array([0.0, 5.0]), np.array([0.0, 1.0]))
    assert (xs.tolist(), ys.tolist()) == ([50.0, 150.0], [70.0, 20.0])


@pytest.mark.parametrize("colours", [LIGHT, DARK, LIGHT_CONTRAST, DARK_CONTRAST])
def test_that_all_marks_and_axes_are_painted_in_each_theme(colours: Colours, qtbot: QtBot) -> None:
    look = Look.of(colours, QFont())
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(look.colour("base"))
    painter = QPainter(image)
    at = QPointF(150, 70)
    pane().draw_grid(painter, look)
    for draw in (marks.best_ring, marks.hover_ring, marks.selected_square, marks.failed_cross, marks.star):
        draw(painter, at, look)
    marks.worse_triangle(painter, at, look, down=True)
    marks.skipped_circle(painter, at, look)
    marks.slice_grip(painter, at, look)
    for filled in (True, False):
        marks.diamond(painter, at, look, filled=filled)
    lane = pane().draw_lane(painter, look, 16, "≥ 25.1")
    below = pane().draw_lane(painter, look, 16, "≤ 0.3", below=True)
    pane().draw_frame(painter, look)
    pane().draw_ticks_x(painter, look, title="Observed")
    pane().draw_ticks_y(painter, look, title="Loss ↓", title_at=10)
    painter.end()
    assert (lane.bottom(), below.top()) == (pane().rect.top(), pane().rect.bottom())
    assert image.pixelColor(150, 28) != image.pixelColor(5, 5) or colours.window == colours.base


def test_that_narrow_lanes_have_shorter_names(qtbot: QtBot) -> None:
    look = Look.of(LIGHT, QFont())
    names = tuple(f"a very long name {number}" for number in range(5))
    narrow = Pane(QRectF(0, 0, 150, 50), Axis(AxisScale("x", names=names), (-0.5, 4.5)), pane().y)
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(look.colour("base"))
    painter = QPainter(image)
    narrow.draw_ticks_x(painter, look)
    painter.end()
    lit = [x for x in range(200) if any(image.pixelColor(x, y).lightness() < 200 for y in range(55, 80))]
    assert max(lit) <= 152


def test_that_a_legend_gives_up_words_before_entries(qtbot: QtBot) -> None:
    look = Look.of(LIGHT, QFont())
    entries = [Entry("Worse than the search is told", marks.failed_cross, short="Worse"), Entry("Best", marks.star)]

    def width_used(room: float) -> int:
        image = QImage(400, 30, QImage.Format.Format_RGB32)
        image.fill(look.colour("base"))
        painter = QPainter(image)
        assert draw_legend(painter, QRectF(0, 0, room, 30), entries, look) == 20
        painter.end()
        return max(x for x in range(400) if any(image.pixelColor(x, y).lightness() < 200 for y in range(20)))

    long, short, one = width_used(400), width_used(150), width_used(70)
    assert long > short > one
    assert short <= 150
    assert one <= 70


def test_that_the_nearest_of_many_spots_is_hit_and_the_last_of_equals() -> None:
    spots = Spots(np.arange(10_000), np.arange(10_000) * 10.0, np.zeros(10_000))
    hit = spots.nearest(QPointF(5003, 2))
    assert hit is not None
    assert spots.trials[hit] == 500
    assert spots.nearest(QPointF(5003, 30)) is None
    twice = Spots.of([Spot(1, QPointF(5, 5)), Spot(2, QPointF(5, 5))])
    assert twice.nearest(QPointF(5, 5)) == 1
    assert Spots().nearest(QPointF(0, 0)) is None


def test_that_a_large_spot_is_hit_as_far_as_it_reaches() -> None:
    spots = Spots.of([Spot(1, QPointF(0, 0), 20.0), Spot(2, QPointF(100, 0))])
    assert spots.nearest(QPointF(18, 0)) == 0
    assert spots.nearest(QPointF(88, 0)) is None


def test_that_what_has_no_place_is_no_spot() -> None:
    spots = Spots([1, 2], [np.nan, 5.0], [0.0, 5.0])
    assert spots.trials.tolist() == [2]


def test_that_arrows_stay_in_a_panel() -> None:
    panels = Spots([1, 2, 1, 2], [0.0, 10.0, 100.0, 110.0], [5.0, 0.0, 5.0, 0.0], 4.0, np.array([0, 0, 1, 1]))
    assert panels.beside(0, 1, 0) == 1
    assert panels.beside(1, 1, 0) == 1
    assert panels.beside(2, 0, 1) == 3
    assert panels.beside(3, -1, 0) == 2
