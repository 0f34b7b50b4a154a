"""The text of an empty place, in large and small places."""

import pytest
from pytestqt.qtbot import QtBot

from gui.trials.table import EMPTY_TEXT
from gui.widgets.empty_text import EmptyText


@pytest.fixture
def label(qtbot: QtBot) -> EmptyText:
    made = EmptyText(EMPTY_TEXT)
    qtbot.addWidget(made)
    return made


def test_that_a_text_with_room_is_shown_whole(label: EmptyText) -> None:
    label.resize(900, 300)
    label.grab()
    assert label.shown == EMPTY_TEXT.split("\n")
    assert label.toolTip() == ""


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_that_a_text_without_room_ends_with_a_whole_line_and_is_told(label: EmptyText, lines: int) -> None:
    metrics = label.fontMetrics()
    label.resize(180, lines * metrics.lineSpacing() + 5)
    label.grab()
    assert len(label.shown) == lines
    assert label.shown[-1].endswith("…")
    assert all(metrics.horizontalAdvance(line) <= label.width() for line in label.shown)
    assert "gets a star" in label.toolTip()


def test_that_nothing_is_shown_where_no_line_fits(label: EmptyText) -> None:
    label.resize(180, label.fontMetrics().height() - 3)
    label.grab()
    assert label.shown == []
    assert label.toolTip()


def test_that_no_letter_is_cut_above_or_below(label: EmptyText) -> None:
    for height in range(label.fontMetrics().height(), 200, 7):
        label.resize(180, height)
        image = label.grab().toImage()
        ground = image.pixel(0, 0)
        for y in (0, image.height() - 1):
            assert all(image.pixel(x, y) == ground for x in range(image.width()))
