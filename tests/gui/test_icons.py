"""The icons: every file is a plain SVG of one style, and comes out in the theme's colours at the size asked for."""

import re
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from gui.widgets.icons import ICON_NAMES, ICONS_FOLDER, app_icon, icon
from gui.widgets.theme import DARK, LIGHT, Colours

EVERY_ICON = sorted(ICON_NAMES)


def image(drawn: QIcon, size: int, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return drawn.pixmap(QSize(size, size), 1.0, mode).toImage()


def strongest_colour(picture: QImage) -> QColor:
    pixels = (picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height()))
    return max(pixels, key=lambda colour: colour.alpha())


def test_that_the_icons_the_window_needs_are_there() -> None:
    assert {
        *("new", "open", "save", "start", "pause", "resume", "skip", "stop", "export", "settings-reset"),
        *("load-settings", "save-settings", "info", "warning", "error", "reset-view", "star", "afina"),
    } <= ICON_NAMES


@pytest.mark.parametrize("name", EVERY_ICON)
def test_that_every_file_is_a_valid_drawing_without_outside_references(name: str) -> None:
    text = (ICONS_FOLDER / f"{name}.svg").read_text(encoding="utf-8")

    root = ET.fromstring(text)
    assert root.get("viewBox") == "0 0 24 24"
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {"svg", "path", "rect", "circle"}
    assert not re.search(r"href|url\(|<!|<\?|style=|script", text)
    assert QSvgRenderer(text.encode()).isValid()


@pytest.mark.parametrize("name", sorted(ICON_NAMES - {"afina"}))
def test_that_every_icon_is_drawn_with_the_same_line(name: str) -> None:
    root = ET.parse(ICONS_FOLDER / f"{name}.svg").getroot()

    line = [root.get(key) for key in ("stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "fill")]
    assert line == ["currentColor", "1.75", "round", "round", "none"]
    assert all(not set(child.attrib) & {"stroke", "stroke-width", "fill"} for child in root)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_that_an_icon_has_the_colour_of_text(qtbot: QtBot, colours: Colours) -> None:
    assert strongest_colour(image(icon("stop", colours), 24)).name() == colours.text


def test_that_a_disabled_icon_is_fainter(qtbot: QtBot) -> None:
    disabled = strongest_colour(image(icon("stop", LIGHT), 24, QIcon.Mode.Disabled))

    assert disabled.alpha() < 200
    assert abs(disabled.red() - QColor(LIGHT.faint_text).red()) < 8


@pytest.mark.parametrize("size", [16, 20, 24, 32])
def test_that_an_icon_is_sharp_at_200_percent(qtbot: QtBot, size: int) -> None:
    pixmap = icon("start", LIGHT).pixmap(QSize(size, size), 2.0)

    assert (pixmap.width(), pixmap.devicePixelRatio()) == (2 * size, 2.0)


@pytest.mark.parametrize("size", [16, 256])
def test_that_the_application_icon_has_colours_of_its_own(qtbot: QtBot, size: int) -> None:
    picture = image(app_icon(), size)

    assert picture.width() == size
    assert picture.pixelColor(size // 5, size // 3).saturation() > 100


def test_that_an_unknown_name_raises(qtbot: QtBot) -> None:
    with pytest.raises(KeyError, match="There is no icon 'nonsense'"):
        icon("nonsense", LIGHT)
