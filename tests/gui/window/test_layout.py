"""The places and sizes of the window's parts: at first, in windows of all sizes, remembered, and reset."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gui.widgets.card import Card
from gui.window.main_window import MainWindow
from gui.window.sizes import first_place, on_screen, table_height
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import lay_out, open_window

FRAME = QMargins(1, 30, 1, 1)
RUN = 60_000  # milliseconds that a busy machine may take

Opener = Callable[[], AbstractContextManager[MainWindow]]


@pytest.fixture
def opened(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Opener:
    return partial(open_window, scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch)


@pytest.mark.parametrize("screen", [QSize(1280, 720), QSize(1366, 768), QSize(1024, 600), QSize(3840, 2160)])
def test_that_the_first_window_fits_the_screen_frame_included(screen: QSize) -> None:
    available = QRect(0, 24, screen.width(), screen.height() - 24)
    place = first_place(available, FRAME)
    assert available.contains(place.marginsAdded(FRAME))
    assert place.width() == min(1280, screen.width() - 2)
    assert place.height() == min(800, screen.height() - 24 - 31)


@pytest.mark.parametrize(
    "remembered", [QRect(2500, 1500, 1280, 800), QRect(-300, -50, 1000, 600), QRect(10, 10, 3000, 2000)]
)
def test_that_a_window_of_another_screen_comes_back_onto_this_one(remembered: QRect) -> None:
    available = QRect(0, 0, 1366, 768)
    assert available.contains(on_screen(remembered, available, FRAME).marginsAdded(FRAME))


def test_that_a_window_that_is_on_the_screen_stays_where_it_is() -> None:
    place = QRect(40, 60, 1000, 600)
    assert on_screen(place, QRect(0, 0, 1366, 768), FRAME) == place


def test_that_the_trials_get_a_third_of_what_a_high_window_has_more() -> None:
    assert table_height(720, 1.0) == table_height(800, 1.0)
    assert table_height(1100, 1.0) == table_height(800, 1.0) + 100
    assert table_height(400, 1.0) == 100


def test_that_the_parts_have_the_sizes_of_the_design(opened: Opener) -> None:
    with opened() as window:
        window.resize(1280, 800)
        lay_out(window)
        layout = window.layout_
        assert layout.form_dock.width() == 436
        assert layout.table_dock.height() == table_height(800, 1.0)
        heights = {window.loss_plot.height(), window.convergence_plot.height(), window.points_plot.height()}
        assert max(heights) - min(heights) <= 1
        assert layout.form_title.height() == 32


def test_that_no_part_is_cut_in_a_window_of_720_pixels(opened: Opener) -> None:
    with opened() as window:
        assert window.minimumSizeHint().height() < 640
        window.resize(1280, 720 - 31)
        lay_out(window)
        assert window.size() == QSize(1280, 720 - 31)
        for part in (*window.findChildren(Card), window.headline):
            assert part.height() >= part.minimumSizeHint().height()


def test_that_the_trials_follow_the_window_and_keep_what_the_user_gave_them(opened: Opener, qtbot: QtBot) -> None:
    with opened() as window:
        dock, plots = window.layout_.table_dock, (window.loss_plot, window.convergence_plot, window.points_plot)
        # Their canvases come later than the window, with a least size of their own, and would squeeze the trials.
        qtbot.waitUntil(lambda: not any(plot.waiting_to_paint for plot in plots), timeout=RUN)
        for height in (800, 1100, 500, 1000):
            window.resize(1280, height)
            lay_out(window)
            assert dock.height() == table_height(height, 1.0) or height < 600
        window.resizeDocks([dock], [300], Qt.Orientation.Vertical)
        lay_out(window)
        more = 300 - table_height(1000, 1.0)
        window.resize(1280, 1300)
        lay_out(window)
        assert dock.height() == table_height(1300, 1.0) + more


def test_that_nothing_is_painted_between_the_parts_but_dots_where_the_pointer_is(opened: Opener) -> None:
    with opened() as window:
        lay_out(window)
        beside = window.layout_.form_dock.geometry()
        right = window.layout_.headline.mapTo(window, QPoint()).x() - 1
        gap = QRect(QPoint(beside.right() + 1, beside.top()), QPoint(right, beside.bottom()))
        assert 0 < gap.width() <= 8
        assert len(colours_in(window.grab(gap))) == 1
        window.setCursor(Qt.CursorShape.SplitHCursor)
        assert len(colours_in(window.grab(gap))) > 1
        window.unsetCursor()
        handle = window.layout_._splitters["plots"].handle(1)
        assert handle.cursor().shape() is Qt.CursorShape.SplitVCursor
        assert len(colours_in(handle.grab())) == 1
        handle.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        assert len(colours_in(handle.grab())) > 1


def colours_in(picture: QPixmap) -> set[int]:
    image = picture.toImage()
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_that_sizes_are_remembered_and_reset(opened: Opener) -> None:
    with opened() as window:
        window.resize(1400, 900)
        lay_out(window)
        window.resizeDocks([window.layout_.form_dock], [500], Qt.Orientation.Horizontal)
        window.resizeDocks([window.layout_.table_dock], [300], Qt.Orientation.Vertical)
        lay_out(window)
        window.close()
    with opened() as window:
        window.resize(1400, 900)
        lay_out(window)
        layout = window.layout_
        assert layout.form_dock.width() == 500
        assert layout.table_dock.height() == 300
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, layout.form_dock)
        layout.table_dock.close()
        layout.reset()
        lay_out(window)
        assert window.dockWidgetArea(layout.form_dock) is Qt.DockWidgetArea.LeftDockWidgetArea
        assert layout.form_dock.width() == 436
        assert layout.table_dock.isVisible()
        assert layout.table_dock.height() == table_height(900, 1.0)


def test_that_a_layout_that_is_reset_under_a_page_is_there_when_the_page_goes(opened: Opener) -> None:
    with opened() as window:
        layout = window.layout_
        window.resizeDocks([layout.form_dock], [540], Qt.Orientation.Horizontal)
        lay_out(window)
        layout.cover(covered=True)
        layout.reset()
        assert layout.form_dock.isHidden()
        layout.cover(covered=False)
        lay_out(window)
        assert layout.form_dock.width() == 436
        assert layout.table_dock.height() == table_height(800, 1.0)


def test_that_places_remembered_by_an_earlier_version_are_left_alone(opened: Opener, tmp_path: Path) -> None:
    earlier = QMainWindow()
    settings = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
    settings.setValue("window/docks", earlier.saveState())
    settings.setValue("window/plots", QByteArray(b"anything"))
    settings.sync()
    earlier.deleteLater()
    with opened() as window:
        window.resize(1280, 800)
        lay_out(window)
        assert window.layout_.form_dock.width() == 436
        assert window.layout_.table_dock.isVisible()
