"""How the slices are painted in little time: a ground that is kept, and many points at once."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from gui.insight.kept import GroundLayer
from gui.insight.painting.look import Look
from gui.insight.slices_painting import _apart
from gui.widgets.theme import Theme


@pytest.fixture
def look(qtbot: QtBot) -> Look:
    return Look.of(Theme().colours, QFont())


def _times_painted(look: Look, *drawn: tuple[QRectF, object]) -> int:
    layer = GroundLayer()
    painted: list[QPainter] = []
    pixmap = QPixmap(200, 100)
    painter = QPainter(pixmap)
    for area, frame in drawn:
        layer.draw(painter, area, frame, look, painted.append)
    painter.end()
    return len(painted)


def test_that_a_ground_is_painted_once_for_as_long_as_its_frame_is_the_same(look: Look) -> None:
    area = QRectF(0, 0, 200, 100)
    assert _times_painted(look, (area, [1, "x"]), (area, [1, "x"]), (QRectF(area), [1, "x"])) == 1


def test_that_a_ground_of_another_frame_or_size_is_painted_anew(look: Look) -> None:
    area = QRectF(0, 0, 200, 100)
    assert _times_painted(look, (area, 1), (area, 2), (QRectF(0, 0, 100, 100), 2)) == 3


def test_that_points_of_one_grain_are_drawn_once() -> None:
    places = np.array([[10.0, 20.0], [10.1, 20.1], [30.0, 20.0], [10.0, 50.0], [20.0, 10.0]])
    assert sorted(map(tuple, _apart(places).tolist())) == sorted(
        {(10.5, 19.5), (30.0, 19.5), (10.5, 49.5), (19.5, 10.5)}
    )
