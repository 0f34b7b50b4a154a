"""The shade of many lines is made in parts that take little time, and look like one."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from core.figures.shades import shade_of_lines
from gui.insight.parallel_shades import _parts


@pytest.mark.parametrize("lines", [1, 500, 10_000, 1_000_000])
def test_that_parts_of_a_gap_stand_side_by_side_and_fill_it(lines: int) -> None:
    parts = _parts(QRectF(10, 5, 381, 200), lines, 2.0)
    assert parts[0].left() == 10
    assert parts[-1].right() == 391
    assert [part.right() for part in parts[:-1]] == [part.left() for part in parts[1:]]
    assert all(part.width() >= 1 and part.height() == 200 for part in parts)


def test_that_no_part_of_ten_thousand_lines_is_large() -> None:
    assert max(part.width() for part in _parts(QRectF(0, 0, 600, 200), 10_000, 1.0)) <= 100
    assert len(_parts(QRectF(0, 0, 600, 200), 500, 1.0)) == 1


def test_that_lines_go_on_from_part_to_part() -> None:
    left, right = np.array([0.0, 0.8]), np.array([1.0, 0.1])
    middle = left + (right - left) * 0.5
    halves = [shade_of_lines(left, middle, 40, 60), shade_of_lines(middle, right, 40, 60)]
    assert np.abs(np.concatenate(halves, axis=1) - shade_of_lines(left, right, 80, 60)).sum() <= 4
