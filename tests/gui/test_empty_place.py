"""Empty places: words where the sketch leaves room for them, at any size, and never on a line."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from gui.plots import convergence, loss, points
from gui.plots.frame import Promise
from gui.widgets.empty_place import EmptyPlace, Words
from gui.widgets.font_size import font_size
from gui.widgets.theme import DARK, LIGHT, Appearance, Colours, Theme

PROMISES = {"loss": loss.PROMISE, "convergence": convergence.PROMISE, "points": points.PROMISE}
SIZES = [(828, 184), (524, 184), (408, 184), (408, 120), (256, 184), (256, 90), (1400, 420), (380, 300), (120, 300)]


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    return Theme()


def place_of(promise: Promise, theme: Theme, size: tuple[int, int], qtbot: QtBot) -> EmptyPlace:
    made = EmptyPlace(theme, promise.words, promise.sketch)
    qtbot.addWidget(made)
    made.resize(*size)
    return made


def drawn_in(place: EmptyPlace, room: QRectF, colours: Colours) -> bool:
    """Return whether the sketch draws anything in a room."""
    image = QImage(place.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(colours.base))
    painter = QPainter(image)
    _words, area = place.places()
    assert place._sketch is not None
    place._sketch.draw(painter, area, colours)
    painter.end()
    inside = image.copy(room.toAlignedRect())
    empty = QImage(inside.size(), QImage.Format.Format_RGB32)
    empty.fill(QColor(colours.base))
    return inside != empty


@pytest.mark.parametrize("percent", [100, 160])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", PROMISES)
def test_that_no_text_lies_on_a_line(
    name: str, size: tuple[int, int], percent: int, theme: Theme, qtbot: QtBot
) -> None:
    before = font_size().percent
    font_size().percent = percent
    try:
        place = place_of(PROMISES[name], theme, size, qtbot)
        words, area = place.places()
        if not area.isNull():
            assert words.bottom() <= place.height()
            assert words.right() <= place.width()
            assert not drawn_in(place, words, LIGHT)
    finally:
        font_size().percent = before


@pytest.mark.parametrize("name", PROMISES)
def test_that_the_words_stand_in_the_sketch_where_it_is_wide_and_above_it_where_it_is_not(
    name: str, theme: Theme, qtbot: QtBot
) -> None:
    wide, narrow = (place_of(PROMISES[name], theme, size, qtbot) for size in ((828, 184), (300, 200)))
    words, area = wide.places()
    assert area.contains(words)
    words, area = narrow.places()
    assert words.bottom() < area.top()


@pytest.mark.parametrize(("appearance", "colours"), [(Appearance.LIGHT, LIGHT), (Appearance.DARK, DARK)])
def test_that_an_empty_place_is_drawn_in_the_colours_of_the_theme(
    appearance: Appearance, colours: Colours, theme: Theme, qtbot: QtBot
) -> None:
    place = place_of(loss.PROMISE, theme, (828, 184), qtbot)
    theme.set_appearance(appearance)
    picture = place.grab().toImage()
    assert picture.pixelColor(1, 1) == QColor(colours.base)
    assert picture != place_of(Promise(Words("", ""), ""), theme, (828, 184), qtbot).grab().toImage()
    theme.set_appearance(Appearance.LIGHT)


def test_that_what_does_not_fit_is_in_the_tool_tip(theme: Theme, qtbot: QtBot) -> None:
    place = place_of(loss.PROMISE, theme, (160, 40), qtbot)
    place.grab()
    assert loss.PROMISE.words.sentence in place.toolTip()
    place.resize(828, 184)
    place.grab()
    assert not place.toolTip()


def test_that_an_empty_place_is_read_out_and_can_be_reached(theme: Theme, qtbot: QtBot) -> None:
    place = place_of(points.PROMISE, theme, (408, 184), qtbot)
    heard: Sequence[str] = place.accessibleName().split(". ")
    assert heard[0] == points.PROMISE.words.heading
    place.say(Words("Another", "Something else."))
    assert place.accessibleName() == "Another. Something else."


def test_that_the_tool_tip_follows_the_words_before_they_are_painted(theme: Theme, qtbot: QtBot) -> None:
    place = place_of(loss.PROMISE, theme, (160, 40), qtbot)
    place.grab()
    place.say(Words("", ""))
    assert not place.toolTip()
    place.say(loss.PROMISE.words)
    assert loss.PROMISE.words.sentence in place.toolTip()
