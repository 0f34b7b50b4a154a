"""A painted plot: its header, when it is painted, what pointer and keys do in it, and what a reader hears."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QHBoxLayout, QMenu, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from gui.insight.header import HEIGHT
from gui.insight.plot import InsightPlot
from gui.session.session import Session
from gui.widgets.theme import DARK, Appearance, Theme
from tests.gui.insight.example_plot import HELP, PROMISE, ExamplePlot, settle, shown
from tests.gui.plots.plot_studies import ListEngine, Study
from tests.windows import lay_out

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # raising tips


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session(ListEngine())


@pytest.fixture
def study(session: Session) -> Study:
    made = Study(session)
    for trial, loss in ((1, 40.0), (2, 20.0), (3, 30.0)):
        made.complete(trial, [loss], learning_rate=10.0 ** (trial - 4.5))
    return made


@pytest.fixture
def plot(session: Session, study: Study, theme: Theme, qtbot: QtBot) -> ExamplePlot:
    made = ExamplePlot(session, theme)
    shown(made, qtbot)
    made.activateWindow()
    return made


def place(plot: InsightPlot, trial: int) -> QPoint:
    """Return where a trial is on the canvas."""
    (index,) = plot.spots.of_trial(trial)
    return plot.spots.place(index).toPoint()


def hovered(plot: InsightPlot) -> int | None:
    """Return the trial that is pointed at."""
    return plot.session.linking.hovered


def selected(plot: InsightPlot) -> int | None:
    return plot.session.selected


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is announced to a reader."""
    heard: list[str] = []

    def hear(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            heard.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return heard


def move(plot: InsightPlot, to: QPoint) -> None:
    """Move the pointer there; Qt's own way of testing tells nothing when the pointer is there already."""
    at, pressed = QPointF(to), Qt.MouseButton.LeftButton if plot.canvas._pressed else Qt.MouseButton.NoButton
    globally, free = plot.canvas.mapToGlobal(at), Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, globally, Qt.MouseButton.NoButton, pressed, free)
    QApplication.sendEvent(plot.canvas, event)


# Header


def test_that_the_header_is_one_line_and_its_subtitle_gives_way_first(plot: ExamplePlot) -> None:
    plot.say("as observed, the others as they were, and this goes on for longer than there is room for in a header")
    plot.add_control(QCheckBox("Log"))
    plot.resize(420, 300)
    QApplication.processEvents()
    header = plot.header
    assert header.height() == HEIGHT
    assert header.title.width() >= header.title.fontMetrics().horizontalAdvance(plot.title)
    assert header.subtitle.shown.endswith("…")
    assert header.subtitle.accessibleDescription() == plot.subtitle
    assert header.more.geometry().right() <= plot.width()


def test_that_the_question_mark_opens_its_sentence_in_place(plot: ExamplePlot, said: list[str], qtbot: QtBot) -> None:
    button = plot.header.help_line.button
    assert not plot.help_line.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert plot.help_line.isVisible()
    assert said == [HELP]
    plot.canvas.setFocus()
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Escape)
    assert not plot.help_line.isVisible()
    assert not button.isChecked()
    plot.help_line.action.trigger()
    assert plot.help_line.isVisible()


def test_that_a_title_can_change(plot: ExamplePlot) -> None:
    plot.show_title("Learning rate × batch size")
    assert plot.accessibleName() == plot.canvas.accessibleName() == "Learning rate × batch size"
    assert plot.header.more.accessibleName() == "Learning rate × batch size: more"


def test_that_controls_without_room_are_in_the_menu_and_the_title_stays_whole(plot: ExamplePlot) -> None:
    box, choice = QCheckBox("Log"), QComboBox()
    choice.addItems(["Mean", "Deviation"])
    choice.setAccessibleName("What is shown")
    for control in (box, choice):
        plot.add_control(control)
    lay_out(plot)
    plot.menu.aboutToShow.emit()
    assert box.isVisible()
    assert "Log" not in [action.text() for action in plot.menu.actions()]
    plot.resize(plot.header.title.sizeHint().width() + 120, 300)
    lay_out(plot)
    assert not box.isVisible()
    assert plot.header.title.width() >= plot.header.title.sizeHint().width()
    for _ in range(2):
        plot.menu.aboutToShow.emit()
    log, shown, *_ = plot.menu.actions()
    log.trigger()
    assert box.isChecked()
    submenu = shown.menu()
    assert isinstance(submenu, QMenu)
    submenu.actions()[1].trigger()
    assert choice.currentText() == "Deviation"
    assert [action.text() for action in plot.menu.actions()].count("Log") == 1


def test_that_a_subtitle_ends_with_a_whole_word(plot: ExamplePlot) -> None:
    subtitle = plot.header.subtitle
    subtitle.setText("believed 14.51 (95 %: 13.57 to 15.52), observed 11.85")
    for width in (90, 160, 220):
        subtitle.resize(width, 20)
        shown = subtitle.shown
        assert shown in ("", "believed …", "believed 14.51 …", "believed 14.51 (95 %: 13.57 to 15.52) …")


def test_that_tab_goes_through_the_header_to_the_canvas_and_on(plot: ExamplePlot, qtbot: QtBot) -> None:
    page = QWidget()
    row, second = QHBoxLayout(page), ExamplePlot(plot.session, plot.theme)
    for each in (plot, second):
        row.addWidget(each)
    page.resize(1200, 300)
    with qtbot.waitExposed(page):
        page.show()
    boxes = [QCheckBox(text) for text in ("Log", "Rank")]
    for box in boxes:
        plot.add_control(box)
    QApplication.processEvents()
    page.activateWindow()
    stops = list(walked(page, second.canvas))
    page.hide()
    expected = *boxes, plot.help_line.button, plot.header.more, plot.canvas
    assert stops == [*expected, second.help_line.button, second.header.more, second.canvas]
    plot.setParent(None)


def walked(page: QWidget, last: QWidget) -> Iterator[object]:
    """Yield what Tab reaches from the beginning of the page to a last stop."""
    page.setFocus()
    seen: list[object] = []
    while page.focusNextChild() and (now := QApplication.focusWidget()) not in seen:
        seen.append(now)
        yield now
        if now is last:
            return


# Empty, and painted


def test_that_an_empty_plot_says_what_comes(session: Session, theme: Theme, qtbot: QtBot) -> None:
    plot = ExamplePlot(session, theme)
    shown(plot, qtbot)
    assert plot.empty_place.isVisible()
    assert plot.accessibleDescription() == f"{PROMISE.heading}. {PROMISE.sentence}"
    assert not plot.header.more.isVisible()
    Study(session).complete(1, [30.0])
    plot.refresh()
    settle(plot, qtbot)
    assert plot.canvas.isVisible()
    assert plot.header.more.isVisible()
    assert plot.accessibleDescription() == plot.canvas.accessibleDescription() == "1 results. The lowest is 30."


def test_that_pointing_and_selecting_do_not_paint_the_plot_anew(plot: ExamplePlot, qtbot: QtBot) -> None:
    times = len(plot.painted)
    plot.session.select(1)
    plot.session.linking.hover(2)
    plot.canvas.grab()
    settle(plot, qtbot)
    assert len(plot.painted) == times


def test_that_a_hidden_plot_is_painted_when_it_is_shown(plot: ExamplePlot, study: Study, qtbot: QtBot) -> None:
    plot.hide()
    times = len(plot.painted)
    study.complete(4, [10.0])
    plot.refresh()
    QTest.qWait(0)
    assert len(plot.painted) == times
    plot.show()
    settle(plot, qtbot)
    assert plot.accessibleDescription().startswith("4 results")


def test_that_many_refreshes_are_one_painting(plot: ExamplePlot, qtbot: QtBot) -> None:
    times = len(plot.painted)
    for _ in range(50):
        plot.refresh()
    settle(plot, qtbot)
    assert len(plot.painted) == times + 1


def test_that_the_plot_follows_the_theme_and_the_size_of_the_letters(plot: ExamplePlot, qtbot: QtBot) -> None:
    plot.theme.set_appearance(Appearance.DARK)
    settle(plot, qtbot)
    image = plot.canvas.grab().toImage()
    assert image.pixelColor(1, image.height() - 2).name() == DARK.base
    font = plot.font()
    font.setPixelSize(20)
    plot.setFont(font)
    settle(plot, qtbot)
    assert plot.header.height() > HEIGHT


def test_that_a_plot_fills_its_canvas_at_two_pixels_a_pixel(plot: ExamplePlot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot.canvas, "devicePixelRatioF", lambda: 2.0)
    plot.paint_again()
    assert plot.canvas._kept.size() == plot.canvas.size() * 2
    image = QImage(plot.canvas.size() * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2.0)
    painter = QPainter(image)
    plot.canvas.render(painter, QPoint())
    painter.end()
    right_edge = image.pixelColor(image.width() - 30, image.height() // 2)
    assert right_edge.name() != "#000000"


@pytest.mark.parametrize("size", [QSize(120, 60), QSize(1, 1), QSize(3000, 40)])
def test_that_a_plot_can_have_any_size(size: QSize, plot: ExamplePlot, qtbot: QtBot) -> None:
    plot.resize(size)
    QApplication.processEvents()
    plot.refresh()
    settle(plot, qtbot)
    plot.canvas.grab()


# Pointer


def test_that_pointing_at_a_trial_points_at_it_everywhere(plot: ExamplePlot, qtbot: QtBot) -> None:
    move(plot, place(plot, 2))
    assert hovered(plot) == 2
    assert plot.canvas.cursor().shape() is Qt.CursorShape.PointingHandCursor
    assert "Trial 2" in QToolTip.text()
    move(plot, QPoint(2, 2))
    assert hovered(plot) is None
    assert plot.canvas.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_that_a_line_that_tells_the_trial_leaves_no_tip(plot: ExamplePlot, qtbot: QtBot) -> None:
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    plot.session.linking.told_in_line = True
    move(plot, place(plot, 2))
    assert hovered(plot) == 2
    assert not QToolTip.isVisible()


def test_that_leaving_a_plot_forgets_only_what_was_pointed_at_there(plot: ExamplePlot, qtbot: QtBot) -> None:
    plot.session.linking.hover(3)  # in another plot
    QApplication.sendEvent(plot.canvas, QEvent(QEvent.Type.Leave))
    assert hovered(plot) == 3
    move(plot, place(plot, 2))
    QApplication.sendEvent(plot.canvas, QEvent(QEvent.Type.Leave))
    assert hovered(plot) is None


def test_that_a_click_selects_and_one_beside_all_selects_none(plot: ExamplePlot, qtbot: QtBot) -> None:
    qtbot.mouseClick(plot.canvas, Qt.MouseButton.LeftButton, pos=place(plot, 2))
    assert selected(plot) == 2
    qtbot.mouseClick(plot.canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert selected(plot) is None


def test_that_selected_and_hovered_trials_are_marked(plot: ExamplePlot) -> None:
    before = plot.canvas.grab().toImage()
    plot.session.select(1)
    squared = plot.canvas.grab().toImage()
    plot.session.linking.hover(2)
    ringed = plot.canvas.grab().toImage()
    assert squared != before
    assert ringed != squared
    colour = plot.theme.colours.selected
    at, half = place(plot, 1), 7
    edges = {squared.pixelColor(at.x() - half + dx, at.y()).name() for dx in (-1, 0, 1)}
    assert colour in edges


def test_that_the_wheel_zooms_and_a_double_click_resets(plot: ExamplePlot, qtbot: QtBot) -> None:
    assert not plot.menu.reset_view_action.isEnabled()
    before, at = place(plot, 3), QPointF(place(plot, 2))
    turn_wheel(plot, at, 2)
    settle(plot, qtbot)
    assert place(plot, 2) == at.toPoint()
    assert abs(place(plot, 3).x() - at.x()) > abs(before.x() - at.x())
    assert plot.menu.reset_view_action.isEnabled()
    turn_wheel(plot, at, -2)
    settle(plot, qtbot)
    assert not plot.menu.reset_view_action.isEnabled(), "it is where it was"
    turn_wheel(plot, at, 2)
    qtbot.mouseDClick(plot.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    settle(plot, qtbot)
    assert place(plot, 3) == before


def test_that_a_trial_out_of_view_is_not_pointed_at(plot: ExamplePlot, qtbot: QtBot) -> None:
    turn_wheel(plot, QPointF(place(plot, 2)), 12)
    settle(plot, qtbot)
    assert plot.spots.trials.tolist() == [2]


def turn_wheel(plot: InsightPlot, at: QPointF, notches: int) -> None:
    event = QWheelEvent(
        at,
        plot.canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.canvas, event)


def test_that_a_drag_moves_what_is_seen_and_selects_nothing(plot: ExamplePlot, qtbot: QtBot) -> None:
    before = place(plot, 2)
    qtbot.mousePress(plot.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    for x in (310, 330, 350):
        move(plot, QPoint(x, 200))
    qtbot.mouseRelease(plot.canvas, Qt.MouseButton.LeftButton, pos=QPoint(350, 200))
    settle(plot, qtbot)
    assert place(plot, 2).x() - before.x() == pytest.approx(50, abs=1)
    assert selected(plot) is None
    plot.menu.reset_view_action.trigger()
    settle(plot, qtbot)
    assert place(plot, 2) == before


def test_that_another_study_is_shown_whole(plot: ExamplePlot, qtbot: QtBot) -> None:
    turn_wheel(plot, QPointF(300, 200), 3)
    plot.session.clear()
    settle(plot, qtbot)
    assert not plot.zoom.is_moved
    assert plot.empty_place.isVisible()


# Keys


def test_that_arrows_walk_enter_selects_and_esc_gives_back(plot: ExamplePlot, said: list[str], qtbot: QtBot) -> None:
    plot.canvas.setFocus()
    canvas = plot.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert hovered(plot) == 2, "the best one first"
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert hovered(plot) == 3
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert hovered(plot) == 3, "there is none beyond"
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    assert hovered(plot) == 1
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert hovered(plot) == 3
    assert said[-1].startswith("Trial 3")
    assert canvas.accessibleDescription().startswith("Trial 3")
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert selected(plot) == 3
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert (hovered(plot), selected(plot)) == (None, 3)
    assert canvas.accessibleDescription() == plot.summary()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert selected(plot) is None


def test_that_the_keyboard_s_focus_is_seen_and_the_mouse_s_is_not(plot: ExamplePlot, qtbot: QtBot) -> None:
    accent = plot.theme.colours.accent

    def ringed() -> bool:
        return plot.canvas.grab().toImage().pixelColor(1, plot.canvas.height() // 2).name() == accent

    plot.header.more.setFocus()
    qtbot.mouseClick(plot.canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    plot.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ringed()
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Right)
    assert ringed()
    plot.header.more.setFocus()
    assert not ringed()
    plot.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert ringed()


def test_that_keys_zoom_and_home_resets(plot: ExamplePlot, qtbot: QtBot) -> None:
    qtbot.keyClicks(plot.canvas, "+")
    settle(plot, qtbot)
    assert plot.can_reset()
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Home)
    settle(plot, qtbot)
    assert not plot.can_reset()


def test_that_what_the_keys_pointed_at_goes_with_the_focus(plot: ExamplePlot, qtbot: QtBot) -> None:
    plot.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Right)
    assert hovered(plot) == 2
    plot.header.more.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert hovered(plot) is None
    assert plot.canvas.accessibleDescription() == plot.summary()


# What only one plot has


class WithHandle(ExamplePlot):
    """Has a handle at the left that can be dragged, and a corner that can be clicked."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session, theme)
        self.told: list[str] = []

    def on_press(self, at: QPointF) -> bool:
        return at.x() < 60

    def on_drag(self, at: QPointF) -> None:
        self.told.append(f"drag {at.x():.0f}")

    def on_release(self, at: QPointF) -> None:
        self.told.append(f"release {at.x():.0f}")

    def on_click(self, at: QPointF) -> bool:
        self.told.append("click")
        return at.y() < 20

    def on_double_click(self, at: QPointF) -> bool:
        self.told.append("double click")
        return True

    def on_key(self, event: QKeyEvent) -> bool:
        self.told.append(event.text())
        return event.key() == Qt.Key.Key_Left

    def cursor_at(self, at: QPointF) -> Qt.CursorShape | None:
        return Qt.CursorShape.SizeHorCursor if at.x() < 60 else None

    def tip_at(self, at: QPointF) -> str:
        return "Drag <b>this</b>" if at.x() < 60 else ""


@pytest.fixture
def special(session: Session, study: Study, theme: Theme, qtbot: QtBot) -> WithHandle:
    made = WithHandle(session, theme)
    shown(made, qtbot)
    made.activateWindow()
    return made


def test_that_a_plot_may_have_something_of_its_own_to_drag(special: WithHandle, qtbot: QtBot) -> None:
    move(special, QPoint(20, 200))
    assert special.canvas.cursor().shape() is Qt.CursorShape.SizeHorCursor
    assert "Drag &lt;b&gt;this" in QToolTip.text()
    qtbot.mousePress(special.canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 200))
    move(special, QPoint(50, 200))
    qtbot.mouseRelease(special.canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 200))
    assert special.told == ["drag 50", "release 50"]
    assert not special.zoom.is_moved


def test_that_a_click_and_a_key_may_mean_something_of_the_plot_s_own(special: WithHandle, qtbot: QtBot) -> None:
    special.session.select(1)
    qtbot.mouseClick(special.canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 5))
    assert selected(special) == 1
    qtbot.mouseDClick(special.canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 5))
    qtbot.keyClick(special.canvas, Qt.Key.Key_Left)
    assert hovered(special) is None
    qtbot.keyClick(special.canvas, Qt.Key.Key_Right)
    assert hovered(special) == 1, "the selected one first"
    assert {"click", "double click"} <= set(special.told)
