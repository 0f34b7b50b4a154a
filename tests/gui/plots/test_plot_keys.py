"""A plot by keyboard: arrows walk from trial to trial, each is told, and the view is zoomed and reset."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from gui.plots import keys
from gui.plots.convergence import ConvergencePlot
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.session.session import Session
from gui.widgets.card import Card
from gui.widgets.theme import Theme
from tests.gui.plots.plot_studies import ListEngine, MakePlot, Study, click, place, settle, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
KINDS = (LossPlot, ConvergencePlot, PointsPlot)
LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session(ListEngine())


def walkable(kind: MakePlot, session: Session, qtbot: QtBot) -> Plot:
    """Return a plot of four trials, the third of which failed; the best is the second."""
    plot = shown(kind(session, Theme()), qtbot)
    study = Study(session)
    study.complete(1, [40.0, 30.0], learning_rate=0.05, batch_size=20)
    study.complete(2, [40.0, 20.0], learning_rate=0.01, batch_size=60)
    study.fail(3, learning_rate=0.002, batch_size=90)
    study.complete(4, [40.0, 25.0], learning_rate=0.001, batch_size=40)
    settle(plot, qtbot)
    plot.activateWindow()
    plot.canvas.setFocus()
    return plot


def press(plot: Plot, *pressed: Qt.Key, qtbot: QtBot) -> list[int | None]:
    """Press keys, and return which trial is selected after each."""
    found = []
    for key in pressed:
        qtbot.keyClick(plot.canvas, key)
        settle(plot, qtbot)
        found.append(plot.session.selected)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_first_arrow_selects_the_best_trial(kind: MakePlot, session: Session, qtbot: QtBot) -> None:
    assert press(walkable(kind, session, qtbot), RIGHT, qtbot=qtbot) == [2]


@pytest.mark.parametrize("kind", [LossPlot, ConvergencePlot])
def test_that_arrows_walk_along_the_trials_and_up_and_down_their_objectives(
    kind: MakePlot, session: Session, qtbot: QtBot
) -> None:
    plot = walkable(kind, session, qtbot)
    assert press(plot, RIGHT, RIGHT, RIGHT, RIGHT, LEFT, qtbot=qtbot) == [2, 3, 4, 4, 3], "not beyond the ends"
    session.select(2)
    assert press(plot, DOWN, UP, UP, UP, UP, qtbot=qtbot) == [2, 4, 1, 3, 3], "those without an objective are worst"


def test_that_arrows_walk_by_place_among_the_points(session: Session, qtbot: QtBot) -> None:
    plot = walkable(PointsPlot, session, qtbot)
    session.select(4)
    assert press(plot, RIGHT, RIGHT, RIGHT, qtbot=qtbot) == [3, 2, 1]
    session.select(1)
    assert press(plot, UP, UP, UP, DOWN, qtbot=qtbot) == [4, 2, 3, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_trial_that_is_walked_to_is_shown_in_a_tip_and_read_out(
    kind: MakePlot, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    monkeypatch.setattr(keys, "announce", lambda _widget, sentence: said.append(sentence))
    plot = walkable(kind, session, qtbot)
    press(plot, RIGHT, RIGHT, qtbot=qtbot)
    assert "<b>Trial" in QToolTip.text()
    number = session.selected
    assert said[-1].startswith(f"Trial {number}, ")
    assert "Learning rate 0.0" in said[-1]
    assert "<" not in said[-1]
    assert plot.canvas.accessibleDescription().startswith(said[-1])
    assert plot.canvas.accessibleDescription().endswith(plot.accessibleDescription())
    for key in "+-":
        qtbot.keyClick(plot.canvas, key)
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Home)
    assert said[-3:] == ["Zoomed in", "Zoomed out", "Follows the study again"]
    press(plot, Qt.Key.Key_Escape, qtbot=qtbot)
    assert plot.canvas.accessibleDescription() == plot.accessibleDescription()


def test_that_the_values_of_a_curve_are_read_out_where_it_is_walked_to_and_in_the_sentence_on_the_plot(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(keys, "announce", lambda _widget, sentence: said.append(sentence))
    plot = walkable(LossPlot, session, qtbot)
    assert "Best 20 at trial 2 of 20, validation loss 20 after epoch 2, its lowest" in plot.accessibleDescription()
    press(plot, RIGHT, RIGHT, RIGHT, qtbot=qtbot)
    assert said[-1].startswith("Trial 4, complete. Validation loss 25 after epoch 2, its lowest. Objective")
    Study(session).complete(1, [40.0, 22.0, 26.0])
    settle(plot, qtbot)
    press(plot, RIGHT, qtbot=qtbot)
    assert said[-1].startswith("Trial 1, complete. Validation loss 26 after epoch 3, lowest 22 after epoch 2. ")


def test_that_shift_f10_opens_the_menu(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    plot = walkable(LossPlot, session, qtbot)
    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: opened.append(menu))
    qtbot.keyClick(plot.canvas, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert opened == [plot.menu]


@pytest.mark.parametrize("kind", KINDS)
def test_that_plus_and_minus_zoom_and_home_follows_again(kind: MakePlot, session: Session, qtbot: QtBot) -> None:
    plot = walkable(kind, session, qtbot)
    (left, right), _ = plot.canvas.view.viewRange()
    qtbot.keyClicks(plot.canvas, "+")
    (nearer, far), _ = plot.canvas.view.viewRange()
    assert far - nearer < right - left
    assert plot.canvas.reset_view_button.isVisible()
    qtbot.keyClicks(plot.canvas, "--")
    (low, high), _ = plot.canvas.view.viewRange()
    assert high - low > right - left
    press(plot, Qt.Key.Key_Home, qtbot=qtbot)
    assert plot.canvas.follows
    assert plot.canvas.view.viewRange()[0] == [left, right]


def test_that_a_trial_beside_a_zoom_is_brought_into_view(session: Session, qtbot: QtBot) -> None:
    plot = walkable(ConvergencePlot, session, qtbot)
    session.select(1)
    settle(plot, qtbot)
    qtbot.keyClicks(plot.canvas, "+" * 12)
    press(plot, RIGHT, RIGHT, RIGHT, qtbot=qtbot)
    (left, right), _ = plot.canvas.view.viewRange()
    assert left <= 4 <= right
    assert right - left < 4


@pytest.mark.parametrize("kind", KINDS)
def test_that_escape_clears_the_selection_and_is_otherwise_left_to_others(
    kind: MakePlot, session: Session, qtbot: QtBot
) -> None:
    plot = walkable(kind, session, qtbot)
    assert press(plot, RIGHT, Qt.Key.Key_Escape, qtbot=qtbot) == [2, None]
    left: list[int] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.KeyPress:
                left.append(1)
            return False

    watch = Watch()
    plot.installEventFilter(watch)
    press(plot, Qt.Key.Key_Escape, RIGHT, qtbot=qtbot)
    assert left == [1], "the arrow means something here"


def test_that_the_menu_key_opens_the_menu_within_the_plot(session: Session, qtbot: QtBot) -> None:
    plot = walkable(ConvergencePlot, session, qtbot)
    plot._more.click()
    assert plot.menu.isVisible()
    assert plot.menu.geometry().right() <= plot.mapToGlobal(QPoint(plot.width(), 0)).x()
    plot.menu.close()


def test_that_a_plot_with_the_focus_has_a_ring_on_its_card(session: Session, qtbot: QtBot) -> None:
    theme = Theme()
    plot = ConvergencePlot(session, theme)
    card = Card(theme, plot)
    qtbot.addWidget(card)
    with qtbot.waitExposed(card):
        card.show()
    Study(session).complete(1, [30.0])
    settle(plot, qtbot)
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    plot._more.setFocus()
    before = card.grab().toImage()
    plot.canvas.setFocus()
    assert card.grab().toImage() != before


def test_that_a_click_gives_a_plot_the_focus(session: Session, qtbot: QtBot) -> None:
    plot = walkable(ConvergencePlot, session, qtbot)
    plot._more.setFocus()
    click(plot, 2.0, 20.0)
    assert plot.canvas.hasFocus()
    assert session.selected == 2


def test_that_keys_mean_nothing_while_modifiers_are_held(session: Session, qtbot: QtBot) -> None:
    plot = walkable(ConvergencePlot, session, qtbot)
    qtbot.keyClick(plot.canvas, RIGHT, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert session.selected is None
    assert plot.canvas.follows


# Tool tips of the mouse


def test_that_a_tip_stays_while_the_pointer_rests_and_goes_when_it_leaves(session: Session, qtbot: QtBot) -> None:
    plot = walkable(ConvergencePlot, session, qtbot)
    viewport, at = plot.canvas.viewport(), place(plot, 2.0, 20.0)
    asked: list[QEvent.Type] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            asked.append(event.type())
            return False

    watch = Watch()
    plot.canvas.scene().sigMouseMoved.emit(plot.canvas.mapToScene(at))
    told = QToolTip.text()
    assert "Trial 2" in told
    plot.canvas.scene().installEventFilter(watch)
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))
    assert QEvent.Type.GraphicsSceneHelp not in asked, "the scene would hide the tip: it has none of its own"
    assert QToolTip.text() == told
    plot.canvas.scene().sigMouseMoved.emit(plot.canvas.mapToScene(at + QPoint(3, 2)))
    assert QToolTip.text() == told
    QApplication.sendEvent(plot.canvas, QEvent(QEvent.Type.Leave))
    assert plot.pointing.hovered is None
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
