"""Painted plots as files: the same strokes in PNG and SVG, a table of what is drawn, and what is never written over."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from core.events import StudyNamed
from gui.insight.pictures import IMAGE_WIDTH
from gui.plots.saving import CSV_FILTER, PNG_FILTER, SVG_FILTER
from gui.session.session import Session
from gui.widgets.theme import Appearance, Theme
from tests.disks import full_disk
from tests.gui.insight.example_plot import ExamplePlot, settle, shown
from tests.gui.plots.plot_studies import ListEngine, Study
from tests.windows import feed

Answer = Callable[[Path | str, str], list[str]]


@pytest.fixture
def plot(theme: Theme, tmp_path: Path, qtbot: QtBot) -> ExamplePlot:
    session = Session(ListEngine())
    study = Study(session)
    for trial, loss in ((1, 40.0), (2, 20.0), (3, 30.0)):
        study.complete(trial, [loss], learning_rate=10.0 ** (trial - 4.5))
    session.path = tmp_path / "boston.afina"
    made = ExamplePlot(session, theme)
    made.say("as observed")
    shown(made, qtbot)
    return made


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Let the next dialog be answered so; return what it proposed and offered."""

    def set_answer(path: Path | str, kind: str) -> list[str]:
        asked: list[str] = []

        def chosen(_parent: object, _title: str, proposal: str, kinds: str) -> tuple[str, str]:
            asked[:] = [proposal, kinds]
            return str(path), kind

        monkeypatch.setattr(QFileDialog, "getSaveFileName", chosen)
        return asked

    return set_answer


def rendered(svg: bytes, width: int) -> QImage:
    """Return an SVG drawing as pixels."""
    renderer = QSvgRenderer(svg)
    assert renderer.isValid()
    size = renderer.defaultSize()
    image = QImage(QSize(width, round(width * size.height() / size.width())), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def ink(image: QImage) -> set[tuple[int, int]]:
    """Return which tiles of the image, of 20 in each direction, have dark pixels."""
    small = image.scaled(200, 200).convertToFormat(QImage.Format.Format_Grayscale8)
    return {(x // 10, y // 10) for x in range(200) for y in range(200) if small.pixelColor(x, y).lightness() < 110}


def test_that_png_and_svg_show_the_same(plot: ExamplePlot) -> None:
    image = QImage.fromData(plot.menu.content(".png"))
    drawing = rendered(plot.menu.content(".svg"), image.width())
    assert image.width() == IMAGE_WIDTH
    assert abs(image.height() - drawing.height()) <= 2
    different = ink(image) ^ ink(drawing)
    assert len(different) <= 6, "letters may be smoothed otherwise"


def test_that_no_picture_has_a_black_frame_or_ground(plot: ExamplePlot) -> None:
    plot.theme.set_appearance(Appearance.DARK)
    for image in (
        QImage.fromData(plot.menu.content(".png")),
        rendered(plot.menu.content(".svg"), 800),
    ):
        width, height = image.width(), image.height()
        edges = [(x, y) for x in range(0, width, 7) for y in (0, 1, height - 1)]
        edges += [(x, y) for y in range(0, height, 7) for x in (0, 1, width - 1)]
        assert {image.pixelColor(x, y).name() for x, y in edges} == {"#ffffff"}


def test_that_an_svg_is_as_large_as_the_plot_and_has_its_texts(plot: ExamplePlot) -> None:
    content = plot.menu.content(".svg").decode()
    size = QSvgRenderer(content.encode()).defaultSize()
    assert size.width() == plot.canvas.width()
    for text in (">Objective over learning rate<", ">as observed<", ">boston<", ">Learning rate<", ">0.001<"):
        assert text in content
    assert "data:image" not in content, "all of it are strokes"
    assert 'font-size="12"' in content
    assert "sans-serif" in content, "for those who do not have the font"


def test_that_a_picture_shows_neither_what_is_selected_nor_what_is_hovered(plot: ExamplePlot) -> None:
    before = plot.menu.content(".png")
    plot.session.select(1)
    plot.session.linking.hover(2)
    assert plot.menu.content(".png") == before


def test_that_the_plot_is_as_before_once_a_picture_is_made(plot: ExamplePlot, qtbot: QtBot) -> None:
    before, places = plot.canvas.grab().toImage(), plot.spots.x.tolist()
    plot.menu.content(".svg")
    plot.menu.copy_image_action.trigger()
    settle(plot, qtbot)
    assert plot.canvas.grab().toImage() == before
    assert plot.spots.x.tolist() == places
    assert QGuiApplication.clipboard().image().width() == IMAGE_WIDTH
    assert not plot.painted[-1]


def test_that_a_small_plot_makes_no_small_picture(plot: ExamplePlot, qtbot: QtBot) -> None:
    plot.resize(200, 120)
    settle(plot, qtbot)
    image = QImage.fromData(plot.menu.content(".png"))
    assert image.width() == IMAGE_WIDTH
    assert image.height() >= 1000


def test_that_the_table_has_what_is_drawn(plot: ExamplePlot) -> None:
    rows = list(csv.reader(io.StringIO(plot.menu.content(".csv").decode(), newline="")))
    assert rows[0] == ["trial", "learning rate", "objective"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert float(rows[2][2]) == 20.0


@pytest.mark.parametrize(
    ("kind", "named", "written", "begins"),
    [
        (PNG_FILTER, "", "boston – objective over learning rate.png", b"\x89PNG"),
        (SVG_FILTER, "", "boston – objective over learning rate.svg", b"<?xml"),
        (CSV_FILTER, "", "boston – objective over learning rate.csv", b"trial,"),
        (CSV_FILTER, "mine", "mine.csv", b"trial,"),
        (PNG_FILTER, "mine.svg", "mine.svg", b"<?xml"),
        (PNG_FILTER, "mine.v2", "mine.v2.png", b"\x89PNG"),
    ],
)
def test_that_the_kind_or_the_name_says_what_is_written(
    plot: ExamplePlot, answer: Answer, tmp_path: Path, qtbot: QtBot, kind: str, named: str, written: str, begins: bytes
) -> None:
    proposed = tmp_path / "boston – objective over learning rate.png"
    asked = answer(tmp_path / named if named else proposed, kind)
    with qtbot.waitSignal(plot.saved) as told:
        plot.menu.save_action.trigger()
    assert asked == [str(proposed), ";;".join((PNG_FILTER, SVG_FILTER, CSV_FILTER))]
    assert (tmp_path / written).read_bytes().startswith(begins)
    what = "Table" if written.endswith(".csv") else "Image"
    assert told.args == [f"{what} saved as {written} in {tmp_path}"]


def test_that_a_file_of_which_the_dialog_knows_nothing_is_asked_about(
    plot: ExamplePlot, answer: Answer, tmp_path: Path, qtbot: QtBot
) -> None:
    old = tmp_path / "mine.csv"
    old.write_text("an older file")
    answer(tmp_path / "mine", CSV_FILTER)
    plot.menu.save_action.trigger()
    assert old.read_text() == "an older file"
    (box,) = plot.findChildren(QMessageBox)
    with qtbot.waitSignal(plot.saved):
        next(button for button in box.buttons() if button.text() == "Replace").click()
    assert old.read_text().startswith("trial,")


def test_that_the_study_is_never_written_over(plot: ExamplePlot, answer: Answer, tmp_path: Path, qtbot: QtBot) -> None:
    study = tmp_path / "boston.afina"
    study.write_text("the study")
    plot.session.path = study.rename(tmp_path / "boston.svg")
    answer(plot.session.path, SVG_FILTER)
    with qtbot.waitSignal(plot.failed) as told:
        plot.menu.save_action.trigger()
    assert told.args[0].startswith("The image could not be saved: ")
    assert plot.session.path.read_text() == "the study"


def test_that_a_full_disk_is_told_and_leaves_the_old_file(
    plot: ExamplePlot, answer: Answer, tmp_path: Path, qtbot: QtBot
) -> None:
    old = tmp_path / "mine.csv"
    old.write_text("an older file")
    answer(old, CSV_FILTER)
    with full_disk(), qtbot.waitSignal(plot.failed) as told:
        plot.menu.save_action.trigger()
    assert told.args[0].startswith("The table could not be saved: ")
    assert old.read_text() == "an older file"


def test_that_a_file_is_proposed_under_the_study_s_name(plot: ExamplePlot, answer: Answer, tmp_path: Path) -> None:
    feed(plot.session, StudyNamed(name="House prices: Boston", time=1.0))
    asked = answer("", "")
    plot.menu.save_action.trigger()
    assert Path(asked[0]).name == "House prices_ Boston – objective over learning rate.png"
