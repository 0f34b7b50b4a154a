"""Pictures of plots that are saved: a title, the names of the axes, a fitting name, and the window as it was."""

import csv
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from core.events import StudyNamed
from gui.plots.convergence import ConvergencePlot
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.plots.saving import CSV_FILTER, PNG_FILTER, SVG_FILTER
from gui.session.session import Session
from gui.widgets.theme import Theme
from tests.gui.plots.plot_studies import ListEngine, MakePlot, Study, settle, shown
from tests.windows import feed

KINDS = (LossPlot, ConvergencePlot, PointsPlot)


@pytest.fixture(params=KINDS)
def plot(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot) -> Plot:
    kind: MakePlot = request.param
    made = shown(kind(Session(ListEngine()), Theme()), qtbot)
    study = Study(made.session)
    for trial in (1, 2, 3):
        study.complete(trial, [40.0, 20.0 + trial], learning_rate=0.01 * trial)
    made.session.path = tmp_path / "boston.afina"
    settle(made, qtbot)
    return made


def test_that_a_picture_says_what_it_shows_and_of_which_study(plot: Plot, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    plot.save_image(path)
    content = path.read_text(encoding="utf-8")
    x, y = plot.canvas.x_axis.scale_shown.label, plot.canvas.y_axis.scale_shown
    assert f">{plot.title}<" in content
    assert ">boston<" in content
    assert x in content
    assert any(name in content for name in (y.label, *y.short_labels))


def test_that_the_window_is_as_before_once_a_picture_is_saved(plot: Plot, tmp_path: Path, qtbot: QtBot) -> None:
    before = looks(plot)
    for name in ("picture.png", "picture.svg"):
        plot.save_image(tmp_path / name)
    plot.copy_image()
    settle(plot, qtbot)
    assert looks(plot) == before


def looks(plot: Plot) -> tuple[object, ...]:
    """Return where the parts of a plot are, to the pixel, what is written beside its axes, and its colours."""
    canvas = plot.canvas
    parts = canvas.view, canvas.legend, canvas.x_axis, canvas.y_axis, canvas.corner_name
    written = canvas.x_axis.labelText, canvas.y_axis.labelText, canvas.corner_name.text
    drawn = canvas.grab().toImage()
    colours = [drawn.pixelColor(x, 1).name() for x in range(0, drawn.width(), 50)]
    return *(part.geometry().toRect() for part in parts), written, colours, canvas.view.viewRange()


def test_that_a_picture_shows_no_selection(plot: Plot, tmp_path: Path, qtbot: QtBot) -> None:
    plot.save_image(tmp_path / "before.png")
    plot.session.select(1)
    settle(plot, qtbot)
    assert any(label.startswith("Selected") for label in plot.canvas.legend.labels)
    plot.save_image(tmp_path / "selected.png")
    assert QImage(str(tmp_path / "selected.png")) == QImage(str(tmp_path / "before.png"))
    assert any(label.startswith("Selected") for label in plot.canvas.legend.labels)


@pytest.mark.parametrize("size", [(830, 200), (400, 220), (500, 700)])
def test_that_a_picture_is_not_a_strip(plot: Plot, size: tuple[int, int], tmp_path: Path, qtbot: QtBot) -> None:
    plot.resize(*size)
    settle(plot, qtbot)
    plot.save_image(tmp_path / "picture.png")
    picture = QImage(str(tmp_path / "picture.png"))
    assert picture.width() == 1600
    assert picture.height() >= 800


@pytest.mark.parametrize(("named", "stem"), [("", "boston"), ("House prices: Boston", "House prices_ Boston")])
def test_that_a_picture_is_proposed_under_the_study_s_name_beside_it(
    plot: Plot, named: str, stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_parent: QWidget, _title: str, proposal: str, _kinds: str) -> tuple[str, str]:
        asked.append(proposal)
        return "", ""

    if named:
        feed(plot.session, StudyNamed(name=named, time=1.0))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    plot.save_action.trigger()
    title = plot.title[0].lower() + plot.title[1:]
    assert Path(asked[0]).parent == tmp_path
    assert Path(asked[0]).name == f"{stem} – {title}.png"


def test_that_a_drawing_has_no_black_frame_in_any_program(plot: Plot, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    plot.save_image(path)
    renderer = QSvgRenderer(str(path))  # it knows no clipping
    image = QImage(renderer.defaultSize() * 2, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    columns = [
        sum(image.pixelColor(x, y).lightness() < 40 for y in range(image.height())) for x in range(image.width())
    ]
    assert max(columns) < image.height() / 4, "no line goes down along the plot"
    assert "sans-serif" in path.read_text(encoding="utf-8"), "for those who do not have the font"


def test_that_the_table_of_a_plot_has_the_trials_and_the_names_of_the_axes(plot: Plot, tmp_path: Path) -> None:
    before = looks(plot)
    plot.session.select(1)
    plot.save_image(tmp_path / "table.csv")
    rows = list(csv.reader((tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()))
    x, y = plot.canvas.x_axis.scale_shown.label, plot.canvas.y_axis.scale_shown.label
    assert rows[0][:4] == ["series", "trial", x, y]
    assert {row[1] for row in rows[1:]} == {"1", "2", "3"}
    assert not any(row[0].startswith("Selected") for row in rows)
    assert all(float(cell) for row in rows[1:] for cell in row[2:4])
    plot.session.select(None)
    plot._paint()
    assert looks(plot) == before


def test_that_the_table_is_offered_with_the_images(
    plot: Plot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def answer(_parent: QWidget, _title: str, proposal: str, kinds: str) -> tuple[str, str]:
        assert kinds.split(";;") == [PNG_FILTER, SVG_FILTER, CSV_FILTER]
        return proposal, CSV_FILTER

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    with qtbot.waitSignal(plot.saved) as told:
        plot.save_action.trigger()
    name = f"boston – {plot.title[0].lower()}{plot.title[1:]}.csv"
    assert told.args == [f"Table saved as {name} in {tmp_path}"]
    assert (tmp_path / name).read_text(encoding="utf-8").startswith("series,trial,")
