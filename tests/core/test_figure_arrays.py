"""The arrays and axes behind the plots."""

import math

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.figures.arrays import GrowingTable, drawable, extremes, nearest_point, nearest_segment
from core.figures.scales import FROM_ONE, AxisScale, log_ticks
from gui.plots.drawing.axes import PlotAxis


def test_that_a_table_keeps_its_rows_when_it_grows() -> None:
    table = GrowingTable(2)
    for number in range(1000):
        table.append(number, np.array([number * 2.0]))
    assert len(table) == 1000
    np.testing.assert_array_equal(table.column(0) * 2, table.column(1))


def test_that_a_column_stays_as_it_is_when_rows_are_appended() -> None:
    table = GrowingTable(1)
    table.append(np.arange(200.0))
    column = table.column(0)
    table.append(np.arange(200.0))
    np.testing.assert_array_equal(column, np.arange(200.0))
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 1.0


def test_that_a_segment_is_near_between_its_ends_and_gaps_are_no_segments() -> None:
    x, y = np.array([0.0, 10.0, np.nan, 0.0, 10.0]), np.array([0.0, 0.0, np.nan, 5.0, 5.0])
    assert nearest_segment(x, y, (5.0, 4.0)) == (3, 1.0)
    assert nearest_segment(x, y, (5.0, 1.0)) == (0, 1.0)
    assert nearest_segment(x[2:3], y[2:3], (5.0, 1.0)) is None


def test_that_points_without_a_place_are_never_the_nearest() -> None:
    assert nearest_point(np.array([np.nan, 3.0]), np.array([0.0, 4.0]), (0.0, 0.0)) == (1, 5.0)
    assert nearest_point(np.empty(0), np.empty(0), (0.0, 0.0)) is None


def test_that_a_thinned_curve_keeps_its_extremes_in_their_order_and_its_end() -> None:
    falling = np.arange(104.0, 0.0, -1.0)
    places = extremes(falling, 10)
    assert len(places) <= 21
    assert (np.diff(falling[places]) < 0).all()
    assert (places[0], places[-1]) == (0, 103)
    peaks = np.zeros(104)
    peaks[36:39], peaks[102] = (math.nan, 5.0, -5.0), 7.0
    assert {37, 38, 102} <= set(extremes(peaks, 10))


def test_that_a_thinned_curve_keeps_gaps_as_long_as_a_part() -> None:
    curve = np.full(100, np.nan)
    curve[13] = 1.0
    found = curve[extremes(curve, 10)]
    assert list(np.isnan(found)) == [True, False, *[True] * 9]


def test_that_a_short_curve_is_not_thinned() -> None:
    np.testing.assert_array_equal(extremes(np.array([3.0, 1.0, 2.0]), 2), [0, 1, 2])


def test_that_what_cannot_be_drawn_becomes_a_gap() -> None:
    values = np.array([1.0, 100.0, 0.0, -1.0, math.inf, math.nan, 1e300])
    np.testing.assert_array_equal(np.isnan(drawable(values, log=True)), [0, 0, 1, 1, 1, 1, 1])
    np.testing.assert_array_equal(np.isnan(drawable(values, log=False)), [0, 0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize(("low", "high"), [(-4.2, -0.8), (0.1, 0.2), (1.2, 1.9), (-30.0, 12.0), (2.0, 2.001)])
def test_that_a_log_axis_has_a_few_labelled_ticks_whatever_the_zoom(low: float, high: float) -> None:
    labelled = [
        tick
        for spacing, ticks in log_ticks(low, high, 300.0)
        if spacing is not None
        for tick in ticks
        if low <= tick <= high
    ]
    assert 2 <= len(labelled) <= 12


def test_that_an_axis_of_whole_numbers_has_no_fractions(qapp: object) -> None:
    axis = PlotAxis("bottom")
    axis.show_scale(AxisScale("Epoch", whole=True))
    for high in (2.0, 3.5, 11.0):
        assert all(spacing >= 1 for spacing, _offset in axis.tickSpacing(0.9, high, 400.0))


def test_that_an_axis_of_what_is_counted_has_no_nought(qapp: object) -> None:
    axis = PlotAxis("bottom")
    axis.show_scale(AxisScale("Trial", whole=True, bounds=FROM_ONE))
    ticks = [place for _spacing, places in axis.tickValues(-1.0, 42.0, 400.0) for place in places]
    assert ticks
    assert min(ticks) > 0


@pytest.mark.parametrize(
    ("value", "spacing", "text"),
    [
        (20.0, 5.0, "20"),
        (0.25, 0.05, "0.25"),
        (-1.0, 1.0, "−1"),
        (2e6, 1e6, "2e6"),
        (0.0, 0.1, "0.0"),
        (0.0, 2e-6, "0"),
    ],
)
def test_that_ticks_are_written_like_all_numbers(qapp: object, value: float, spacing: float, text: str) -> None:
    assert PlotAxis("left").tickStrings([value], 1.0, spacing) == [text]


def test_that_an_arrow_in_a_label_points_up_on_a_vertical_axis_too(qtbot: QtBot) -> None:
    for side, drawn in (("left", "→"), ("bottom", "↑")):
        axis = PlotAxis(side)
        axis.resize(300, 300)
        axis.show_scale(AxisScale("Objective ↑"))
        assert f"Objective {drawn}" in axis.label.toPlainText()
        assert axis.labelText == "Objective ↑"
